"""Scores: the points and strengths of all mentors for one seeker."""

from collections.abc import Iterable

from common.lazy import LazyModule
from matching.ranking.factors import FACTORS, Factor
from matching.ranking.pool import Pool
from matching.ranking.seeker import Seeker
from matching.ranking.strength import strength_levels, wishes_met
from matching.rules.conditions import Condition

np = LazyModule("numpy")


class Scores:
    """Points of every factor for every mentor of the pool. A *position* is a mentor's index in the pool.

    ``only`` holds the enrolment ids that pass the filters of the page, or None without filters: the others get points
    as well, but are neither counted nor listed.
    """

    def __init__(self, seeker: Seeker, only: Iterable[int] | None = None):
        self.pool = Pool(seeker)
        self.is_listed = self.pool.is_allowed
        if only is not None:
            self.is_listed = self.is_listed & np.isin(self.pool.roster.ids, list(only))
        blank = np.zeros(len(self.pool))
        self._points = np.array([blank + factor.points(self.pool) for factor in FACTORS])
        self._totals = self._points.sum(axis=0)
        self._met, self.wishes_named = wishes_met(self.pool)
        self._strengths = strength_levels(self._met, self.wishes_named, self._points)

    def strongest(self, number: int, also: list[int]) -> list[int]:
        """Return the positions of the ``number`` strongest listed mentors and of the listed ones in ``also``.

        ``also`` holds enrolment ids. Mentors of one strength are ordered by points, then by fewest mentees, then by
        longest enrolment.
        """
        listed = np.flatnonzero(self.is_listed)
        roster = self.pool.roster
        keys = (roster.ids, roster.open_matches, -self._totals, self._strengths)
        order = np.lexsort([key[listed] for key in keys])
        wanted = np.isin(self.pool.roster.ids[listed][order], also)
        wanted[:number] = True
        return listed[order][wanted].tolist()

    def excluded(self, enrolment_ids: list[int]) -> dict[int, Condition]:
        """Return the condition, by enrolment id, that excludes each of the given enrolments, if one does."""
        named = np.isin(self.pool.roster.ids, enrolment_ids) & ~self.pool.is_allowed
        return {self.enrolment_id(position): self.pool.condition_of(position) for position in np.flatnonzero(named)}

    def enrolment_id(self, position: int) -> int:
        return int(self.pool.roster.ids[position])

    def points_of(self, position: int) -> list[tuple[Factor, float]]:
        return [(f, float(p)) for f, p in zip(FACTORS, self._points[:, position], strict=True) if p]

    def total(self, position: int) -> float:
        return float(self._totals[position])

    def strength(self, position: int) -> int:
        return int(self._strengths[position])

    def wishes_met(self, position: int) -> int:
        return int(self._met[position])

    def strength_counts(self) -> list[int]:
        """Count the listed mentors that are strong, good and possible."""
        return np.bincount(self._strengths[self.is_listed], minlength=3).tolist()
