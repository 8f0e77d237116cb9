from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.choices import SluggedChoices


class Gender(SluggedChoices):
    WOMAN = "woman", "kvinde", _("Woman")
    MAN = "man", "mand", _("Man")
    OTHER = "other", "andet", _("Other")
    UNKNOWN = "unknown", "ukendt", _("Not known")


class PersonStateKind(SluggedChoices):
    """Why a person is no longer matched, invited or contacted."""

    DIED = "died", "doed", pgettext_lazy("state of a person", "Died")
    MOVED = "moved", "flyttet", pgettext_lazy("state of a person", "Moved away")
    NO_CONTACT = "no_contact", "ingen-kontakt", _("Wants no contact")


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


class EnrolmentStatus(SluggedChoices):
    """The status of a person in a programme. A waiting mentor is ready to be matched."""

    APPLIED = "applied", "ansoegt", _("Applied")
    WAITING = "waiting", "venter", _("On the waiting list")
    MATCHED = "matched", "i-match", _("In a match")
    PAUSED = "paused", "pause", _("Paused")
    ENDED = "ended", "afsluttet", _("Ended")
    DECLINED = "declined", "ikke-optaget", _("Not accepted")


OPEN_STATUSES = [
    EnrolmentStatus.APPLIED,
    EnrolmentStatus.WAITING,
    EnrolmentStatus.MATCHED,
    EnrolmentStatus.PAUSED,
]
# The person takes no part any more.
LEFT_STATUSES = [EnrolmentStatus.ENDED, EnrolmentStatus.DECLINED]
# What a user closed, until a user reopens it.
CLOSED_STATUSES = [EnrolmentStatus.PAUSED, *LEFT_STATUSES]
# The statuses whose times are kept as ``EnrolmentPeriod``.
PERIOD_STATUSES = [EnrolmentStatus.WAITING, *CLOSED_STATUSES]


class OrganisationKind(models.TextChoices):
    PARTNER = "partner", _("Partner organisation")
    COMPANY = "company", _("Company")
    AUTHORITY = "authority", _("Authority")
    ASSOCIATION = "association", _("Association")


class AlikeAnswer(models.TextChoices):
    """What a person is to a similar one who is not the same."""

    DIFFERENT = "different", _("Someone else")
    HOUSEHOLD = "household", _("Same household")


class ConsentKind(models.TextChoices):
    STORE = "store", _("Keep the details")
    SHARE = "share", _("Share wishes with the mentor")
    PHOTO = "photo", _("Photos")


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


class TransferState(models.TextChoices):
    """The state of a transfer to another branch."""

    OPEN = "open", _("Waits for an answer")
    ACCEPTED = "accepted", pgettext_lazy("transfer", "Accepted")
    DECLINED = "declined", pgettext_lazy("transfer", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("transfer", "Withdrawn")

    @classmethod
    def closed(cls) -> list["TransferState"]:
        return [state for state in cls if state != cls.OPEN]


class QuestionAnswer(models.TextChoices):
    """The answer of a branch to a question whether it knows a person."""

    YES = "yes", _("Yes, call us about the person")
    NO = "no", _("No, treat the person as new")
