"""What can be promised and counted.

An indicator is a name, a unit, a counting rule in words, and one function that gives the queryset of
records that count. A figure is the length of that queryset: there is no second computation anywhere.
"""

from reporting.indicators.base import EvidenceRow, Indicator, NearMiss, UnknownIndicator
from reporting.indicators.events import EventsHeld, InvitationsToOtherBranches
from reporting.indicators.matches import MatchesEstablished
from reporting.indicators.recruitment import Recruited
from reporting.indicators.registry import all_indicators, get_indicator, indicator_choices, register

__all__ = [
    "EventsHeld",
    "EvidenceRow",
    "Indicator",
    "InvitationsToOtherBranches",
    "MatchesEstablished",
    "NearMiss",
    "Recruited",
    "UnknownIndicator",
    "all_indicators",
    "get_indicator",
    "indicator_choices",
    "register",
]
