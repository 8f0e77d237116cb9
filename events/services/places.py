"""Numbered places and the waiting list."""

import itertools

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from events.enums import PLACE_STATUSES, AttendanceStatus
from events.models import Attendance, Event
from events.services.base import lock_event, log_person, refuse_cancelled, refuse_strangers, save_attendance
from people.models import Person


@transaction.atomic
def sign_up(event: Event, *, by: User | None, person: Person, note: str | None = None) -> Attendance:
    """Give a person a place, or put them last on the waiting list when the event is full.

    The attendance's status says which. Signing up twice changes nothing but the note. Raises ValidationError when
    the event is cancelled, PermissionDenied for a person whom ``by`` may not put on the list.
    """
    event = lock_event(event)
    refuse_cancelled(event)
    refuse_strangers(event, by, {person.pk})
    attendance = event.attendances.filter(person=person).first() or Attendance(event=event, person=person)
    if note is not None:
        attendance.note = note
    if attendance.status not in {*PLACE_STATUSES, AttendanceStatus.WAITING_LIST} or not attendance.pk:
        attendance.signed_up_at = clock.now()
        if has_waiting_list(event) or not take_place(attendance, event, AttendanceStatus.SIGNED_UP):
            attendance.status = AttendanceStatus.WAITING_LIST
    save_attendance(attendance)
    log_person(attendance, by, attendance.get_status_display())
    return attendance


@transaction.atomic
def cancel_sign_up(attendance: Attendance, *, by: User | None) -> Attendance | None:
    """Note that a person is not coming after all; returns the one who moved up from the waiting list, if any.

    Raises ValidationError when the person came: then the attendance is undone first.
    """
    event = lock_event(attendance.event)
    attendance.refresh_from_db()
    if attendance.status in {AttendanceStatus.ATTENDED, AttendanceStatus.ABSENT}:
        raise ValidationError(_("%(person)s is registered as came or absent.") % {"person": attendance.person})
    attendance.status = AttendanceStatus.CANCELLED
    attendance.place_number = None
    save_attendance(attendance)
    log_person(attendance, by, attendance.get_status_display())
    return next(iter(move_up(event)), None)


def has_waiting_list(event: Event) -> bool:
    """Nobody passes those who wait: a free place is theirs first."""
    return event.attendances.filter(status=AttendanceStatus.WAITING_LIST).exists()


def take_place(attendance: Attendance, event: Event, status: str, *, beyond_capacity: bool = False) -> bool:
    """Give the attendance the lowest free place and the status; False when there is none.

    An event without a limit numbers no places. Somebody who came gets a place beyond the capacity if need be.
    """
    number = None
    if event.capacity is not None:
        taken = set(event.attendances.on_list().values_list("place_number", flat=True))
        places = itertools.count(1) if beyond_capacity else range(1, event.capacity + 1)
        number = next((place for place in places if place not in taken), None)
        if number is None:
            return False
    attendance.place_number = number
    attendance.status = status
    return True


def move_up(event: Event) -> list[Attendance]:
    """Give free places to those who have waited longest; returns them."""
    moved = []
    for attendance in event.attendances.in_waiting_order().select_related("person"):
        if event.is_cancelled or not take_place(attendance, event, AttendanceStatus.SIGNED_UP):
            break
        save_attendance(attendance)
        moved.append(attendance)
    return moved


def number_places(event: Event) -> None:
    """Number the taken places anew from 1, in order of sign-up: the event's limit has changed."""
    taken = list(event.attendances.on_list().order_by("signed_up_at", "pk"))
    event.attendances.on_list().update(place_number=None)
    for number, attendance in enumerate(taken, start=1):
        attendance.place_number = number if event.capacity is not None else None
    Attendance.objects.bulk_update(taken, ["place_number"])
