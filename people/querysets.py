import datetime as dt

from django.db.models import OuterRef, Prefetch, Q, Subquery

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

    def for_table(self, enrolments):
        """With what a row of the list shows: those of ``enrolments`` as ``shown_enrolments``, and the longest wait."""
        waiting = enrolments.filter(person=OuterRef("pk"), status=EnrolmentStatus.WAITING).order_by("waiting_since")
        shown = enrolments.select_related("programme").prefetch_related("terms")
        return (
            self.select_related("organisation")
            .prefetch_related("languages__language", Prefetch("enrolments", shown, to_attr="shown_enrolments"))
            .annotate(waiting_from=Subquery(waiting.values("waiting_since")[:1]))
        )

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
