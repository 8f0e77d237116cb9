"""Refusals of the services: sentences that name the rule and what the user can do.

``refuse_*`` raises; ``…_refusal`` returns an exception to raise.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.templatetags.danish import at_time, danish_date, in_hours
from matching.enums import MatchStatus
from matching.models import Match, Meeting
from matching.rules.days import not_after, not_before, order_problem


class MatchRefused(ValidationError):
    """A service that a rule forbids. ``conflict`` is the match that is in the way, if there is one."""

    def __init__(self, message, conflict: Match | None = None, code: str = "refused"):
        super().__init__(message, code=code)
        self.conflict = conflict


class DayRefused(ValidationError):
    """A day that is out of order with another one, which may be the wrong one.

    ``record`` and ``name`` are the record and field of that other day, so that a page can lead to its correction.
    """

    def __init__(self, messages: dict[str, str], record: Model, name: str):
        super().__init__(messages, code="order")
        self.record, self.name = record, name


class SameDayRefused(ValidationError):
    """A meeting on a day on which one is registered already: ``meeting``, which may be the same one."""

    def __init__(self, meeting: Meeting, by: User):
        values = {"by": meeting.recorded_by, "hours": in_hours(meeting.hours)}
        if meeting.recorded_by is None:
            words = _("A meeting is registered that day: %(hours)s. Is it the same?")
        elif meeting.recorded_by == by:
            words = _("You have registered a meeting that day: %(hours)s. Is it the same?")
        else:
            words = _("%(by)s has registered a meeting that day: %(hours)s. Is it the same?")
        super().__init__({"held_on": words % values}, code="same_day")
        self.meeting = meeting


def refuse_order(match: Match, name: str, day: dt.date, field: str = "on") -> None:
    """Raise DayRefused at ``field`` if a day of the match is out of order with its other days."""
    problem = order_problem(match, {name: day})
    if problem:
        raise DayRefused({field: problem.sentence}, match, problem.other)


def refuse_before(match: Match, day: dt.date, field: str = "on") -> None:
    """Raise DayRefused at ``field`` for a day before the first meeting."""
    if match.started_on and day < match.started_on:
        raise DayRefused({field: not_before("started_on", match.started_on)}, match, "started_on")


def refuse_after_end(match: Match, day: dt.date, field: str = "on") -> None:
    """Raise DayRefused at ``field`` for a day after the end of the match."""
    if match.ended_on and day > match.ended_on:
        raise DayRefused({field: not_after("ended_on", match.ended_on)}, match, "ended_on")


def second_match_refusal(match: Match) -> MatchRefused:
    """Return the refusal for a mentee in another match; it says who created that match and when."""
    words = {
        MatchStatus.PROPOSED: _("%(name)s already has a proposed match."),
        MatchStatus.INTRODUCED: _("%(name)s has already been introduced to a mentor."),
        MatchStatus.ACTIVE: _("%(name)s already has an active match."),
        MatchStatus.PAUSED: _("%(name)s already has a match on pause."),
    }
    sentence = words[MatchStatus(match.status)] % {"name": match.mentee.first_name or match.mentee.name}
    return MatchRefused(f"{sentence} {creator_words(match)}", conflict=match, code="mentee_taken")


def full_mentor_refusal(mentor, capacity: int, newest: Match | None) -> MatchRefused:
    """Return the refusal for a mentor without a free place; it asks for a reason to go over the capacity."""
    sentence = _("%(name)s has a capacity of %(room)s and no free place.") % {"name": mentor.name, "room": capacity}
    advice = _("Give a reason if you have agreed on one more.")
    creator = creator_words(newest, _("the newest match")) if newest else ""
    return MatchRefused(" ".join(filter(None, [sentence, creator, advice])), conflict=newest, code="mentor_full")


def creator_words(match: Match, what: str = "") -> str:
    """Return ``Hanne Lund oprettede det kl. 10.14.``: with the time if it was today, otherwise the day."""
    day = match.proposed_on or match.started_on or timezone.localdate(match.created_at)
    when = at_time(match.created_at) if day == clock.today() else danish_date(day)
    if match.created_by is None:
        return _("It was created %(when)s.") % {"when": when}
    if what:
        return _("%(by)s created %(what)s %(when)s.") % {"by": match.created_by, "what": what, "when": when}
    return _("%(by)s created it %(when)s.") % {"by": match.created_by, "when": when}


def refuse_state(match: Match, allowed: list[str]) -> None:
    """Raise MatchRefused unless the match has one of the ``allowed`` statuses."""
    if match.status not in allowed:
        raise MatchRefused(
            _("The match is now: %(status)s. Another user may have changed it. Look at it and try again.")
            % {"status": match.get_status_display()},
            conflict=match,
            code="state",
        )


def refuse_future(day, field: str) -> None:
    """Raise ValidationError at ``field`` for a day in the future."""
    if day > clock.today():
        raise ValidationError({field: _("The day is in the future. Write the day it happened.")}, code="future")


def refuse_before_last_period(match: Match, on: dt.date) -> None:
    """Raise ValidationError for a day before the last pause or end of the match began or was over."""
    last = last_period_day(match)
    if last and on < last:
        words = _("The day is before %(day)s, when a pause or an end of the match began or was over.")
        raise ValidationError({"on": words % {"day": danish_date(last)}}, code="order")


def last_period_day(match: Match) -> dt.date | None:
    """Return the last day that the pauses and ends of a match name."""
    pauses = match.pauses.values_list("began_on", "ended_on")
    endings = match.endings.values_list("on", "reopened_on")
    return max((day for days in [*pauses, *endings] for day in days if day), default=None)
