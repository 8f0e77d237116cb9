"""Services for check-in: who came, who did not, and guests counted without names."""

from accounts.models import User
from common import clock
from common.journal import act, delete, save, update
from events.enums import AttendanceStatus
from events.models import Attendance, Event
from events.services.base import (
    lock_event,
    log_attendance,
    log_event,
    refuse_before_event_day,
    refuse_foreign_people,
)
from events.services.places import assign_place
from people.models import Person
from people.services.permissions import refuse_closed_people


@act
def tick_attendance(attendance: Attendance, *, by: User | None) -> Attendance:
    """Register that a person came, and when; people on the waiting list or only invited get a place as well.

    On a later day than the event's, the time is the event's start. Raises ValidationError before the event's day, and
    if the person had died, moved away or wanted no contact before it.
    """
    event = lock_event(attendance.event)
    refuse_before_event_day(event)
    attendance.refresh_from_db()
    if attendance.status == AttendanceStatus.ATTENDED:
        return attendance
    refuse_closed_people([attendance.person_id], from_day=event.day)
    if attendance.status == AttendanceStatus.SIGNED_UP:
        attendance.status = AttendanceStatus.ATTENDED
    else:
        assign_place(attendance, event, AttendanceStatus.ATTENDED, beyond_capacity=True)
    attendance.came_at = clock.now() if event.day == clock.today() else event.starts_at
    save(attendance)
    log_attendance(attendance, by, "attendance_changed", status=attendance.status)
    return attendance


@act
def undo_attendance(attendance: Attendance, *, by: User | None) -> Attendance | None:
    """Restore the status from before a check-in. A person added at the door is deleted from the list: returns None."""
    event = lock_event(attendance.event)
    attendance.refresh_from_db()
    if attendance.status != AttendanceStatus.ATTENDED:
        return attendance
    log_attendance(attendance, by, "attendance_undone")
    if attendance.signed_up_at is None and attendance.invited_on is None:
        delete(attendance)
        return None
    attendance.came_at = None
    if attendance.signed_up_at is None:
        attendance.status, attendance.place_number = AttendanceStatus.INVITED, None
    elif attendance.place_number is not None and attendance.place_number > (event.capacity or 0):
        attendance.status, attendance.place_number = AttendanceStatus.WAITING_LIST, None
    else:
        attendance.status = AttendanceStatus.SIGNED_UP
    save(attendance)
    return attendance


@act
def add_participant(event: Event, *, by: User | None, person: Person) -> Attendance:
    """Register that a person came without having signed up.

    Raises ValidationError before the event's day, PermissionDenied for a person whom ``by`` may not add.
    """
    event = lock_event(event)
    refuse_before_event_day(event)
    refuse_foreign_people(event, by, {person.pk})
    attendance = event.attendances.filter(person=person).first()
    if attendance is None:
        attendance = Attendance(event=event, person=person)
        save(attendance)
    return tick_attendance(attendance, by=by)


@act
def mark_absent(event: Event, *, by: User | None) -> int:
    """Register everyone who signed up and did not come as absent. Return their number."""
    event = lock_event(event)
    refuse_before_event_day(event)
    rest = event.attendances.filter(status=AttendanceStatus.SIGNED_UP)
    count = update(rest, status=AttendanceStatus.ABSENT, place_number=None)
    log_event(event, by, "rest_marked_absent", count=count)
    return count


@act
def undo_absent(event: Event, *, by: User | None) -> int:
    """Undo ``mark_absent``: absent people are signed up again. Return their number."""
    event = lock_event(event)
    absent = list(event.attendances.filter(status=AttendanceStatus.ABSENT).order_by("signed_up_at", "pk"))
    for attendance in absent:
        assign_place(attendance, event, AttendanceStatus.SIGNED_UP, beyond_capacity=True)
        save(attendance)
    log_event(event, by, "absence_undone", count=len(absent))
    return len(absent)


@act
def set_unnamed_guests(event: Event, *, by: User | None, count: int) -> int:
    """Set the number of guests counted without names, at least 0, and return it."""
    event = lock_event(event)
    refuse_before_event_day(event)
    event.unnamed_guests = max(count, 0)
    save(event)
    log_event(event, by, "unnamed_guests_set", count=event.unnamed_guests)
    return event.unnamed_guests


@act
def change_unnamed_guests(event: Event, *, by: User | None, change: int) -> int:
    """Add to the number of guests without names, so that two devices at the door do not overwrite each other."""
    return set_unnamed_guests(event, by=by, count=lock_event(event).unnamed_guests + change)
