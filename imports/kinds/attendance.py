"""The list of people who were invited to an event, signed up and came."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.bulk import locked
from common.folding import fold
from events.enums import PLACE_STATUSES, AttendanceStatus, EventKind
from events.models import Attendance, Event
from events.services.bulk import (
    AttendanceChanged,
    AttendanceEntry,
    bulk_add_unnamed_guests,
    bulk_create_events,
    bulk_record_attendance,
)
from imports.engine.cells import as_text
from imports.engine.fields import word_list
from imports.engine.issues import DUPLICATE, ERROR, HINT, ISSUE_KINDS, WARNING, Issue, IssueKind
from imports.engine.kind import CheckedRow, ImportChanged, RecordKind, Rows, Store
from imports.engine.reader import RowReader
from imports.enums import RowState
from imports.kinds.events import (
    WHOLE_DAY,
    EventRecord,
    event_key,
    read_guests,
    read_kind,
    read_title,
    stored_events,
)
from imports.kinds.parties import PERSON, NamedPerson, PersonDirectory
from imports.models import RowOrigin
from people.case_numbers import former_case_numbers
from people.models import Person
from programmes.models import Programme

STATUS_WORDS = word_list("attendance_statuses", AttendanceStatus)
NOTE_LENGTH = Attendance._meta.get_field("note").max_length
# A row changes a person's status only to one of a higher weight.
WEIGHT = {
    AttendanceStatus.INVITED: 0,
    AttendanceStatus.WAITING_LIST: 1,
    AttendanceStatus.SIGNED_UP: 2,
    AttendanceStatus.CANCELLED: 3,
    AttendanceStatus.ABSENT: 4,
    AttendanceStatus.ATTENDED: 5,
}
EXPECTED = (AttendanceStatus.INVITED, AttendanceStatus.SIGNED_UP, AttendanceStatus.WAITING_LIST)
AFTER_EVENT = (AttendanceStatus.ATTENDED, AttendanceStatus.ABSENT)

ISSUE_KINDS.add_all(
    {
        "event_created": IssueKind(
            WARNING, _("»%(title)s« on %(day)s is not known. The event is created with those who are on the list.")
        ),
        "event_day_missing": IssueKind(ERROR, _("Several events have this title. Write the day of the right one.")),
        "unknown_attendance": IssueKind(ERROR, _("The status is not one we know. Write one of: %(words)s.")),
        "came_ahead": IssueKind(ERROR, _("The event lies ahead, but the list says who came. Correct the day.")),
        "attendance_blank": IssueKind(WARNING, _("No status is given. Stored as: %(stored)s.")),
        "event_full": IssueKind(
            WARNING, _("The event has %(capacity)s places, and all are taken. Put on the event's waiting list.")
        ),
        "attendance_moved": IssueKind(HINT, _("On the list as: %(before)s. That is changed.")),
        "guests_counted": IssueKind(
            DUPLICATE, _("%(count)s without names are counted at the event already. Not added again.")
        ),
    }
)


@dataclass
class AttendanceRecord:
    """What a row says: an event, and a person with a status or a number of guests without names.

    ``known_event``, ``known_status`` and ``known_full`` are what the check found: the event, the person's status on
    its list, and whether it was full if that mattered. Storing the row requires that they still hold.
    """

    event: EventRecord
    person: NamedPerson | None = None
    status: str = AttendanceStatus.INVITED
    invited_on: dt.date | None = None
    signed_up_on: dt.date | None = None
    note: str = ""
    unnamed_guests: int = 0
    label: str = ""
    known_event: "KnownEvent | None" = None
    known_status: str | None = None
    known_full: bool | None = None

    @property
    def key(self) -> tuple:
        if self.person is None:
            return (*self.event.key, "others", fold(self.label), self.unnamed_guests)
        return (*self.event.key, self.person.person_id, str(self.status))

    def make_entry(self, event: Event) -> AttendanceEntry:
        return AttendanceEntry(
            event=event,
            person_id=self.person.person_id,
            status=self.status,
            expected_status=self.known_status,
            expected_full=self.known_full,
            invited_on=self.invited_on,
            signed_up_on=self.signed_up_on,
            note=self.note,
        )


class KnownStatus(NamedTuple):
    """A person's status on the list of an event, and the row of this file that gave it (None: stored)."""

    status: str
    row: int | None = None


@dataclass
class KnownEvent:
    """An event as the checks know it.

    ``guests`` are stored without names; ``uncounted`` of them were not yet matched with a row of this file.
    """

    title: str
    day: dt.date
    capacity: int | None = None
    guests: int = 0
    uncounted: int = 0
    pk: int | None = None  # of a stored event
    people: dict[int, KnownStatus] = field(default_factory=dict)
    places_taken: int = 0

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.places_taken >= self.capacity

    def set_status(self, person_id: int, known: KnownStatus) -> None:
        before = self.people.get(person_id)
        had_place = before is not None and before.status in PLACE_STATUSES
        self.places_taken += (known.status in PLACE_STATUSES) - had_place
        self.people[person_id] = known


def known_event(event: Event) -> KnownEvent:
    """Return what the checks know of a stored event before the first row."""
    guests = event.unnamed_guests
    return KnownEvent(event.title, event.day, event.capacity, guests=guests, uncounted=guests, pk=event.pk)


@dataclass
class KnownAttendance:
    """The people of the branch, and the programme's events with their lists."""

    directory: PersonDirectory
    events: dict[tuple, KnownEvent] = field(default_factory=dict)
    seen: dict[tuple, int | None] = field(default_factory=dict)
    _by_title: dict[str, list[KnownEvent]] = field(default_factory=dict)

    def events_with_title(self, title: str) -> list[KnownEvent]:
        return self._by_title.get(fold(title), [])

    def add(self, event: KnownEvent) -> KnownEvent:
        self.events[event_key(event.title, event.day)] = event
        self._by_title.setdefault(fold(event.title), []).append(event)
        return event

    def add_accepted(self, number: int, record: AttendanceRecord) -> None:
        """Add the event of an accepted row and the status of its person."""
        event = self.events.get(record.event.key) or self.add(KnownEvent(record.event.title, record.event.day))
        if record.person:
            event.set_status(record.person.person_id, KnownStatus(str(record.status), number))


class AttendanceKind(RecordKind):
    """People who were invited, signed up and came. An unknown event is created."""

    code = "attendance"

    def load_known(self, programme: Programme) -> KnownAttendance:
        """Load the people, the events and their lists in four queries."""
        people = Person.objects.in_branches([programme.branch_id]).order_by("pk")
        former = former_case_numbers(programme.branch_id)
        rows = people.values_list("pk", "first_name", "last_name", "emails", "case_number", "state")
        parties = [
            NamedPerson(
                pk,
                None,
                f"{first} {last}".strip(),
                emails,
                case_number=number,
                former_numbers=former.get(pk, ()),
                has_state=bool(state),
            )
            for pk, first, last, emails, number, state in rows
        ]
        known = KnownAttendance(PersonDirectory(PERSON, parties))
        by_id = {event.pk: known.add(known_event(event)) for event in stored_events(programme).values()}
        stored = Attendance.objects.filter(event__programme=programme).values_list("event_id", "person_id", "status")
        for event_id, person_id, status in stored:
            if event_id in by_id:  # of two events with one key, only the older is known
                by_id[event_id].set_status(person_id, KnownStatus(status))
        return known

    def label_of(self, reader: RowReader) -> str:
        who = PERSON.name_in(reader) or reader.line("person_number") or reader.line("person_email")
        return " · ".join(filter(None, [who, reader.line("title")]))

    def read(self, reader: RowReader, known: KnownAttendance, *, today: dt.date) -> AttendanceRecord:
        record = AttendanceRecord(read_event(reader, known))
        record.invited_on = reader.date("invited_on", is_strict=True)
        record.signed_up_on = reader.date("signed_up_on", is_strict=True)
        record.unnamed_guests = read_guests(reader)
        record.label = PERSON.name_in(reader)
        if not (record.unnamed_guests and not known.directory.candidates(reader)):
            record.person = known.directory.find(reader)
        record.note = read_note(reader)
        if not reader.has_error():
            check_status(reader, record, known, today)
        return record

    def key_of(self, record: AttendanceRecord) -> tuple:
        return record.key

    def check_row(self, reader: RowReader, known: KnownAttendance, *, today: dt.date) -> CheckedRow:
        row = super().check_row(reader, known, today=today)
        record = row.record
        if row.is_accepted:
            known.add_accepted(row.number, record)
        elif row.state == RowState.DUPLICATE_EXISTING and record.person is None:
            row.issues = [Issue("guests_counted", facts={"count": record.unnamed_guests})]
            record.known_event.uncounted -= record.unnamed_guests
        return row

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        """Store new events, guests without names and attendances.

        Raises ImportChanged if an event or its list has changed since the rows were checked.
        """
        events = lock_events(programme, rows)
        create_events(programme, rows, events, by=by, store=store)
        named = [(row.record, row_id) for row, row_id in rows if row.record.person]
        entries = [record.make_entry(events[record.event.key]) for record, _row_id in named]
        try:
            created = bulk_record_attendance(entries)
        except AttendanceChanged as error:
            raise ImportChanged from error
        for (_record, row_id), attendance in zip(named, created, strict=True):
            if attendance:
                store.came_from(row_id, attendance)

    def list_url(self) -> str:
        return reverse("events:event-list")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return RowOrigin.objects.addresses(Attendance, row_ids, "event_id", "events:event-detail")


def read_event(reader: RowReader, known: KnownAttendance) -> EventRecord:
    """Return the event of a row: one with this title and day, or the only one with this title, or a new one."""
    record = EventRecord(read_title(reader), EventKind.NETWORK)
    if not record.title:
        return record
    named = known.events_with_title(record.title)
    day = reader.date("day", is_strict=True, is_needed=not named)
    if day is None and named and reader.cell("day") is None:
        if len(named) > 1:
            reader.report("event_day_missing", "day")
        day = named[0].day
    if day is None:
        return record
    record.starts_at, record.ends_at = (dt.datetime.combine(day, time) for time in WHOLE_DAY)
    if event_key(record.title, day) not in known.events:
        reader.report("event_created", "title", title=record.title, day=as_text(day))
        record.kind = read_kind(reader)
    return record


def read_note(reader: RowReader) -> str:
    """Return the note, followed by a number of guests that could not be read. Too long a text is an error."""
    note = reader.fit(reader.line("notes"), "notes", NOTE_LENGTH, may_cut=False)
    if not reader.notes:
        return note
    return reader.fit(", ".join(filter(None, [note, *reader.notes])), "unnamed_guests", NOTE_LENGTH, may_cut=False)


def check_status(reader: RowReader, record: AttendanceRecord, known: KnownAttendance, today: dt.date) -> None:
    """Set the status to store, which depends on the event's places and on the person's status so far."""
    event = record.known_event = known.events.get(record.event.key)
    is_ahead = record.event.day > today
    if record.person is None:
        if is_ahead:
            reader.report("came_ahead", "day")
        elif event and 0 < record.unnamed_guests <= event.uncounted:
            known.seen.setdefault(record.key, None)
        return
    read_status(reader, record, is_ahead=is_ahead)
    if is_ahead and record.person.has_state and record.status in EXPECTED:
        reader.report("person_is_closed", "day", name=record.person.name, case_number=record.person.case_number)
    before = event.people.get(record.person.person_id) if event else None
    is_moved = before is not None and WEIGHT[record.status] > WEIGHT[before.status]
    record.known_status = before.status if before else None
    if before and not is_moved:
        known.seen.setdefault(record.key, before.row)
    elif record.status == AttendanceStatus.SIGNED_UP:
        check_places(reader, record, known)
    if is_moved:
        reader.report("attendance_moved", "status", before=str(AttendanceStatus(before.status).label))


def read_status(reader: RowReader, record: AttendanceRecord, *, is_ahead: bool) -> None:
    """Set the status that a row says. A blank cell means attended, or signed up to an event that lies ahead."""
    status = reader.choice(STATUS_WORDS, "status", "unknown_attendance")
    record.status = status or (AttendanceStatus.SIGNED_UP if is_ahead else AttendanceStatus.ATTENDED)
    if not reader.line("status"):
        reader.report("attendance_blank", "status", stored=str(record.status.label))
    if is_ahead and record.status in AFTER_EVENT:
        reader.report("came_ahead", "status")


def check_places(reader: RowReader, record: AttendanceRecord, known: KnownAttendance) -> None:
    """Put a person who signs up for a full event on the waiting list."""
    record.known_full = record.known_event is not None and record.known_event.is_full
    if record.known_full:
        reader.report("event_full", "status", capacity=record.known_event.capacity)
        record.status = AttendanceStatus.WAITING_LIST
        if record.known_status == AttendanceStatus.WAITING_LIST:
            known.seen.setdefault(record.key, record.known_event.people[record.person.person_id].row)


def lock_events(programme: Programme, rows: Rows) -> dict[tuple, Event]:
    """Lock the stored events of the rows, so that their lists cannot change, and return them by key.

    Raises ImportChanged if one was deleted, renamed or moved to another day or programme, or if an event that was to
    be created exists by now.
    """
    records = [row.record for row, _row_id in rows]
    keys = {
        record.known_event.pk: record.event.key for record in records if record.known_event and record.known_event.pk
    }
    events = {event_key(event.title, event.day): event for event in locked(Event, keys).values()}
    is_same = events.keys() == set(keys.values())
    is_ours = all(event.programme_id == programme.pk for event in events.values())
    new = {record.event.key for record in records} - set(keys.values())
    if not is_same or not is_ours or (new and new & stored_events(programme).keys()):
        raise ImportChanged
    return events


def create_events(
    programme: Programme, rows: Rows, events: dict[tuple, Event], *, by: User | None, store: Store
) -> None:
    """Create the events that ``events`` lacks, add them to it, and add the guests without names to all of them.

    Raises ImportChanged if the guests of an event have changed since the rows were checked.
    """
    new: dict[tuple, int] = {}
    guests: Counter[Event] = Counter()
    for row, row_id in rows:
        record = row.record
        event = events.get(record.event.key)
        if event is None:
            event = events[record.event.key] = record.event.make_event(programme)
            new[record.event.key] = row_id
        if event.pk is None:
            event.unnamed_guests += record.unnamed_guests
        elif record.unnamed_guests:
            if event.unnamed_guests != record.known_event.guests:
                raise ImportChanged
            guests[event] += record.unnamed_guests
    bulk_create_events([events[key] for key in new], by=by)
    for key, row_id in new.items():
        store.came_from(row_id, events[key])
    bulk_add_unnamed_guests(guests)
