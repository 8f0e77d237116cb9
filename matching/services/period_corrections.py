"""Services that correct the days of a pause, of an end and of a reopening of a match. Each asks for a reason."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from common.journal import act, current_journal, delete, save, update
from matching.enums import MatchStatus, Side
from matching.models import Match, MatchEnding, MatchPause
from matching.rules.days import not_before
from matching.services.base import enrolment_of, lock_match, log_write
from matching.services.corrections import correct_match_days
from matching.services.pauses import moved_days_of
from matching.services.records import create_follow_ups, drop_after_end
from matching.services.refusals import DayRefused, refuse_before, refuse_future
from people.periods import keep_periods, move_edges
from people.services.enrolments import refuse_end_before
from programmes.enums import FollowUpKind

Span = tuple[dt.date, dt.date | None]  # from, to


@act(reason="reason")
def correct_pause(
    pause: MatchPause,
    *,
    by: User,
    reason: str,
    began_on: dt.date,
    ended_on: dt.date | None = None,
    expected_on: dt.date | None = None,
) -> MatchPause:
    """Correct the days of a pause. The steps and the plan of follow-ups move along.

    Raises DayRefused for a day before the first meeting, ValidationError for days in the future or out of order, or if
    an open pause gets an end or one that is over loses it.
    """
    match = pause.match
    lock_match(match)
    pause.refresh_from_db()
    pause.match = match
    _refuse_pause_days(pause, began_on, ended_on)
    refuse_end_before(began_on, expected_on, "expected_on")
    _refuse_overlap(pause, (began_on, ended_on), "began_on")
    _store_pause(pause, began_on, ended_on, expected_on)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="pause_corrected")
    return pause


def _store_pause(pause: MatchPause, began_on: dt.date, ended_on: dt.date | None, expected_on: dt.date | None) -> None:
    """Store the days of a pause, with its steps, its copies and the plan."""
    match, old = pause.match, (pause.began_on, pause.ended_on)
    _move_step(match, MatchStatus.PAUSED, old[0], began_on)
    if ended_on:
        _move_step(match, MatchStatus.ACTIVE, old[1], ended_on)
    is_moved = ended_on is not None and pause.moved_days == _days(old)
    pause.began_on, pause.ended_on, pause.expected_on = began_on, ended_on, expected_on
    save(pause, exclude=["match"])
    if ended_on is None:
        match.paused_on, match.paused_until = began_on, expected_on
        save(match)
    elif is_moved:
        _move_plan_again(pause, old)
    else:
        _plan_around(match, old, (began_on, ended_on))


def _refuse_pause_days(pause: MatchPause, began_on: dt.date, ended_on: dt.date | None) -> None:
    if (ended_on is None) != (pause.ended_on is None):
        raise ValidationError({"ended_on": _("Set the match on pause or resume it instead.")})
    refuse_future(began_on, "began_on")
    refuse_before(pause.match, began_on, "began_on")
    if ended_on is None:
        return
    refuse_future(ended_on, "ended_on")
    if ended_on < began_on:
        raise ValidationError({"ended_on": _("The pause ends before it begins.")}, code="order")
    is_over_with_end = pause.match.endings.filter(on=pause.ended_on).exists()
    if ended_on != pause.ended_on and is_over_with_end:
        raise ValidationError({"ended_on": _("The pause was over with the match. Correct the end of the match.")})


@act(reason="reason")
def correct_ending(
    ending: MatchEnding,
    *,
    by: User,
    reason: str,
    on: dt.date,
    mentee_talk_on: dt.date | None = None,
    mentor_talk_on: dt.date | None = None,
    reopened_on: dt.date | None = None,
) -> MatchEnding:
    """Correct the days of an end: that of the end, of the closing talks, and of the reopening.

    What the two did between the end and the reopening, the steps and the plan move along. Raises DayRefused for a day
    before the first meeting, ValidationError for days in the future or out of order, or if an end that counts gets a
    day of reopening or one that was reopened loses it.
    """
    match = ending.match
    lock_match(match)
    ending.refresh_from_db()
    ending.match = match
    if (reopened_on is None) != (ending.reopened_on is None):
        raise ValidationError({"reopened_on": _("End or reopen the match instead.")})
    if reopened_on is None and on != ending.on:
        correct_match_days(match, by=by, reason=reason, ended_on=on)
        ending.refresh_from_db()
        ending.match = match
    elif reopened_on and (on, reopened_on) != (ending.on, ending.reopened_on):
        _move_reopened(ending, (on, reopened_on))
    _correct_talks(ending, mentee_talk_on=mentee_talk_on, mentor_talk_on=mentor_talk_on)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="ending_corrected")
    return ending


def _move_reopened(ending: MatchEnding, new: tuple[dt.date, dt.date]) -> None:
    """Move an end that was reopened, with what began with it and was over with the reopening."""
    match, old, (on, reopened_on) = ending.match, (ending.on, ending.reopened_on), new
    for name, day in (("on", on), ("reopened_on", reopened_on)):
        refuse_future(day, name)
        refuse_before(match, day, name)
    if reopened_on < on:
        raise ValidationError({"reopened_on": _("The match is reopened before it ends.")}, code="order")
    _refuse_overlap(ending, new, "on")
    meeting = match.meetings.filter(held_on__gt=on, held_on__lt=reopened_on).first()
    if meeting:
        raise DayRefused({"on": not_before("held_on", meeting.held_on)}, meeting, "held_on")
    _move_step(match, MatchStatus.ENDED, old[0], on)
    _move_step(match, MatchStatus.ACTIVE, old[1], reopened_on)
    update(match.pauses.filter(ended_on=old[0]), ended_on=on)
    ending.on, ending.reopened_on = new
    save(ending, exclude=["match"])
    for enrolment in filter(None, [enrolment_of(match, side) for side in Side.values]):
        move_edges(enrolment, began=(old[0], on), ended=(old[1], reopened_on))
        save(enrolment)
        keep_periods([enrolment])
    _plan_around(match, old, new)


def _correct_talks(ending: MatchEnding, **days: dt.date | None) -> None:
    old = ending.last_talk_on
    for name, day in days.items():
        if day:
            refuse_future(day, name)
            refuse_before(ending.match, day, name)
        setattr(ending, name, day)
    save(ending, exclude=["match"])
    last = ending.last_talk_on
    if ending.reopened_on is None and ending.match.closing_talk_on != last:
        ending.match.closing_talk_on = last
        save(ending.match)
    if old and last and old != last:
        update(ending.match.follow_ups.filter(kind=FollowUpKind.CLOSING, done_on=old), done_on=last)


# ---------------------------------------------------------------- order


def _refuse_overlap(record: MatchPause | MatchEnding, span: Span, field: str) -> None:
    """Raise ValidationError if a pause or an end of the match lies in the new span of a record.

    A pause that was over with a moved end ends with it.
    """
    match, began, ended = record.match, span[0], span[1] or dt.date.max
    pauses = [row for row in match.pauses.all() if row != record]
    spans = [
        (row.began_on, span[0] if isinstance(record, MatchEnding) and row.ended_on == record.on else row.ended_on)
        for row in pauses
    ]
    spans += [(row.on, row.reopened_on) for row in match.endings.all() if row != record]
    for first, last in spans:
        if (first < ended and began < (last or dt.date.max)) or (last and last < first):
            raise ValidationError({field: _("Another pause or end of the match is registered then.")}, code="order")


# ---------------------------------------------------------------- what moves along


def _move_step(match: Match, status: str, old: dt.date, new: dt.date) -> None:
    """Move the last step of a status on a day; an earlier one on that day is the first meeting or another act."""
    last = match.steps.filter(status=status, on=old).order_by("-pk").first()
    if last and old != new:
        update(match.steps.filter(pk=last.pk), on=new)


def _days(span: Span) -> int:
    return (span[1] - span[0]).days if span[1] else 0


def _move_plan_again(pause: MatchPause, old: Span) -> None:
    """Move the rest of the plan by the corrected pause instead of the old one."""
    match, days, moved = pause.match, _days((pause.began_on, pause.ended_on)), {}
    for row in match.follow_ups.filter(done_on__isnull=True, due_on__gte=min(old[0], pause.began_on)):
        planned = row.due_on - dt.timedelta(days=pause.moved_days) if row.due_on >= old[1] else row.due_on
        moved[row] = planned + dt.timedelta(days=days) if planned >= pause.began_on else planned
    taken = set(match.follow_ups.filter(done_on__isnull=False).values_list("step", "side", "due_on"))
    later = sorted((row for row in moved if moved[row] > row.due_on), key=lambda row: row.due_on, reverse=True)
    sooner = sorted((row for row in moved if moved[row] < row.due_on), key=lambda row: row.due_on)
    for row in [*later, *sooner]:  # no two are due on one day meanwhile
        if (row.step_id, row.side, moved[row]) not in taken:
            current_journal().change(row, moved_days_of(row, moved[row]))
    current_journal().change(pause, {"moved_days": days})
    drop_after_end(match)


def _plan_around(match: Match, old: Span, new: Span) -> None:
    """Bring back the follow-ups of the old span, in which the plan rested, and delete those of the new one."""
    create_follow_ups(match, after=old[0], before=old[1])
    ahead = match.follow_ups.filter(done_on__isnull=True, note="", skipped_reason="")
    ahead = ahead.exclude(kind=FollowUpKind.OUTCOMES)
    delete(ahead.filter(due_on__gte=new[0], due_on__lt=new[1]))
    drop_after_end(match)
