from django.db import models
from django.utils.translation import gettext_lazy as _

from common.choices import SluggedChoices


class ProgrammeKind(models.TextChoices):
    """How the mentoring is organised (CFBU's four models)."""

    VOLUNTEER = "volunteer", _("Volunteer mentors")
    WORKPLACE = "workplace", _("Workplace mentors")
    DROP_IN = "drop_in", _("Drop-in with professional mentors")
    NEIGHBOURHOOD = "neighbourhood", _("Mentoring in the neighbourhood")


class ParticipantRole(SluggedChoices):
    """The role of an enrolled person."""

    MENTOR = "mentor", "mentor", _("Mentor")
    MENTEE = "mentee", "mentee", _("Mentee")
    CONTACT = "contact", "kontaktperson", _("Contact person")
    VOLUNTEER = "volunteer", "frivillig", _("Volunteer")
    USER = "user", "deltager", _("Participant")


class ScreeningKind(models.TextChoices):
    """Screening checks (EEPM 2). Only kind, date, result and assessor are stored."""

    REFERENCE = "reference", _("Reference")
    CRIMINAL_RECORD = "criminal_record", _("Criminal record")
    CHILD_CERTIFICATE = "child_certificate", _("Child protection certificate")
    CONFIDENTIALITY = "confidentiality", _("Declaration of confidentiality")
    TRAINING = "training", _("Training before the match")


class ContactSide(models.TextChoices):
    """The people whom a follow-up contacts."""

    MENTOR = "mentor", _("Mentor")
    MENTEE = "mentee", _("Mentee")
    BOTH = "both", _("Both")
    PARENTS = "parents", _("Parents")


class FollowUpKind(models.TextChoices):
    """Kind of follow-up. ``OUTCOMES`` is asked after the end of a match and is no step of a plan."""

    CONTACT = "contact", _("Follow-up")
    SURVEY = "survey", _("Questionnaire")
    CLOSING = "closing", _("Closing talk")
    OUTCOMES = "outcomes", _("Results after the end")


STEP_KINDS = [FollowUpKind.CONTACT, FollowUpKind.SURVEY, FollowUpKind.CLOSING]
