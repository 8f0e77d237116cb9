import datetime as dt

from common.scoping import ScopedQuerySet


class ProgrammeQuerySet(ScopedQuerySet):
    def running(self, on: dt.date):
        """Programmes whose period includes the day."""
        return self.filter(starts_on__lte=on, ends_on__gte=on)
