"""Models of the matching app: interviews, screening checks, matches and their records."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.cpr import refuse_cpr
from common.scoping import ScopedModel
from matching.enums import (
    OPEN_STATUSES,
    RUNNING_STATUSES,
    Channel,
    CheckOutcome,
    EndReason,
    GoalStatus,
    InterviewAssessment,
    MatchStatus,
    Mood,
    OutcomeKind,
    Side,
    Support,
)
from matching.querysets import FollowUpQuerySet, MatchQuerySet
from people.models import Enrolment, Person
from programmes.enums import ContactSide, FollowUpKind, ScreeningKind
from programmes.models import FollowUpStep, Programme

WEEKS_A_YEAR = 52


class Interview(ScopedModel):
    """The interview before a person is ready for a match (visitationssamtale), planned or held."""

    branch_paths = ("enrolment__programme__branch",)

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="interviews", verbose_name=_("person"))
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    planned_time = models.TimeField(_("time"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    interviewer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("interviewer")
    )
    interviewer_note = models.CharField(_("interviewer, as written in the old list"), max_length=100, blank=True)
    summary = models.TextField(_("summary"), blank=True, validators=[refuse_cpr])
    motivation = models.TextField(_("motivation"), blank=True, validators=[refuse_cpr])
    wishes = models.TextField(_("wishes"), blank=True, validators=[refuse_cpr])
    assessment = models.CharField(_("assessment"), max_length=20, choices=InterviewAssessment, blank=True)
    assessment_note = models.TextField(_("about the assessment"), blank=True, validators=[refuse_cpr])
    next_step = models.CharField(_("next step"), max_length=200, blank=True, validators=[refuse_cpr])
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        ordering = ["-held_on", "-planned_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_on__isnull=False) | Q(held_on__isnull=False),
                name="interview_has_a_date",
                violation_error_message=_("Say when the interview is planned or when it was held."),
            ),
            models.CheckConstraint(
                condition=Q(assessment="") | Q(assessment__in=InterviewAssessment.values),
                name="interview_assessment_valid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.held_on or self.planned_on}"


class ScreeningCheck(ScopedModel):
    """The result of a screening check. Neither the certificate nor a CPR number is stored."""

    branch_paths = ("enrolment__programme__branch",)

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="checks", verbose_name=_("person"), db_index=False
    )
    kind = models.CharField(_("check"), max_length=20, choices=ScreeningKind)
    outcome = models.CharField(_("result"), max_length=10, choices=CheckOutcome, default=CheckOutcome.APPROVED)
    checked_on = models.DateField(_("date"), null=True, blank=True)
    assessor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("assessed by")
    )
    note = models.CharField(_("note"), max_length=120, blank=True, validators=[refuse_cpr])

    class Meta:
        verbose_name = _("screening check")
        verbose_name_plural = _("screening checks")
        ordering = ["kind", "checked_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ScreeningKind.values), name="screeningcheck_kind_valid"),
            models.CheckConstraint(condition=Q(outcome__in=CheckOutcome.values), name="screeningcheck_outcome_valid"),
        ]
        indexes = [models.Index(fields=["enrolment", "kind", "outcome"], name="screeningcheck_lookup")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_outcome_display()}"


class Match(ScopedModel):
    """A mentor and a mentee in a programme, from proposal to closing talk.

    An open match takes a numbered place of its mentor. The number is unique among the mentor's open matches, so two
    users cannot fill the same place. A match beyond the mentor's capacity needs a reason.
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
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=20, choices=EndReason, blank=True)
    end_note = models.TextField(_("about the ending"), blank=True, validators=[refuse_cpr])
    closing_talk_on = models.DateField(_("closing talk"), null=True, blank=True)
    declined_by = models.CharField(_("who said no"), max_length=10, choices=Side, blank=True)
    note = models.TextField(_("note"), blank=True, validators=[refuse_cpr])
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

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
    def coordinator_name(self) -> str:
        """The coordinator's name, or the name in an imported list of a coordinator who is not a user."""
        return self.coordinator.name if self.coordinator else self.coordinator_note

    @property
    def agreed_weeks(self) -> int:
        """The programme's shortest duration in weeks."""
        return round(self.programme.min_duration_months * WEEKS_A_YEAR / 12)

    def week_on(self, day: dt.date) -> int | None:
        """Return the week of the match, 1 from the day of the first meeting; None before it is held."""
        return (day - self.started_on).days // 7 + 1 if self.started_on else None

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
    at = models.DateTimeField(_("registered at"), auto_now_add=True)

    class Meta:
        verbose_name = _("step of a match")
        verbose_name_plural = _("steps of a match")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=MatchStatus.values), name="matchstep_status_valid")
        ]

    def __str__(self) -> str:
        return f"{self.match.number} {self.get_status_display()} {self.on}"


class FollowUp(ScopedModel):
    """A contact of the coordinator with one or both sides of a match: due on a day, then done."""

    branch_paths = ("match__programme__branch",)

    match = models.ForeignKey(Match, models.CASCADE, related_name="follow_ups", verbose_name=_("match"), db_index=False)
    step = models.ForeignKey(
        FollowUpStep, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("step of the plan")
    )
    name = models.CharField(_("follow-up"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20, choices=FollowUpKind, default=FollowUpKind.CONTACT)
    side = models.CharField(_("with whom"), max_length=10, choices=ContactSide)
    due_on = models.DateField(_("due on"))
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
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

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
