"""The days of a match and their order: which may not be before which, in sentences.

A day is the one on which something happened, not the one on which it was registered. ``introduced_on`` is the day for
which the first meeting is arranged: it may lie ahead, and it is never later than the first meeting itself.
"""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.templatetags.danish import danish_date
from matching.models import Match

# The days of a match that can be corrected, in the order in which they are shown.
MATCH_DAYS = {
    "proposed_on": gettext_lazy("Match proposed"),
    "mentee_said_yes_on": gettext_lazy("The mentee said yes"),
    "mentor_said_yes_on": gettext_lazy("The mentor said yes"),
    "introduced_on": gettext_lazy("First meeting arranged for"),
    "started_on": gettext_lazy("First meeting"),
    "agreement_signed_on": gettext_lazy("Agreement signed"),
    "ended_on": gettext_lazy("Match ended"),
}
DAY_SLUGS = {  # in addresses
    "proposed_on": "foreslaaet",
    "mentee_said_yes_on": "mentee-ja",
    "mentor_said_yes_on": "mentor-ja",
    "introduced_on": "aftalt",
    "started_on": "start",
    "agreement_signed_on": "aftale",
    "ended_on": "slut",
}
_ANSWERS = ("mentee_said_yes_on", "mentor_said_yes_on")
# By day: those that are not later.
_EARLIER = {
    "mentee_said_yes_on": ("proposed_on",),
    "mentor_said_yes_on": ("proposed_on",),
    "introduced_on": ("proposed_on", *_ANSWERS),
    "started_on": ("proposed_on", *_ANSWERS, "introduced_on"),
    "agreement_signed_on": ("proposed_on",),
    "ended_on": ("started_on", "agreement_signed_on"),
}


class DayProblem(NamedTuple):
    """A day out of order: its name, the name of the other day, which may be the wrong one, and a sentence."""

    name: str
    other: str
    sentence: str


def order_problem(match: Match, changed: Mapping[str, dt.date | None]) -> DayProblem | None:
    """Return the first pair of days that is out of order once the changed ones are set; None if there is none.

    The problem is at a changed day; ``other`` is the unchanged one if there is one.
    """
    days = {name: changed.get(name, getattr(match, name)) for name in MATCH_DAYS}
    for later, earlier_ones in _EARLIER.items():
        for earlier in earlier_ones:
            if days[earlier] and days[later] and days[earlier] > days[later]:
                if later in changed:
                    return DayProblem(later, earlier, not_before(earlier, days[earlier]))
                return DayProblem(earlier, later, not_after(later, days[later]))
    return None


def not_before(name: str, day: dt.date) -> str:
    """Return why a day cannot be before another one."""
    rule = _("The day cannot be before that.")
    return f"{fact(name, day)} {rule}"


def not_after(name: str, day: dt.date) -> str:
    """Return why a day cannot be after another one."""
    rule = _("The day cannot be after that.")
    return f"{fact(name, day)} {rule}"


def fact(name: str, day: dt.date) -> str:
    """Return what happened on a day, by the name of the field: ``Første møde blev holdt 28. december 2010.``"""
    sentences = {
        "proposed_on": _("The match was proposed %(day)s."),
        "mentee_said_yes_on": _("The mentee said yes %(day)s."),
        "mentor_said_yes_on": _("The mentor said yes %(day)s."),
        "introduced_on": _("The first meeting was arranged for %(day)s."),
        "started_on": _("The first meeting was held %(day)s."),
        "agreement_signed_on": _("The agreement was signed %(day)s."),
        "ended_on": _("The match ended %(day)s."),
        "held_on": _("A meeting was held %(day)s."),
        "done_on": _("A follow-up was done %(day)s."),
        "reached_on": _("A goal was reached %(day)s."),
        "on": _("A result is from %(day)s."),
        "paused_on": _("The match was put on pause %(day)s."),
        "resumed_on": _("The match went on after a pause %(day)s."),
    }
    return sentences[name] % {"day": danish_date(day)}
