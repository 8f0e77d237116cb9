import datetime as dt

from django.db.models import Count, Q
from django.utils import timezone

from accounts.roles import Verb
from common.scoping import ScopedQuerySet
from events.enums import PLACE_STATUSES, AttendanceStatus
from people.models import Person


def start_of(day: dt.date) -> dt.datetime:
    """Midnight that begins the day, in Danish time."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


class EventQuerySet(ScopedQuerySet):
    def held_between(self, start: dt.date, end: dt.date):
        """Events that were held (not cancelled) from the first to the last day, both included."""
        return self.filter(
            is_cancelled=False, starts_at__gte=start_of(start), starts_at__lt=start_of(end + dt.timedelta(days=1))
        )

    def coming(self, now: dt.datetime):
        return self.filter(is_cancelled=False, ends_at__gte=now).order_by("starts_at", "pk")

    def with_counts(self):
        """With numbers of invited, signed up, waiting, attended and places taken."""
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
        """Those who hold a place: signed up or here."""
        return self.filter(status__in=PLACE_STATUSES)

    def in_waiting_order(self):
        """The event's waiting list: who signed up first stands first."""
        return self.filter(status=AttendanceStatus.WAITING_LIST).order_by("signed_up_at", "pk")

    def by_name(self):
        return self.order_by("person__first_name", "person__last_name", "pk")

    def for_list(self):
        """With all that a row of a list shows, whatever the number of rows."""
        return self.select_related("person").prefetch_related("person__enrolments__programme")


def people_for(event, user):
    """People whom the user may put on the event's list: the host anyone they see, a guest branch its own people."""
    people = Person.objects.visible_to(user)
    allowed = set(user.branch_ids_for(Verb.WORK_EVENTS))
    if event.programme.branch_id in allowed:
        return people
    guests = event.guest_programmes.filter(branch__in=allowed).values_list("branch_id", flat=True)
    return people.in_branches(list(guests))
