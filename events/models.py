"""Network events, courses and exchange meetings: who was invited, signed up and came."""

import datetime as dt
import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.cpr import refuse_cpr
from common.danish_order import DANISH
from common.models import RecordedTimeField
from common.scoping import ScopedModel
from events.enums import PLACE_STATUSES, AttendanceStatus, EventKind
from events.querysets import AttendanceQuerySet, EventQuerySet
from people.models import Person
from programmes.models import Programme


class Event(ScopedModel):
    """An event of a programme. A branch sees the events its programmes are invited to and its own."""

    branch_paths = ("programme__branch", "invited_programmes__branch")
    to_many_branch_paths = ("invited_programmes__branch",)
    read_verb = "read_events"

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="events", verbose_name=_("programme"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind)
    title = models.CharField(_("title"), max_length=150, db_collation=DANISH)
    description = models.TextField(_("description"), blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=150, blank=True)
    capacity = models.PositiveIntegerField(
        _("places"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("Blank: no limit.")
    )
    unnamed_guests = models.PositiveIntegerField(_("others, counted without names"), default=0)
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    confirmed_at = models.DateTimeField(_("confirmed as held at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed as held by")
    )
    invited_programmes = models.ManyToManyField(
        Programme,
        through="ProgrammeInvitation",
        related_name="invited_to",
        blank=True,
        verbose_name=_("invited from other branches"),
    )
    uid = models.UUIDField(_("calendar id"), default=uuid.uuid4, unique=True, editable=False)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    created_at = RecordedTimeField(_("created at"), auto_now_add=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="event_kind_valid"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="event_ends_after_start",
                violation_error_message=_("The event ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False) | Q(confirmed_by__isnull=True), name="event_confirmation_whole"
            ),
        ]
        indexes = [models.Index(fields=["programme", "kind", "starts_at"], name="event_programme_kind")]

    def __str__(self) -> str:
        return self.title

    @property
    def day(self) -> dt.date:
        """The day the event starts, in Danish time."""
        return timezone.localdate(self.starts_at)

    @property
    def is_several_days(self) -> bool:
        return timezone.localdate(self.ends_at) != self.day

    def may_check_in(self, on: dt.date) -> bool:
        """Return whether attendance can be ticked on a day: from the day of the event, unless it is cancelled."""
        return not self.is_cancelled and self.day <= on


class ProgrammeInvitation(models.Model):
    """The invitation of another branch's programme, with all its mentors and mentees, to an event."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="programme_invitations", verbose_name=_("event"), db_index=False
    )
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+", verbose_name=_("programme"))
    invited_on = models.DateField(_("invited on"))

    class Meta:
        verbose_name = _("invitation of another branch")
        verbose_name_plural = _("invitations of other branches")
        constraints = [models.UniqueConstraint(fields=["event", "programme"], name="programmeinvitation_once")]

    def __str__(self) -> str:
        return f"{self.event} · {self.programme}"


class Attendance(ScopedModel):
    """A person on an event's list, from invitation to attendance.

    Numbered places keep the event's capacity when several users sign people up at once.
    """

    # The branch that holds the event sees the whole list; an invited branch sees the people it knows.
    branch_paths = ("event__programme__branch", "person__home_branch", "person__enrolments__programme__branch")
    to_many_branch_paths = ("person__enrolments__programme__branch",)
    read_verb = "read_events"

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="attendances", verbose_name=_("event"), db_index=False
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="attendances", verbose_name=_("person"))
    status = models.CharField(_("status"), max_length=20, choices=AttendanceStatus, default=AttendanceStatus.INVITED)
    place_number = models.PositiveIntegerField(_("place"), null=True, blank=True)
    invited_on = models.DateField(_("invited on"), null=True, blank=True)
    signed_up_at = models.DateTimeField(_("signed up at"), null=True, blank=True)
    came_at = models.DateTimeField(_("came at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=120, blank=True, validators=[refuse_cpr])

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=AttendanceStatus.values), name="attendance_status_valid"),
            models.UniqueConstraint(
                fields=["event", "person"],
                name="attendance_once",
                violation_error_message=_("The person is on the list already."),
            ),
            models.UniqueConstraint(
                fields=["event", "place_number"],
                condition=Q(status__in=PLACE_STATUSES),
                name="attendance_place_taken_once",
                violation_error_message=_("Another person has just taken the last place."),
            ),
        ]
        indexes = [models.Index(fields=["event", "status"], name="attendance_event_status")]

    def __str__(self) -> str:
        return f"{self.person} · {self.event}"
