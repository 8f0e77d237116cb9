"""Pages of the people app, by subject."""
