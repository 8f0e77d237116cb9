"""Follow-ups that are moved to another day or skipped, each with a reason, and taken into the plan again."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.journal import act, save
from matching.enums import RUNNING_STATUSES
from matching.models import FollowUp
from matching.services.base import log_write
from matching.services.refusals import refuse_state


@act(reason="reason")
def move_follow_up(follow_up: FollowUp, *, by: User, due_on: dt.date, reason: str) -> FollowUp:
    """Make a follow-up that is not done due on another day. The day on which the plan has it is kept.

    Moving it again corrects day and reason; moving it to its first day undoes the move. Raises MatchRefused unless
    the match runs, ValidationError for a follow-up that is done, without a reason, or for another day in the past.
    """
    _lock(follow_up)
    if not reason.strip():
        raise ValidationError({"reason": _("Write why the follow-up is moved.")})
    if due_on == follow_up.due_on and not follow_up.is_skipped:
        raise ValidationError({"due_on": _("The follow-up is due on that day already. Write another day.")})
    first = follow_up.planned_on
    if due_on < clock.today() and due_on != first:
        raise ValidationError({"due_on": _("The day is over. Write a day that is still to come.")})
    follow_up.due_on, follow_up.skipped_reason = due_on, ""
    follow_up.first_due_on, follow_up.moved_reason = (None, "") if due_on == first else (first, reason)
    return _save(follow_up, by, "follow_up_moved")


@act(reason="reason")
def skip_follow_up(follow_up: FollowUp, *, by: User, reason: str) -> FollowUp:
    """Skip a follow-up that is not done: it is not due, and counts neither as done nor as missing.

    Raises MatchRefused unless the match runs, ValidationError for a follow-up that is done, or without a reason.
    """
    _lock(follow_up)
    if not reason.strip():
        raise ValidationError({"reason": _("Write why the follow-up is skipped.")})
    follow_up.skipped_reason = reason
    return _save(follow_up, by, "follow_up_skipped")


@act
def restore_follow_up(follow_up: FollowUp, *, by: User) -> FollowUp:
    """Undo the last change of a follow-up in the plan: a skipped one is due again, a moved one on its first day."""
    _lock(follow_up)
    if follow_up.is_skipped:
        follow_up.skipped_reason = ""
    else:
        follow_up.due_on, follow_up.first_due_on, follow_up.moved_reason = follow_up.planned_on, None, ""
    return _save(follow_up, by, "follow_up_restored")


def _lock(follow_up: FollowUp) -> None:
    """Lock and reload a follow-up. Raises MatchRefused unless its match runs, ValidationError if it is done."""
    follow_up.refresh_from_db(from_queryset=FollowUp.objects.select_for_update())
    refuse_state(follow_up.match, RUNNING_STATUSES)
    if follow_up.done_on:
        raise ValidationError(_("The follow-up is done already. Only one that is due can be moved or skipped."))


def _save(follow_up: FollowUp, by: User, code: str) -> FollowUp:
    save(follow_up, exclude=["match", "done_by", "step"])
    log_write(follow_up.match, by=by, branch_id=follow_up.match.programme.branch_id, code=code)
    return follow_up
