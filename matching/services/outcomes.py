"""What the two work towards, and what came of it."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from matching.enums import GoalStatus, MatchStatus
from matching.models import Goal, Match, Outcome
from matching.services.base import log_write
from matching.services.refusals import MatchRefused, refuse_future


@transaction.atomic
def add_goal(match: Match, *, by: User, text: str, note: str = "") -> Goal:
    """Add what the two work towards."""
    goal = Goal(match=match, text=text, note=note)
    goal.full_clean()
    goal.save()
    log_write(match, by=by, branch_id=match.programme.branch_id, detail=_("Goal added"))
    return goal


@transaction.atomic
def update_goal(
    goal: Goal, *, by: User, text: str, status: str, reached_on: dt.date | None = None, note: str = ""
) -> Goal:
    """Change a goal. A reached one has its day; any other has none."""
    goal.text, goal.status, goal.note = text, status, note
    goal.reached_on = reached_on if status == GoalStatus.REACHED else None
    if goal.reached_on:
        refuse_future(goal.reached_on, "reached_on")
    goal.full_clean()
    goal.save()
    detail = _("Goal: %(status)s") % {"status": goal.get_status_display()}
    log_write(goal.match, by=by, branch_id=goal.match.programme.branch_id, detail=detail)
    return goal


@transaction.atomic
def record_outcome(match: Match, *, by: User, kind: str, on: dt.date, note: str = "", told_by: str = "") -> Outcome:
    """Record what came of a match, also months after its end."""
    if match.status in {MatchStatus.DECLINED, MatchStatus.TAKEN_BACK} or match.started_on is None:
        raise MatchRefused(_("The match has not begun. Register the first meeting first."), conflict=match)
    refuse_future(on, "on")
    if on < match.started_on:
        raise ValidationError({"on": _("The day lies before the first meeting.")})
    outcome = Outcome(match=match, kind=kind, on=on, note=note, told_by=told_by, recorded_by=by)
    outcome.full_clean()
    outcome.save()
    detail = _("Outcome: %(kind)s") % {"kind": outcome.get_kind_display()}
    log_write(match, by=by, branch_id=match.programme.branch_id, detail=detail)
    return outcome


@transaction.atomic
def remove_outcome(outcome: Outcome, *, by: User) -> Match:
    """Take out an outcome that was registered by mistake. Returns its match."""
    match = outcome.match
    outcome.delete()
    log_write(match, by=by, branch_id=match.programme.branch_id, detail=_("Outcome removed"))
    return match
