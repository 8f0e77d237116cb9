"""Services that end a match, reopen it, or withdraw it as a mistake."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.journal import act, delete, save, update
from matching.enums import OPEN_STATUSES, RUNNING_STATUSES, MatchStatus, NextStep, Side
from matching.models import Match, MatchEnding
from matching.rules.days import not_before
from matching.services.base import add_step, enrolment_of, lock_match, save_match
from matching.services.matches import free_place, refuse_pair
from matching.services.outcome_questions import drop_question, plan_question
from matching.services.pauses import close_pause
from matching.services.planned_meetings import drop_plan
from matching.services.records import create_follow_ups, record_outcome
from matching.services.refusals import (
    DayRefused,
    MatchRefused,
    refuse_before,
    refuse_before_last_period,
    refuse_future,
    refuse_order,
    refuse_state,
)
from people.enums import LEFT_STATUSES, EnrolmentStatus
from people.models import Enrolment
from people.periods import join_waits, keep_periods
from people.statuses import has_open_match, set_status, settle_locked
from programmes.enums import FollowUpKind

UNDECIDED_DAYS = 14  # until the person is asked again


class ClosingTalk(NamedTuple):
    """A closing talk with one side: its day and what was said. Without a day it was not held; the note says why."""

    on: dt.date | None = None
    note: str = ""


class NewOutcome(NamedTuple):
    """An outcome to record when the match ends."""

    kind: str
    note: str = ""
    told_by: str = ""


@act
def end_match(
    match: Match,
    *,
    by: User,
    on: dt.date,
    reason: str,
    note: str = "",
    mentee_talk: ClosingTalk = ClosingTalk(),  # noqa: B008 -- it never changes
    mentor_talk: ClosingTalk = ClosingTalk(),  # noqa: B008
    outcomes: Iterable[NewOutcome] = (),
    mentor_next: str,
    mentee_next: str,
) -> Match:
    """End a running match (EEPM 6) with a reason, the closing talks with both sides, and its outcomes.

    A pause is over with the match. Follow-ups due after ``on`` are deleted, the planned closing talk is done on the day
    of the last talk, and the question about outcomes is planned. ``mentor_next`` and ``mentee_next`` are what the two
    do next (``NextStep``): wait from the day ``on``, end their role, or not known yet, which puts the role on pause
    until the person is asked again. Empty for none of these: a person who was ready waits from the earlier day.

    Raises MatchRefused unless the match runs, ValidationError for days out of order.
    """
    lock_match(match)
    refuse_state(match, RUNNING_STATUSES)
    refuse_future(on, "on")
    _refuse_dates_out_of_order(match, on)
    refuse_before_last_period(match, on)
    _refuse_talks(match, mentee_talk=mentee_talk, mentor_talk=mentor_talk)
    close_pause(match, on=on)
    ending = MatchEnding(match=match, on=on, reason=reason, note=note)
    ending.mentee_talk_on, ending.mentee_talk_note = mentee_talk
    ending.mentor_talk_on, ending.mentor_talk_note = mentor_talk
    _store_ending(match, ending)
    _release(match, Side.MENTOR, mentor_next, on)
    _release(match, Side.MENTEE, mentee_next, on)
    add_step(match, by=by, on=on, note=match.get_end_reason_display())
    _close_plan(match, by=by, on=on)
    drop_plan(match, reason=str(match.get_status_display()))
    plan_question(match)
    for outcome in outcomes:
        record_outcome(match, by=by, kind=outcome.kind, on=on, note=outcome.note, told_by=outcome.told_by)
    return match


def _store_ending(match: Match, ending: MatchEnding) -> None:
    match.status, match.ended_on, match.mentor_place = MatchStatus.ENDED, ending.on, None
    match.end_reason, match.end_note, match.closing_talk_on = ending.reason, ending.note, ending.last_talk_on
    save(match)
    save(ending, exclude=["match"])


def _refuse_dates_out_of_order(match: Match, on: dt.date) -> None:
    refuse_order(match, "ended_on", on)
    meeting = match.meetings.order_by("-held_on", "-pk").first()
    if meeting and meeting.held_on > on:
        raise DayRefused({"on": not_before("held_on", meeting.held_on)}, meeting, "held_on")


def _refuse_talks(match: Match, **talks: ClosingTalk) -> None:
    for name, talk in talks.items():
        if talk.on:
            refuse_future(talk.on, f"{name}_on")
            refuse_before(match, talk.on, f"{name}_on")


def _close_plan(match: Match, *, by: User, on: dt.date) -> None:
    ahead = match.follow_ups.filter(done_on__isnull=True)
    if match.closing_talk_on:
        update(ahead.filter(kind=FollowUpKind.CLOSING), done_on=match.closing_talk_on, done_by=by, skipped_reason="")
    delete(ahead.filter(due_on__gt=on))


def _release(match: Match, side: str, next_step: str, on: dt.date) -> None:
    """Let the person wait from the day, end the role, or rest until the person knows.

    A person with another open match in the programme, or on pause, stays so unless the role ends.
    """
    enrolment = enrolment_of(match, side)
    if not next_step or enrolment is None or enrolment.status in LEFT_STATUSES or has_open_match(enrolment):
        return
    if next_step == NextStep.ENDED:
        set_status(enrolment, EnrolmentStatus.ENDED, on=on, reason=match.get_end_reason_display())
    elif enrolment.status == EnrolmentStatus.PAUSED:
        return
    elif next_step == NextStep.WAITING:
        set_status(enrolment, EnrolmentStatus.WAITING, on=on)
    else:
        ask_on = on + dt.timedelta(days=UNDECIDED_DAYS)
        set_status(enrolment, EnrolmentStatus.PAUSED, on=on, reason=_("Not decided after the match"), until=ask_on)
    settle_locked([enrolment])
    save(enrolment)
    keep_periods([enrolment], days={enrolment.pk: on})


@act
def reopen_match(match: Match, *, by: User, on: dt.date, note: str = "", over_capacity_reason: str = "") -> Match:
    """Make an ended match active again with the rest of its follow-ups. The rules of a new match apply.

    The end stays as a record with its words, the day ``on`` and the ``note`` why the match goes on.
    """
    lock_match(match)
    refuse_state(match, [MatchStatus.ENDED])
    refuse_future(on, "on")
    refuse_before_last_period(match, on)
    mentor, mentee = enrolment_of(match, Side.MENTOR), enrolment_of(match, Side.MENTEE)
    for enrolment in filter(None, [mentor, mentee]):
        _take_back(enrolment, match, on)
    if mentor is None or mentee is None:
        raise MatchRefused(_("One of the two is no longer enrolled. Enrol the person first."), code="not_enrolled")
    refuse_pair(mentor, mentee, on)
    match.mentor_place = free_place(mentor, over_capacity_reason or match.over_capacity_reason)
    match.over_capacity_reason = over_capacity_reason or match.over_capacity_reason
    for ending in match.endings.filter(reopened_on=None):
        ending.reopened_on, ending.reopened_reason = on, note
        save(ending, exclude=["match"])
    match.status, match.ended_on, match.closing_talk_on = MatchStatus.ACTIVE, None, None
    match.end_reason = match.end_note = ""
    save_match(match, by=by, on=on, note=note)
    drop_question(match)
    create_follow_ups(match, after=on)
    return match


def _take_back(enrolment: Enrolment, match: Match, on: dt.date) -> None:
    """Let a person take part again whose role ended or rests since the match ended; the earlier wait counts again."""
    closed_on = {EnrolmentStatus.ENDED: enrolment.ended_on, EnrolmentStatus.PAUSED: enrolment.paused_on}
    if closed_on.get(EnrolmentStatus(enrolment.status)) == match.ended_on:
        since = enrolment.waiting_since
        set_status(enrolment, EnrolmentStatus.WAITING, on=on)
        enrolment.waiting_since = since or on
    join_waits(enrolment, match.ended_on)
    save(enrolment)


@act
def withdraw_match(match: Match, *, by: User, note: str = "", on: dt.date | None = None) -> Match:
    """Withdraw a match made by mistake: it never counts, and both keep their earlier ``waiting_since``.

    Follow-ups that are still due are deleted; what was recorded stays readable.
    """
    lock_match(match)
    refuse_state(match, OPEN_STATUSES)
    close_pause(match, on=on or clock.today())
    match.status, match.mentor_place = MatchStatus.WITHDRAWN, None
    save_match(match, by=by, on=on or clock.today(), note=note)
    delete(match.follow_ups.filter(done_on__isnull=True))
    drop_plan(match, reason=str(match.get_status_display()))
    return match
