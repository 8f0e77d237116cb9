"""Every write of the events app.

Acts that move people between places lock the event's row first (PostgreSQL; on SQLite a writing transaction is
alone anyway), read again, then write; the constraint ``attendance_place_taken_once`` stands behind them.
"""

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from common import clock
from events.enums import PLACE_STATUSES, AttendanceStatus
from events.models import Attendance, Event, GuestInvitation
from events.querysets import people_for
from people.models import Person
from programmes.models import Programme


class Invited(NamedTuple):
    """What an invitation came to, in numbers of people (or of programmes)."""

    new: int
    already: int
    rows: tuple[int, int] | None = None  # first and last key of the new rows, by which they can be taken back


# --- events ----------------------------------------------------------------------------------------


@transaction.atomic
def create_event(
    *,
    by: User | None,
    programme: Programme,
    kind: str,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    place: str = "",
    capacity: int | None = None,
    description: str = "",
) -> Event:
    """Create an event. ``capacity`` None means no limit. Raises ValidationError when it ends before it starts."""
    event = Event(
        programme=programme,
        kind=kind,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        capacity=capacity,
        description=description,
        created_by=by,
    )
    event.full_clean()
    event.save()
    _log_event(event, by, _("Event created"))
    return event


@transaction.atomic
def update_event(event: Event, *, by: User | None, seen: str | None = None, **changes) -> list[Attendance]:
    """Change an event's facts; returns those who moved up from the waiting list because there are more places.

    ``seen`` is the ``facts_mark`` that the editor started from. Raises ValidationError with the code ``stale`` when
    somebody else has changed the facts since, and at ``capacity`` or ``day`` when they contradict the list.
    """
    locked = _lock(event)
    if seen is not None and seen != locked.facts_mark:
        raise ValidationError(_("The event was changed after you opened the page."), code="stale")
    for name, value in changes.items():
        setattr(locked, name, value)
    _refuse_impossible(locked)
    locked.full_clean()
    locked.save()
    if "capacity" in changes:
        _number_places(locked)
    moved_up = _move_up(locked)
    event.refresh_from_db()
    _log_event(event, by, _("Event changed"))
    return moved_up


def _refuse_impossible(event: Event) -> None:
    """Facts that contradict the list: fewer places than are taken, or a day to come for which people have come."""
    rows = event.attendances.on_list()
    came, taken = rows.filter(status=AttendanceStatus.ATTENDED).count(), rows.count()
    if came and event.day > clock.today():
        message = ngettext(
            "%(count)s person is registered as come. The day cannot lie ahead.",
            "%(count)s people are registered as come. The day cannot lie ahead.",
            came,
        )
        raise ValidationError({"day": message % {"count": came}})
    if event.capacity is not None and taken > max(event.capacity, came):
        message = ngettext(
            "%(count)s person is signed up. Write at least that many places.",
            "%(count)s people are signed up. Write at least that many places.",
            taken,
        )
        raise ValidationError({"capacity": message % {"count": taken}})


@transaction.atomic
def cancel_event(event: Event, *, by: User | None) -> None:
    """Cancel an event. Its lists stay; it counts in no figure and the calendar file says that it is cancelled."""
    _set_cancelled(event, by=by, is_cancelled=True)


@transaction.atomic
def reinstate_event(event: Event, *, by: User | None) -> None:
    """Take a cancellation back."""
    _set_cancelled(event, by=by, is_cancelled=False)


def _set_cancelled(event: Event, *, by: User | None, is_cancelled: bool) -> None:
    event.is_cancelled = is_cancelled
    event.full_clean()
    event.save(update_fields=["is_cancelled"])
    _log_event(event, by, _("Event cancelled") if is_cancelled else _("Cancellation taken back"))


# --- invitations -----------------------------------------------------------------------------------


@transaction.atomic
def invite_people(event: Event, *, by: User | None, people: Iterable[Person], on: dt.date) -> Invited:
    """Put people on the event's list as invited. Whoever is on the list already is left alone.

    Raises PermissionDenied for people whom ``by`` may not put on the list.
    """
    event = _lock(event)
    _refuse_cancelled(event)
    wanted = {person.pk: person for person in people}
    _refuse_strangers(event, by, set(wanted))
    known = set(event.attendances.filter(person__in=wanted).values_list("person_id", flat=True))
    new = [
        Attendance(event=event, person=person, status=AttendanceStatus.INVITED, invited_on=on)
        for pk, person in wanted.items()
        if pk not in known
    ]
    Attendance.objects.bulk_create(new)
    if not new:
        return Invited(new=0, already=len(known))
    _log_event(event, by, _("Invited to the event"), count=len(new))
    return Invited(new=len(new), already=len(known), rows=(new[0].pk, new[-1].pk))


@transaction.atomic
def take_back_invitations(event: Event, *, by: User | None, rows: tuple[int, int]) -> int:
    """Undo an ``invite_people`` by the keys it returned. Those who have answered since stay. Returns how many."""
    event = _lock(event)
    first, last = rows
    unanswered = event.attendances.filter(pk__gte=first, pk__lte=last, status=AttendanceStatus.INVITED)
    count, _per_model = unanswered.delete()
    _log_event(event, by, _("Invitations taken back"), count=count)
    return count


@transaction.atomic
def remove_invitation(attendance: Attendance, *, by: User | None) -> None:
    """Take somebody off the list who was invited by mistake or has declined.

    Raises ValidationError when the person is signed up or came.
    """
    if attendance.status not in {AttendanceStatus.INVITED, AttendanceStatus.CANCELLED}:
        raise ValidationError(_("Cancel the sign-up first."))
    _log_person(attendance, by, _("taken off the list"))
    attendance.delete()


@transaction.atomic
def invite_programmes(event: Event, *, by: User | None, programmes: Iterable[Programme], on: dt.date) -> Invited:
    """Invite other branches' programmes: their branch then sees the event and signs up its own people.

    Raises ValidationError for a programme of the branch that holds the event.
    """
    _refuse_cancelled(event)
    wanted = {programme.pk: programme for programme in programmes}
    if any(programme.branch_id == event.programme.branch_id for programme in wanted.values()):
        raise ValidationError(_("Your own branch holds the event. Invite its people by name."))
    known = set(event.guest_invitations.filter(programme__in=wanted).values_list("programme_id", flat=True))
    for pk, programme in wanted.items():
        if pk not in known:
            invitation = GuestInvitation(event=event, programme=programme, invited_on=on)
            invitation.full_clean()
            invitation.save()
            _log_event(event, by, _("Another branch invited"))
    return Invited(new=len(wanted) - len(known), already=len(known))


@transaction.atomic
def take_back_programme(invitation: GuestInvitation, *, by: User | None) -> None:
    """Take back the invitation of another branch's programme. Those whom it has signed up stay on the list."""
    _log_event(invitation.event, by, _("Invitation of another branch taken back"))
    invitation.delete()


# --- places ----------------------------------------------------------------------------------------


@transaction.atomic
def sign_up(event: Event, *, by: User | None, person: Person, note: str | None = None) -> Attendance:
    """Give a person a place, or put them last on the waiting list when the event is full.

    The attendance's status says which. Signing up twice changes nothing but the note. Raises ValidationError when
    the event is cancelled, PermissionDenied for a person whom ``by`` may not put on the list.
    """
    event = _lock(event)
    _refuse_cancelled(event)
    _refuse_strangers(event, by, {person.pk})
    attendance = event.attendances.filter(person=person).first() or Attendance(event=event, person=person)
    if note is not None:
        attendance.note = note
    if attendance.status not in {*PLACE_STATUSES, AttendanceStatus.WAITING_LIST} or not attendance.pk:
        attendance.signed_up_at = clock.now()
        if _has_waiting_list(event) or not _take_place(attendance, event, AttendanceStatus.SIGNED_UP):
            attendance.status = AttendanceStatus.WAITING_LIST
    _save(attendance)
    _log_person(attendance, by, attendance.get_status_display())
    return attendance


@transaction.atomic
def cancel_sign_up(attendance: Attendance, *, by: User | None) -> Attendance | None:
    """Note that a person is not coming after all; returns the one who moved up from the waiting list, if any.

    Raises ValidationError when the person came: then the attendance is undone first.
    """
    event = _lock(attendance.event)
    attendance.refresh_from_db()
    if attendance.status in {AttendanceStatus.ATTENDED, AttendanceStatus.ABSENT}:
        raise ValidationError(_("%(person)s is registered as came or absent.") % {"person": attendance.person})
    attendance.status = AttendanceStatus.CANCELLED
    attendance.place_number = None
    _save(attendance)
    _log_person(attendance, by, attendance.get_status_display())
    return next(iter(_move_up(event)), None)


def _has_waiting_list(event: Event) -> bool:
    """Nobody passes those who wait: a free place is theirs first."""
    return event.attendances.filter(status=AttendanceStatus.WAITING_LIST).exists()


def _take_place(attendance: Attendance, event: Event, status: str, *, beyond_capacity: bool = False) -> bool:
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


def _move_up(event: Event) -> list[Attendance]:
    """Give free places to those who have waited longest; returns them."""
    moved = []
    for attendance in event.attendances.in_waiting_order().select_related("person"):
        if event.is_cancelled or not _take_place(attendance, event, AttendanceStatus.SIGNED_UP):
            break
        _save(attendance)
        moved.append(attendance)
    return moved


def _number_places(event: Event) -> None:
    """Number the taken places anew from 1, in order of sign-up: the event's limit has changed."""
    taken = list(event.attendances.on_list().order_by("signed_up_at", "pk"))
    event.attendances.on_list().update(place_number=None)
    for number, attendance in enumerate(taken, start=1):
        attendance.place_number = number if event.capacity is not None else None
    Attendance.objects.bulk_update(taken, ["place_number"])


# --- attendance ------------------------------------------------------------------------------------


@transaction.atomic
def tick_attendance(attendance: Attendance, *, by: User | None) -> Attendance:
    """Note that a person came, and when. Somebody from the waiting list or only invited comes in all the same.

    Registered on a later day, the time is that of the event's start. Raises ValidationError before the event's day.
    """
    event = _lock(attendance.event)
    _refuse_early(event)
    attendance.refresh_from_db()
    if attendance.status == AttendanceStatus.ATTENDED:
        return attendance
    if attendance.status == AttendanceStatus.SIGNED_UP:
        attendance.status = AttendanceStatus.ATTENDED
    else:
        _take_place(attendance, event, AttendanceStatus.ATTENDED, beyond_capacity=True)
    attendance.came_at = clock.now() if event.day == clock.today() else event.starts_at
    _save(attendance)
    _log_person(attendance, by, attendance.get_status_display())
    return attendance


@transaction.atomic
def undo_attendance(attendance: Attendance, *, by: User | None) -> Attendance | None:
    """Take *came* back: the person is again what they were. Somebody added at the door leaves the list (None)."""
    event = _lock(attendance.event)
    attendance.refresh_from_db()
    if attendance.status != AttendanceStatus.ATTENDED:
        return attendance
    _log_person(attendance, by, _("attendance undone"))
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
    _save(attendance)
    return attendance


@transaction.atomic
def add_participant(event: Event, *, by: User | None, person: Person) -> Attendance:
    """Note that somebody of the network came without having signed up.

    Raises ValidationError before the event's day, PermissionDenied for a person whom ``by`` may not add.
    """
    event = _lock(event)
    _refuse_early(event)
    _refuse_strangers(event, by, {person.pk})
    attendance = event.attendances.filter(person=person).first()
    if attendance is None:
        attendance = Attendance(event=event, person=person)
        _save(attendance)
    return tick_attendance(attendance, by=by)


@transaction.atomic
def mark_absent(event: Event, *, by: User | None) -> int:
    """Close the list of an event: those signed up who did not come are absent. Returns how many."""
    event = _lock(event)
    _refuse_early(event)
    count = event.attendances.filter(status=AttendanceStatus.SIGNED_UP).update(
        status=AttendanceStatus.ABSENT, place_number=None
    )
    _log_event(event, by, _("The rest marked as absent"), count=count)
    return count


@transaction.atomic
def undo_absent(event: Event, *, by: User | None) -> int:
    """Open the list again: the absent are signed up as before. Returns how many."""
    event = _lock(event)
    absent = list(event.attendances.filter(status=AttendanceStatus.ABSENT).order_by("signed_up_at", "pk"))
    for attendance in absent:
        _take_place(attendance, event, AttendanceStatus.SIGNED_UP, beyond_capacity=True)
        _save(attendance)
    _log_event(event, by, _("Absence taken back"), count=len(absent))
    return len(absent)


@transaction.atomic
def set_unnamed_guests(event: Event, *, by: User | None, count: int) -> int:
    """Set how many came who are counted without names; returns it."""
    event = _lock(event)
    _refuse_early(event)
    event.unnamed_guests = max(count, 0)
    event.full_clean()
    event.save(update_fields=["unnamed_guests"])
    _log_event(event, by, _("Guests without names"), count=event.unnamed_guests)
    return event.unnamed_guests


@transaction.atomic
def change_unnamed_guests(event: Event, *, by: User | None, change: int) -> int:
    """Count some more or fewer without names: two phones at the door do not overwrite one another. Never below 0."""
    return set_unnamed_guests(event, by=by, count=_lock(event).unnamed_guests + change)


# --- shared ----------------------------------------------------------------------------------------


def _lock(event: Event) -> Event:
    return Event.objects.select_for_update(of=("self",)).select_related("programme").get(pk=event.pk)


def _save(attendance: Attendance) -> None:
    attendance.full_clean()
    attendance.save()


def _refuse_cancelled(event: Event) -> None:
    if event.is_cancelled:
        raise ValidationError(_("The event is cancelled."), code="cancelled")


def _refuse_early(event: Event) -> None:
    _refuse_cancelled(event)
    if not event.may_check_in(clock.today()):
        raise ValidationError(_("Attendance can be ticked from the day of the event."), code="early")


def _refuse_strangers(event: Event, by: User | None, person_ids: set[int]) -> None:
    if by is None:
        return
    allowed = people_for(event, by).filter(pk__in=person_ids).values_list("pk", flat=True)
    if person_ids - set(allowed):
        raise PermissionDenied


def _log_event(event: Event, by: User | None, detail: str, count: int = 1) -> None:
    record_access(
        by=by, kind=AccessKind.WRITE, subject=event, branch=event.programme.branch_id, detail=detail, count=count
    )


def _log_person(attendance: Attendance, by: User | None, act: str) -> None:
    """A change on the list is logged on the person, so that they can be told of it."""
    event = attendance.event
    record_access(
        by=by,
        kind=AccessKind.WRITE,
        subject=attendance.person,
        branch=event.programme.branch_id,
        detail=f"{event.title}: {act}",
    )
