"""The kinds of tasks of this app."""

from tasks import mail, nightly  # noqa: F401 - importing them registers their kinds
