"""Lists of what happens between mentors and mentees: matches, and what was registered before, in and after them.

`parties` finds the people and matches that rows name; each other module is one kind of list.
"""

from matching.importing.follow_ups import FollowUpList
from matching.importing.interviews import InterviewKind
from matching.importing.matches import MatchKind
from matching.importing.meetings import MeetingKind
from matching.importing.outcomes import OutcomeList

MATCHING_KINDS = (MatchKind(), InterviewKind(), MeetingKind(), FollowUpList(), OutcomeList())
