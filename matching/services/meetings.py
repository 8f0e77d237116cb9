"""Mentor and mentee together."""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from matching.enums import RUNNING_STATUSES, MatchStatus
from matching.models import Match, Meeting
from matching.services.base import lock_match, log_write
from matching.services.refusals import MatchRefused, refuse_future


@transaction.atomic
def record_meeting(match: Match, *, by: User, held_on: dt.date, hours: Decimal, note: str = "") -> Meeting:
    """Count a meeting: the day and how many hours (CFBU criterion 2). Also afterwards, on a match that ended."""
    lock_match(match)
    if match.status not in [*RUNNING_STATUSES, MatchStatus.ENDED]:
        raise MatchRefused(_("The match has not begun. Register the first meeting first."), conflict=match)
    refuse_future(held_on, "held_on")
    if held_on < match.started_on:
        raise ValidationError({"held_on": _("The day lies before the first meeting.")})
    if match.ended_on and held_on > match.ended_on:
        raise ValidationError({"held_on": _("The match had ended by then.")})
    return add_meeting(match, by=by, held_on=held_on, hours=hours, note=note)


def add_meeting(match: Match, *, by: User, held_on: dt.date, hours: Decimal, note: str = "") -> Meeting:
    """Store a meeting whose match is locked and whose day is checked."""
    meeting = Meeting(match=match, held_on=held_on, hours=hours, note=note, recorded_by=by)
    meeting.full_clean()
    meeting.save()
    log_write(match, by=by, branch_id=match.programme.branch_id, detail=_("Meeting registered"))
    return meeting


@transaction.atomic
def remove_meeting(meeting: Meeting, *, by: User) -> Match:
    """Take out a meeting that was registered by mistake. Returns its match."""
    match = meeting.match
    meeting.delete()
    log_write(match, by=by, branch_id=match.programme.branch_id, detail=_("Meeting removed"))
    return match
