"""The list of events."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models import Event
from imports.engine import cells
from imports.engine.issues import ERROR, WARNING, IssueKind, register_issues
from imports.engine.kind import RecordKind, Rows
from imports.engine.reader import RowReader
from imports.engine.record_cells import read_line, warn_before
from imports.engine.store import Store
from imports.kinds.event_facts import (
    PLACE_LENGTH,
    TITLE_LENGTH,
    EventRecord,
    event_key,
    read_facts,
    read_kind,
)
from imports.kinds.event_words import STATES
from imports.origins import addresses_of
from programmes.models import Programme

register_issues(
    {
        "unknown_event_state": IssueKind(ERROR, _("The state is not one we know. Write one of: %(words)s.")),
        "capacity_unreadable": IssueKind(WARNING, _("No number of places can be read. Kept in the description.")),
        "guests_unreadable": IssueKind(WARNING, _("No number of guests can be read. Kept in the description.")),
    }
)
MOST_PLACES = 10_000


@dataclass
class ListedEvent(EventRecord):
    """An event of the list of events."""

    place: str = ""
    capacity: int | None = None
    unnamed_guests: int = 0
    description: list[str] = field(default_factory=list)
    is_cancelled: bool = False


@dataclass
class KnownEvents:
    """The programme's events, and those that were accepted."""

    programme: Programme
    seen: dict[tuple, int | None] = field(default_factory=dict)


class EventList(RecordKind):
    """Events that were held and that are planned. The same title on the same day is the same event."""

    code = "event"

    def load_known(self, programme: Programme) -> KnownEvents:
        return KnownEvents(programme, dict.fromkeys(stored_events(programme)))

    def label_of(self, reader: RowReader) -> str:
        return reader.line("title")

    def read(self, reader: RowReader, known: KnownEvents, *, today: dt.date) -> ListedEvent:
        record = ListedEvent(read_line(reader, "title", TITLE_LENGTH), read_kind(reader))
        if not record.title:
            reader.report("title_missing", "title")
        read_facts(reader, record)
        warn_before(reader, "day", record.day, known.programme.starts_on)
        record.place = read_line(reader, "place", PLACE_LENGTH)
        record.is_cancelled = reader.choice(STATES, "state", "unknown_event_state") == "cancelled"
        if reader.text("description"):
            record.description.append(reader.text("description"))
        record.capacity = read_count(reader, "capacity", record.description, least=1)
        record.unnamed_guests = read_count(reader, "unnamed_guests", record.description) or 0
        return record

    def key_of(self, record: ListedEvent) -> tuple:
        return record.key

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        from imports.kinds.store_events import store_events  # noqa: PLC0415 - becomes one file

        store_events(programme, rows, by=by, store=store)

    def list_url(self) -> str:
        return reverse("events:event-list")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return addresses_of(Event, row_ids, "pk", "events:event-detail")


def stored_events(programme: Programme) -> dict[tuple[str, str], Event]:
    """The events of a programme by title and day; of two alike, the older. One query."""
    found: dict[tuple[str, str], Event] = {}
    for event in Event.objects.filter(programme=programme).order_by("pk"):
        found.setdefault(event_key(event.title, event.day), event)
    return found


def read_count(row: RowReader, key: str, notes: list[str], *, least: int = 0) -> int | None:
    """A whole number; what is none is kept under its heading."""
    if row.cell(key) is None:
        return None
    number = cells.read_number(row.cell(key))
    if number is None or not least <= number <= MOST_PLACES:
        row.report("guests_unreadable" if key == "unnamed_guests" else "capacity_unreadable", key)
        notes.append(f"{row.title(key)}: {row.text(key)}")
        return None
    return number
