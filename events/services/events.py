"""Services for an event's facts: create, update, cancel."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common import clock
from common.journal import act, save
from events.enums import AttendanceStatus
from events.models import Attendance, Event
from events.services.base import lock_event, log_event
from events.services.places import move_up, renumber_places
from programmes.models import Programme


@act
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
    """Create an event; ``capacity`` None means no limit. Raises ValidationError if it ends before it starts."""
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
    save(event)
    log_event(event, by, "event_created")
    return event


@act
def update_event(event: Event, *, by: User | None, **changes) -> list[Attendance]:
    """Change an event's facts. Return the attendances that moved up from the waiting list into new places.

    Raises ValidationError at ``capacity`` or ``day`` when these contradict the list.
    """
    locked = lock_event(event)
    for name, value in changes.items():
        setattr(locked, name, value)
    _refuse_contradictions(locked)
    save(locked)
    if "capacity" in changes:
        renumber_places(locked)
    moved_up = move_up(locked)
    event.refresh_from_db()
    log_event(event, by, "event_changed")
    return moved_up


@act(reason="reason")
def correct_event(event: Event, *, by: User | None, reason: str, **changes) -> list[Attendance]:
    """Change an event on another day than the registered one, with a reason, as ``update_event`` does.

    For an event that has taken place: its day decides the year in which it counts.
    """
    return update_event(event, by=by, **changes)


def _refuse_contradictions(event: Event) -> None:
    """Raise ValidationError for fewer places than are taken, or for a future day although people have come."""
    rows = event.attendances.on_list()
    came, taken = rows.filter(status=AttendanceStatus.ATTENDED).count(), rows.count()
    if came and event.day > clock.today():
        message = ngettext(
            "%(count)s person is registered as come. The day cannot lie ahead.",
            "%(count)s people are registered as come. The day cannot lie ahead.",
            came,
        )
        raise ValidationError({"day": message % {"count": came}})
    if event.confirmed_at and event.day > clock.today():
        raise ValidationError({"day": _("The event is confirmed as held. The day cannot lie ahead.")})
    if event.capacity is not None and taken > max(event.capacity, came):
        message = ngettext(
            "%(count)s person is signed up. Write at least that many places.",
            "%(count)s people are signed up. Write at least that many places.",
            taken,
        )
        raise ValidationError({"capacity": message % {"count": taken}})


@act
def cancel_event(event: Event, *, by: User | None) -> None:
    """Cancel an event. Its list stays, no figure counts it, and calendar files mark it as cancelled."""
    _set_cancelled(event, by=by, is_cancelled=True)


@act
def reinstate_event(event: Event, *, by: User | None) -> None:
    """Undo the cancellation of an event."""
    _set_cancelled(event, by=by, is_cancelled=False)


def _set_cancelled(event: Event, *, by: User | None, is_cancelled: bool) -> None:
    locked = lock_event(event)
    locked.is_cancelled = event.is_cancelled = is_cancelled
    save(locked)
    log_event(locked, by, "event_cancelled" if is_cancelled else "event_reinstated")
