"""Models of the matching app: interviews, screening checks, matches and their records."""

from matching.models.contacts import Contact
from matching.models.handovers import Handover
from matching.models.matches import Match, MatchStep
from matching.models.periods import MatchEnding, MatchPause
from matching.models.planned_meetings import PlannedMeeting
from matching.models.records import FollowUp, Goal, Meeting, Outcome
from matching.models.screening import Interview, ScreeningCheck

__all__ = [
    "Contact",
    "FollowUp",
    "Goal",
    "Handover",
    "Interview",
    "Match",
    "MatchEnding",
    "MatchPause",
    "MatchStep",
    "Meeting",
    "Outcome",
    "PlannedMeeting",
    "ScreeningCheck",
]
