"""Who is invited: people by filter, and other branches' programmes."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events.enums import AttendanceStatus
from events.models import Attendance, Event, GuestInvitation
from events.services.base import lock_event, log_event, log_person, refuse_cancelled, refuse_strangers
from people.models import Person
from programmes.models import Programme


class Invited(NamedTuple):
    """What an invitation came to, in numbers of people (or of programmes)."""

    new: int
    already: int
    rows: tuple[int, int] | None = None  # first and last key of the new rows, by which they can be taken back


@transaction.atomic
def invite_people(event: Event, *, by: User | None, people: Iterable[Person], on: dt.date) -> Invited:
    """Put people on the event's list as invited. Whoever is on the list already is left alone.

    Raises PermissionDenied for people whom ``by`` may not put on the list.
    """
    event = lock_event(event)
    refuse_cancelled(event)
    wanted = {person.pk: person for person in people}
    refuse_strangers(event, by, set(wanted))
    known = set(event.attendances.filter(person__in=wanted).values_list("person_id", flat=True))
    new = [
        Attendance(event=event, person=person, status=AttendanceStatus.INVITED, invited_on=on)
        for pk, person in wanted.items()
        if pk not in known
    ]
    Attendance.objects.bulk_create(new)
    if not new:
        return Invited(new=0, already=len(known))
    log_event(event, by, _("Invited to the event"), count=len(new))
    return Invited(new=len(new), already=len(known), rows=(new[0].pk, new[-1].pk))


@transaction.atomic
def take_back_invitations(event: Event, *, by: User | None, rows: tuple[int, int]) -> int:
    """Undo an ``invite_people`` by the keys it returned. Those who have answered since stay. Returns how many."""
    event = lock_event(event)
    first, last = rows
    unanswered = event.attendances.filter(pk__gte=first, pk__lte=last, status=AttendanceStatus.INVITED)
    count, _per_model = unanswered.delete()
    log_event(event, by, _("Invitations taken back"), count=count)
    return count


@transaction.atomic
def remove_invitation(attendance: Attendance, *, by: User | None) -> None:
    """Take somebody off the list who was invited by mistake or has declined.

    Raises ValidationError when the person is signed up or came.
    """
    if attendance.status not in {AttendanceStatus.INVITED, AttendanceStatus.CANCELLED}:
        raise ValidationError(_("Cancel the sign-up first."))
    log_person(attendance, by, _("taken off the list"))
    attendance.delete()


@transaction.atomic
def invite_programmes(event: Event, *, by: User | None, programmes: Iterable[Programme], on: dt.date) -> Invited:
    """Invite other branches' programmes: their branch then sees the event and signs up its own people.

    Raises ValidationError for a programme of the branch that holds the event.
    """
    refuse_cancelled(event)
    wanted = {programme.pk: programme for programme in programmes}
    if any(programme.branch_id == event.programme.branch_id for programme in wanted.values()):
        raise ValidationError(_("Your own branch holds the event. Invite its people by name."))
    known = set(event.guest_invitations.filter(programme__in=wanted).values_list("programme_id", flat=True))
    for pk, programme in wanted.items():
        if pk not in known:
            invitation = GuestInvitation(event=event, programme=programme, invited_on=on)
            invitation.full_clean()
            invitation.save()
            log_event(event, by, _("Another branch invited"))
    return Invited(new=len(wanted) - len(known), already=len(known))


@transaction.atomic
def take_back_programme(invitation: GuestInvitation, *, by: User | None) -> None:
    """Take back the invitation of another branch's programme. Those whom it has signed up stay on the list."""
    log_event(invitation.event, by, _("Invitation of another branch taken back"))
    invitation.delete()
