"""Indicators: what a target can count.

An indicator has a name, a unit, a counting rule in words, and one function that returns the queryset of the records
that count. The figure is the length of that queryset; nothing else computes it.
"""

from reporting.indicators.base import EvidenceRow, Indicator, NearMiss, UnknownIndicator
from reporting.indicators.catalogue import INDICATORS, find_indicator, get_indicator, indicator_choices
from reporting.indicators.events import EventsHeld, InvitationsToOtherBranches
from reporting.indicators.matches import MatchesEstablished
from reporting.indicators.recruitment import Recruited
from reporting.indicators.unknown import Unknown

__all__ = [
    "INDICATORS",
    "EventsHeld",
    "EvidenceRow",
    "Indicator",
    "InvitationsToOtherBranches",
    "MatchesEstablished",
    "NearMiss",
    "Recruited",
    "Unknown",
    "UnknownIndicator",
    "find_indicator",
    "get_indicator",
    "indicator_choices",
]
