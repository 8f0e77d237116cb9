"""States of an import and of its rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportStatus(models.TextChoices):
    READ = "read", _("Columns to be chosen")
    STAGED = "staged", _("Ready for review")
    APPLIED = "applied", _("Imported")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Discarded")


class RowState(models.TextChoices):
    CLEAN = "clean", _("New")
    WARNED = "warned", _("Warning")
    DUPLICATE_IN_FILE = "duplicate_in_file", _("Duplicate in the file")
    DUPLICATE_EXISTING = "duplicate_existing", _("Known already")
    ERROR = "error", _("Error")
    SKIPPED = "skipped", _("Skipped")


class RowDecision(models.TextChoices):
    """The decision of a user about a row: whether it is the same person as a known one, or is skipped.

    ``HOUSEHOLD`` are two people who share a phone or an address.
    """

    SAME = "same", _("The same person")
    DIFFERENT = "different", _("Two people")
    HOUSEHOLD = "household", _("Same household")
    LATER = "later", _("Decide later")
    SKIP = "skip", _("Skipped")
