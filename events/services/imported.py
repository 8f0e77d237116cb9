"""Storing lists of events and of who came: in bulk, inside the import's transaction."""

import itertools
from collections.abc import Sequence

from django.utils import timezone

from accounts.models import User
from common import clock
from common.bulk import BATCH
from events.enums import PLACE_STATUSES, AttendanceStatus
from events.importing.attendance import AttendanceRecord
from events.importing.events import stored_events
from events.importing.facts import EventRecord
from events.models import Attendance, Event
from events.querysets import start_of
from people.importing.journal import Journal
from people.importing.kinds import CheckedRow
from people.services.imported_people import bulk_store
from programmes.models import Programme

Rows = Sequence[tuple[CheckedRow, int]]  # checked row, id of its ImportRow
MOVED_FIELDS = ("status", "place_number", "invited_on", "signed_up_at", "came_at", "note")
ON_LIST = (AttendanceStatus.SIGNED_UP, AttendanceStatus.WAITING_LIST, AttendanceStatus.ABSENT)


def store_events(programme: Programme, rows: Rows, *, by: User | None, journal: Journal) -> None:
    """Store each row's event."""
    events = []
    for row, row_id in rows:
        record = row.record
        event = _event(programme, record, row_id, by)
        event.place, event.capacity, event.is_cancelled = record.place, record.capacity, record.is_cancelled
        event.unnamed_guests, event.description = record.unnamed_guests, "\n".join(record.description)
        events.append(event)
    bulk_store(Event, events, journal)


def _event(programme: Programme, record: EventRecord, row_id: int, by: User | None) -> Event:
    return Event(
        programme=programme,
        kind=record.kind,
        title=record.title,
        starts_at=timezone.make_aware(record.starts_at),
        ends_at=timezone.make_aware(record.ends_at),
        import_row_id=row_id,
        created_by=by,
    )


def store_attendance(programme: Programme, rows: Rows, *, by: User | None, journal: Journal) -> None:
    """Store who is on which event's list, after the events that are not there yet, and add guests without names.

    An event with a limit numbers its places: the lowest free one goes to each who signed up or came, beyond the
    limit for those who came.
    """
    events = stored_events(programme)
    known = set(events)
    for row, row_id in rows:
        record = row.record.event
        if record.key not in events:
            events[record.key] = _event(programme, record, row_id, by)
    _count_guests(events, known, rows, journal)
    bulk_store(Event, [event for key, event in events.items() if key not in known], journal)
    lists = _Lists(events, rows)
    for row, row_id in rows:
        if row.record.person:
            lists.put(row.record, events[row.record.event.key], row_id, journal)
    bulk_store(Attendance, lists.new, journal)
    for attendance in lists.changed:
        attendance.clean_fields(exclude=["event", "person", "import_row"])
    Attendance.objects.bulk_update(lists.changed, MOVED_FIELDS, batch_size=BATCH)


def _count_guests(events: dict[tuple, Event], known: set[tuple], rows: Rows, journal: Journal) -> None:
    """Add the guests without names to their events; those of events that are stored are stored at once."""
    changed = {}
    for row, _id in rows:
        if row.record.unnamed_guests:
            event = events[row.record.event.key]
            if row.record.event.key in known:
                journal.changes(event, ["unnamed_guests"])
                changed[event.pk] = event
            event.unnamed_guests += row.record.unnamed_guests
    Event.objects.bulk_update(changed.values(), ["unnamed_guests"], batch_size=BATCH)


class _Lists:
    """The lists of the events that the rows speak of. A place that becomes free is not given away at once."""

    def __init__(self, events: dict[tuple, Event], rows: Rows):
        concerned = {events[row.record.event.key].pk for row, _id in rows}
        stored = list(Attendance.objects.filter(event__in=concerned))
        self._by_person = {(attendance.event_id, attendance.person_id): attendance for attendance in stored}
        self._taken: dict[int, set[int | None]] = {}
        for attendance in stored:
            if attendance.status in PLACE_STATUSES:
                self._taken.setdefault(attendance.event_id, set()).add(attendance.place_number)
        self.new: list[Attendance] = []
        self._changed: dict[int, Attendance] = {}

    @property
    def changed(self) -> list[Attendance]:
        return list(self._changed.values())

    def put(self, record: AttendanceRecord, event: Event, row_id: int, journal: Journal) -> None:
        """Give somebody the status of the row, as a new line of the list or on the one they have."""
        key = event.pk, record.person.person_id
        attendance = self._by_person.get(key)
        if attendance is None:
            attendance = Attendance(event=event, person_id=record.person.person_id, import_row_id=row_id)
            self._by_person[key] = attendance
            self.new.append(attendance)
        elif attendance.pk:
            journal.changes(attendance, MOVED_FIELDS)
            self._changed[attendance.pk] = attendance
        attendance.status = record.status
        attendance.note = attendance.note or record.note
        self._set_moments(attendance, record, event)
        attendance.place_number = self._place(attendance, event)

    def _set_moments(self, attendance: Attendance, record: AttendanceRecord, event: Event) -> None:
        """When they were invited, signed up and came; what the list does not say and must be there is assumed."""
        attendance.invited_on = attendance.invited_on or record.invited_on
        if record.status == AttendanceStatus.INVITED:
            attendance.invited_on = attendance.invited_on or min(clock.today(), event.day)
        if record.signed_up_on and not attendance.signed_up_at:
            attendance.signed_up_at = start_of(record.signed_up_on)
        if record.status in ON_LIST:
            attendance.signed_up_at = attendance.signed_up_at or min(clock.now(), event.starts_at)
        attendance.came_at = event.starts_at if record.status == AttendanceStatus.ATTENDED else None

    def _place(self, attendance: Attendance, event: Event) -> int | None:
        if event.capacity is None or attendance.status not in PLACE_STATUSES:
            return None
        taken = self._taken.setdefault(event.pk, set())
        if attendance.place_number is None:
            place = next(number for number in itertools.count(1) if number not in taken)
            taken.add(place)
            return place
        return attendance.place_number
