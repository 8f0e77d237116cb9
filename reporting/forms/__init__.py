"""Forms of the reporting app, by subject."""
