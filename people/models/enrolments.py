"""Enrolments in programmes, and consents."""

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.cpr import refuse_cpr
from common.models import RecordedTimeField
from common.scoping import ScopedModel
from people.enums import PERIOD_STATUSES, ConsentKind, EnrolmentStatus, Gender, TermKind
from people.models.organisations import VolunteerGroup
from people.models.persons import Person
from people.models.vocabulary import Term
from people.querysets import EnrolmentQuerySet
from programmes.enums import ParticipantRole
from programmes.models import Programme


class Enrolment(ScopedModel):
    """A person in a programme in one participant role, with what they offer or seek as terms of the vocabulary.

    The days and reasons of the status are copies of the open ``EnrolmentPeriod``; see ``people.periods``.
    ``waiting_since`` is the day on which the person became ready, ``wait_counted_from`` the day from which the days on
    the waiting list are counted: later by the days in which the person did not wait.
    """

    branch_paths = ("programme__branch",)

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="enrolments", verbose_name=_("person"), db_index=False
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="enrolments", verbose_name=_("programme"), db_index=False
    )
    role = models.CharField(_("role"), max_length=20, choices=ParticipantRole)
    status = models.CharField(_("status"), max_length=20, choices=EnrolmentStatus, default=EnrolmentStatus.APPLIED)
    applied_on = models.DateField(
        _("recruited on"), null=True, blank=True, help_text=_("The day of the application; counts in the targets.")
    )
    waiting_since = models.DateField(_("waiting since"), null=True, blank=True)
    wait_counted_from = models.DateField(_("days of waiting counted from"), null=True, blank=True, editable=False)
    paused_on = models.DateField(_("on pause since"), null=True, blank=True)
    paused_until = models.DateField(_("pause expected to end on"), null=True, blank=True)
    paused_reason = models.CharField(_("why the pause"), max_length=200, blank=True, validators=[refuse_cpr])
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_reason = models.CharField(_("why it ended"), max_length=200, blank=True, validators=[refuse_cpr])
    recruited_via = models.CharField(_("heard of us through"), max_length=150, blank=True)
    groups = models.ManyToManyField(
        VolunteerGroup, blank=True, related_name="enrolments", verbose_name=_("volunteer groups")
    )
    terms = models.ManyToManyField(Term, blank=True, related_name="+", verbose_name=_("offers or seeks"))
    wish = models.TextField(_("in their own words"), blank=True, validators=[refuse_cpr])
    preferred_gender = models.CharField(_("prefers"), max_length=10, choices=Gender, blank=True)
    gender_is_required = models.BooleanField(_("the wish about gender is a condition"), default=False)
    min_age = models.PositiveSmallIntegerField(_("wishes the other at least … years"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(_("wishes the other at most … years"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("room for … mentees"), null=True, blank=True, help_text=_("Mentors; blank: as the programme says.")
    )
    available_from = models.DateField(_("available from"), null=True, blank=True)
    availability_note = models.CharField(_("about the times"), max_length=200, blank=True, validators=[refuse_cpr])
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    created_at = RecordedTimeField(_("created at"), auto_now_add=True)
    updated_at = RecordedTimeField(_("changed at"), auto_now=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=ParticipantRole.values), name="enrolment_role_valid"),
            models.CheckConstraint(condition=Q(status__in=EnrolmentStatus.values), name="enrolment_status_valid"),
            models.CheckConstraint(
                condition=Q(preferred_gender="") | Q(preferred_gender__in=Gender.values),
                name="enrolment_preferred_gender_valid",
            ),
            models.UniqueConstraint(
                fields=["person", "programme", "role"],
                name="enrolment_once",
                violation_error_message=_("The person already has this role in the programme."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(status__in=[EnrolmentStatus.ENDED, EnrolmentStatus.DECLINED]),
                name="enrolment_end_date_only_when_ended",
                violation_error_message=_("Only an enrolment that has ended has an end date."),
            ),
            models.CheckConstraint(
                condition=Q(min_age__isnull=True) | Q(max_age__isnull=True) | Q(max_age__gte=F("min_age")),
                name="enrolment_ages_in_order",
                violation_error_message=_("The highest age is lower than the lowest."),
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "role", "status"], name="enrolment_programme_role"),
            models.Index(fields=["programme", "role", "applied_on"], name="enrolment_recruited"),
            models.Index(fields=["programme", "role", "person"], name="enrolment_people"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()} · {self.programme}"

    @property
    def agreed_capacity(self) -> int:
        """How many mentees the mentor takes at once: their own capacity, or the programme's default."""
        return self.capacity if self.capacity is not None else self.programme.default_capacity

    @cached_property
    def term_list(self) -> list[Term]:
        """The terms as a list. ``PersonQuerySet.for_table`` prefetches it under this name."""
        return list(self.terms.all())

    @cached_property
    def terms_by_kind(self) -> dict[str, list[Term]]:
        """The terms by kind; reads the prefetched ``terms``."""
        found: dict[str, list[Term]] = {kind: [] for kind in TermKind.values}
        for term in self.term_list:
            found[term.kind].append(term)
        return found


class EnrolmentPeriod(ScopedModel):
    """A time in which an enrolment waited, was on pause or had ended; open until ``ended_on`` is known.

    ``expected_on`` is the day on which a pause is expected to end. ``reason`` says why the period began, and
    ``end_reason`` why it ended. ``starts_over`` marks a wait whose days do not add to those of earlier waits, such as
    the one after a match that ran.
    """

    branch_paths = ("enrolment__programme__branch",)

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="periods", verbose_name=_("enrolment"), db_index=False
    )
    status = models.CharField(_("status"), max_length=20, choices=[(one.value, one.label) for one in PERIOD_STATUSES])
    began_on = models.DateField(_("from"), null=True, blank=True)
    expected_on = models.DateField(_("expected to end on"), null=True, blank=True)
    ended_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=200, blank=True, validators=[refuse_cpr])
    end_reason = models.CharField(_("why it was over"), max_length=200, blank=True, validators=[refuse_cpr])
    starts_over = models.BooleanField(_("days are counted from this day"), default=False)

    class Meta:
        verbose_name = _("wait, pause or end of a role")
        verbose_name_plural = _("waits, pauses and ends of roles")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in PERIOD_STATUSES]),
                name="enrolmentperiod_status_valid",
            ),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(ended_on__isnull=True), name="enrolmentperiod_one_open"
            ),
            models.CheckConstraint(
                condition=Q(began_on__isnull=True) | Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="enrolmentperiod_in_order",
                violation_error_message=_("The period ends before it begins."),
            ),
        ]
        indexes = [models.Index(fields=["enrolment", "status"], name="enrolmentperiod_of_enrolment")]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.began_on or ''}–{self.ended_on or ''}"


class Consent(ScopedModel):
    """A person's yes or no to one kind of consent on a day. The newest of a kind is valid."""

    branch_paths = ("person__home_branch", "person__enrolments__programme__branch")
    to_many_branch_paths = ("person__enrolments__programme__branch",)

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents", verbose_name=_("person"))
    kind = models.CharField(_("consent to"), max_length=10, choices=ConsentKind)
    is_given = models.BooleanField(_("said yes"))
    on = models.DateField(_("date"))
    source = models.CharField(_("how"), max_length=120, blank=True)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=ConsentKind.values), name="consent_kind_valid")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.on}"
