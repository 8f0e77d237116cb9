import datetime as dt

from django.db.models import Count, Q
from django.utils import timezone

from common.scoping import ScopedQuerySet
from events.enums import AttendanceStatus


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
        """With numbers of invited, signed up, waiting and attended."""
        status = AttendanceStatus
        return self.annotate(
            signed_up_count=Count(
                "attendances", filter=Q(attendances__status__in=[status.SIGNED_UP, status.ATTENDED, status.ABSENT])
            ),
            waiting_count=Count("attendances", filter=Q(attendances__status=status.WAITING_LIST)),
            attended_count=Count("attendances", filter=Q(attendances__status=status.ATTENDED)),
            invited_count=Count("attendances"),
        )
