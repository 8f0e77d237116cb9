import datetime as dt

from django.db.models import Count, Q
from django.utils import timezone

from accounts.roles import Verb
from common.scoping import ScopedQuerySet
from events.enums import PLACE_STATUSES, AttendanceStatus
from people.models import Person


def start_of(day: dt.date) -> dt.datetime:
    """Return the first instant of a day in Danish time."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


class EventQuerySet(ScopedQuerySet):
    def held_between(self, start: dt.date, end: dt.date):
        """Events that were not cancelled and started between two days, both included."""
        return self.filter(
            is_cancelled=False, starts_at__gte=start_of(start), starts_at__lt=start_of(end + dt.timedelta(days=1))
        )

    def coming(self, now: dt.datetime):
        """Events that are not over or cancelled, soonest first."""
        return self.filter(is_cancelled=False, ends_at__gte=now).order_by("starts_at", "pk")

    def with_counts(self):
        """Annotate the numbers of people invited, signed up, waiting and attended, and of places taken."""
        status = AttendanceStatus
        return self.annotate(
            signed_up_count=Count(
                "attendances", filter=Q(attendances__status__in=[status.SIGNED_UP, status.ATTENDED, status.ABSENT])
            ),
            waiting_count=Count("attendances", filter=Q(attendances__status=status.WAITING_LIST)),
            attended_count=Count("attendances", filter=Q(attendances__status=status.ATTENDED)),
            taken_count=Count("attendances", filter=Q(attendances__status__in=PLACE_STATUSES)),
            invited_count=Count("attendances", filter=Q(attendances__invited_on__isnull=False)),
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
