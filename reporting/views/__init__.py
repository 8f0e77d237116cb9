"""Views of the reporting app, by subject."""
