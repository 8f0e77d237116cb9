"""The base of all indicators, and the rows of the records that count and of those that nearly do."""

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
    """No indicator has the short name that a target or file gives."""


@dataclass(frozen=True)
class EvidenceRow:
    """A record behind a figure, without names of people: its number, its day, and what it belongs to.

    ``url`` and ``other_url`` are URL names with the primary key, for users who may open the record.
    """

    pk: int
    number: str
    on: dt.date | None
    other: str = ""
    url: tuple[str, int] | None = None
    other_url: tuple[str, int] | None = None


@dataclass(frozen=True)
class NearMiss:
    """Records that nearly count, with the reason why they do not. ``rows`` is empty where there are many."""

    reason: str
    count: int
    rows: tuple[EvidenceRow, ...] = ()
    unit: str = ""
    joint: str = " "

    def sentences(self) -> list[str]:
        """Return a sentence for each row (``M-2011-031: aflyst``), or one for all (``2 match: aflyst``)."""
        if self.rows:
            return [f"{row.number}: {self.reason}" for row in self.rows]
        return [f"{danish_number(self.count)} {self.unit}{self.joint}{self.reason}"]


@dataclass(frozen=True)
class Indicator:
    """What a target counts. Subclasses define which records count and which nearly do."""

    slug: str
    label: str
    unit_one: str
    unit_many: str
    columns: tuple[str, ...] = ()
    allowed_filters: Mapping[str, frozenset[str]] = field(default_factory=dict)

    # Lookup of the day on which a record counts.
    date_field = ""

    # Whether the records are cases with numbers (else events with titles).
    is_of_cases = False

    # Up to this many near misses are listed one by one.
    NAMED = 5

    def evidence(self, programme: Programme, start: dt.date, end: dt.date, filters: Filters) -> models.QuerySet:
        """Return the records that count from ``start`` to ``end``. Raises ValidationError on a wrong filter."""
        raise NotImplementedError

    def not_counted(
        self, programme: Programme, start: dt.date, end: dt.date, filters: Filters, on: dt.date | None = None
    ) -> list[NearMiss]:
        """Return the records that a user may expect in the period and that do not count on ``on``, with reasons."""
        raise NotImplementedError

    def rule(self, start: dt.date, end: dt.date, filters: Filters) -> str:
        """Return the counting rule in one or two sentences."""
        raise NotImplementedError

    def row(self, record) -> EvidenceRow:
        """Return the record as pages show it, without names."""
        raise NotImplementedError

    def for_rows(self, records: models.QuerySet) -> models.QuerySet:
        """Return ``records`` with the related rows that ``row()`` needs, newest first."""
        return records.order_by(f"-{self.date_field}", "-pk")

    def rows(self, records: models.QuerySet) -> list[EvidenceRow]:
        """Return the records behind a figure as rows, newest first."""
        return [self.row(record) for record in self.for_rows(records)]

    def count_by_day(self, records: models.QuerySet) -> Counter[dt.date]:
        """Return the number of records on each day, in one query. Their sum is the figure."""
        counts: Counter[dt.date] = Counter()
        for day, count in records.order_by().values_list(self.date_field).annotate(Count("pk")):
            counts[as_day(day)] += count
        return counts

    def unit(self, count: int) -> str:
        """Return the unit for a number of records: ``kursus`` for 1, ``kurser`` for 2."""
        return str(self.unit_one if count == 1 else self.unit_many)

    def counted(self, count: int) -> str:
        """Return the heading of the evidence, such as ``12 match tæller med``."""
        return ngettext("%(count)s %(unit)s counts", "%(count)s %(unit)s count", count) % {
            "count": danish_number(count),
            "unit": self.unit(count),
        }

    def clean_filters(self, filters: Filters) -> dict[str, str]:
        """Return the filters. Raises ValidationError on a filter or value that the indicator does not have."""
        for name, value in (filters or {}).items():
            if name not in self.allowed_filters:
                raise ValidationError(
                    _("»%(name)s« is not a filter of »%(label)s«.") % {"name": name, "label": self.label}
                )
            if not isinstance(value, str) or value not in self.allowed_filters[name]:
                raise ValidationError(_("»%(value)s« is not a value of »%(name)s«.") % {"name": name, "value": value})
        return dict(filters or {})

    def misses(self, reason: str, records: models.QuerySet) -> list[NearMiss]:
        """Return one near miss for all the records, or none when there are no records."""
        first = list(self.for_rows(records)[: self.NAMED + 1])
        if not first:
            return []
        if len(first) <= self.NAMED:
            return [NearMiss(reason, len(first), tuple(self.row(record) for record in first))]
        count = records.count()
        return [NearMiss(reason, count, unit=self.unit(count), joint=": ")]


GENDERS = frozenset({Gender.WOMAN.value, Gender.MAN.value, Gender.OTHER.value})


def as_day(value: dt.date | dt.datetime) -> dt.date:
    """Return the Danish day of an instant; return a day unchanged."""
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value


def cumulate(counts: Mapping[dt.date, int]) -> list[tuple[dt.date, int]]:
    """Return each day with records, with the total so far."""
    total, series = 0, []
    for day in sorted(counts):
        total += counts[day]
        series.append((day, total))
    return series


def period_words(start: dt.date, end: dt.date) -> str:
    """Return the period in words: ``i 2011``, ``i 2010–2011``, or with its first and last day."""
    whole_years = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
    if whole_years:
        years = str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
        return _("in %(year)s") % {"year": years}
    return _("in the period %(period)s") % {"period": danish_period(start, end)}


def years_of(days: Iterable[dt.date]) -> Counter[int]:
    """Return the number of days in each year."""
    return Counter(day.year for day in days)
