"""Which free mentors fit one waiting mentee, and why, in words.

``rank_mentors(enrolment, on)`` is the whole of it. The order of work, so that ten thousand mentors cost one page:

1. ``roster``: the programme's mentors as columns, whoever the mentee is; kept in memory when they are thousands.
2. ``pool``: the columns seen from this mentee: the hard rules (``rules``) and what the two have in common.
3. ``factors``: each gives points to all mentors at once; their sum decides order and strength (``scoring``).
4. ``candidate`` and ``words``: only the mentors that are shown are read in full, and their points become sentences.
"""

from matching.ranking.engine import DEFAULT_SHOWN, RankedMentor, Ranking, StrengthGroup, rank_mentors
from matching.ranking.exclusions import ExcludedMentor, excluded_mentors
from matching.ranking.rules import NO_PLACE, Refusal, RuleCount

__all__ = [
    "DEFAULT_SHOWN",
    "NO_PLACE",
    "ExcludedMentor",
    "RankedMentor",
    "Ranking",
    "Refusal",
    "RuleCount",
    "StrengthGroup",
    "excluded_mentors",
    "rank_mentors",
]
