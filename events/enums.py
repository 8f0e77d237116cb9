from django.db import models
from django.utils.translation import gettext_lazy as _

from common.choices import SluggedChoices


class EventKind(SluggedChoices):
    NETWORK = "network", "netvaerk", _("Network event")
    MENTOR_COURSE = "mentor_course", "mentorkursus", _("Course for mentors")
    MENTEE_COURSE = "mentee_course", "menteekursus", _("Course for mentees")
    EXCHANGE = "exchange", "erfaring", _("Experience exchange meeting")
    INTRODUCTION = "introduction", "introduktion", _("Introduction meeting")
    OUTREACH = "outreach", "oplaeg", _("Talk or outreach")


class AttendanceStatus(models.TextChoices):
    INVITED = "invited", _("Invited")
    SIGNED_UP = "signed_up", _("Signed up")
    WAITING_LIST = "waiting_list", _("On the event's waiting list")
    ATTENDED = "attended", _("Came")
    ABSENT = "absent", _("Did not come")
    CANCELLED = "cancelled", _("Cancelled")


# Statuses that take up a place at the event.
PLACE_STATUSES = [AttendanceStatus.SIGNED_UP, AttendanceStatus.ATTENDED]
