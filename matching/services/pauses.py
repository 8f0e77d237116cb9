"""The end of a pause, and what happens to the plan of follow-ups, which rested."""

import datetime as dt

from common.journal import current_journal, delete, save
from matching.enums import PlanAfterPause
from matching.models import FollowUp, Match, MatchPause


def close_pause(match: Match, *, on: dt.date, reason: str = "") -> MatchPause | None:
    """End the open pause of a locked match and return it. The match loses its copies, unsaved."""
    match.paused_on = match.paused_until = None
    pause = match.pauses.filter(ended_on=None).first()
    if pause is not None:
        pause.ended_on, pause.end_reason = max(on, pause.began_on), reason[:300]
        save(pause, exclude=["match"])
    return pause


def wake_plan(pause: MatchPause, plan: str) -> None:
    """Move the rest of the plan by the length of a pause, or delete what was due during it.

    A follow-up with a note, or skipped already, is not deleted.
    """
    waiting = pause.match.follow_ups.filter(done_on__isnull=True, due_on__gte=pause.began_on)
    if plan == PlanAfterPause.SKIP:
        delete(waiting.filter(due_on__lt=pause.ended_on, note="", skipped_reason=""))
        return
    days = (pause.ended_on - pause.began_on).days
    current_journal().change(pause, {"moved_days": days})
    taken = set(pause.match.follow_ups.filter(done_on__isnull=False).values_list("step", "side", "due_on"))
    for row in waiting.order_by("-due_on", "-pk"):  # no two are due on one day meanwhile
        due_on = row.due_on + dt.timedelta(days=days)
        while (row.step_id, row.side, due_on) in taken:
            due_on += dt.timedelta(days=1)
        current_journal().change(row, moved_days_of(row, due_on))


def moved_days_of(row: FollowUp, due_on: dt.date) -> dict[str, dt.date | None]:
    """Return the days of a follow-up that moves with the plan: the one before it was moved by hand moves along."""
    first = row.first_due_on and row.first_due_on + (due_on - row.due_on)
    return {"due_on": due_on, "first_due_on": first}
