"""Indicators of events: events held, and invitations to the events of other branches."""

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.templatetags.danish import danish_date
from events.enums import EventKind
from events.models import Event, ProgrammeInvitation
from events.querysets import start_of
from programmes.models import Programme
from reporting.indicators.base import EvidenceRow, Filters, Indicator, NearMiss, as_day, period_words, years_of

DAY = dt.timedelta(days=1)


def end_limit(day: dt.date) -> dt.datetime:
    """Return the instant by which an event must end to count on ``day``: the end of the day, or now for today."""
    return clock.now() if day == clock.today() else start_of(day + DAY)


@dataclass(frozen=True)
class EventsHeld(Indicator):
    """Events of one kind that began in the period, are over, and were not cancelled."""

    kind: str = EventKind.NETWORK

    date_field = "starts_at"

    def __post_init__(self):
        object.__setattr__(self, "columns", (gettext_lazy("Event"), gettext_lazy("Place"), gettext_lazy("Held")))

    def evidence(self, programme: Programme, start: dt.date, end: dt.date, filters: Filters) -> models.QuerySet[Event]:
        self.clean_filters(filters)
        return self._of_kind(programme).held_between(start, end).filter(ends_at__lte=end_limit(end))

    def _of_kind(self, programme: Programme) -> models.QuerySet[Event]:
        return Event.objects.filter(programme=programme, kind=self.kind)

    def row(self, record: Event) -> EvidenceRow:
        return EvidenceRow(
            pk=record.pk,
            number=record.title,
            on=as_day(record.starts_at),
            other=record.place,
            url=("events:event-detail", record.pk),
        )

    def rule(self, start: dt.date, end: dt.date, filters: Filters) -> str:
        self.clean_filters(filters)
        sentence = _("Counts: %(unit)s that have been held %(period)s. Cancelled ones do not count.")
        return sentence % {"unit": self.unit(2), "period": period_words(start, end)}

    def not_counted(
        self, programme: Programme, start: dt.date, end: dt.date, filters: Filters, on: dt.date | None = None
    ) -> list[NearMiss]:
        self.clean_filters(filters)
        rows, last = self._of_kind(programme), min(end, on or end)
        in_period = rows.filter(starts_at__gte=start_of(start), starts_at__lt=start_of(end + DAY))
        return [
            *self.misses(_("cancelled"), in_period.filter(is_cancelled=True)),
            *self._not_yet(in_period.filter(is_cancelled=False, ends_at__gt=end_limit(last))),
            *self._other_years(rows.filter(is_cancelled=False), start, end, on or clock.today()),
        ]

    def _not_yet(self, rows: models.QuerySet[Event]) -> list[NearMiss]:
        return [
            NearMiss(_("will be held on %(day)s") % {"day": danish_date(event.starts_at)}, 1, (self.row(event),))
            for event in rows.order_by("starts_at", "pk")
        ]

    def _other_years(self, rows: models.QuerySet[Event], start: dt.date, end: dt.date, on: dt.date) -> list[NearMiss]:
        days = [as_day(instant) for instant in rows.values_list("starts_at", flat=True)]
        others = [day for day in days if not start <= day <= end]
        held, coming = years_of(day for day in others if day <= on), years_of(day for day in others if day > on)
        return [
            NearMiss(words % {"year": year}, count, unit=self.unit(count))
            for words, years in ((_("held in %(year)s"), held), (_("will be held in %(year)s"), coming))
            for year, count in sorted(years.items())
        ]


@dataclass(frozen=True)
class InvitationsToOtherBranches(Indicator):
    """Events of other branches to which the programme's people were invited, on the day of the invitation."""

    date_field = "invited_on"

    def __post_init__(self):
        columns = (gettext_lazy("Event"), gettext_lazy("Branch"), gettext_lazy("Invited"))
        object.__setattr__(self, "columns", columns)

    def evidence(
        self, programme: Programme, start: dt.date, end: dt.date, filters: Filters
    ) -> models.QuerySet[ProgrammeInvitation]:
        self.clean_filters(filters)
        rows = self._invitations(programme).filter(event__is_cancelled=False)
        return rows.filter(invited_on__gte=start, invited_on__lte=end)

    def _invitations(self, programme: Programme) -> models.QuerySet[ProgrammeInvitation]:
        rows = ProgrammeInvitation.objects.filter(programme=programme)
        return rows.exclude(event__programme__branch=programme.branch_id)

    def for_rows(self, records: models.QuerySet) -> models.QuerySet:
        return records.select_related("event__programme__branch").order_by(F("invited_on").desc(), "-pk")

    def row(self, record: ProgrammeInvitation) -> EvidenceRow:
        return EvidenceRow(
            pk=record.pk,
            number=record.event.title,
            on=record.invited_on,
            other=record.event.programme.branch.name,
            url=("events:event-detail", record.event_id),
        )

    def rule(self, start: dt.date, end: dt.date, filters: Filters) -> str:
        self.clean_filters(filters)
        sentence = _(
            "Counts: events of other branches that all mentors and mentees were invited to %(period)s. "
            "Each event counts once."
        )
        return sentence % {"period": period_words(start, end)}

    def not_counted(
        self, programme: Programme, start: dt.date, end: dt.date, filters: Filters, on: dt.date | None = None
    ) -> list[NearMiss]:
        self.clean_filters(filters)
        rows, last = self._invitations(programme), min(end, on or end)
        in_period = rows.filter(invited_on__gte=start, invited_on__lte=end)
        valid = rows.filter(event__is_cancelled=False)
        years = years_of(valid.exclude(invited_on__gte=start, invited_on__lte=end).values_list("invited_on", flat=True))
        late = in_period.filter(event__is_cancelled=False, invited_on__gt=last)
        return [
            *self.misses(_("the event was cancelled"), in_period.filter(event__is_cancelled=True)),
            *self.misses(_("invited later than %(day)s") % {"day": danish_date(last)}, late),
            *(
                NearMiss(_("with the invitation in %(year)s") % {"year": year}, count, unit=self.unit(count))
                for year, count in sorted(years.items())
            ),
        ]
