"""The list of events."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models import Event
from imports.engine import cells
from imports.engine.fields import make_field
from imports.engine.issues import ERROR, WARNING, IssueKind, register_issues
from imports.engine.kind import RecordKind, Rows
from imports.engine.reader import RowReader
from imports.engine.record_cells import read_line, warn_before
from imports.engine.store import Store
from imports.kinds.event_facts import (
    DAY,
    END,
    KIND,
    PLACE_LENGTH,
    START_TIME,
    TITLE,
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

    code, label, singular = "event", _("Events"), _("event")
    fields = (
        replace(TITLE, words=TITLE.words | {"titel", "title"}),
        KIND,
        DAY,
        START_TIME,
        END,
        make_field(
            "place", _("Place"), "sted|hvor|lokale|adresse|place|where|location|venue", examples=("Biblioteket",)
        ),
        make_field(
            "capacity",
            _("Places"),
            "pladser|antal pladser|plads til|maks|max|max antal|maks antal deltagere|capacity|places|seats",
            is_telling=True,
            explanation=_("Blank: no limit."),
            examples=("40", ""),
        ),
        make_field(
            "unnamed_guests",
            _("Others, without names"),
            "antal uden navn|andre uden navn|uden navn|andre|øvrige|antal andre|antal gæster|gæster"
            "|others without names|others|guests without names",
            is_telling=True,
            explanation=_("How many came who are on no list."),
            examples=("7", "25"),
        ),
        make_field(
            "state",
            _("State"),
            "tilstand|status|state|aflyst",
            choices=STATES.choices,
            examples=("", "aflyst"),
        ),
        make_field(
            "description",
            _("Description"),
            "beskrivelse|program|indhold|om arrangementet|bemærkninger|noter|description|programme|notes",
            examples=("", "Med mad"),
        ),
    )
    required = (("title",), ("day",))

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
        record.is_cancelled = STATES.read(reader, "state", "unknown_event_state") == "cancelled"
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
