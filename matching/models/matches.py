"""Models of matches and the steps of their status."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.cpr import refuse_cpr
from common.models import RecordedTimeField
from common.scoping import ScopedModel
from matching.enums import OPEN_STATUSES, RUNNING_STATUSES, EndReason, MatchStatus, Side
from matching.querysets import MatchQuerySet
from people.models import Person
from programmes.models import Programme

WEEKS_A_YEAR = 52
AGAINST = "– "  # a stored reason against the match begins so


class Match(ScopedModel):
    """A mentor and a mentee in a programme, from proposal to closing talk.

    An open match takes a numbered place of its mentor. The number is unique among the mentor's open matches, so two
    users cannot fill the same place. A match beyond the mentor's capacity needs a reason. The days and words of a
    pause and of the end are copies of the open ``MatchPause`` and ``MatchEnding``, which stay when the match goes on.
    """

    branch_paths = ("programme__branch",)

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="matches", verbose_name=_("programme"), db_index=False
    )
    number = models.CharField(_("match number"), max_length=20)
    mentor = models.ForeignKey(Person, models.PROTECT, related_name="matches_as_mentor", verbose_name=_("mentor"))
    mentee = models.ForeignKey(Person, models.PROTECT, related_name="matches_as_mentee", verbose_name=_("mentee"))
    status = models.CharField(_("status"), max_length=20, choices=MatchStatus, default=MatchStatus.PROPOSED)
    mentor_place = models.PositiveSmallIntegerField(_("the mentor's place"), null=True, blank=True)
    over_capacity_reason = models.CharField(_("why one more than agreed"), max_length=200, blank=True)
    coordinator = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="matches", verbose_name=_("coordinator")
    )
    coordinator_note = models.CharField(_("coordinator, as written in the old list"), max_length=100, blank=True)
    reasons = models.JSONField(_("why it was proposed"), default=list, blank=True)
    proposed_on = models.DateField(_("proposed on"), null=True, blank=True)
    mentor_said_yes_on = models.DateField(_("the mentor said yes"), null=True, blank=True)
    mentee_said_yes_on = models.DateField(_("the mentee said yes"), null=True, blank=True)
    introduced_on = models.DateField(_("introduced on"), null=True, blank=True)
    started_on = models.DateField(_("first meeting"), null=True, blank=True)
    first_meeting_place = models.CharField(_("where"), max_length=120, blank=True)
    staff_present = models.BooleanField(_("staff took part in the first meeting"), default=False)
    agreement_signed_on = models.DateField(_("agreement signed by all"), null=True, blank=True)
    paused_on = models.DateField(_("on pause since"), null=True, blank=True)
    paused_until = models.DateField(_("pause expected to end on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=20, choices=EndReason, blank=True)
    end_note = models.TextField(_("about the ending"), blank=True, validators=[refuse_cpr])
    closing_talk_on = models.DateField(_("closing talk"), null=True, blank=True)
    declined_by = models.CharField(_("who said no"), max_length=10, choices=Side, blank=True)
    note = models.TextField(_("note"), blank=True, validators=[refuse_cpr])
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    created_at = RecordedTimeField(_("created at"), auto_now_add=True)
    updated_at = RecordedTimeField(_("changed at"), auto_now=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=MatchStatus.values), name="match_status_valid"),
            models.CheckConstraint(
                condition=Q(end_reason="") | Q(end_reason__in=EndReason.values), name="match_end_reason_valid"
            ),
            models.CheckConstraint(
                condition=Q(declined_by="") | Q(declined_by__in=Side.values), name="match_side_valid"
            ),
            models.UniqueConstraint(fields=["programme", "number"], name="match_number_once"),
            models.CheckConstraint(
                condition=~Q(mentor=F("mentee")),
                name="match_not_with_oneself",
                violation_error_message=_("A person cannot be their own mentor."),
            ),
            models.UniqueConstraint(
                fields=["mentee", "programme"],
                condition=Q(status__in=OPEN_STATUSES),
                name="match_one_open_per_mentee",
                violation_error_message=_("The mentee already has a match in this programme."),
            ),
            models.UniqueConstraint(
                fields=["mentor", "mentor_place"],
                condition=Q(status__in=OPEN_STATUSES),
                name="match_place_taken_once",
                violation_error_message=_("Another match has just taken the mentor's place."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN_STATUSES, mentor_place__isnull=False)
                | (~Q(status__in=OPEN_STATUSES) & Q(mentor_place__isnull=True)),
                name="match_open_has_a_place",
            ),
            models.CheckConstraint(
                condition=Q(status=MatchStatus.ENDED, ended_on__isnull=False)
                | (~Q(status=MatchStatus.ENDED) & Q(ended_on__isnull=True)),
                name="match_end_date_only_when_ended",
                violation_error_message=_("An end date belongs to a match that has ended, and only to that."),
            ),
            models.CheckConstraint(
                condition=Q(status=MatchStatus.PAUSED) | Q(paused_on__isnull=True, paused_until__isnull=True),
                name="match_pause_only_when_paused",
                violation_error_message=_("Only a match on pause has the days of a pause."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[MatchStatus.ACTIVE, MatchStatus.PAUSED, MatchStatus.ENDED])
                | Q(started_on__isnull=False),
                name="match_running_has_started",
                violation_error_message=_("Say when the first meeting was held."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(started_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="match_ends_after_start",
                violation_error_message=_("The match ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True)
                | Q(proposed_on__isnull=True)
                | Q(started_on__gte=F("proposed_on")),
                name="match_starts_after_proposal",
                violation_error_message=_("The first meeting is before the proposal."),
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "status"], name="match_programme_status"),
            # Covers the indicator of established matches, which then reads the index only.
            models.Index(fields=["programme", "started_on", "status", "mentee"], name="match_established"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.mentee} · {self.mentor}"

    @property
    def case_number(self) -> str:
        """The number used in the access log and in lists without names."""
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING_STATUSES

    @property
    def reasons_for(self) -> list[str]:
        return [reason for reason in self.reasons if not reason.startswith(AGAINST)]

    @property
    def reasons_against(self) -> list[str]:
        return [reason.removeprefix(AGAINST) for reason in self.reasons if reason.startswith(AGAINST)]

    @property
    def coordinator_name(self) -> str:
        """Who takes care of the match (``with_acting``), else the coordinator, else the name in an imported list."""
        acting = getattr(self, "acting_name", None)
        return acting or (self.coordinator.name if self.coordinator else self.coordinator_note)

    @property
    def agreed_weeks(self) -> int:
        """The programme's shortest duration in weeks."""
        return round(self.programme.min_duration_months * WEEKS_A_YEAR / 12)

    def week_on(self, day: dt.date, paused_days: int = 0) -> int | None:
        """Return the week of the match, 1 from the day of the first meeting; None before it is held.

        ``paused_days`` of pause do not count.
        """
        return ((day - self.started_on).days - paused_days) // 7 + 1 if self.started_on else None

    def side_of(self, person: Person) -> str:
        return Side.MENTOR if self.mentor_id == person.pk else Side.MENTEE

    def other_party(self, person: Person) -> Person:
        """Return the mentee for the mentor, and the mentor for the mentee."""
        return self.mentee if self.mentor_id == person.pk else self.mentor


class MatchStep(ScopedModel):
    """A change of a match's status, with its day, user and note."""

    branch_paths = ("match__programme__branch",)

    match = models.ForeignKey(Match, models.CASCADE, related_name="steps", verbose_name=_("match"))
    status = models.CharField(_("status"), max_length=20, choices=MatchStatus)
    on = models.DateField(_("date"))
    note = models.CharField(_("note"), max_length=300, blank=True, validators=[refuse_cpr])
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"))
    at = RecordedTimeField(_("registered at"), auto_now_add=True)

    class Meta:
        verbose_name = _("step of a match")
        verbose_name_plural = _("steps of a match")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=MatchStatus.values), name="matchstep_status_valid")
        ]

    def __str__(self) -> str:
        return f"{self.match.number} {self.get_status_display()} {self.on}"
