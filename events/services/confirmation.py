"""Services for the confirmation that an event was held, with the number of its participants."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common import clock
from common.journal import act, revert, save
from common.models import Act
from events.enums import AttendanceStatus
from events.models import Event
from events.services.base import lock_event, log_event, refuse_before_event_day


@act
def confirm_event(event: Event, *, by: User | None, participants: int | None = None) -> Event:
    """Confirm that an event was held, from its day on. Confirming it again changes nothing.

    ``participants`` is the number of all who came, None for those counted so far: those who are not ticked by name
    become guests without names. Raises ValidationError before the event's day, for a cancelled event, and at
    ``participants`` for fewer than are ticked.
    """
    event = lock_event(event)
    refuse_before_event_day(event)
    if event.confirmed_at:
        return event
    if participants is not None:
        event.unnamed_guests = _guests_of(event, participants)
    event.confirmed_at, event.confirmed_by = clock.now(), by
    save(event)
    log_event(event, by, "event_confirmed")
    return event


@act
def undo_confirmation(event: Event, *, by: User | None) -> Event:
    """Undo ``confirm_event``; the number of guests from before comes back, unless it was changed since."""
    event = lock_event(event)
    if event.confirmed_at is None:
        return event
    log_event(event, by, "confirmation_undone")
    if confirmation := _last_confirmation(event):
        revert(confirmation)
        event.refresh_from_db()
    else:  # of an event that was restored from a branch file, which has no journal
        event.confirmed_at = event.confirmed_by = None
        save(event)
    return event


@act(reason="reason")
def correct_participants(event: Event, *, by: User | None, participants: int, reason: str) -> Event:
    """Correct the number of participants of a confirmed event, with a reason.

    Raises ValidationError at ``participants`` for fewer than are ticked, and if the event is not confirmed.
    """
    event = lock_event(event)
    if event.confirmed_at is None:
        raise ValidationError(_("The event is not confirmed yet."), code="unconfirmed")
    event.unnamed_guests = _guests_of(event, participants)
    save(event)
    log_event(event, by, "participants_corrected")
    return event


def _guests_of(event: Event, participants: int) -> int:
    """Return the number of guests without names among all participants."""
    ticked = event.attendances.filter(status=AttendanceStatus.ATTENDED).count()
    if participants < ticked:
        message = ngettext(
            "%(count)s person is ticked as come. Write at least that number, or untick the person who did not come.",
            "%(count)s people are ticked as come. Write at least that number, or untick those who did not come.",
            ticked,
        )
        raise ValidationError({"participants": message % {"count": ticked}}, code="few")
    return participants - ticked


def _last_confirmation(event: Event) -> Act | None:
    acts = Act.objects.filter(name="confirm_event", undone_by=None)
    acts = acts.filter(
        changes__model=event._meta.label_lower, changes__record_id=event.pk, changes__field="confirmed_at"
    )
    return acts.order_by("-pk").first()
