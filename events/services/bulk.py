"""Services that store many events and attendances at once, for imports.

They run in the act of the caller, who writes the access log.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import User
from common import clock
from common.journal import current_journal
from events.enums import PLACE_STATUSES, AttendanceStatus
from events.models import Attendance, Event
from events.querysets import start_of
from events.services.places import free_place
from people.services.permissions import refuse_closed_people

ATTENDANCE_FIELDS = ("status", "place_number", "invited_on", "signed_up_at", "came_at", "note")
EXPECTED_STATUSES = (AttendanceStatus.INVITED, AttendanceStatus.SIGNED_UP, AttendanceStatus.WAITING_LIST)
SIGNED_UP_STATUSES = (AttendanceStatus.SIGNED_UP, AttendanceStatus.WAITING_LIST, AttendanceStatus.ABSENT)


class AttendanceChanged(Exception):
    """An event's list is not what the caller expected."""


@dataclass(slots=True)
class AttendanceEntry:
    """The status that a person gets on the list of a stored event.

    ``expected_status`` is the status that the person has so far, None if the person is not on the list.
    ``expected_full`` says whether the event is full before this entry; None if that does not matter.
    """

    event: Event
    person_id: int
    status: str
    expected_status: str | None = None
    expected_full: bool | None = None
    invited_on: dt.date | None = None
    signed_up_on: dt.date | None = None
    note: str = ""


def bulk_create_events(events: Sequence[Event], *, by: User | None) -> list[Event]:
    """Store new events and return them with their ids. Raises ValidationError."""
    for event in events:
        event.created_by = by
    return current_journal().create(Event, events)


def bulk_add_unnamed_guests(guests: Counter[Event]) -> None:
    """Add guests without names to stored, locked events. Raises ValidationError."""
    journal = current_journal()
    for event, count in guests.items():
        journal.changes(event, ["unnamed_guests"])
        event.unnamed_guests += count
    journal.save_all(Event, guests, ["unnamed_guests"])


def bulk_record_attendance(entries: Sequence[AttendanceEntry]) -> list[Attendance | None]:
    """Store the entries in their order. Return the attendance that each one created, or None if it changed one.

    The events must be locked. At an event with a limit, people who signed up or came get the lowest free place, also
    beyond the limit. Facts on the list are kept: an entry adds the days and the note that are blank.

    Raises AttendanceChanged if a list is not as expected, ValidationError for invalid values, and StateRefused for a
    person who is expected at a coming event and has died, moved away or wants no contact.
    """
    now = clock.now()
    refuse_closed_people(
        {entry.person_id for entry in entries if entry.status in EXPECTED_STATUSES and entry.event.ends_at >= now}
    )
    journal, lists = current_journal(), _EventLists(entry.event.pk for entry in entries)
    created, changed = [], []
    for entry in entries:
        attendance = lists.find(entry)
        created.append(None if attendance else Attendance(event=entry.event, person_id=entry.person_id))
        if attendance and attendance.pk:
            journal.changes(attendance, ATTENDANCE_FIELDS)
            changed.append(attendance)
        lists.record(entry, attendance or created[-1])
    journal.create(Attendance, [attendance for attendance in created if attendance])
    journal.save_all(Attendance, changed, ATTENDANCE_FIELDS)
    return created


class _EventLists:
    """The lists of some events. A place that becomes free stays free."""

    def __init__(self, event_ids: Iterable[int]):
        self._by_person: dict[tuple[int, int], Attendance] = {}
        self._numbers: dict[int, set[int | None]] = {}  # event → place numbers
        self._places: Counter[int] = Counter()  # event → places taken, with and without a number
        stored = Attendance.objects.select_for_update().filter(event__in=set(event_ids))
        for attendance in stored.order_by("pk"):
            self._by_person[attendance.event_id, attendance.person_id] = attendance
            if attendance.status in PLACE_STATUSES:
                self._numbers.setdefault(attendance.event_id, set()).add(attendance.place_number)
                self._places[attendance.event_id] += 1

    def find(self, entry: AttendanceEntry) -> Attendance | None:
        """Return the person's attendance, if there is one. Raises AttendanceChanged if the list is not as expected."""
        attendance = self._by_person.get((entry.event.pk, entry.person_id))
        status = attendance.status if attendance else None
        if status != entry.expected_status or entry.expected_full not in (None, self._is_full(entry.event)):
            raise AttendanceChanged
        return attendance

    def _is_full(self, event: Event) -> bool:
        return event.capacity is not None and self._places[event.pk] >= event.capacity

    def record(self, entry: AttendanceEntry, attendance: Attendance) -> None:
        """Set the values of an entry on an attendance."""
        event = entry.event
        self._places[event.pk] += (entry.status in PLACE_STATUSES) - (entry.expected_status in PLACE_STATUSES)
        self._by_person[event.pk, entry.person_id] = attendance
        attendance.status = entry.status
        attendance.note = attendance.note or entry.note
        _set_times(attendance, entry)
        if event.capacity is None or entry.status not in PLACE_STATUSES:
            attendance.place_number = None
        elif attendance.place_number is None:
            numbers = self._numbers.setdefault(event.pk, set())
            attendance.place_number = free_place(numbers)
            numbers.add(attendance.place_number)


def _set_times(attendance: Attendance, entry: AttendanceEntry) -> None:
    """Set when the person was invited, signed up and came. Times that a status needs are assumed if not known."""
    event = entry.event
    attendance.invited_on = attendance.invited_on or entry.invited_on
    if entry.status == AttendanceStatus.INVITED:
        attendance.invited_on = attendance.invited_on or min(clock.today(), event.day)
    if entry.signed_up_on and not attendance.signed_up_at:
        attendance.signed_up_at = start_of(entry.signed_up_on)
    if entry.status in SIGNED_UP_STATUSES:
        attendance.signed_up_at = attendance.signed_up_at or min(clock.now(), event.starts_at)
    attendance.came_at = event.starts_at if entry.status == AttendanceStatus.ATTENDED else None
