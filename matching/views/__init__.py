"""Views of the matching app, by subject."""
