"""The points of all mentors at once."""

import numpy as np

from matching.ranking.factors import FACTORS, Factor, strength_levels
from matching.ranking.pool import Pool
from matching.ranking.seeker import Seeker


class Scores:
    """Points of every factor for every mentor of the pool; a *place* is a mentor's position in the pool."""

    def __init__(self, seeker: Seeker):
        self.pool = Pool(seeker)
        blank = np.zeros(len(self.pool))
        self._points = np.array([blank + factor.points(self.pool) for factor in FACTORS])
        self._totals = self._points.sum(axis=0)
        self._strengths = strength_levels(self._totals)

    def strongest(self, number: int, also: list[int]) -> list[int]:
        """Places of the strongest allowed mentors, and of the enrolments ``also``; equal points: fewest mentees first,
        then longest enrolled."""
        allowed = np.flatnonzero(self.pool.is_allowed)
        order = np.lexsort(
            (self.pool.roster.ids[allowed], self.pool.roster.open_matches[allowed], -self._totals[allowed])
        )
        wanted = np.isin(self.pool.roster.ids[allowed][order], also)
        wanted[:number] = True
        return allowed[order][wanted].tolist()

    def refused(self, enrolment_ids: list[int]) -> dict[int, int]:
        """The hard rule of those among the enrolments whom one keeps out."""
        named = np.isin(self.pool.roster.ids, enrolment_ids) & ~self.pool.is_allowed
        return dict(zip(self.pool.roster.ids[named].tolist(), self.pool.rule[named].tolist(), strict=True))

    def enrolment_id(self, place: int) -> int:
        return int(self.pool.roster.ids[place])

    def points_of(self, place: int) -> list[tuple[Factor, float]]:
        return [(f, float(p)) for f, p in zip(FACTORS, self._points[:, place], strict=True) if p]

    def total(self, place: int) -> float:
        return float(self._totals[place])

    def strength(self, place: int) -> int:
        return int(self._strengths[place])

    def strength_counts(self) -> list[int]:
        """How many allowed mentors are strong, good and possible."""
        return np.bincount(self._strengths[self.pool.is_allowed], minlength=3).tolist()
