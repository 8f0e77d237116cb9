"""Lists of what happens between mentors and mentees: matches, and what was registered before, in and after them.

`parties` finds the people and matches that rows name; each other module is one kind of list.
"""

from matching.importing.matches import MatchKind

MATCHING_KINDS = (MatchKind(),)
