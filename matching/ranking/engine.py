"""Engine: ranks the mentors of a programme for a mentee and lists the excluded ones."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import cached_property

from common.lazy import LazyModule
from matching.models.matches import AGAINST
from matching.ranking.candidate import Candidate, read_candidates
from matching.ranking.pool import Pool
from matching.ranking.scoring import Scores
from matching.ranking.seeker import Seeker
from matching.rules.conditions import NO_PLACE, Condition
from matching.words import given_name
from people.models import Enrolment

np = LazyModule("numpy")

DEFAULT_SHOWN = 20
MAX_REASONS = 4
STRENGTHS = ["strong", "good", "possible"]


class ExclusionCount(NamedTuple):
    """The number of mentors that one condition excludes, and both in words."""

    count: int
    words: str


class Exclusion(NamedTuple):
    """The condition that excludes one mentor, in words."""

    condition: Condition
    words: str


@dataclass(frozen=True)
class RankedMentor:
    """A mentor of the ranking with strength, points, and sentences for and against, the heaviest first.

    ``wishes_met`` of the ``wishes_named`` wishes of the mentee are met.
    """

    candidate: Candidate
    strength: str
    wishes_met: int
    wishes_named: int
    points: float
    speaks_for: list[str]
    speaks_against: list[str]

    @property
    def enrolment(self) -> Enrolment:
        return self.candidate.enrolment

    @property
    def person(self):
        return self.candidate.person

    @property
    def given_name(self) -> str:
        return given_name(self.person)

    @property
    def stored_reasons(self) -> list[str]:
        """The sentences stored with a proposal; those against begin with a dash."""
        return self.speaks_for + [f"{AGAINST}{sentence}" for sentence in self.speaks_against]


@dataclass(frozen=True)
class StrengthGroup:
    """A heading of the ranking: a strength, the number of mentors with it, and those of them that are shown."""

    level: str
    count: int
    mentors: list[RankedMentor]


@dataclass(frozen=True)
class Ranking:
    """The mentors of a programme, ranked or excluded, for one mentee.

    ``mentors`` and ``strength_counts`` are of those that pass the filters of the page; ``allowed_count`` is the number
    of all whom the hard rules allow. ``excluded`` holds the exclusions of the enrolments that the caller asked for, by
    id.
    """

    seeker: Seeker
    mentors: list[RankedMentor]
    strength_counts: dict[str, int]
    allowed_count: int
    exclusion_counts: list[ExclusionCount]
    excluded: dict[int, Exclusion]

    @cached_property
    def listed_count(self) -> int:
        """The number of allowed mentors that pass the filters."""
        return sum(self.strength_counts.values())

    @cached_property
    def excluded_count(self) -> int:
        return sum(one.count for one in self.exclusion_counts)

    @property
    def total(self) -> int:
        """The number of mentors of the programme who have not left."""
        return self.allowed_count + self.excluded_count

    @cached_property
    def groups(self) -> list[StrengthGroup]:
        groups = [
            StrengthGroup(level, self.strength_counts[level], [m for m in self.mentors if m.strength == level])
            for level in STRENGTHS
        ]
        return [group for group in groups if group.mentors]

    def find(self, enrolment_id: int) -> RankedMentor | None:
        return next((mentor for mentor in self.mentors if mentor.enrolment.pk == enrolment_id), None)


@dataclass(frozen=True)
class ExcludedMentor:
    """An excluded mentor and the hard rule in words. ``is_full``: a reason allows one more match."""

    enrolment: Enrolment
    words: str
    is_full: bool


def rank_mentors(
    enrolment: Enrolment,
    on: dt.date,
    *,
    shown: int = DEFAULT_SHOWN,
    also: list[int] | None = None,
    only: Iterable[int] | None = None,
) -> Ranking:
    """Rank the mentors of a mentee's programme on a day.

    The ranking lists the ``shown`` strongest mentors and those of the enrolment ids ``also`` that the hard rules allow;
    the others of ``also`` are in ``excluded``. With ``only``, no other enrolment ids are listed; strengths and points
    stay the same. The number of queries does not depend on the number of mentors.
    """
    seeker = Seeker.of(enrolment, on)
    scores = Scores(seeker, only)
    chosen = scores.strongest(shown, also or [])
    ids = {position: scores.enrolment_id(position) for position in chosen}
    candidates = {candidate.enrolment.pk: candidate for candidate in read_candidates(ids.values(), on)}
    found = [(position, candidates.get(pk)) for position, pk in ids.items()]
    return Ranking(
        seeker=seeker,
        mentors=[_explain(scores, position, one) for position, one in found if one and one.is_ready],
        strength_counts=dict(zip(STRENGTHS, scores.strength_counts(), strict=True)),
        allowed_count=int(scores.pool.is_allowed.sum()),
        exclusion_counts=[
            ExclusionCount(count, condition.counted(count, seeker))
            for condition, count in scores.pool.excluded_counts()
        ],
        excluded={
            pk: Exclusion(condition, condition.short(seeker)) for pk, condition in scores.excluded(also or []).items()
        },
    )


def _explain(scores: Scores, position: int, candidate: Candidate) -> RankedMentor:
    weighed = sorted(scores.points_of(position), key=lambda pair: -abs(pair[1]))
    sentences = [(points, factor.sentence(scores.pool.seeker, candidate, points)) for factor, points in weighed]
    return RankedMentor(
        candidate=candidate,
        strength=STRENGTHS[scores.strength(position)],
        wishes_met=scores.wishes_met(position),
        wishes_named=scores.wishes_named,
        points=scores.total(position),
        speaks_for=[sentence for points, sentence in sentences if points > 0][:MAX_REASONS],
        speaks_against=[sentence for points, sentence in sentences if points < 0][:MAX_REASONS],
    )


def excluded_mentors(enrolment: Enrolment, on: dt.date, *, start: int, number: int) -> tuple[list[ExcludedMentor], int]:
    """Return ``number`` excluded mentors from ``start``, by rule and enrolment, and the total number."""
    seeker = Seeker.of(enrolment, on)
    pool = Pool(seeker)
    positions = np.flatnonzero(~pool.is_allowed)
    positions = positions[np.argsort(pool.rule[positions], kind="stable")]
    page = positions[start : start + number]
    found = Enrolment.objects.select_related("person").in_bulk(pool.roster.ids[page].tolist())
    rows = [
        ExcludedMentor(found[pk], condition.short(seeker), condition is NO_PLACE)
        for pk, condition in zip(pool.roster.ids[page].tolist(), map(pool.condition_of, page), strict=True)
        if pk in found
    ]
    return rows, len(positions)
