"""Who came."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from events.enums import AttendanceStatus
from events.models import Attendance, Event
from events.services.base import lock_event, log_event, log_person, refuse_early, refuse_strangers, save_attendance
from events.services.places import take_place
from people.models import Person


@transaction.atomic
def tick_attendance(attendance: Attendance, *, by: User | None) -> Attendance:
    """Note that a person came, and when. Somebody from the waiting list or only invited comes in all the same.

    Registered on a later day, the time is that of the event's start. Raises ValidationError before the event's day.
    """
    event = lock_event(attendance.event)
    refuse_early(event)
    attendance.refresh_from_db()
    if attendance.status == AttendanceStatus.ATTENDED:
        return attendance
    if attendance.status == AttendanceStatus.SIGNED_UP:
        attendance.status = AttendanceStatus.ATTENDED
    else:
        take_place(attendance, event, AttendanceStatus.ATTENDED, beyond_capacity=True)
    attendance.came_at = clock.now() if event.day == clock.today() else event.starts_at
    save_attendance(attendance)
    log_person(attendance, by, attendance.get_status_display())
    return attendance


@transaction.atomic
def undo_attendance(attendance: Attendance, *, by: User | None) -> Attendance | None:
    """Take *came* back: the person is again what they were. Somebody added at the door leaves the list (None)."""
    event = lock_event(attendance.event)
    attendance.refresh_from_db()
    if attendance.status != AttendanceStatus.ATTENDED:
        return attendance
    log_person(attendance, by, _("attendance undone"))
    if attendance.signed_up_at is None and attendance.invited_on is None:
        attendance.delete()
        return None
    attendance.came_at = None
    if attendance.signed_up_at is None:
        attendance.status, attendance.place_number = AttendanceStatus.INVITED, None
    elif attendance.place_number is not None and attendance.place_number > (event.capacity or 0):
        attendance.status, attendance.place_number = AttendanceStatus.WAITING_LIST, None
    else:
        attendance.status = AttendanceStatus.SIGNED_UP
    save_attendance(attendance)
    return attendance


@transaction.atomic
def add_participant(event: Event, *, by: User | None, person: Person) -> Attendance:
    """Note that somebody of the network came without having signed up.

    Raises ValidationError before the event's day, PermissionDenied for a person whom ``by`` may not add.
    """
    event = lock_event(event)
    refuse_early(event)
    refuse_strangers(event, by, {person.pk})
    attendance = event.attendances.filter(person=person).first()
    if attendance is None:
        attendance = Attendance(event=event, person=person)
        save_attendance(attendance)
    return tick_attendance(attendance, by=by)


@transaction.atomic
def mark_absent(event: Event, *, by: User | None) -> int:
    """Close the list of an event: those signed up who did not come are absent. Returns how many."""
    event = lock_event(event)
    refuse_early(event)
    count = event.attendances.filter(status=AttendanceStatus.SIGNED_UP).update(
        status=AttendanceStatus.ABSENT, place_number=None
    )
    log_event(event, by, _("The rest marked as absent"), count=count)
    return count


@transaction.atomic
def undo_absent(event: Event, *, by: User | None) -> int:
    """Open the list again: the absent are signed up as before. Returns how many."""
    event = lock_event(event)
    absent = list(event.attendances.filter(status=AttendanceStatus.ABSENT).order_by("signed_up_at", "pk"))
    for attendance in absent:
        take_place(attendance, event, AttendanceStatus.SIGNED_UP, beyond_capacity=True)
        save_attendance(attendance)
    log_event(event, by, _("Absence taken back"), count=len(absent))
    return len(absent)


@transaction.atomic
def set_unnamed_guests(event: Event, *, by: User | None, count: int) -> int:
    """Set how many came who are counted without names; returns it."""
    event = lock_event(event)
    refuse_early(event)
    event.unnamed_guests = max(count, 0)
    event.full_clean()
    event.save(update_fields=["unnamed_guests"])
    log_event(event, by, _("Guests without names"), count=event.unnamed_guests)
    return event.unnamed_guests


@transaction.atomic
def change_unnamed_guests(event: Event, *, by: User | None, change: int) -> int:
    """Count some more or fewer without names: two phones at the door do not overwrite one another. Never below 0."""
    return set_unnamed_guests(event, by=by, count=lock_event(event).unnamed_guests + change)
