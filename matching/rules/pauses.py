"""How pauses count: days of pause do not count as days of the match, and the plan of follow-ups rests."""

import datetime as dt
from collections.abc import Iterable

from matching.models import MatchPause


def paused_days(pauses: Iterable[MatchPause], start: dt.date, end: dt.date) -> int:
    """Return the days of pause from ``start`` until the day before ``end``."""
    return sum(max(0, (min(pause.ended_on or end, end) - max(pause.began_on, start)).days) for pause in pauses)


def has_pause_in(pauses: Iterable[MatchPause], first: dt.date, last: dt.date) -> bool:
    """Return whether a day from ``first`` to ``last`` is a day of pause."""
    return paused_days(pauses, first, last + dt.timedelta(days=1)) > 0


def after_pauses(pauses: Iterable[MatchPause], start: dt.date, day: dt.date, on: dt.date) -> dt.date:
    """Return a day that is counted from ``start``, later by the days of pause before it, as known on the day ``on``."""
    for pause in sorted(pauses, key=lambda pause: pause.began_on):
        if pause.began_on < day:
            day += dt.timedelta(days=paused_days([pause], start, on))
    return day


def planned_day(pauses: Iterable[MatchPause], day: dt.date) -> dt.date:
    """Return the day on which a step is due that counts from the first meeting, after the plan moved at pauses."""
    for pause in sorted(pauses, key=lambda pause: pause.began_on):
        if day >= pause.began_on:
            day += dt.timedelta(days=pause.moved_days)
    return day
