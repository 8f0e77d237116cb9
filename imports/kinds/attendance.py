"""The list of who was invited to an event, signed up, and came."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.folding import fold
from events.enums import PLACE_STATUSES, AttendanceStatus, EventKind
from events.models import Attendance, Event
from imports.engine.cells import as_text
from imports.engine.issues import DUPLICATE, ERROR, HINT, WARNING, Issue, IssueKind, register_issues
from imports.engine.kind import ACCEPTED, CheckedRow, RecordKind, Rows
from imports.engine.reader import RowReader
from imports.engine.record_cells import read_day, read_line
from imports.engine.store import Store
from imports.enums import RowState
from imports.kinds.event_facts import TITLE_LENGTH, WHOLE_DAY, EventRecord, event_key, read_kind
from imports.kinds.event_words import STATUSES
from imports.kinds.events import read_count, stored_events
from imports.known.directory import PERSON, Directory, Party
from imports.known.stored import former_numbers
from imports.origins import addresses_of
from people.models import Person
from programmes.models import Programme

NOTE_LENGTH = Attendance._meta.get_field("note").max_length
# What is said later about somebody outweighs what was said before.
WEIGHT = {
    AttendanceStatus.INVITED: 0,
    AttendanceStatus.WAITING_LIST: 1,
    AttendanceStatus.SIGNED_UP: 2,
    AttendanceStatus.CANCELLED: 3,
    AttendanceStatus.ABSENT: 4,
    AttendanceStatus.ATTENDED: 5,
}
AFTERWARDS = (AttendanceStatus.ATTENDED, AttendanceStatus.ABSENT)

register_issues(
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
        "attendance_moved": IssueKind(HINT, _("Stands on the list as: %(before)s. That is changed.")),
        "guests_counted": IssueKind(
            DUPLICATE, _("%(count)s without names are counted at the event already. Not added again.")
        ),
    }
)


@dataclass
class AttendanceRecord:
    """What a row says: who and as what, or how many without names; and at which event.

    `at`, `before` and `met_full` are what the check found: the event, as what the person stood on its list, and
    whether it was full when that decided something. They must still hold when the row is stored.
    """

    event: EventRecord
    person: Party | None = None
    status: str = AttendanceStatus.INVITED
    invited_on: dt.date | None = None
    signed_up_on: dt.date | None = None
    note: str = ""
    unnamed_guests: int = 0
    label: str = ""
    at: "KnownEvent | None" = None
    before: str | None = None
    met_full: bool | None = None

    @property
    def key(self) -> tuple:
        if self.person is None:
            return (*self.event.key, "others", fold(self.label), self.unnamed_guests)
        return (*self.event.key, self.person.person_id, str(self.status))


@dataclass
class Standing:
    """As what somebody stands on the list of an event, and from which row of this file (None: stored)."""

    status: str
    row: int | None = None


@dataclass
class KnownEvent:
    """An event of which a list says who came."""

    title: str
    day: dt.date
    capacity: int | None = None
    guests: int = 0  # without names, as stored
    counted: int = 0  # of these, those that no row has spoken of yet
    pk: int | None = None  # of one that is stored
    people: dict[int, Standing] = field(default_factory=dict)
    taken: int = 0  # places

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.taken >= self.capacity

    def put(self, person_id: int, standing: Standing) -> None:
        """Note as what somebody stands on the list from now on."""
        before = self.people.get(person_id)
        self.taken += (standing.status in PLACE_STATUSES) - (before is not None and before.status in PLACE_STATUSES)
        self.people[person_id] = standing


def known_event(event: Event) -> KnownEvent:
    """A stored event before any row has spoken of it."""
    guests = event.unnamed_guests
    return KnownEvent(event.title, event.day, event.capacity, guests=guests, counted=guests, pk=event.pk)


@dataclass
class KnownAttendance:
    """The branch's people, the programme's events, and who is on their lists."""

    directory: Directory
    events: dict[tuple, KnownEvent] = field(default_factory=dict)
    seen: dict[tuple, int | None] = field(default_factory=dict)
    _titled: dict[str, list[KnownEvent]] = field(default_factory=dict)

    def titled(self, title: str) -> list[KnownEvent]:
        return self._titled.get(fold(title), [])

    def add(self, event: KnownEvent) -> KnownEvent:
        self.events[event_key(event.title, event.day)] = event
        self._titled.setdefault(fold(event.title), []).append(event)
        return event

    def learn(self, number: int, lesson: dict) -> None:
        """Take in what a row taught: who stands on which event's list as what, or how many were counted before."""
        title, day = lesson["event"]
        event = self.events.get((fold(title), day)) or self.add(KnownEvent(title, dt.date.fromisoformat(day)))
        if "counted" in lesson:
            event.counted -= lesson["counted"]
        if lesson.get("person"):
            event.put(lesson["person"], Standing(lesson["status"], number))


class AttendanceKind(RecordKind):
    """Who was invited, signed up and came. An event that is not known is created."""

    code = "attendance"

    def load_known(self, programme: Programme) -> KnownAttendance:
        """People, events and who is on their lists, in four queries."""
        people = Person.objects.in_branches([programme.branch_id]).order_by("pk")
        former = former_numbers(programme.branch_id)
        rows = people.values_list("pk", "first_name", "last_name", "emails", "case_number")
        parties = [
            Party(pk, None, f"{first} {last}".strip(), emails, case_number=number, former_numbers=former.get(pk, ()))
            for pk, first, last, emails, number in rows
        ]
        known = KnownAttendance(Directory(PERSON, parties))
        by_id = {event.pk: known.add(known_event(event)) for event in stored_events(programme).values()}
        stored = Attendance.objects.filter(event__programme=programme).values_list("event_id", "person_id", "status")
        for event_id, person_id, status in stored:
            if event_id in by_id:  # of two events alike, the older
                by_id[event_id].put(person_id, Standing(status))
        return known

    def label_of(self, reader: RowReader) -> str:
        who = PERSON.name_in(reader) or reader.line("person_number") or reader.line("person_email")
        return " · ".join(filter(None, [who, reader.line("title")]))

    def read(self, reader: RowReader, known: KnownAttendance, *, today: dt.date) -> AttendanceRecord:
        record = AttendanceRecord(read_event(reader, known))
        record.invited_on, record.signed_up_on = read_day(reader, "invited_on"), read_day(reader, "signed_up_on")
        notes: list[str] = []
        record.unnamed_guests = read_count(reader, "unnamed_guests", notes) or 0
        record.label = PERSON.name_in(reader)
        if not (record.unnamed_guests and not known.directory.candidates(reader)):
            record.person = known.directory.find(reader)
        record.note = read_line(reader, "notes", NOTE_LENGTH)
        if notes:
            record.note = ", ".join(filter(None, [record.note, *notes]))
            if len(record.note) > NOTE_LENGTH:
                reader.report("too_long", "unnamed_guests", limit=NOTE_LENGTH)
        if not reader.has_error():
            settle_status(reader, record, known, today)
        return record

    def key_of(self, record: AttendanceRecord) -> tuple:
        return record.key

    def check_row(self, reader: RowReader, known: KnownAttendance, *, today: dt.date) -> CheckedRow:
        row = super().check_row(reader, known, today=today)
        record = row.record
        if row.state in ACCEPTED:
            row.lesson |= {"event": [record.event.title, record.event.day.isoformat()]}
            if record.person:
                row.lesson |= {"person": record.person.person_id, "status": str(record.status)}
            known.learn(row.number, row.lesson)
        elif row.state == RowState.DUPLICATE_EXISTING and record.person is None:
            row.issues = [Issue("guests_counted", facts={"count": record.unnamed_guests})]
            row.lesson = {
                "key": list(record.key),
                "event": [record.event.title, record.event.day.isoformat()],
                "counted": record.unnamed_guests,
            }
            known.learn(row.number, row.lesson)
        return row

    def replay(self, known: KnownAttendance, number: int, lesson: dict) -> None:
        known.seen[tuple(lesson["key"])] = None if "counted" in lesson else number
        known.learn(number, lesson)

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        from imports.kinds.store_events import store_attendance  # noqa: PLC0415 - becomes one file

        store_attendance(programme, rows, by=by, store=store)

    def list_url(self) -> str:
        return reverse("events:event-list")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return addresses_of(Attendance, row_ids, "event_id", "events:event-detail")


def read_event(row: RowReader, known: KnownAttendance) -> EventRecord:
    """Which event: by title and day, or by a title that only one has. One that is not known is described."""
    record = EventRecord(read_line(row, "title", TITLE_LENGTH), EventKind.NETWORK)
    if not record.title:
        row.report("title_missing", "title")
        return record
    named = known.titled(record.title)
    day = read_day(row, "day", is_needed=not named)
    if day is None and named and row.cell("day") is None:
        if len(named) > 1:
            row.report("event_day_missing", "day")
        day = named[0].day
    if day is None:
        return record
    record.starts_at, record.ends_at = (dt.datetime.combine(day, time) for time in WHOLE_DAY)
    if event_key(record.title, day) not in known.events:
        row.report("event_created", "title", title=record.title, day=as_text(day))
        record.kind = read_kind(row)
    return record


def settle_status(row: RowReader, record: AttendanceRecord, known: KnownAttendance, today: dt.date) -> None:
    """As what somebody is stored, as far as the event has room and what is known of them does not outweigh it."""
    event = record.at = known.events.get(record.event.key)
    is_ahead = record.event.day > today
    if record.person is None:
        if is_ahead:
            row.report("came_ahead", "day")
        elif event and 0 < record.unnamed_guests <= event.counted:
            known.seen.setdefault(record.key, None)
        return
    said = row.choice(STATUSES, "status", "unknown_attendance")
    record.status = said or (AttendanceStatus.SIGNED_UP if is_ahead else AttendanceStatus.ATTENDED)
    if not row.line("status"):
        row.report("attendance_blank", "status", stored=str(record.status.label))
    if is_ahead and record.status in AFTERWARDS:
        row.report("came_ahead", "status")
    standing = event.people.get(record.person.person_id) if event else None
    is_moved = standing is not None and WEIGHT[record.status] > WEIGHT[standing.status]
    record.before = standing.status if standing else None
    if standing and not is_moved:
        known.seen.setdefault(record.key, standing.row)
    elif record.status == AttendanceStatus.SIGNED_UP:
        find_room(row, record, known)
    if is_moved:
        row.report("attendance_moved", "status", before=str(AttendanceStatus(standing.status).label))


def find_room(row: RowReader, record: AttendanceRecord, known: KnownAttendance) -> None:
    """Whoever signs up for a full event waits."""
    record.met_full = record.at is not None and record.at.is_full
    if record.met_full:
        row.report("event_full", "status", capacity=record.at.capacity)
        record.status = AttendanceStatus.WAITING_LIST
        if record.before == AttendanceStatus.WAITING_LIST:
            known.seen.setdefault(record.key, record.at.people[record.person.person_id].row)
