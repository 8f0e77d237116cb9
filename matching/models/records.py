"""Models of the records of a match: follow-ups, meetings, goals and outcomes."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.cpr import refuse_cpr
from common.models import RecordedTimeField
from common.scoping import ScopedModel
from matching.enums import Channel, GoalStatus, Mood, OutcomeKind, Side, Support
from matching.models.matches import Match
from matching.querysets import FollowUpQuerySet
from programmes.enums import ContactSide, FollowUpKind
from programmes.models import FollowUpStep


class FollowUp(ScopedModel):
    """A contact of the coordinator with one or both sides of a match: due on a day, then done.

    One that was moved keeps the day on which it was due at first. One that was skipped, with a reason, is not due.
    """

    branch_paths = ("match__programme__branch",)

    match = models.ForeignKey(Match, models.CASCADE, related_name="follow_ups", verbose_name=_("match"), db_index=False)
    step = models.ForeignKey(
        FollowUpStep, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("step of the plan")
    )
    name = models.CharField(_("follow-up"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20, choices=FollowUpKind, default=FollowUpKind.CONTACT)
    side = models.CharField(_("with whom"), max_length=10, choices=ContactSide)
    due_on = models.DateField(_("due on"))
    first_due_on = models.DateField(_("moved from"), null=True, blank=True)
    moved_reason = models.CharField(_("why it was moved"), max_length=300, blank=True, validators=[refuse_cpr])
    skipped_reason = models.CharField(_("why it was skipped"), max_length=300, blank=True, validators=[refuse_cpr])
    done_on = models.DateField(_("done on"), null=True, blank=True)
    channel = models.CharField(_("how did you talk?"), max_length=10, choices=Channel, blank=True)
    mood = models.CharField(_("how does it go?"), max_length=10, choices=Mood, blank=True)
    support = models.CharField(_("does the mentee feel supported?"), max_length=10, choices=Support, blank=True)
    note = models.TextField(_("note"), blank=True, validators=[refuse_cpr])
    done_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FollowUpKind.values), name="followup_kind_valid"),
            models.CheckConstraint(condition=Q(side__in=ContactSide.values), name="followup_side_valid"),
            models.CheckConstraint(
                condition=Q(channel="") | Q(channel__in=Channel.values), name="followup_channel_valid"
            ),
            models.CheckConstraint(condition=Q(mood="") | Q(mood__in=Mood.values), name="followup_mood_valid"),
            models.CheckConstraint(
                condition=Q(support="") | Q(support__in=Support.values), name="followup_support_valid"
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=False) | Q(channel="", mood="", support=""),
                name="followup_answers_only_when_done",
                violation_error_message=_("Say when the follow-up was done."),
            ),
            models.CheckConstraint(
                condition=Q(first_due_on__isnull=True, moved_reason="")
                | (Q(first_due_on__isnull=False) & ~Q(moved_reason="")),
                name="followup_moved_with_a_reason",
                violation_error_message=_("Write why the follow-up is moved."),
            ),
            models.CheckConstraint(
                condition=Q(skipped_reason="") | Q(done_on__isnull=True),
                name="followup_skipped_is_not_done",
                violation_error_message=_("A follow-up that was skipped cannot be done. Take it into the plan again."),
            ),
            models.UniqueConstraint(
                fields=["match", "step", "side", "due_on"],
                name="followup_once_per_step",
                violation_error_message=_("This follow-up is in the plan already."),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=Q(done_on__isnull=True), name="followup_to_do"),
            models.Index(fields=["match", "due_on"], name="followup_of_match"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.due_on}"

    @property
    def planned_on(self) -> dt.date:
        """The day on which the plan has it: the first one, if it was moved."""
        return self.first_due_on or self.due_on

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor skipped."""
        return self.done_on is None and not self.is_skipped

    @property
    def is_skipped(self) -> bool:
        return bool(self.skipped_reason)


class Meeting(ScopedModel):
    """A meeting of mentor and mentee: a day and hours (CFBU criterion 2)."""

    branch_paths = ("match__programme__branch",)

    match = models.ForeignKey(Match, models.CASCADE, related_name="meetings", verbose_name=_("match"), db_index=False)
    held_on = models.DateField(_("date"))
    hours = models.DecimalField(
        _("hours"), max_digits=4, decimal_places=2, validators=[MinValueValidator(0.25), MaxValueValidator(24)]
    )
    note = models.TextField(_("note"), blank=True, validators=[refuse_cpr])
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = RecordedTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=24),
                name="meeting_hours_plausible",
                violation_error_message=_("Write between a quarter of an hour and 24 hours."),
            )
        ]
        indexes = [models.Index(fields=["match", "held_on"], name="meeting_of_match")]

    def __str__(self) -> str:
        return f"{self.held_on} · {self.hours}"


class Goal(ScopedModel):
    """A goal of the mentee."""

    branch_paths = ("match__programme__branch",)

    match = models.ForeignKey(Match, models.CASCADE, related_name="goals", verbose_name=_("match"))
    text = models.CharField(_("goal"), max_length=200, validators=[refuse_cpr])
    status = models.CharField(_("status"), max_length=10, choices=GoalStatus, default=GoalStatus.UNDER_WAY)
    reached_on = models.DateField(_("reached on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, validators=[refuse_cpr])

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=GoalStatus.values), name="goal_status_valid"),
            models.CheckConstraint(
                condition=Q(status=GoalStatus.REACHED, reached_on__isnull=False)
                | (~Q(status=GoalStatus.REACHED) & Q(reached_on__isnull=True)),
                name="goal_reached_has_a_date",
                violation_error_message=_("Say when the goal was reached."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Outcome(ScopedModel):
    """An outcome of a match, possibly months after its end."""

    branch_paths = ("match__programme__branch",)

    match = models.ForeignKey(Match, models.CASCADE, related_name="outcomes", verbose_name=_("match"))
    kind = models.CharField(_("what came of it"), max_length=20, choices=OutcomeKind)
    on = models.DateField(_("date"))
    note = models.CharField(_("in words"), max_length=300, blank=True, validators=[refuse_cpr])
    told_by = models.CharField(_("reported by"), max_length=10, choices=Side, blank=True)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OutcomeKind.values), name="outcome_kind_valid"),
            models.CheckConstraint(condition=Q(told_by="") | Q(told_by__in=Side.values), name="outcome_told_by_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"
