"""Services that plan a meeting of mentor and mentee, move it, or cancel it."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.journal import act, save, update
from common.templatetags.danish import danish_date
from matching.enums import RUNNING_STATUSES, MatchStatus, PlanState
from matching.models import Match, Meeting, PlannedMeeting
from matching.services.base import lock_match, log_write, save_match
from matching.services.refusals import MatchRefused, refuse_before, refuse_order, refuse_state


@act
def plan_meeting(
    match: Match, *, by: User, on: dt.date, time: dt.time | None = None, place: str = "", staff: User | None = None
) -> PlannedMeeting:
    """Plan the next meeting of a running match, from today on.

    Raises MatchRefused if the match does not run or a meeting is planned already, ValidationError for an earlier day.
    """
    lock_match(match)
    refuse_state(match, RUNNING_STATUSES)
    _refuse_past(on)
    refuse_before(match, on)
    planned = match.planned_meetings.to_do().first()
    if planned:
        words = _("The agreed meeting of %(day)s is still open. Move it, or register it.")
        raise MatchRefused(words % {"day": danish_date(planned.on)}, conflict=match, code="planned")
    return add_plan(match, by=by, on=on, time=time, place=place, staff=staff)


def add_plan(match: Match, *, by: User, is_first: bool = False, **values) -> PlannedMeeting:
    """Store a planned meeting: ``on``, ``time``, ``place``, ``staff``. The caller has locked the match."""
    plan = PlannedMeeting(match=match, is_first=is_first, planned_by=by, **values)
    save(plan, exclude=["match", "planned_by", "staff"])
    log_write(match, by=by, branch_id=match.programme.branch_id, code="meeting_planned", on=plan.on.isoformat())
    return plan


@act
def move_planned_meeting(
    plan: PlannedMeeting,
    *,
    by: User,
    on: dt.date,
    time: dt.time | None = None,
    place: str = "",
    staff: User | None = None,
    reason: str = "",
) -> PlannedMeeting:
    """Move a planned meeting to another day or time, or change its place or who takes part. Returns the open one.

    Another day or time closes the plan with the reason and plans the meeting again; place and staff are changed in the
    plan itself. The day and place of a first meeting are copied to the match. Raises MatchRefused if the plan is not
    open, ValidationError for a day before today, DayRefused for one out of order with the days of the match.
    """
    match = _lock_open(plan)
    values = {"on": on, "time": time, "place": place, "staff": staff}
    if all(getattr(plan, name) == value for name, value in values.items()):
        return plan
    if (on, time) == (plan.on, plan.time):
        plan.place, plan.staff = place, staff
        save(plan, exclude=["match", "planned_by", "staff"])
    else:
        _refuse_past(on)
        _close(plan, PlanState.MOVED, reason=reason)
        values |= {"is_first": plan.is_first, "planned_by": by}
        plan = PlannedMeeting(match=match, **values)
        save(plan, exclude=["match", "planned_by", "staff"])
    if plan.is_first:
        _copy_first(match, plan)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="planned_meeting_moved", on=on.isoformat())
    return plan


def _copy_first(match: Match, plan: PlannedMeeting) -> None:
    """Let the match and its step have the day and place of the first meeting."""
    refuse_order(match, "introduced_on", plan.on)
    update(match.steps.filter(status=MatchStatus.INTRODUCED, on=match.introduced_on), on=plan.on)
    match.introduced_on, match.first_meeting_place = plan.on, plan.place
    save(match)


@act(reason="reason")
def cancel_planned_meeting(plan: PlannedMeeting, *, by: User, reason: str) -> PlannedMeeting:
    """Cancel a planned meeting with a reason. Without its first meeting, an introduced match is proposed again.

    The answers of the two stay. Raises MatchRefused if the plan is not open.
    """
    match = _lock_open(plan)
    _close(plan, PlanState.CANCELLED, reason=reason)
    if plan.is_first and match.status == MatchStatus.INTRODUCED:
        match.status, match.introduced_on, match.first_meeting_place = MatchStatus.PROPOSED, None, ""
        save_match(match, by=by, on=clock.today(), note=reason)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="planned_meeting_cancelled")
    return plan


def _lock_open(plan: PlannedMeeting) -> Match:
    """Lock the match and the plan, reload both and return the match. Raises MatchRefused unless the plan is open."""
    lock_match(plan.match)
    match = plan.match
    plan.refresh_from_db(from_queryset=PlannedMeeting.objects.select_for_update(of=("self",)))
    plan.match = match
    if not plan.is_open:
        words = _("The meeting is not planned any more: %(state)s. Another user may have changed it.")
        raise MatchRefused(words % {"state": plan.get_state_display().lower()}, conflict=match, code="state")
    return match


def _refuse_past(on: dt.date) -> None:
    if on < clock.today():
        raise ValidationError({"on": _("The day is past. Write the day on which they meet.")}, code="past")


def _close(plan: PlannedMeeting, state: str, *, reason: str = "", meeting: Meeting | None = None) -> None:
    plan.state, plan.reason, plan.meeting = state, reason[:200], meeting
    save(plan, exclude=["match", "planned_by", "staff", "meeting"])


def close_held(match: Match, *, on: dt.date, meeting: Meeting | None = None, staff: User | None = None) -> None:
    """Close the open plan of a locked match when a meeting was held on its day or later, or the first one was held.

    ``staff`` is the user who took part, if another than planned.
    """
    plan = match.planned_meetings.to_do().first()
    if plan and (plan.is_first or plan.on <= on):
        plan.staff = staff or plan.staff
        _close(plan, PlanState.HELD, meeting=meeting)


def drop_plan(match: Match, *, reason: str) -> None:
    """Cancel the open plan of a locked match that ends, is declined or withdrawn."""
    plan = match.planned_meetings.to_do().first()
    if plan:
        _close(plan, PlanState.CANCELLED, reason=reason)


def reopen_plan(meeting: Meeting) -> None:
    """Open the plan of a meeting that is removed, unless another one was planned since or the match does not run."""
    plan = meeting.plans.filter(is_first=False).first()
    if plan and meeting.match.is_running and not meeting.match.planned_meetings.to_do().exists():
        _close(plan, PlanState.OPEN)
