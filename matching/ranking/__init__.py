"""Ranking: the mentors of a programme ordered for one mentee, with reasons in words.

``rank_mentors(enrolment, on)`` is the entry point. It works in four steps, so that the cost of a page does not depend
on the number of mentors:

1. ``roster`` reads the mentors of the programme as columns; a large roster is cached.
2. ``pool`` applies the hard rules (``matching.rules.conditions``) and compares each mentor with the mentee.
3. ``factors`` give points to all mentors at once, and ``strength`` counts the wishes of the mentee that each meets;
   both together decide the order (``scoring``).
4. ``candidate`` reads the shown mentors in full, and ``words`` turns their points into sentences.
"""

from matching.ranking.engine import (
    DEFAULT_SHOWN,
    ExcludedMentor,
    Exclusion,
    ExclusionCount,
    RankedMentor,
    Ranking,
    StrengthGroup,
    excluded_mentors,
    rank_mentors,
)
from matching.ranking.factors import FACTORS
from matching.ranking.strength import WISHES
from matching.rules.conditions import NO_PLACE

__all__ = [
    "DEFAULT_SHOWN",
    "FACTORS",
    "NO_PLACE",
    "WISHES",
    "ExcludedMentor",
    "Exclusion",
    "ExclusionCount",
    "RankedMentor",
    "Ranking",
    "StrengthGroup",
    "excluded_mentors",
    "rank_mentors",
]
