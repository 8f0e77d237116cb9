"""The question about outcomes some months after the end of a match: a follow-up outside the plan."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import User
from common.journal import act, delete, save
from matching.enums import MatchStatus
from matching.models import FollowUp, Match
from matching.rules.months import add_months
from matching.services.base import log_write
from matching.services.records import record_outcome
from matching.services.refusals import MatchRefused, refuse_future
from matching.words import months_words
from people.models import PersonState
from programmes.enums import ContactSide, FollowUpKind


def plan_question(match: Match) -> None:
    """Plan the question of a locked match that has ended, on the day that the programme's rule says.

    An open one moves to the day of a corrected end. None is planned if the rule has no months, or if one of the two has
    died, moved away or wants no contact.
    """
    months = match.programme.outcome_months
    states = PersonState.objects.filter(person__in=[match.mentor_id, match.mentee_id], lifted_on=None)
    if match.status != MatchStatus.ENDED or not months or states.exists():
        return
    row = open_questions(match).first() or FollowUp(match=match, kind=FollowUpKind.OUTCOMES, side=ContactSide.BOTH)
    row.name = _("Results %(time)s after the end") % {"time": months_words(months)}
    row.due_on = add_months(match.ended_on, months)
    save(row)


def drop_question(match: Match) -> None:
    """Delete the open question of a match that runs again; the next end plans another one."""
    delete(open_questions(match))


def open_questions(match: Match):
    return match.follow_ups.filter(kind=FollowUpKind.OUTCOMES, done_on__isnull=True)


@act
def record_outcomes_asked(
    follow_up: FollowUp, *, by: User, on: dt.date, channel: str, outcomes: Iterable[str] = (), note: str = ""
) -> FollowUp:
    """Record the answer to the question: kinds of outcomes of the day ``on``, or none for nothing new.

    An outcome of the same kind and day is recorded once. Raises MatchRefused if the question was answered already,
    ValidationError for a day in the future.
    """
    follow_up.refresh_from_db(from_queryset=FollowUp.objects.select_for_update())
    match = follow_up.match
    if follow_up.done_on:
        raise MatchRefused(_("Another user has registered the answer. Look at the match."), conflict=match)
    refuse_future(on, "on")
    known = set(match.outcomes.filter(on=on).values_list("kind", flat=True))
    for kind in outcomes:
        if kind not in known:
            record_outcome(match, by=by, kind=kind, on=on, note=note[:300])
    follow_up.done_on, follow_up.done_by, follow_up.channel, follow_up.note = on, by, channel, note
    save(follow_up)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="outcomes_asked")
    return follow_up
