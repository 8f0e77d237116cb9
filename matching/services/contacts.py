"""Contacts outside the plan: record and remove them. ``corrections.correct_contact`` corrects one."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from common.journal import act, delete, save
from matching.enums import ContactResult, Side
from matching.models import Contact, FollowUp, Match
from matching.services.base import enrolment_of, log_write
from matching.services.refusals import MatchRefused, refuse_future
from people.models import Enrolment
from people.services.permissions import refuse_closed_people
from programmes.enums import ContactSide


@act
def add_contact(
    enrolment: Enrolment,
    *,
    by: User,
    on: dt.date,
    channel: str,
    result: str,
    match: Match | None = None,
    mood: str = "",
    support: str = "",
    note: str = "",
) -> Contact:
    """Record a contact with a person outside the plan, or a try. No planned follow-up is done by it.

    ``match`` is one of the person in the programme. Raises ValidationError for a day in the future, another person's
    match and answers without a talk, StateRefused after the person died, moved away or wanted no contact.
    """
    refuse_closed_people([enrolment.person_id], from_day=on)
    contact = Contact(
        enrolment=enrolment,
        match=match,
        on=on,
        channel=channel,
        result=result,
        mood=mood,
        support=support,
        note=note,
        recorded_by=by,
    )
    refuse_impossible_contact(contact)
    save(contact)
    _log(contact, by, "contact_recorded")
    return contact


def refuse_impossible_contact(contact: Contact) -> None:
    """Raise ValidationError for a day in the future, or another person's match."""
    refuse_future(contact.on, "on")
    match, enrolment = contact.match, contact.enrolment
    if match is None:
        return
    parties = {Side.MENTOR: match.mentor_id, Side.MENTEE: match.mentee_id}
    if (parties.get(enrolment.role), match.programme_id) != (enrolment.person_id, enrolment.programme_id):
        raise ValidationError({"match": _("The person is not in this match.")})


def add_contact_of(follow_up: FollowUp, *, by: User, on: dt.date, channel: str, result: str, **words: str) -> Contact:
    """Record a contact with the side of a follow-up, which stays as it is: a try, or a further talk.

    Of both sides it is the mentee, as for the parents. Raises MatchRefused if the person is no longer enrolled.
    """
    side = Side.MENTOR if follow_up.side == ContactSide.MENTOR else Side.MENTEE
    enrolment = enrolment_of(follow_up.match, side)
    if enrolment is None:
        raise MatchRefused(_("One of the two is no longer enrolled. Enrol the person first."), code="not_enrolled")
    return add_contact(enrolment, by=by, on=on, channel=channel, result=result, match=follow_up.match, **words)


@act
def record_try(follow_up: FollowUp, *, by: User, on: dt.date, channel: str, result: str, note: str = "") -> Contact:
    """Record that the person of a follow-up was not reached, or got a message. The follow-up stays due.

    Raises ValidationError for a talk, which ``record_follow_up`` records, and what ``add_contact`` raises.
    """
    if result == ContactResult.TALKED:
        raise ValidationError({"result": _("You have talked. Register the follow-up.")})
    return add_contact_of(follow_up, by=by, on=on, channel=channel, result=result, note=note)


@act
def remove_contact(contact: Contact, *, by: User) -> Enrolment:
    """Delete a contact recorded by mistake and return the enrolment of its person."""
    enrolment = contact.enrolment
    _log(contact, by, "contact_removed")
    delete(contact)
    return enrolment


def _log(contact: Contact, by: User, code: str) -> None:
    subject = contact.match or contact.enrolment.person
    log_write(subject, by=by, branch_id=contact.enrolment.programme.branch_id, code=code, result=contact.result)
