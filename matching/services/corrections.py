"""Services that correct what is registered about a match. Each asks for a reason, which the history shows.

The values before the correction stay in the journal.
"""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from common.journal import act, save, update
from matching.enums import InterviewAssessment, MatchStatus, Side
from matching.models import Contact, FollowUp, Interview, Match, Meeting, Outcome, ScreeningCheck
from matching.rules.days import MATCH_DAYS, not_after, not_before, order_problem
from matching.services.base import enrolment_of, lock_match, log_write
from matching.services.contacts import refuse_impossible_contact
from matching.services.outcome_questions import plan_question
from matching.services.records import create_follow_ups, drop_after_end
from matching.services.refusals import DayRefused, refuse_after_end, refuse_before, refuse_future
from people.enums import LEFT_STATUSES, EnrolmentStatus
from people.models import Enrolment
from people.periods import keep_periods, move_wait

# Which step of a match has which day.
_STEP_DAYS = {
    "proposed_on": MatchStatus.PROPOSED,
    "introduced_on": MatchStatus.INTRODUCED,
    "started_on": MatchStatus.ACTIVE,
    "ended_on": MatchStatus.ENDED,
}
_MAY_BE_BLANK = {"agreement_signed_on"}


@act(reason="reason")
def correct_match_days(match: Match, *, by: User, reason: str, **days: dt.date | None) -> Match:
    """Correct days of a match, named as in ``MATCH_DAYS``; only the agreement's day can be removed.

    A corrected first meeting moves the meeting that was recorded with it, the plan's follow-ups, and the day for which
    it was arranged if that would be later. A corrected end moves what the two did then: a wait, a pause or the end of a
    role from that day, and the plan goes on until it.
    Raises DayRefused for days out of order, also with what is registered about the match, ValidationError for a day in
    the future, or for a day that is not registered.
    """
    lock_match(match)
    before = {name: getattr(match, name) for name in MATCH_DAYS}
    changed = {name: day for name, day in days.items() if before[name] != day}
    if not changed:
        return match
    _refuse_impossible_days(match, changed)
    start = changed.get("started_on")
    if start and "introduced_on" not in changed and match.introduced_on and match.introduced_on > start:
        changed["introduced_on"] = start
    problem = order_problem(match, changed)
    if problem:
        raise DayRefused({problem.name: problem.sentence}, match, problem.other)
    if start:
        _refuse_lost_records(match, start)
    if "ended_on" in changed:
        _refuse_later_records(match, changed["ended_on"])
    for name, day in changed.items():
        setattr(match, name, day)
    save(match)
    _move_what_follows(match, before)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="days_corrected")
    return match


def _move_what_follows(match: Match, before: dict[str, dt.date | None]) -> None:
    """Move what follows from the corrected days of a match."""
    _move_steps(match, before)
    if match.status == MatchStatus.INTRODUCED:
        update(match.planned_meetings.to_do(), on=match.introduced_on)
    if match.started_on != before["started_on"]:
        _move_first_meeting(match, before["started_on"])
        _move_plan(match, match.started_on - before["started_on"])
    if match.ended_on != before["ended_on"]:
        _move_end(match, before["ended_on"])


def _refuse_impossible_days(match: Match, changed: dict[str, dt.date | None]) -> None:
    for name, day in changed.items():
        if day is None and name not in _MAY_BE_BLANK:
            raise ValidationError({name: _("Write the day on which it happened.")})
        if name == "ended_on" and match.ended_on is None:
            raise ValidationError({name: _("The match has not ended. End it first.")})
        if name == "started_on" and match.started_on is None:
            raise ValidationError({name: _("The match has not begun. Register the first meeting first.")})
        if getattr(match, name) is None and (match.started_on is None or name == "agreement_signed_on"):
            raise ValidationError({name: _("It is not registered yet. Register it first.")})
        if day and (name != "introduced_on" or match.started_on):
            refuse_future(day, name)


def _refuse_lost_records(match: Match, start: dt.date) -> None:
    """Raise DayRefused if something of the match was registered on a day before a corrected first meeting."""
    first: list[tuple[dt.date, Model, str]] = []
    meetings = match.meetings.exclude(held_on=match.started_on)
    done = match.follow_ups.filter(done_on__isnull=False)
    reached = match.goals.filter(reached_on__isnull=False)
    for rows, name in ((meetings, "held_on"), (done, "done_on"), (reached, "reached_on"), (match.outcomes, "on")):
        record = rows.order_by(name).first()
        if record is not None and getattr(record, name) < start:
            first.append((getattr(record, name), record, name))
    if first:
        day, record, name = min(first, key=lambda found: found[0])
        raise DayRefused({"started_on": not_after(name, day)}, record, name)
    pause = match.steps.filter(status=MatchStatus.PAUSED, on__lt=start).first()
    if pause:
        raise ValidationError({"started_on": not_after("paused_on", pause.on)})


def _refuse_later_records(match: Match, ended_on: dt.date) -> None:
    """Raise DayRefused if a meeting was held after a corrected end, ValidationError if a pause lasted longer."""
    meeting = match.meetings.order_by("-held_on", "-pk").first()
    if meeting and meeting.held_on > ended_on:
        raise DayRefused({"ended_on": not_before("held_on", meeting.held_on)}, meeting, "held_on")
    began = match.pauses.filter(began_on__gt=ended_on).last()
    over = match.pauses.filter(ended_on__gt=ended_on).exclude(ended_on=match.ended_on).last()
    if over:
        raise ValidationError({"ended_on": not_before("resumed_on", over.ended_on)})
    if began:
        raise ValidationError({"ended_on": not_before("paused_on", began.began_on)})


def _move_end(match: Match, old: dt.date) -> None:
    """Move the record of the end, what the two did from that day, a pause that was over with it, and the plan."""
    update(match.endings.filter(on=old, reopened_on=None), on=match.ended_on)
    update(match.pauses.filter(ended_on=old), ended_on=match.ended_on)
    for side in Side.values:
        enrolment = enrolment_of(match, side)
        if enrolment is not None:
            _move_next(Enrolment.objects.select_for_update().get(pk=enrolment.pk), old, match.ended_on)
    create_follow_ups(match, after=old + dt.timedelta(days=1))
    drop_after_end(match)
    plan_question(match)


def _move_next(enrolment: Enrolment, old: dt.date, new: dt.date) -> None:
    """Let a wait, a pause or the end of a role that began with the end of the match begin on another day.

    A wait may be over meanwhile. Raises ValidationError for a day after it.
    """
    if enrolment.waiting_since == old:
        move_wait(enrolment, new)
    elif enrolment.status in LEFT_STATUSES and enrolment.ended_on == old:
        enrolment.ended_on = new
    elif enrolment.status == EnrolmentStatus.PAUSED and enrolment.paused_on == old:
        enrolment.paused_on = new
        enrolment.paused_until = enrolment.paused_until and enrolment.paused_until + (new - old)
    else:
        return
    save(enrolment)
    keep_periods([enrolment])


def _move_steps(match: Match, before: dict[str, dt.date | None]) -> None:
    for name, status in _STEP_DAYS.items():
        old, new = before[name], getattr(match, name)
        if old and new and old != new:
            first = match.steps.filter(status=status, on=old).order_by("pk").values("pk")[:1]
            update(match.steps.filter(pk__in=list(first.values_list("pk", flat=True))), on=new)


def _move_first_meeting(match: Match, old: dt.date) -> None:
    """Move the meeting that was recorded as the first one."""
    meeting = match.meetings.filter(held_on=old).order_by("pk").first()
    if meeting:
        meeting.held_on = match.started_on
        save(meeting, exclude=["match", "recorded_by"])


def _move_plan(match: Match, shift: dt.timedelta) -> None:
    """Move the follow-ups of the plan, which counts from the first meeting; delete those due after the match's end."""
    planned = match.follow_ups.filter(step__isnull=False)
    for follow_up in planned.order_by("due_on" if shift.days < 0 else "-due_on"):  # no two are due on one day meanwhile
        follow_up.due_on += shift
        follow_up.first_due_on = follow_up.first_due_on and follow_up.first_due_on + shift
        save(follow_up, exclude=["match", "done_by", "step"])
    drop_after_end(match)


@act(reason="reason")
def correct_meeting(
    meeting: Meeting, *, by: User, reason: str, held_on: dt.date, hours: Decimal, note: str = ""
) -> Meeting:
    """Correct a meeting: its day, hours and note. Raises DayRefused for a day outside the match."""
    match = _lock_with_match(meeting)
    refuse_future(held_on, "held_on")
    refuse_before(match, held_on, "held_on")
    refuse_after_end(match, held_on, "held_on")
    meeting.held_on, meeting.hours, meeting.note = held_on, hours, note
    save(meeting)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="meeting_corrected")
    return meeting


@act(reason="reason")
def correct_follow_up(
    follow_up: FollowUp,
    *,
    by: User,
    reason: str,
    on: dt.date,
    channel: str,
    mood: str,
    note: str = "",
    support: str = "",
) -> FollowUp:
    """Correct a recorded follow-up: its day and answers. Who did it stays.

    Raises DayRefused for a day before the first meeting, ValidationError if it is not done.
    """
    match = _lock_with_match(follow_up)
    if follow_up.done_on is None:
        raise ValidationError(_("The follow-up is not done. Register it first."))
    refuse_future(on, "on")
    refuse_before(match, on)
    follow_up.done_on, follow_up.channel, follow_up.mood = on, channel, mood
    follow_up.note, follow_up.support = note, support
    save(follow_up)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="follow_up_corrected")
    return follow_up


@act(reason="reason")
def correct_contact(
    contact: Contact,
    *,
    by: User,
    reason: str,
    on: dt.date,
    channel: str,
    result: str,
    mood: str = "",
    support: str = "",
    note: str = "",
) -> Contact:
    """Correct a contact outside the plan: its day, what happened and the words. Person and match stay.

    Raises ValidationError as ``add_contact`` does.
    """
    contact.refresh_from_db(from_queryset=Contact.objects.select_for_update())
    contact.on, contact.channel, contact.result = on, channel, result
    contact.mood, contact.support, contact.note = mood, support, note
    refuse_impossible_contact(contact)
    save(contact)
    subject = contact.match or contact.enrolment.person
    branch_id = contact.enrolment.programme.branch_id
    log_write(subject, by=by, branch_id=branch_id, code="contact_corrected", result=contact.result)
    return contact


@act(reason="reason")
def correct_outcome(
    outcome: Outcome, *, by: User, reason: str, kind: str, on: dt.date, note: str = "", told_by: str = ""
) -> Outcome:
    """Correct an outcome: its kind, day, words and who reported it. Raises DayRefused as ``record_outcome`` does."""
    match = _lock_with_match(outcome)
    refuse_future(on, "on")
    refuse_before(match, on)
    outcome.kind, outcome.on, outcome.note, outcome.told_by = kind, on, note, told_by
    save(outcome)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="outcome_corrected", kind=outcome.kind)
    return outcome


@act(reason="reason")
def correct_interview(interview: Interview, *, by: User, reason: str, held_on: dt.date) -> Interview:
    """Correct the day on which an interview was held. A wait that began with it moves with it.

    Raises ValidationError for a day in the future, or if the interview was not held.
    """
    enrolment = interview.enrolment
    enrolment.refresh_from_db(from_queryset=Enrolment.objects.select_for_update())
    interview.refresh_from_db(from_queryset=Interview.objects.select_for_update())
    if interview.held_on is None:
        raise ValidationError(_("The interview was not held. Register it first."))
    refuse_future(held_on, "held_on")
    old, interview.held_on = interview.held_on, held_on
    save(interview)
    if enrolment.waiting_since == old and interview.assessment == InterviewAssessment.SUITABLE:
        move_wait(enrolment, held_on)
        save(enrolment)
        keep_periods([enrolment])
    log_write(enrolment.person, by=by, branch_id=enrolment.programme.branch_id, code="interview_corrected")
    return interview


@act(reason="reason")
def correct_check(
    check: ScreeningCheck, *, by: User, reason: str, outcome: str, checked_on: dt.date | None, note: str = ""
) -> ScreeningCheck:
    """Correct a screening check: its result, day and note. Raises ValidationError for a day in the future."""
    enrolment = check.enrolment
    check.refresh_from_db(from_queryset=ScreeningCheck.objects.select_for_update())
    if checked_on:
        refuse_future(checked_on, "checked_on")
    check.outcome, check.checked_on, check.note = outcome, checked_on, note
    save(check)
    log_write(enrolment.person, by=by, branch_id=enrolment.programme.branch_id, code="check_corrected")
    return check


def _lock_with_match(record: Meeting | FollowUp | Outcome) -> Match:
    """Lock the match of a record, then the record, and reload both."""
    lock_match(record.match)
    match = record.match
    record.refresh_from_db(from_queryset=type(record).objects.select_for_update())
    record.match = match
    return match
