"""The shape of an indicator, of the records behind it, and of the records that nearly counted."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags.danish import danish_number, danish_period
from people.enums import Gender
from programmes.models import Programme

Filters = Mapping[str, str]


class UnknownIndicator(LookupError):
    """A target names an indicator that is not in the registry."""


@dataclass(frozen=True)
class EvidenceRow:
    """A record behind a figure, without names: numbers, a day, and the address of the record itself.

    ``url`` and ``other_url`` are names of addresses with their keys, for those who may open the case.
    """

    pk: int
    number: str
    on: dt.date | None
    other: str = ""
    url: tuple[str, int] | None = None
    other_url: tuple[str, int] | None = None


@dataclass(frozen=True)
class NearMiss:
    """Records that do not count, and why. ``rows`` are named one by one; ``count`` is given where they are many."""

    reason: str
    count: int
    rows: tuple[EvidenceRow, ...] = ()
    unit: str = ""
    joint: str = " "

    def sentences(self) -> list[str]:
        """``M-2011-031: foreslået, intet møde endnu`` for each, or ``2 match med første møde i 2010``."""
        if self.rows:
            return [f"{row.number}: {self.reason}" for row in self.rows]
        return [f"{danish_number(self.count)} {self.unit}{self.joint}{self.reason}"]


@dataclass(frozen=True)
class Indicator:
    """An entry of the registry. Subclasses say which records count and which nearly did."""

    slug: str
    label: str
    unit_one: str
    unit_many: str
    columns: tuple[str, ...] = ()
    allowed_filters: Mapping[str, frozenset[str]] = field(default_factory=dict)

    # Look-up of the day a record counts on, for the cumulative plot.
    date_field = ""

    # Whether the records are cases with numbers (else events with titles).
    is_of_cases = False

    # Near misses up to this many are named one by one.
    NAMED = 5

    def evidence(self, programme: Programme, start: dt.date, end: dt.date, filters: Filters) -> models.QuerySet:
        """The records that count from ``start`` to ``end``, both included. Raises ValidationError on a wrong filter."""
        raise NotImplementedError

    def not_counted(
        self, programme: Programme, start: dt.date, end: dt.date, filters: Filters, on: dt.date | None = None
    ) -> list[NearMiss]:
        """Records that somebody might look for in the period ``start`` to ``end`` and that do not count on ``on``."""
        raise NotImplementedError

    def rule(self, start: dt.date, end: dt.date, filters: Filters) -> str:
        """The counting rule in a sentence or two."""
        raise NotImplementedError

    def row(self, record) -> EvidenceRow:
        """The record as it is shown: numbers and a day, no names."""
        raise NotImplementedError

    def for_rows(self, records: models.QuerySet) -> models.QuerySet:
        """``records`` with all that ``row`` needs, newest first."""
        return records.order_by(f"-{self.date_field}", "-pk")

    def rows(self, records: models.QuerySet) -> list[EvidenceRow]:
        """The records behind a figure, newest first."""
        return [self.row(record) for record in self.for_rows(records)]

    def count_by_day(self, records: models.QuerySet) -> Counter[dt.date]:
        """How many of the records count on each day, in one query; their sum is the figure."""
        counts: Counter[dt.date] = Counter()
        for day, count in records.order_by().values_list(self.date_field).annotate(Count("pk")):
            counts[as_day(day)] += count
        return counts

    def unit(self, count: int) -> str:
        """The unit for so many: ``1 kursus``, ``2 kurser``."""
        return str(self.unit_one if count == 1 else self.unit_many)

    def counted(self, count: int) -> str:
        """``12 match tæller med``, the heading over the evidence."""
        return ngettext("%(count)s %(unit)s counts", "%(count)s %(unit)s count", count) % {
            "count": danish_number(count),
            "unit": self.unit(count),
        }

    def clean_filters(self, filters: Filters) -> dict[str, str]:
        """The filters, checked. Raises ValidationError on a filter or value that the indicator does not know."""
        for name, value in (filters or {}).items():
            if name not in self.allowed_filters:
                raise ValidationError(_("»%(name)s« cannot narrow »%(label)s«.") % {"name": name, "label": self.label})
            if not isinstance(value, str) or value not in self.allowed_filters[name]:
                raise ValidationError(_("»%(value)s« is not a value of »%(name)s«.") % {"name": name, "value": value})
        return dict(filters or {})

    def misses(self, reason: str, records: models.QuerySet) -> list[NearMiss]:
        """One near miss for the records, named one by one while they are few; none when there are none."""
        first = list(self.for_rows(records)[: self.NAMED + 1])
        if not first:
            return []
        if len(first) <= self.NAMED:
            return [NearMiss(reason, len(first), tuple(self.row(record) for record in first))]
        count = records.count()
        return [NearMiss(reason, count, unit=self.unit(count), joint=": ")]


GENDERS = frozenset({Gender.WOMAN.value, Gender.MAN.value, Gender.OTHER.value})


def as_day(value: dt.date | dt.datetime) -> dt.date:
    """The day of an instant in Danish time; a day is itself."""
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value


def cumulate(counts: Mapping[dt.date, int]) -> list[tuple[dt.date, int]]:
    """(day, total so far) for each day with records."""
    total, series = 0, []
    for day in sorted(counts):
        total += counts[day]
        series.append((day, total))
    return series


def period_words(start: dt.date, end: dt.date) -> str:
    """``i 2011``, ``i 2010–2011``, or the two days."""
    whole_years = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
    if whole_years:
        years = str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
        return _("in %(year)s") % {"year": years}
    return _("in the period %(period)s") % {"period": danish_period(start, end)}


def years_of(days: Iterable[dt.date]) -> Counter[int]:
    """How many of the days lie in each year."""
    return Counter(day.year for day in days)
