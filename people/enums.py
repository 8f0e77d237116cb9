from django.db import models
from django.utils.translation import gettext_lazy as _


class Gender(models.TextChoices):
    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Not known")


class LanguageLevel(models.TextChoices):
    NATIVE = "native", _("Mother tongue")
    GOOD = "good", _("Good")
    SOME = "some", _("A little")
    UNKNOWN = "unknown", _("Level not known")


class TermKind(models.TextChoices):
    """The parts of the vocabulary that offers and wishes share."""

    TOPIC = "topic", _("Topic")
    INDUSTRY = "industry", _("Industry")
    LANGUAGE = "language", _("Language")
    AREA = "area", _("Area")
    TIME = "time", _("Time")


class EnrolmentStatus(models.TextChoices):
    """How far a person is in a programme. A mentor who waits is ready to be matched."""

    APPLIED = "applied", _("Applied")
    WAITING = "waiting", _("On the waiting list")
    MATCHED = "matched", _("In a match")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")
    DECLINED = "declined", _("Not accepted")


class OrganisationKind(models.TextChoices):
    PARTNER = "partner", _("Partner organisation")
    COMPANY = "company", _("Company")
    AUTHORITY = "authority", _("Authority")
    ASSOCIATION = "association", _("Association")


class ConsentKind(models.TextChoices):
    STORE = "store", _("Keep the details")
    SHARE = "share", _("Share wishes with the mentor")
    PHOTO = "photo", _("Photos")


class ImportStatus(models.TextChoices):
    READ = "read", _("Columns to be chosen")
    STAGED = "staged", _("Ready for review")
    APPLIED = "applied", _("Imported")
    DISCARDED = "discarded", _("Discarded")


class RowState(models.TextChoices):
    CLEAN = "clean", _("New")
    WARNED = "warned", _("Warning")
    DUPLICATE_IN_FILE = "duplicate_in_file", _("Duplicate in the file")
    DUPLICATE_EXISTING = "duplicate_existing", _("Known already")
    ERROR = "error", _("Error")
