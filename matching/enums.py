from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MatchStatus(models.TextChoices):
    """Status of a match. ``WITHDRAWN`` is a match made by mistake: it never counts."""

    PROPOSED = "proposed", _("Proposed")
    INTRODUCED = "introduced", _("Introduced")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("On pause")
    ENDED = "ended", _("Ended")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# A match that takes its mentee and a place of its mentor.
OPEN_STATUSES = [MatchStatus.PROPOSED, MatchStatus.INTRODUCED, MatchStatus.ACTIVE, MatchStatus.PAUSED]
# A match before its first meeting.
NOT_STARTED_STATUSES = [MatchStatus.PROPOSED, MatchStatus.INTRODUCED]
# A match whose first meeting was held.
RUNNING_STATUSES = [MatchStatus.ACTIVE, MatchStatus.PAUSED]
# A match that ended before its first meeting.
NEVER_STARTED_STATUSES = [MatchStatus.DECLINED, MatchStatus.WITHDRAWN]


class Side(models.TextChoices):
    MENTOR = "mentor", _("Mentor")
    MENTEE = "mentee", _("Mentee")


class EndReason(models.TextChoices):
    COMPLETED = "completed", _("Completed as agreed")
    GOAL_REACHED = "goal_reached", _("The goal was reached")
    MENTEE_STOPPED = "mentee_stopped", _("The mentee stopped")
    MENTOR_STOPPED = "mentor_stopped", _("The mentor stopped")
    MOVED = "moved", _("Moved away")
    DIED = "died", _("One of the two died")
    NO_CONTACT = "no_contact", _("The contact died out")
    BAD_FIT = "bad_fit", _("It was not a good match")
    OTHER = "other", _("Other")


class NextStep(models.TextChoices):
    """What a person does after the end of a match."""

    WAITING = "waiting", _("Would like a new match")
    ENDED = "ended", _("Stops here")
    UNDECIDED = "undecided", _("Not known yet")


class PlanAfterPause(models.TextChoices):
    """What happens to the follow-up plan when a match goes on after a pause."""

    MOVE = "move", _("Move the rest of the plan by the length of the pause")
    SKIP = "skip", _("Keep the days, and skip the follow-ups that fell in the pause")


class PlanState(models.TextChoices):
    """State of a planned meeting."""

    OPEN = "open", _("Agreed")
    HELD = "held", pgettext_lazy("of a meeting", "Held")
    MOVED = "moved", pgettext_lazy("of a meeting", "Moved")
    CANCELLED = "cancelled", pgettext_lazy("of a meeting", "Cancelled")


class InterviewAssessment(models.TextChoices):
    SUITABLE = "suitable", _("Ready to be matched")
    LATER = "later", _("Not yet")
    NOT_SUITABLE = "not_suitable", _("Not suited for the programme")


class CheckOutcome(models.TextChoices):
    APPROVED = "approved", _("In place")
    PENDING = "pending", _("Under way")
    REFUSED = "refused", _("Not approved")


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    MEETING = "meeting", _("Meeting")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")


class ContactResult(models.TextChoices):
    """What came of a contact. All but ``TALKED`` are tries."""

    TALKED = "talked", _("Talked")
    NOT_REACHED = "not_reached", pgettext_lazy("contact", "Not reached")
    LEFT_MESSAGE = "left_message", _("Left a message")


class Mood(models.TextChoices):
    """How the match goes, as the person answers at a follow-up."""

    GOOD = "good", _("Good")
    MIXED = "mixed", _("Mixed")
    HARD = "hard", _("Hard")


class Support(models.TextChoices):
    """Whether the mentee feels supported by the mentor (CFBU criterion 3)."""

    YES = "yes", _("Feels supported")
    PARTLY = "partly", _("Partly")
    NO = "no", _("Does not feel supported")


class GoalStatus(models.TextChoices):
    UNDER_WAY = "under_way", _("In progress")
    REACHED = "reached", _("Reached")
    DROPPED = "dropped", _("Dropped")


class OutcomeKind(models.TextChoices):
    """Kind of outcome (the effects that the grant expects)."""

    JOB = "job", _("Job begun")
    INTERNSHIP = "internship", _("Internship begun")
    EDUCATION = "education", _("Education begun")
    ACTIVATION = "activation", _("Activation begun")
    NETWORK = "network", _("A larger network")
    DANISH = "danish", _("Better Danish")
    SOCIETY = "society", _("Knows society better")
    ISOLATION = "isolation", _("Less alone")
    CONFIDENCE = "confidence", _("Trusts own resources")
    FAMILY = "family", _("Better family life")
    ROLE_MODEL = "role_model", _("Became a role model")
