import datetime as dt

from django.apps import apps
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.roles import Verb
from common import clock
from common.scoping import ScopedQuerySet
from events.enums import PLACE_STATUSES, AttendanceStatus
from people.models import Person


def start_of(day: dt.date) -> dt.datetime:
    """Return the first instant of a day in Danish time."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _on_list(*statuses: str) -> Exists:
    return Exists(apps.get_model("events", "Attendance").objects.filter(event=OuterRef("pk"), status__in=statuses))


def was_held() -> Q:
    """The rule of an event that was held: not cancelled, and people came, by name or counted, or a user confirmed it.

    An imported event counts as held by the people and the guests that its row brought.
    """
    has_participants = Q(unnamed_guests__gt=0) | Q(_on_list(AttendanceStatus.ATTENDED))
    return Q(is_cancelled=False) & (Q(confirmed_at__isnull=False) | has_participants)


def awaits_confirmation(now: dt.datetime) -> Q:
    """The rule of an event to confirm: over, not cancelled, not confirmed, and its list is not finished.

    A list is finished when people came and all others who signed up are registered as absent.
    """
    is_finished = was_held() & ~Q(_on_list(AttendanceStatus.SIGNED_UP))
    return Q(is_cancelled=False, confirmed_at__isnull=True, ends_at__lt=now) & ~is_finished


class EventQuerySet(ScopedQuerySet):
    def held_between(self, start: dt.date, end: dt.date):
        """Events that were not cancelled and started between two days, both included."""
        return self.filter(
            is_cancelled=False, starts_at__gte=start_of(start), starts_at__lt=start_of(end + dt.timedelta(days=1))
        )

    def coming(self, now: dt.datetime):
        """Events that are not over or cancelled, soonest first."""
        return self.filter(is_cancelled=False, ends_at__gte=now).order_by("starts_at", "pk")

    def held(self):
        """Events that were held, see ``was_held``."""
        return self.filter(was_held())

    def to_confirm(self, now: dt.datetime):
        """Events that wait for the confirmation that they were held, the last one first."""
        return self.filter(awaits_confirmation(now)).order_by("-starts_at", "-pk")

    def with_counts(self):
        """Annotate the numbers of people on the list and of participants, and whether the event was held.

        ``participant_count``: those who came and the guests without names. ``is_held`` and ``is_to_confirm`` follow
        the rules ``was_held`` and ``awaits_confirmation``.
        """
        status = AttendanceStatus
        return self.annotate(
            signed_up_count=Count(
                "attendances", filter=Q(attendances__status__in=[status.SIGNED_UP, status.ATTENDED, status.ABSENT])
            ),
            waiting_count=Count("attendances", filter=Q(attendances__status=status.WAITING_LIST)),
            attended_count=Count("attendances", filter=Q(attendances__status=status.ATTENDED)),
            taken_count=Count("attendances", filter=Q(attendances__status__in=PLACE_STATUSES)),
            invited_count=Count("attendances", filter=Q(attendances__invited_on__isnull=False)),
            participant_count=F("attended_count") + F("unnamed_guests"),
            is_held=was_held(),
            is_to_confirm=awaits_confirmation(clock.now()),
        )


class AttendanceQuerySet(ScopedQuerySet):
    def on_list(self):
        """Attendances that take up a place: signed up or attended."""
        return self.filter(status__in=PLACE_STATUSES)

    def in_waiting_order(self):
        """The event's waiting list, earliest sign-up first."""
        return self.filter(status=AttendanceStatus.WAITING_LIST).order_by("signed_up_at", "pk")

    def by_name(self):
        return self.order_by("person__first_name", "person__last_name", "pk")

    def for_list(self):
        """Fetch what a row of a list shows in a constant number of queries."""
        return self.select_related("person").prefetch_related("person__enrolments__programme")


def people_for(event, user):
    """Return the people whom a user may put on an event's list.

    A user of the branch that holds the event may add anyone they see; an invited branch adds its own people only.
    """
    people = Person.objects.visible_to(user)
    allowed = set(user.branch_ids_for(Verb.WORK_EVENTS))
    if event.programme.branch_id in allowed:
        return people
    invited = event.invited_programmes.filter(branch__in=allowed).values_list("branch_id", flat=True)
    return people.in_branches(list(invited))
