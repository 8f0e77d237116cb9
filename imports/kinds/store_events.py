"""Storing lists of events and of who came: in bulk, inside the import's transaction."""

import itertools
from collections import Counter

from django.utils import timezone

from accounts.models import User
from common import clock
from common.bulk import locked
from events.enums import PLACE_STATUSES, AttendanceStatus
from events.models import Attendance, Event
from events.querysets import start_of
from imports.engine.kind import Rows
from imports.engine.store import Store
from imports.kinds.attendance import AttendanceRecord
from imports.kinds.event_facts import EventRecord, event_key
from imports.kinds.events import stored_events
from imports.services.base import ImportChanged
from programmes.models import Programme

MOVED_FIELDS = ("status", "place_number", "invited_on", "signed_up_at", "came_at", "note")
ON_LIST = (AttendanceStatus.SIGNED_UP, AttendanceStatus.WAITING_LIST, AttendanceStatus.ABSENT)


def store_events(programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
    """Store each row's event."""
    events = []
    for row, _id in rows:
        record = row.record
        event = _event(programme, record, by)
        event.place, event.capacity, event.is_cancelled = record.place, record.capacity, record.is_cancelled
        event.unnamed_guests, event.description = record.unnamed_guests, "\n".join(record.description)
        events.append(event)
    store.create(Event, events, [row_id for _row, row_id in rows])


def _event(programme: Programme, record: EventRecord, by: User | None) -> Event:
    return Event(
        programme=programme,
        kind=record.kind,
        title=record.title,
        starts_at=timezone.make_aware(record.starts_at),
        ends_at=timezone.make_aware(record.ends_at),
        created_by=by,
    )


def store_attendance(programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
    """Store who is on which event's list, after the events that are not there yet, and add guests without names.

    An event with a limit numbers its places: the lowest free one goes to each who signed up or came, beyond the
    limit for those who came. Raises ImportChanged when a list does not stand any more as it did when the rows were
    checked.
    """
    events = _lock_events(programme, rows)
    new: dict[tuple, int] = {}
    for row, row_id in rows:
        record = row.record.event
        if record.key not in events:
            events[record.key] = _event(programme, record, by)
            new[record.key] = row_id
    _count_guests(events, rows, store)
    store.create(Event, [events[key] for key in new], new.values())
    lists = _Lists(events, rows)
    for row, row_id in rows:
        if row.record.person:
            lists.put(row.record, events[row.record.event.key], row_id, store)
    store.create(Attendance, lists.new, lists.new_rows)
    store.change(Attendance, lists.changed, MOVED_FIELDS)


def _lock_events(programme: Programme, rows: Rows) -> dict[tuple, Event]:
    """The stored events of the rows by title and day, locked: nobody changes their lists meanwhile.

    Raises ImportChanged when one is gone or another by now, or when one that was to be created is there.
    """
    records = [row.record for row, _id in rows]
    found = {record.at.pk: record.event.key for record in records if record.at and record.at.pk}
    events = {event_key(event.title, event.day): event for event in locked(Event, found).values()}
    is_ours = all(event.programme_id == programme.pk for event in events.values())
    new = {record.event.key for record in records} - set(found.values())
    if events.keys() != set(found.values()) or not is_ours or (new and new & stored_events(programme).keys()):
        raise ImportChanged
    return events


def _count_guests(events: dict[tuple, Event], rows: Rows, store: Store) -> None:
    """Add the guests without names to their events; those of events that are stored are stored at once."""
    changed = {}
    for row, _id in rows:
        if row.record.unnamed_guests:
            event = events[row.record.event.key]
            if event.pk and event.pk not in changed:
                if event.unnamed_guests != row.record.at.guests:
                    raise ImportChanged
                store.journal.changes(event, ["unnamed_guests"])
                changed[event.pk] = event
            event.unnamed_guests += row.record.unnamed_guests
    store.change(Event, list(changed.values()), ["unnamed_guests"])


class _Lists:
    """The lists of the events that the rows speak of. A place that becomes free is not given away at once."""

    def __init__(self, events: dict[tuple, Event], rows: Rows):
        concerned = {events[row.record.event.key].pk for row, _id in rows}
        stored = list(Attendance.objects.select_for_update().filter(event__in=concerned).order_by("pk"))
        self._by_person = {(attendance.event_id, attendance.person_id): attendance for attendance in stored}
        self._taken: dict[int, set[int | None]] = {}
        self._coming: Counter[int] = Counter()  # event → how many have a place, a number or not
        for attendance in stored:
            if attendance.status in PLACE_STATUSES:
                self._taken.setdefault(attendance.event_id, set()).add(attendance.place_number)
                self._coming[attendance.event_id] += 1
        self.new: list[Attendance] = []
        self.new_rows: list[int] = []
        self.changed: list[Attendance] = []

    def put(self, record: AttendanceRecord, event: Event, row_id: int, store: Store) -> None:
        """Give somebody the status of the row, as a new line of the list or on the one they have.

        Raises ImportChanged when somebody put them on the list, moved them or filled the event meanwhile.
        """
        key = event.pk, record.person.person_id
        attendance = self._by_person.get(key)
        before = attendance.status if attendance else None
        if before != record.before or record.met_full not in (None, self._is_full(event)):
            raise ImportChanged
        self._coming[event.pk] += (record.status in PLACE_STATUSES) - (before in PLACE_STATUSES)
        if attendance is None:
            attendance = Attendance(event=event, person_id=record.person.person_id)
            self._by_person[key] = attendance
            self.new.append(attendance)
            self.new_rows.append(row_id)
        elif attendance.pk:
            store.journal.changes(attendance, MOVED_FIELDS)
            self.changed.append(attendance)
        attendance.status = record.status
        attendance.note = attendance.note or record.note
        self._set_moments(attendance, record, event)
        attendance.place_number = self._place(attendance, event)

    def _is_full(self, event: Event) -> bool:
        return event.capacity is not None and self._coming[event.pk] >= event.capacity

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
