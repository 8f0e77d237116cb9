import datetime as dt

from django.db.models import Q

from common.folding import fold
from common.scoping import ScopedQuerySet
from people.enums import EnrolmentStatus


class PersonQuerySet(ScopedQuerySet):
    def search(self, text: str):
        """People whose name, case number, e-mail or phone holds every word, whatever the case or accents."""
        rows = self
        for word in fold(text).split():
            rows = rows.filter(search_text__contains=word)
        return rows

    def for_list(self):
        """With all that a row of a list shows, whatever the number of rows."""
        return self.select_related("home_branch", "organisation").prefetch_related(
            "enrolments__programme__branch", "languages__language"
        )


class EnrolmentQuerySet(ScopedQuerySet):
    def mentors(self):
        return self.filter(role="mentor")

    def mentees(self):
        return self.filter(role="mentee")

    def waiting(self):
        """Interviewed and ready, not matched."""
        return self.filter(status=EnrolmentStatus.WAITING)

    def longest_waiting_first(self):
        return self.order_by("waiting_since", "pk")

    def recruited_between(self, start: dt.date, end: dt.date):
        return self.filter(Q(applied_on__gte=start) & Q(applied_on__lte=end))
