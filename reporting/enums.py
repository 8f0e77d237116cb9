from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetState(models.TextChoices):
    """The state of a target on a day, by the rules of the design's "Target state"."""

    REACHED = "reached", _("Reached")
    AHEAD = "ahead", _("Ahead of plan")
    ON_PLAN = "on_plan", _("On plan")
    BEHIND = "behind", _("Behind, can be reached")
    UNLIKELY = "unlikely", _("Unlikely to be reached")
    COMING = "coming", _("Not started")
    MISSED = "missed", _("Not reached")
    UNCOUNTED = "uncounted", _("Cannot be counted")


class ReportStatus(models.TextChoices):
    """A report is written as a draft, and never changes once it is sent."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
