"""What the rules forbid, said in a sentence that names what and what to do."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common import clock
from common.templatetags.danish import at_time, danish_date
from matching.enums import MatchStatus
from matching.models import Match


class MatchRefused(ValidationError):
    """An act that a rule forbids. ``conflict`` is the match that stands in the way, when there is one."""

    def __init__(self, message, conflict: Match | None = None, code: str = "refused"):
        super().__init__(message, code=code)
        self.conflict = conflict


def refuse_second_match(match: Match) -> MatchRefused:
    """The mentee is taken: who made the other match and when."""
    words = {
        MatchStatus.PROPOSED: _("%(name)s already has a proposed match."),
        MatchStatus.INTRODUCED: _("%(name)s has already been introduced to a mentor."),
        MatchStatus.ACTIVE: _("%(name)s already has an active match."),
        MatchStatus.PAUSED: _("%(name)s already has a match on pause."),
    }
    sentence = words[MatchStatus(match.status)] % {"name": match.mentee.first_name or match.mentee.name}
    return MatchRefused(f"{sentence} {who_made(match)}", conflict=match, code="mentee_taken")


def refuse_full_mentor(mentor, room: int, newest: Match | None) -> MatchRefused:
    """The mentor's room is used up: which match took the last place, and that a reason opens one more."""
    sentence = _("%(name)s has room for %(room)s and has no free place.") % {"name": mentor.name, "room": room}
    advice = _("Give a reason if you have agreed on one more.")
    maker = who_made(newest, _("the newest match")) if newest else ""
    return MatchRefused(" ".join(filter(None, [sentence, maker, advice])), conflict=newest, code="mentor_full")


def who_made(match: Match, what: str = "") -> str:
    """``Hanne Lund oprettede det kl. 10.14.`` The time when it was today, otherwise the day."""
    day = match.proposed_on or match.started_on or match.created_at.date()
    when = at_time(match.created_at) if day == clock.today() else danish_date(day)
    if match.created_by is None:
        return _("It was created %(when)s.") % {"when": when}
    if what:
        return _("%(by)s created %(what)s %(when)s.") % {"by": match.created_by, "what": what, "when": when}
    return _("%(by)s created it %(when)s.") % {"by": match.created_by, "when": when}


def refuse_state(match: Match, allowed: list[str]) -> None:
    """Raises MatchRefused unless the match is in one of the ``allowed`` statuses."""
    if match.status not in allowed:
        raise MatchRefused(
            _("The match is now: %(status)s. Somebody may have changed it while you worked. Look at it and try again.")
            % {"status": match.get_status_display()},
            conflict=match,
            code="state",
        )


def refuse_future(day, field: str) -> None:
    """Raises ValidationError at ``field`` for a day that lies ahead."""
    if day > clock.today():
        raise ValidationError({field: _("The day lies ahead. Write the day it happened.")}, code="future")
