"""The model of planned meetings: the first meeting of a match, and the next one of a running match."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.cpr import refuse_cpr
from common.models import RecordedTimeField
from common.scoping import ScopedModel
from matching.enums import PlanState
from matching.models.matches import Match
from matching.models.records import Meeting
from matching.querysets import PlannedMeetingQuerySet


class PlannedMeeting(ScopedModel):
    """A meeting that mentor and mentee have agreed on: open until it is held, moved or cancelled.

    Moving closes the row and creates another one. The open first meeting of a match has the day and place that
    ``Match.introduced_on`` and ``Match.first_meeting_place`` copy. ``meeting`` is what was recorded of a held one.
    """

    branch_paths = ("match__programme__branch",)

    match = models.ForeignKey(Match, models.CASCADE, related_name="planned_meetings", verbose_name=_("match"))
    on = models.DateField(_("date"))
    time = models.TimeField(_("time"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    staff = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who of us takes part")
    )
    is_first = models.BooleanField(_("first meeting"), default=False)
    state = models.CharField(_("status"), max_length=10, choices=PlanState, default=PlanState.OPEN)
    reason = models.CharField(_("why"), max_length=200, blank=True, validators=[refuse_cpr])
    meeting = models.ForeignKey(
        Meeting, models.SET_NULL, null=True, blank=True, related_name="plans", verbose_name=_("meeting")
    )
    planned_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("planned by")
    )
    planned_at = RecordedTimeField(_("planned at"), auto_now_add=True)

    objects = PlannedMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned meeting")
        verbose_name_plural = _("planned meetings")
        ordering = ["on", "time", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="plannedmeeting_state_valid"),
            models.UniqueConstraint(
                fields=["match"],
                condition=Q(state=PlanState.OPEN),
                name="plannedmeeting_one_open",
                violation_error_message=_("A meeting is planned already. Move that one."),
            ),
            models.CheckConstraint(
                condition=Q(meeting__isnull=True) | Q(state=PlanState.HELD),
                name="plannedmeeting_meeting_only_when_held",
            ),
        ]
        indexes = [models.Index(fields=["on", "id"], condition=Q(state=PlanState.OPEN), name="plannedmeeting_to_do")]

    def __str__(self) -> str:
        return f"{self.match.number} {self.on}"

    @property
    def is_open(self) -> bool:
        return self.state == PlanState.OPEN
