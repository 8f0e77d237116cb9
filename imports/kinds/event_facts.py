"""What lists say about an event itself: title, kind, day and time of day."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.folding import fold
from events.enums import EventKind
from events.models import Event
from imports.engine.issues import ERROR, WARNING, IssueKind, register_issues
from imports.engine.reader import RowReader
from imports.engine.record_cells import read_day, read_time, time_after_day
from imports.kinds.event_words import KINDS

USUAL_HOURS = 2
WHOLE_DAY = (dt.time(0, 0), dt.time(23, 59))
TITLE_LENGTH = Event._meta.get_field("title").max_length
PLACE_LENGTH = Event._meta.get_field("place").max_length

register_issues(
    {
        "title_missing": IssueKind(ERROR, _("The event has no title.")),
        "unknown_event_kind": IssueKind(ERROR, _("The kind of event is not one we know. Write one of: %(words)s.")),
        "time_unreadable": IssueKind(ERROR, _("No time of day can be read. Write for example 16.30.")),
        "event_ends_first": IssueKind(ERROR, _("The event ends before it starts. Correct one of the two.")),
        "no_start_time": IssueKind(WARNING, _("No time of day is given. Stored as lasting the whole day.")),
        "no_end_time": IssueKind(WARNING, _("No end is given. Stored as two hours.")),
        "event_kind_blank": IssueKind(WARNING, _("No kind of event is given. Stored as: %(stored)s.")),
    }
)


@dataclass
class EventRecord:
    """What a row says about an event, ready to be stored."""

    title: str
    kind: str
    starts_at: dt.datetime | None = None  # as the list says, without a zone
    ends_at: dt.datetime | None = None

    @property
    def day(self) -> dt.date | None:
        return self.starts_at.date() if self.starts_at else None

    @property
    def key(self) -> tuple[str, str]:
        return event_key(self.title, self.day)


def event_key(title: str, day: dt.date) -> tuple[str, str]:
    """What tells an event from the others of its programme."""
    return fold(title), day.isoformat()


def read_facts(row: RowReader, record: EventRecord) -> None:
    """Day, start and end; what is not said is assumed, and that is said."""
    day = read_day(row, "day", is_needed=True)
    start = _read_time(row, "start_time") or time_after_day(row.cell("day"))
    end = _read_end(row, day)
    if day is None or row.has_error():
        return
    if start is None:
        row.report("no_start_time", "day")
        record.starts_at, record.ends_at = (dt.datetime.combine(day, time) for time in WHOLE_DAY)
        return
    record.starts_at = dt.datetime.combine(day, start)
    if end is None:
        row.report("no_end_time", "end")
    record.ends_at = end or record.starts_at + dt.timedelta(hours=USUAL_HOURS)
    first, last = (timezone.make_aware(moment).timestamp() for moment in (record.starts_at, record.ends_at))
    if last <= first:  # as it is stored: an hour is skipped and another comes twice in the year
        row.report("event_ends_first", "end")


def _read_time(row: RowReader, key: str) -> dt.time | None:
    time = read_time(row.cell(key))
    if time is None and row.cell(key) is not None:
        row.report("time_unreadable", key)
    return time


def _read_end(row: RowReader, day: dt.date | None) -> dt.datetime | None:
    """When it ends: a time of day, or a day with one; also the second time of `17.00-19.30` where it starts."""
    value = row.cell("end")
    if value is None:
        _first, dash, second = row.line("start_time").replace("–", "-").partition("-")
        time = read_time(second) if dash else None
        return dt.datetime.combine(day, time) if day and time else None
    if (time := time_after_day(value)) and (end_day := read_day(row, "end")):
        return dt.datetime.combine(end_day, time)
    time = _read_time(row, "end")
    return dt.datetime.combine(day, time) if day and time else None


def read_kind(row: RowReader) -> str:
    """The kind; without one, the usual one, and that is said."""
    kind = row.choice(KINDS, "kind", "unknown_event_kind")
    if kind is None and not row.line("kind"):
        row.report("event_kind_blank", "kind", stored=str(EventKind.NETWORK.label))
    return kind or EventKind.NETWORK
