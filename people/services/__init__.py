"""Every write of the people app, by subject."""
