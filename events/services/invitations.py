"""Services for invitations of people and of other branches' programmes."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.journal import act, current_journal, delete, save
from events.enums import AttendanceStatus
from events.models import Attendance, Event, ProgrammeInvitation
from events.services.base import lock_event, log_attendance, log_event, refuse_cancelled, refuse_foreign_people
from people.models import Person
from people.services.permissions import refuse_closed_people
from programmes.models import Programme


class Invited(NamedTuple):
    """The result of an invitation: numbers of newly invited people (or programmes), and of those already invited."""

    new: int
    already: int
    rows: tuple[int, int] | None = None  # first and last key of the new attendances, to withdraw them


@act
def invite_people(event: Event, *, by: User | None, people: Iterable[Person], on: dt.date) -> Invited:
    """Put people on the event's list as invited. Those already on the list keep their status.

    Raises PermissionDenied for people whom ``by`` may not put on the list, and StateRefused if one has died, moved away
    or wants no contact.
    """
    event = lock_event(event)
    refuse_cancelled(event)
    wanted = {person.pk: person for person in people}
    refuse_foreign_people(event, by, set(wanted))
    refuse_closed_people(wanted)
    known = set(event.attendances.filter(person__in=wanted).values_list("person_id", flat=True))
    new = [
        Attendance(event=event, person=person, status=AttendanceStatus.INVITED, invited_on=on)
        for pk, person in wanted.items()
        if pk not in known
    ]
    current_journal().create(Attendance, new)
    if not new:
        return Invited(new=0, already=len(known))
    log_event(event, by, "people_invited", count=len(new))
    return Invited(new=len(new), already=len(known), rows=(new[0].pk, new[-1].pk))


def _refuse_future(on: dt.date) -> None:
    if on > clock.today():
        raise ValidationError({"on": _("The day is in the future. Write the day it happened.")}, code="future")


@act
def withdraw_invitations(event: Event, *, by: User | None, rows: tuple[int, int]) -> int:
    """Undo ``invite_people`` by the keys it returned, except for people who have answered. Return the number undone."""
    event = lock_event(event)
    first, last = rows
    unanswered = event.attendances.filter(pk__gte=first, pk__lte=last, status=AttendanceStatus.INVITED)
    count = delete(unanswered)
    log_event(event, by, "invitations_withdrawn", count=count)
    return count


@act
def remove_invitation(attendance: Attendance, *, by: User | None) -> None:
    """Remove a person who was invited by mistake or has declined from the list.

    Raises ValidationError when the person is signed up or came.
    """
    if attendance.status not in {AttendanceStatus.INVITED, AttendanceStatus.CANCELLED}:
        raise ValidationError(_("Cancel the sign-up first."))
    log_attendance(attendance, by, "invitation_removed")
    delete(attendance)


@act
def invite_programmes(event: Event, *, by: User | None, programmes: Iterable[Programme], on: dt.date) -> Invited:
    """Invite other branches' programmes. Their branch then sees the event and can sign up its own people.

    Raises ValidationError for a programme of the event's own branch, and for a day in the future.
    """
    refuse_cancelled(event)
    _refuse_future(on)
    wanted = {programme.pk: programme for programme in programmes}
    if any(programme.branch_id == event.programme.branch_id for programme in wanted.values()):
        raise ValidationError(_("Your own branch holds the event. Invite its people by name."))
    known = set(event.programme_invitations.filter(programme__in=wanted).values_list("programme_id", flat=True))
    for pk, programme in wanted.items():
        if pk not in known:
            save(ProgrammeInvitation(event=event, programme=programme, invited_on=on))
            log_event(event, by, "programme_invited")
    return Invited(new=len(wanted) - len(known), already=len(known))


@act
def withdraw_programme_invitation(invitation: ProgrammeInvitation, *, by: User | None) -> None:
    """Withdraw the invitation of another branch's programme. People it has signed up stay on the list."""
    log_event(invitation.event, by, "programme_invitation_withdrawn")
    delete(invitation)
