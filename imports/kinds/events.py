"""The list of events."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.folding import fold
from events.enums import EventKind
from events.models import Event
from events.services.bulk import bulk_create_events
from imports.engine.cells import as_text, read_time, time_after_day
from imports.engine.fields import word_list
from imports.engine.issues import ERROR, ISSUE_KINDS, WARNING, IssueKind
from imports.engine.kind import RecordKind, Rows, Store
from imports.engine.reader import RowReader
from imports.models import RowOrigin
from programmes.models import Programme

KIND_WORDS = word_list("event_kinds", EventKind)
STATE_WORDS = word_list("event_states")
USUAL_HOURS = 2
WHOLE_DAY = (dt.time(0, 0), dt.time(23, 59))
TITLE_LENGTH = Event._meta.get_field("title").max_length
PLACE_LENGTH = Event._meta.get_field("place").max_length
MOST_PLACES = 10_000

ISSUE_KINDS.add_all(
    {
        "title_missing": IssueKind(ERROR, _("The event has no title.")),
        "unknown_event_kind": IssueKind(ERROR, _("The kind of event is not one we know. Write one of: %(words)s.")),
        "unknown_event_state": IssueKind(ERROR, _("The state is not one we know. Write one of: %(words)s.")),
        "time_unreadable": IssueKind(ERROR, _("No time of day can be read. Write for example 16.30.")),
        "event_ends_first": IssueKind(ERROR, _("The event ends before it starts. Correct one of the two.")),
        "no_start_time": IssueKind(WARNING, _("No time of day is given. Stored as lasting the whole day.")),
        "no_end_time": IssueKind(WARNING, _("No end is given. Stored as two hours.")),
        "event_kind_blank": IssueKind(WARNING, _("No kind of event is given. Stored as: %(stored)s.")),
        "capacity_unreadable": IssueKind(WARNING, _("No number of places can be read. Kept in the description.")),
        "guests_unreadable": IssueKind(WARNING, _("No number of guests can be read. Kept in the description.")),
    }
)


@dataclass
class EventRecord:
    """What a row says about an event. The times are local, without a time zone."""

    title: str
    kind: str
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    place: str = ""
    capacity: int | None = None
    unnamed_guests: int = 0
    description: str = ""
    is_cancelled: bool = False

    @property
    def day(self) -> dt.date | None:
        return self.starts_at.date() if self.starts_at else None

    @property
    def key(self) -> tuple[str, str]:
        return event_key(self.title, self.day)

    def make_event(self, programme: Programme) -> Event:
        """Return a new event, not stored."""
        return Event(
            programme=programme,
            kind=self.kind,
            title=self.title,
            starts_at=timezone.make_aware(self.starts_at),
            ends_at=timezone.make_aware(self.ends_at),
            place=self.place,
            capacity=self.capacity,
            unnamed_guests=self.unnamed_guests,
            description=self.description,
            is_cancelled=self.is_cancelled,
        )


@dataclass
class KnownEvents:
    """The keys of the programme's events and of the accepted rows."""

    programme: Programme
    seen: dict[tuple, int | None] = field(default_factory=dict)


class EventListKind(RecordKind):
    """Past and planned events. Two rows with the same title and day are the same event."""

    code = "event"

    def load_known(self, programme: Programme) -> KnownEvents:
        return KnownEvents(programme, dict.fromkeys(stored_events(programme)))

    def label_of(self, reader: RowReader) -> str:
        return reader.line("title")

    def read(self, reader: RowReader, known: KnownEvents, *, today: dt.date) -> EventRecord:
        record = EventRecord(read_title(reader), read_kind(reader))
        read_times(reader, record)
        if record.day and record.day < known.programme.starts_on:
            reader.report("before_programme", "day", start=as_text(known.programme.starts_on))
        record.place = reader.fit(reader.line("place"), "place", PLACE_LENGTH, may_cut=False)
        record.is_cancelled = reader.choice(STATE_WORDS, "state", "unknown_event_state") == "cancelled"
        record.capacity = reader.number("capacity", 1, MOST_PLACES, unreadable="capacity_unreadable")
        record.unnamed_guests = read_guests(reader)
        record.description = "\n".join(filter(None, [reader.text("description"), *reader.notes]))
        return record

    def key_of(self, record: EventRecord) -> tuple:
        return record.key

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        events = [row.record.make_event(programme) for row, _row_id in rows]
        bulk_create_events(events, by=by)
        for (_row, row_id), event in zip(rows, events, strict=True):
            store.came_from(row_id, event)

    def list_url(self) -> str:
        return reverse("events:event-list")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return RowOrigin.objects.addresses(Event, row_ids, "pk", "events:event-detail")


def event_key(title: str, day: dt.date) -> tuple[str, str]:
    """Return the key of an event within its programme: the folded title and the ISO day."""
    return fold(title), day.isoformat()


def stored_events(programme: Programme) -> dict[tuple[str, str], Event]:
    """Return a programme's events by key. Of two events with the same key, the older one counts. One query."""
    found: dict[tuple[str, str], Event] = {}
    for event in Event.objects.filter(programme=programme).order_by("pk"):
        found.setdefault(event_key(event.title, event.day), event)
    return found


def read_title(reader: RowReader) -> str:
    """Return the title of the event. A missing or too long title is an error."""
    title = reader.fit(reader.line("title"), "title", TITLE_LENGTH, may_cut=False)
    if not title:
        reader.report("title_missing", "title")
    return title


def read_kind(reader: RowReader) -> str:
    """Return the kind of event. A blank cell means a network event and gives a warning."""
    kind = reader.choice(KIND_WORDS, "kind", "unknown_event_kind")
    if kind is None and not reader.line("kind"):
        reader.report("event_kind_blank", "kind", stored=str(EventKind.NETWORK.label))
    return kind or EventKind.NETWORK


def read_guests(reader: RowReader) -> int:
    """Return the number of guests without names, 0 for a blank cell. An unreadable number is kept as a note."""
    return reader.number("unnamed_guests", 0, MOST_PLACES, unreadable="guests_unreadable") or 0


def read_times(reader: RowReader, record: EventRecord) -> None:
    """Set start and end of the event. A missing start means the whole day, a missing end two hours."""
    day = reader.date("day", is_strict=True, is_needed=True)
    start = _read_time(reader, "start_time") or time_after_day(reader.cell("day"))
    end = _read_end(reader, day)
    if day is None or reader.has_error():
        return
    if start is None:
        reader.report("no_start_time", "day")
        record.starts_at, record.ends_at = (dt.datetime.combine(day, time) for time in WHOLE_DAY)
        return
    record.starts_at = dt.datetime.combine(day, start)
    if end is None:
        reader.report("no_end_time", "end")
    record.ends_at = end or record.starts_at + dt.timedelta(hours=USUAL_HOURS)
    # Compare instants: local times are ambiguous on the nights when the clock changes.
    first, last = (timezone.make_aware(moment).timestamp() for moment in (record.starts_at, record.ends_at))
    if last <= first:
        reader.report("event_ends_first", "end")


def _read_time(reader: RowReader, key: str) -> dt.time | None:
    time = read_time(reader.cell(key))
    if time is None and reader.cell(key) is not None:
        reader.report("time_unreadable", key)
    return time


def _read_end(reader: RowReader, day: dt.date | None) -> dt.datetime | None:
    """Return the end: a time of day, a date with a time, or the second time in a start cell like `17.00-19.30`."""
    value = reader.cell("end")
    if value is None:
        _first, dash, second = reader.line("start_time").replace("–", "-").partition("-")
        time = read_time(second) if dash else None
        return dt.datetime.combine(day, time) if day and time else None
    if (time := time_after_day(value)) and (end_day := reader.date("end", is_strict=True)):
        return dt.datetime.combine(end_day, time)
    time = _read_time(reader, "end")
    return dt.datetime.combine(day, time) if day and time else None
