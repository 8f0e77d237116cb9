"""The contents of a status report as plain data, without any queries.

The writers of the documents read it, and a sent report stores it: ``to_json`` and ``from_json`` convert it without
loss, so that a sent report never changes.
"""

import datetime as dt
import types
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from common.charts import BulletBar, CumulativePlot, Forecast
from common.templatetags.danish import danish_date

Dated = tuple[dt.date, float]


@dataclass(frozen=True)
class Evidence:
    """A record behind a figure, without names: its number or title, the day it counts on, and what it belongs to."""

    number: str
    day: dt.date | None = None
    text: str = ""


@dataclass(frozen=True)
class PhaseLine:
    """A phase of the agreement's timetable."""

    start: dt.date
    end: dt.date
    value: int
    wording: str = ""


@dataclass(frozen=True)
class TargetLine:
    """A target with its state on the day of the report.

    ``sums_with``: lines with the same non-empty value can be added up (men and women of one indicator and period).
    ``plan``: corners of the planned line; ``reached``: each day on which the total changed, with the new total.
    """

    key: str
    area: str
    label: str
    wording: str
    start: dt.date
    end: dt.date
    value: int
    target: int
    plan_today: float
    state: str
    state_label: str
    rule: str
    low: float | None = None
    middle: float | None = None
    high: float | None = None
    note: str = ""
    rhythm_wording: str = ""
    sums_with: str = ""
    plan: tuple[Dated, ...] = ()
    plan_steps: bool = False
    reached: tuple[Dated, ...] = ()
    phases: tuple[PhaseLine, ...] = ()
    counted: tuple[Evidence, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def has_forecast(self) -> bool:
        return self.low is not None and self.middle is not None and self.high is not None

    def plot(self, on: dt.date) -> CumulativePlot:
        return CumulativePlot(
            title=self.wording,
            start=self.start,
            end=self.end,
            today=on,
            plan=self.plan,
            plan_steps=self.plan_steps,
            reached=self.reached,
            plan_today=self.plan_today,
            forecast=Forecast(self.low, self.middle, self.high) if self.has_forecast else None,
            today_label=danish_date(on, "short,noyear"),
        )

    def bar(self, on: dt.date) -> BulletBar:
        running = on < self.end
        low, high = (self.low, self.high) if running else (None, None)
        return BulletBar(self.wording, self.value, self.target, self.plan_today if running else None, low, high)


@dataclass(frozen=True)
class Total:
    """The sum of target lines that can be added up."""

    label: str
    value: int
    target: int
    plan_today: float


@dataclass(frozen=True)
class EventLine:
    """An event that was held. ``participants`` were checked in by name; ``guests`` were counted at the door."""

    day: dt.date
    area: str
    kind: str
    title: str
    place: str
    participants: int
    guests: int

    @property
    def attendance(self) -> int:
        return self.participants + self.guests


@dataclass(frozen=True)
class MatchLine:
    """A match that ran in the period, with numbers in place of names."""

    number: str
    mentee: str
    mentor: str
    gender: str
    status: str
    started_on: dt.date
    ended_on: dt.date | None
    meetings: int
    hours: float


@dataclass(frozen=True)
class Count:
    """A figure with its label: running matches, registered meetings, an outcome."""

    label: str
    value: float


@dataclass(frozen=True)
class Section:
    """A part that users write; ``text`` holds paragraphs, and list items as lines that begin with ``- ``."""

    key: str
    heading: str
    text: str = ""


@dataclass(frozen=True)
class Heading:
    """The facts at the head of a report: title, programme, funders, period, and the day of the figures."""

    title: str
    programme: str
    slug: str
    branch: str
    agreement: str
    funders: tuple[str, ...]
    policy_areas: tuple[str, ...]
    start: dt.date
    end: dt.date
    on: dt.date


@dataclass(frozen=True)
class Report:
    """A status report, ready to be written in any format."""

    heading: Heading
    sections: tuple[Section, ...]
    targets: tuple[TargetLine, ...] = ()
    events: tuple[EventLine, ...] = ()
    invitations: tuple[EventLine, ...] = ()
    matches: tuple[MatchLine, ...] = ()
    match_counts: tuple[Count, ...] = ()
    outcomes: tuple[Count, ...] = ()

    def write_day(self, day: dt.date | None) -> str:
        """Format a day of the period, without the year when the period lies within one year."""
        one_year = self.heading.start.year == self.heading.end.year
        return danish_date(day, "short,noyear" if one_year else "year,short")

    def targets_of(self, area: str) -> list[TargetLine]:
        return [line for line in self.targets if line.area == area]

    def events_of(self, area: str) -> list[EventLine]:
        return [event for event in self.events if event.area == area]

    def table(self) -> list[TargetLine | Total]:
        """Return the target lines in order, with a total after each group that can be added up."""
        rows: list[TargetLine | Total] = []
        for number, line in enumerate(self.targets):
            rows.append(line)
            following = self.targets[number + 1].sums_with if number + 1 < len(self.targets) else ""
            group = [other for other in self.targets if line.sums_with and other.sums_with == line.sums_with]
            if len(group) > 1 and following != line.sums_with:
                rows.append(_total(group))
        return rows

    def definitions(self) -> list[tuple[str, str]]:
        """Return each counting rule once, with the labels of the targets that use it before it."""
        labels: dict[str, list[str]] = {}
        for line in self.targets:
            labels.setdefault(line.rule, []).append(line.label)
        return [(" · ".join(dict.fromkeys(names)), rule) for rule, names in labels.items()]

    def to_json(self) -> dict:
        return _encode(asdict(self))

    @classmethod
    def from_json(cls, data: dict) -> "Report":
        return _decode(cls, data)


def _total(group: list[TargetLine]) -> Total:
    return Total(
        label=" + ".join(line.label for line in group),
        value=sum(line.value for line in group),
        target=sum(line.target for line in group),
        plan_today=sum(line.plan_today for line in group),
    )


def _encode(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_encode(item) for item in value]
    return value


def _decode(kind: Any, value: Any) -> Any:
    """Return the value that ``_encode`` got, using the annotation of its field."""
    if get_origin(kind) in (Union, types.UnionType):
        return None if value is None else _decode(next(k for k in get_args(kind) if k is not type(None)), value)
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        if inner[-1] is Ellipsis:
            return tuple(_decode(inner[0], item) for item in value)
        return tuple(_decode(part, item) for part, item in zip(inner, value, strict=True))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        known = (field.name for field in fields(kind) if field.name in value)  # an older report may lack a field
        return kind(**{name: _decode(hints[name], value[name]) for name in known})
    return dt.date.fromisoformat(value) if kind is dt.date else value
