"""The coordinator's contact with either side: the plan, and what was said."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.templatetags.danish import danish_date
from matching.models import FollowUp, Match
from matching.services.base import log_write
from matching.services.refusals import MatchRefused, refuse_future


@transaction.atomic
def lay_out_plan(match: Match, *, after: dt.date | None = None) -> list[FollowUp]:
    """Lay out the programme's follow-up plan from the first meeting; a step with both is one row.

    Rows that stand already are left alone. ``after`` leaves out what fell due before that day (a reopened match).
    """
    known = set(match.follow_ups.values_list("step_id", "side", "due_on"))
    rows = []
    for step in match.programme.follow_up_steps.all():
        for offset in step.offsets():
            due_on = match.started_on + dt.timedelta(days=offset)
            if (step.pk, step.side, due_on) not in known and (after is None or due_on >= after):
                row = FollowUp(match=match, step=step, name=step.name, kind=step.kind, side=step.side, due_on=due_on)
                row.clean_fields(exclude=["match", "step"])
                rows.append(row)
    return FollowUp.objects.bulk_create(rows)


@transaction.atomic
def record_follow_up(
    follow_up: FollowUp, *, by: User, on: dt.date, channel: str, mood: str, note: str = "", support: str = ""
) -> FollowUp:
    """Write down a contact: how you talked, how it goes, whether the mentee feels supported (CFBU criterion 3).

    Raises MatchRefused when somebody registered it in the meantime; the same words sent twice are one record.
    """
    follow_up.refresh_from_db(from_queryset=FollowUp.objects.select_for_update())
    words = {"done_on": on, "channel": channel, "mood": mood, "note": note, "support": support, "done_by": by}
    if follow_up.done_on:
        if all(getattr(follow_up, field) == value for field, value in words.items()):
            return follow_up
        raise MatchRefused(_already_done(follow_up), conflict=follow_up.match, code="done")
    refuse_future(on, "on")
    if follow_up.match.started_on and on < follow_up.match.started_on:
        raise ValidationError({"on": _("The day lies before the first meeting.")})
    for field, value in words.items():
        setattr(follow_up, field, value)
    follow_up.full_clean()
    follow_up.save()
    log_write(follow_up.match, by=by, branch_id=follow_up.match.programme.branch_id, detail=_("Follow-up registered"))
    return follow_up


def _already_done(follow_up: FollowUp) -> str:
    if follow_up.done_by is None:
        return _("The follow-up is registered already, as done %(when)s.") % {"when": danish_date(follow_up.done_on)}
    return _("%(by)s has registered the follow-up already, as done %(when)s.") % {
        "by": follow_up.done_by,
        "when": danish_date(follow_up.done_on),
    }


@transaction.atomic
def undo_follow_up(follow_up: FollowUp, *, by: User) -> FollowUp:
    """Take a registered contact back: it is due again, and what was written is gone."""
    follow_up.refresh_from_db(from_queryset=FollowUp.objects.select_for_update())
    follow_up.done_on = follow_up.done_by = None
    follow_up.channel = follow_up.mood = follow_up.support = follow_up.note = ""
    follow_up.full_clean()
    follow_up.save()
    log_write(follow_up.match, by=by, branch_id=follow_up.match.programme.branch_id, detail=_("Follow-up undone"))
    return follow_up
