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
    """The kinds of terms in the vocabulary of offers and wishes."""

    TOPIC = "topic", _("Topic")
    INDUSTRY = "industry", _("Industry")
    LANGUAGE = "language", _("Language")
    AREA = "area", _("Area")
    TIME = "time", _("Time")


class EnrolmentStatus(models.TextChoices):
    """The status of a person in a programme. A waiting mentor is ready to be matched."""

    APPLIED = "applied", _("Applied")
    WAITING = "waiting", _("On the waiting list")
    MATCHED = "matched", _("In a match")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")
    DECLINED = "declined", _("Not accepted")


OPEN_STATUSES = [
    EnrolmentStatus.APPLIED,
    EnrolmentStatus.WAITING,
    EnrolmentStatus.MATCHED,
    EnrolmentStatus.PAUSED,
]


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
    CHECKING = "checking", _("Being checked")
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
    """What somebody decided about a row that looks like a person known already, or does not want at all."""

    SAME = "same", _("The same person")
    DIFFERENT = "different", _("Two people")
    LATER = "later", _("Decide later")
    SKIP = "skip", _("Skipped")


class GroupKind(models.TextChoices):
    """The activity of a volunteer group."""

    HOMEWORK_CAFE = "homework_cafe", _("Homework café")
    GIRLS_CLUB = "girls_club", _("Girls' club")
    BOYS_CLUB = "boys_club", _("Boys' club")
    GUIDES = "guides", _("Association guides")
    LANGUAGE_CAFE = "language_cafe", _("Language café")
    OTHER = "other", _("Other")


class GroupStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    ESTABLISHED = "established", _("Established")
    TAKEN_OVER = "taken_over", _("Taken over by others")
    CLOSED = "closed", _("Closed")


class QuestionAnswer(models.TextChoices):
    """The answer of a branch to a question whether it knows a person."""

    YES = "yes", _("Yes, call us about the person")
    NO = "no", _("No, treat the person as new")
