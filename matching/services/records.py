"""Records of a match: follow-ups, meetings, goals and outcomes."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from common.journal import act, current_journal, delete, save
from matching.enums import RUNNING_STATUSES, ContactResult, GoalStatus, MatchStatus
from matching.models import Contact, FollowUp, Goal, Match, MatchPause, Meeting, Outcome
from matching.rules.pauses import planned_day
from matching.services.base import lock_match, log_write
from matching.services.contacts import add_contact_of
from matching.services.planned_meetings import close_held, reopen_plan
from matching.services.refusals import MatchRefused, SameDayRefused, refuse_after_end, refuse_before, refuse_future
from programmes.enums import FollowUpKind
from programmes.models import FollowUpStep, Programme

# --- follow-ups --------------------------------------------------------------------------------------


@act
def create_follow_ups(match: Match, *, after: dt.date | None = None, before: dt.date | None = None) -> list[FollowUp]:
    """Create the follow-ups of the programme's plan, counted from the first meeting; a step with both is one row.

    Existing rows are kept. With ``after``, steps due before that day are left out (a reopened match), with ``before``
    those due on that day or later.
    """
    known = {(row.step_id, row.side, row.planned_on) for row in match.follow_ups.all()}
    planned = planned_follow_ups(match, follow_up_plan(match.programme), after=after, pauses=match.pauses.all())
    rows = [row for row in planned if (row.step_id, row.side, row.due_on) not in known]
    rows = [row for row in rows if before is None or row.due_on < before]
    return current_journal().create(FollowUp, rows)


def drop_after_end(match: Match) -> None:
    """Delete the follow-ups of the plan that are due after the end of a match and were not done."""
    if match.ended_on:
        plan = match.follow_ups.exclude(kind=FollowUpKind.OUTCOMES)
        delete(plan.filter(done_on__isnull=True, due_on__gt=match.ended_on))


def follow_up_plan(programme: Programme) -> list[tuple[FollowUpStep, int]]:
    """Return the steps of the programme's plan, each with the days from the first meeting until it is due."""
    return [(step, offset) for step in programme.follow_up_steps.all() for offset in step.offsets()]


def planned_follow_ups(
    match: Match,
    plan: Iterable[tuple[FollowUpStep, int]],
    *,
    after: dt.date | None = None,
    pauses: Iterable[MatchPause] = (),
) -> Iterator[FollowUp]:
    """Yield unsaved follow-ups of a match that has started, without those due before ``after``.

    The plan moves by the ``pauses`` after which it moved.
    """
    for step, offset in plan:
        due_on = planned_day(pauses, match.started_on + dt.timedelta(days=offset))
        if after is None or due_on >= after:
            yield FollowUp(match=match, step=step, name=step.name, kind=step.kind, side=step.side, due_on=due_on)


@act
def record_follow_up(
    follow_up: FollowUp, *, by: User, on: dt.date, channel: str, mood: str, note: str = "", support: str = ""
) -> FollowUp | Contact:
    """Record a planned talk: how they talked, how it goes, whether the mentee feels supported (CFBU criterion 3).

    Recording the same answers twice changes nothing. Other answers to a follow-up that is done already are kept as a
    contact outside the plan, which is returned. Raises ValidationError for a day in the future or before the first
    meeting, and for a follow-up that was skipped.
    """
    follow_up.refresh_from_db(from_queryset=FollowUp.objects.select_for_update())
    answers = {"done_on": on, "channel": channel, "mood": mood, "note": note, "support": support, "done_by": by}
    refuse_future(on, "on")
    refuse_before(follow_up.match, on)
    if all(getattr(follow_up, field) == value for field, value in answers.items()):
        return follow_up
    if follow_up.done_on:
        return _further_contact(follow_up, answers)
    for field, value in answers.items():
        setattr(follow_up, field, value)
    save(follow_up)
    log_write(follow_up.match, by=by, branch_id=follow_up.match.programme.branch_id, code="follow_up_recorded")
    return follow_up


def _further_contact(follow_up: FollowUp, answers: dict) -> Contact:
    """Return the contact with these answers, or else record one."""
    facts = {"on": answers["done_on"], "result": ContactResult.TALKED}
    facts |= {name: answers[name] for name in ("channel", "mood", "note", "support")}
    known = Contact.objects.filter(match=follow_up.match, recorded_by=answers["done_by"], **facts).first()
    return known or add_contact_of(follow_up, by=answers["done_by"], **facts)


@act
def undo_follow_up(follow_up: FollowUp, *, by: User) -> FollowUp:
    """Make a recorded follow-up due again. What was written stays as the draft of its note."""
    follow_up.refresh_from_db(from_queryset=FollowUp.objects.select_for_update())
    follow_up.done_on = follow_up.done_by = None
    follow_up.channel = follow_up.mood = follow_up.support = ""
    save(follow_up)
    log_write(follow_up.match, by=by, branch_id=follow_up.match.programme.branch_id, code="follow_up_undone")
    return follow_up


# --- meetings ----------------------------------------------------------------------------------------


@act
def record_meeting(
    match: Match, *, by: User, held_on: dt.date, hours: Decimal, note: str = "", others: Collection[int] = ()
) -> Meeting:
    """Record a meeting of mentor and mentee (CFBU criterion 2), also after the match has ended.

    It closes the meeting that was planned for that day or an earlier one. ``others`` are the ids of the meetings of
    that day which the user knows to be others. The lock of the match lets two users not record at the same time.
    Raises SameDayRefused for a further meeting on that day, which may be the same one.

    Raises MatchRefused if the match never started, ValidationError for a day outside the match.
    """
    lock_match(match)
    if match.status not in [*RUNNING_STATUSES, MatchStatus.ENDED]:
        raise MatchRefused(_("The match has not begun. Register the first meeting first."), conflict=match)
    refuse_future(held_on, "held_on")
    refuse_before(match, held_on, "held_on")
    refuse_after_end(match, held_on, "held_on")
    other = match.meetings.filter(held_on=held_on).exclude(pk__in=others).select_related("recorded_by").first()
    if other:
        raise SameDayRefused(other, by)
    meeting = add_meeting(match, by=by, held_on=held_on, hours=hours, note=note)
    close_held(match, on=held_on, meeting=meeting)
    return meeting


def add_meeting(match: Match, *, by: User, held_on: dt.date, hours: Decimal, note: str = "") -> Meeting:
    """Store a meeting. The caller has locked the match and checked the day."""
    meeting = Meeting(match=match, held_on=held_on, hours=hours, note=note, recorded_by=by)
    save(meeting)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="meeting_recorded")
    return meeting


@act
def add_to_meeting(meeting: Meeting, *, by: User, note: str) -> Meeting:
    """Add the note of another user about the same meeting to its note, unless the same words are there already."""
    lock_match(meeting.match)
    meeting.refresh_from_db(fields=["note"])
    if note.strip() and note.strip() not in meeting.note:
        meeting.note = "\n".join(filter(None, [meeting.note, note.strip()]))
        save(meeting, exclude=["match", "recorded_by"])
        log_write(meeting.match, by=by, branch_id=meeting.match.programme.branch_id, code="meeting_note_added")
    return meeting


@act
def remove_meeting(meeting: Meeting, *, by: User) -> Match:
    """Delete a meeting recorded by mistake and return its match. The meeting that was planned is open again."""
    match = meeting.match
    lock_match(match)
    reopen_plan(meeting)
    delete(meeting)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="meeting_removed")
    return match


# --- goals and outcomes ------------------------------------------------------------------------------


@act
def add_goal(match: Match, *, by: User, text: str, note: str = "") -> Goal:
    """Add a goal of the mentee to a match."""
    goal = Goal(match=match, text=text, note=note)
    save(goal)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="goal_added")
    return goal


@act
def update_goal(
    goal: Goal, *, by: User, text: str, status: str, reached_on: dt.date | None = None, note: str = ""
) -> Goal:
    """Change a goal. ``reached_on`` is ignored unless the status is *reached*."""
    goal.text, goal.status, goal.note = text, status, note
    goal.reached_on = reached_on if status == GoalStatus.REACHED else None
    if goal.reached_on:
        refuse_future(goal.reached_on, "reached_on")
        refuse_before(goal.match, goal.reached_on, "reached_on")
    save(goal)
    log_write(goal.match, by=by, branch_id=goal.match.programme.branch_id, code="goal_updated", status=goal.status)
    return goal


@act
def record_outcome(match: Match, *, by: User, kind: str, on: dt.date, note: str = "", told_by: str = "") -> Outcome:
    """Record an outcome of a match, also months after its end.

    Raises MatchRefused if the match never started, ValidationError for a day in the future or before the first meeting.
    """
    if match.status in {MatchStatus.DECLINED, MatchStatus.WITHDRAWN} or match.started_on is None:
        raise MatchRefused(_("The match has not begun. Register the first meeting first."), conflict=match)
    refuse_future(on, "on")
    refuse_before(match, on)
    outcome = Outcome(match=match, kind=kind, on=on, note=note, told_by=told_by, recorded_by=by)
    save(outcome)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="outcome_recorded", kind=outcome.kind)
    return outcome


@act
def remove_outcome(outcome: Outcome, *, by: User) -> Match:
    """Delete an outcome recorded by mistake and return its match."""
    match = outcome.match
    delete(outcome)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="outcome_removed")
    return match
