"""Services for numbered places and the waiting list."""

import itertools
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.journal import act, current_journal, save
from events.enums import PLACE_STATUSES, AttendanceStatus
from events.models import Attendance, Event
from events.services.base import lock_event, log_attendance, refuse_cancelled, refuse_foreign_people
from people.models import Person
from people.services.permissions import refuse_closed_people


@act
def sign_up(event: Event, *, by: User | None, person: Person, note: str | None = None) -> Attendance:
    """Sign a person up: assign a place, or put them last on the waiting list when the event is full.

    The status of the returned attendance shows which. Signing up again changes only the note. Raises ValidationError
    when the event is cancelled, StateRefused if the person had died, moved away or wanted no contact by then, and
    PermissionDenied for a person whom ``by`` may not put on the list.
    """
    event = lock_event(event)
    refuse_cancelled(event)
    refuse_foreign_people(event, by, {person.pk})
    refuse_closed_people([person.pk], from_day=event.day if event.ends_at < clock.now() else None)
    attendance = event.attendances.filter(person=person).first() or Attendance(event=event, person=person)
    if note is not None:
        attendance.note = note
    if attendance.status not in {*PLACE_STATUSES, AttendanceStatus.WAITING_LIST} or not attendance.pk:
        attendance.signed_up_at = clock.now()
        if has_waiting_list(event) or not assign_place(attendance, event, AttendanceStatus.SIGNED_UP):
            attendance.status = AttendanceStatus.WAITING_LIST
    save(attendance)
    log_attendance(attendance, by, "attendance_changed", status=attendance.status)
    return attendance


@act
def cancel_sign_up(attendance: Attendance, *, by: User | None) -> Attendance | None:
    """Cancel a sign-up. Return the attendance that moved up from the waiting list, if any.

    Raises ValidationError when the person came or is registered as absent: that must be undone first.
    """
    event = lock_event(attendance.event)
    attendance.refresh_from_db()
    if attendance.status in {AttendanceStatus.ATTENDED, AttendanceStatus.ABSENT}:
        raise ValidationError(_("%(person)s is registered as came or absent.") % {"person": attendance.person})
    attendance.status = AttendanceStatus.CANCELLED
    attendance.place_number = None
    save(attendance)
    log_attendance(attendance, by, "attendance_changed", status=attendance.status)
    return next(iter(move_up(event)), None)


def has_waiting_list(event: Event) -> bool:
    """Return whether people wait for a place. A free place then goes to them, not to a new sign-up."""
    return event.attendances.filter(status=AttendanceStatus.WAITING_LIST).exists()


def assign_place(attendance: Attendance, event: Event, status: str, *, beyond_capacity: bool = False) -> bool:
    """Set the lowest free place and the status of an attendance without saving it; return False if no place is free.

    ``beyond_capacity`` adds a place when all are taken. Places of an event without a limit have no numbers.
    """
    number = None
    if event.capacity is not None:
        taken = set(event.attendances.on_list().values_list("place_number", flat=True))
        number = free_place(taken, None if beyond_capacity else event.capacity)
        if number is None:
            return False
    attendance.place_number = number
    attendance.status = status
    return True


def free_place(taken: Collection[int | None], capacity: int | None = None) -> int | None:
    """Return the lowest place number that is not taken, or None if all up to ``capacity`` are taken."""
    places = itertools.count(1) if capacity is None else range(1, capacity + 1)
    return next((place for place in places if place not in taken), None)


def move_up(event: Event) -> list[Attendance]:
    """Assign free places to those who have waited longest. Return their attendances."""
    moved = []
    for attendance in event.attendances.in_waiting_order().select_related("person"):
        if event.is_cancelled or not assign_place(attendance, event, AttendanceStatus.SIGNED_UP):
            break
        save(attendance)
        moved.append(attendance)
    return moved


def renumber_places(event: Event) -> None:
    """Number the taken places from 1 in order of sign-up, after the event's limit has changed."""
    journal, taken = current_journal(), list(event.attendances.on_list().order_by("signed_up_at", "pk"))
    for attendance in taken:
        journal.changes(attendance, ["place_number"])
        attendance.place_number = None
    journal.save_all(Attendance, taken, ["place_number"])  # first, so that no number is taken twice meanwhile
    if event.capacity is not None:
        for number, attendance in enumerate(taken, start=1):
            attendance.place_number = number
        journal.save_all(Attendance, taken, ["place_number"])
