"""Screening: interviews and checks, which come before the waiting list."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import User
from common.journal import act, delete, save
from matching.enums import Channel, CheckOutcome, ContactResult
from matching.models import Interview, ScreeningCheck
from matching.services.base import apply_assessments, log_write
from matching.services.contacts import add_contact
from matching.services.refusals import MatchRefused, refuse_future
from people.models import Enrolment
from people.services.permissions import refuse_closed_people


@act
def plan_interview(
    enrolment: Enrolment,
    *,
    by: User,
    on: dt.date,
    time: dt.time | None = None,
    place: str = "",
    interviewer: User | None = None,
) -> Interview:
    """Plan an interview, or move the planned one: an enrolment has at most one planned interview.

    Raises StateRefused if the person has died, moved away or wants no contact.
    """
    refuse_closed_people([enrolment.person_id])
    interview = _planned(enrolment) or Interview(enrolment=enrolment)
    interview.planned_on, interview.planned_time, interview.place = on, time, place
    interview.interviewer = interviewer or by
    save(interview)
    log_write(enrolment.person, by=by, branch_id=enrolment.programme.branch_id, code="interview_planned")
    return interview


@act
def cancel_interview(interview: Interview, *, by: User) -> None:
    """Delete a planned interview. Raises MatchRefused if it was held."""
    if interview.held_on:
        raise MatchRefused(_("The interview was held. It stays in the case."))
    enrolment = interview.enrolment
    delete(interview)
    log_write(enrolment.person, by=by, branch_id=enrolment.programme.branch_id, code="interview_cancelled")


@act
def miss_interview(interview: Interview, *, by: User) -> None:
    """Record that the person did not come to a planned interview, as a try to reach them, and delete the appointment.

    Raises MatchRefused if the interview was held, ValidationError before its day.
    """
    words = {"channel": Channel.MEETING, "result": ContactResult.NOT_REACHED}
    note = _("Did not come to the interview.")
    add_contact(interview.enrolment, by=by, on=interview.planned_on, note=note, **words)
    cancel_interview(interview, by=by)


@act
def record_interview(
    enrolment: Enrolment,
    *,
    by: User,
    held_on: dt.date,
    interviewer: User | None,
    summary: str,
    motivation: str = "",
    wishes: str = "",
    assessment: str,
    assessment_note: str = "",
    next_step: str = "",
    interview: Interview | None = None,
) -> Interview:
    """Record a held interview and do to the enrolment what its assessment does: see ``matching.rules.assessments``.

    Raises MatchRefused for *not suited* if the person is in a match, ValidationError for a day in the future or after
    the person died, moved away or wanted no contact.
    """
    refuse_future(held_on, "held_on")
    refuse_closed_people([enrolment.person_id], from_day=held_on)
    interview = interview or _planned(enrolment) or Interview(enrolment=enrolment)
    interview.held_on, interview.interviewer = held_on, interviewer or by
    interview.summary, interview.motivation, interview.wishes = summary, motivation, wishes
    interview.assessment, interview.assessment_note = assessment, assessment_note
    interview.next_step = next_step
    save(interview)
    _apply_assessment(enrolment, interview)
    log_write(enrolment.person, by=by, branch_id=enrolment.programme.branch_id, code="interview_recorded")
    return interview


def _planned(enrolment: Enrolment) -> Interview | None:
    return enrolment.interviews.filter(held_on__isnull=True).order_by("planned_on").first()


def _apply_assessment(enrolment: Enrolment, interview: Interview) -> None:
    enrolment.refresh_from_db(from_queryset=Enrolment.objects.select_for_update())
    apply_assessments({enrolment.pk: interview}, {enrolment.pk: enrolment})


@act
def record_check(
    enrolment: Enrolment, *, by: User, kind: str, outcome: str, checked_on: dt.date | None = None, note: str = ""
) -> ScreeningCheck:
    """Record a screening check: a pending check of the kind gets its result, otherwise a row is added.

    Two references are two rows. Raises ValidationError for a day in the future.
    """
    if checked_on:
        refuse_future(checked_on, "checked_on")
    under_way = enrolment.checks.select_for_update().filter(kind=kind, outcome=CheckOutcome.PENDING).first()
    check = under_way or ScreeningCheck(enrolment=enrolment, kind=kind)
    check.outcome, check.checked_on, check.note, check.assessor = outcome, checked_on, note, by
    save(check)
    log_write(enrolment.person, by=by, branch_id=enrolment.programme.branch_id, code="check_recorded", kind=check.kind)
    return check
