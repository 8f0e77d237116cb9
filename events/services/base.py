"""Shared parts of the services: locking the event, refusals, the log."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from common import clock
from events.models import Attendance, Event
from events.querysets import people_for


def lock_event(event: Event) -> Event:
    """Lock the event's row until the transaction ends, and return the event as stored."""
    return Event.objects.select_for_update(of=("self",)).select_related("programme").get(pk=event.pk)


def refuse_cancelled(event: Event) -> None:
    if event.is_cancelled:
        raise ValidationError(_("The event is cancelled."), code="cancelled")


def refuse_before_event_day(event: Event) -> None:
    refuse_cancelled(event)
    if not event.may_check_in(clock.today()):
        raise ValidationError(_("Attendance can be ticked from the day of the event."), code="early")


def refuse_foreign_people(event: Event, by: User | None, person_ids: set[int]) -> None:
    """Raise PermissionDenied unless ``by`` may put all the people on the list. A command (None) may."""
    if by is None:
        return
    allowed = people_for(event, by).filter(pk__in=person_ids).values_list("pk", flat=True)
    if person_ids - set(allowed):
        raise PermissionDenied


def log_event(event: Event, by: User | None, code: str, count: int = 1) -> None:
    branch = event.programme.branch_id
    record_access(by=by, kind=AccessKind.WRITE, subject=event, branch=branch, code=code, count=count)


def log_attendance(attendance: Attendance, by: User | None, code: str, **values: str) -> None:
    """Log a change of the list with the person as the subject, so that their log shows it."""
    event = attendance.event
    record_access(
        by=by,
        kind=AccessKind.WRITE,
        subject=attendance.person,
        branch=event.programme.branch_id,
        code=code,
        values={"event": event.title, **values},
    )
