import datetime as dt

from common.scoping import ScopedQuerySet
from matching.enums import OPEN_STATUSES, RUNNING_STATUSES


class MatchQuerySet(ScopedQuerySet):
    def open(self):
        """Matches that take up their mentee: proposed, introduced, active or on pause."""
        return self.filter(status__in=OPEN_STATUSES)

    def running(self):
        """Matches whose first meeting was held and that have not ended."""
        return self.filter(status__in=RUNNING_STATUSES)

    def with_parties(self):
        return self.select_related("mentor", "mentee", "programme__branch", "coordinator")


class FollowUpQuerySet(ScopedQuerySet):
    def to_do(self):
        """Not done, on matches that run."""
        return self.filter(done_on__isnull=True, match__status__in=RUNNING_STATUSES)

    def overdue(self, on: dt.date):
        return self.to_do().filter(due_on__lt=on)

    def due_between(self, start: dt.date, end: dt.date):
        return self.to_do().filter(due_on__gte=start, due_on__lte=end)

    def with_parties(self):
        return self.select_related("match__mentor", "match__mentee", "match__programme__branch")
