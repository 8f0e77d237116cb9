import datetime as dt

from django.db.models import CharField, Count, DateField, IntegerField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from common.scoping import ScopedQuerySet
from common.searching import words_to_find
from matching.enums import OPEN_STATUSES, RUNNING_STATUSES
from programmes.enums import ContactSide


class MatchQuerySet(ScopedQuerySet):
    def open(self):
        """Matches that take their mentee: proposed, introduced, active or on pause."""
        return self.filter(status__in=OPEN_STATUSES)

    def running(self):
        """Matches whose first meeting was held and that have not ended."""
        return self.filter(status__in=RUNNING_STATUSES)

    def of_person(self, person):
        """Matches in which the person is the mentor or the mentee, with both parties."""
        return self.filter(Q(mentor=person) | Q(mentee=person)).with_parties().order_by("pk")

    def with_parties(self):
        return self.select_related("mentor", "mentee", "programme__branch", "coordinator")

    def with_meetings(self):
        """Annotate ``meeting_count``, ``meeting_hours`` and ``last_meeting_on``."""
        meetings = self.model._meta.get_field("meetings").related_model.objects.filter(match=OuterRef("pk"))
        sums = meetings.order_by().values("match")
        return self.annotate(
            meeting_count=Coalesce(
                Subquery(sums.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0)
            ),
            meeting_hours=Subquery(sums.annotate(h=Sum("hours")).values("h")),
            last_meeting_on=Subquery(
                meetings.order_by("-held_on").values("held_on")[:1], output_field=DateField(null=True)
            ),
        )

    def search(self, text: str):
        """Matches with every word of the text in their number or in one of their people, read as these are stored."""
        rows = self
        for word in words_to_find(text):
            rows = rows.filter(
                Q(mentee__search_text__contains=word)
                | Q(mentor__search_text__contains=word)
                | Q(number__icontains=word)
            )
        return rows


class FollowUpQuerySet(ScopedQuerySet):
    def to_do(self):
        """Follow-ups of running matches that are not done."""
        return self.filter(done_on__isnull=True, match__status__in=RUNNING_STATUSES)

    def overdue(self, on: dt.date):
        return self.to_do().filter(due_on__lt=on)

    def due_between(self, start: dt.date, end: dt.date):
        return self.to_do().filter(due_on__gte=start, due_on__lte=end)

    def with_parties(self):
        return self.select_related("match__mentor", "match__mentee", "match__programme__branch")

    def for_rows(self):
        """Select the people, and annotate the last contact with the same side: ``last_done_on``, ``last_mood``."""
        earlier = (
            self.model.objects.filter(match=OuterRef("match"), done_on__isnull=False)
            .filter(Q(side=OuterRef("side")) | Q(side=ContactSide.BOTH))
            .exclude(pk=OuterRef("pk"))
            .order_by("-done_on", "-pk")
        )
        return self.with_parties().annotate(
            last_done_on=Subquery(earlier.values("done_on")[:1], output_field=DateField(null=True)),
            last_mood=Subquery(earlier.values("mood")[:1], output_field=CharField(null=True)),
        )
