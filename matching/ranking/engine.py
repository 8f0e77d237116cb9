"""Puts rules, factors and words together."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import cached_property

from matching.ranking import rules
from matching.ranking.candidate import Candidate, read_candidates
from matching.ranking.seeker import Seeker, called
from people.models import Enrolment

DEFAULT_SHOWN = 20
MOST_REASONS = 4
STRENGTHS = ["strong", "good", "possible"]


@dataclass(frozen=True)
class RankedMentor:
    """A mentor in the list: who, how strong, and what speaks for and against, the weightiest first."""

    candidate: Candidate
    strength: str
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
    def called(self) -> str:
        return called(self.person)

    @property
    def stored_reasons(self) -> list[str]:
        """What is kept with the proposal: the sentences, those against with a dash before."""
        return self.speaks_for + [f"– {sentence}" for sentence in self.speaks_against]


@dataclass(frozen=True)
class StrengthGroup:
    """A heading of the list: the strength, how many mentors have it in all, and those of them that are shown."""

    level: str
    count: int
    mentors: list[RankedMentor]


@dataclass(frozen=True)
class Ranking:
    """All mentors of the programme, ranked or kept out, seen from one mentee."""

    seeker: Seeker
    mentors: list[RankedMentor]
    strength_counts: dict[str, int]
    kept_out: list[rules.RuleCount]
    refused: dict[int, rules.Refusal]

    @cached_property
    def allowed_count(self) -> int:
        return sum(self.strength_counts.values())

    @cached_property
    def kept_out_count(self) -> int:
        return sum(rule.count for rule in self.kept_out)

    @property
    def total(self) -> int:
        """Mentors of the programme who have not left."""
        return self.allowed_count + self.kept_out_count

    @cached_property
    def groups(self) -> list[StrengthGroup]:
        groups = [
            StrengthGroup(level, self.strength_counts[level], [m for m in self.mentors if m.strength == level])
            for level in STRENGTHS
        ]
        return [group for group in groups if group.mentors]

    def find(self, enrolment_id: int) -> RankedMentor | None:
        return next((mentor for mentor in self.mentors if mentor.enrolment.pk == enrolment_id), None)


def rank_mentors(
    enrolment: Enrolment, on: dt.date, *, shown: int = DEFAULT_SHOWN, also: list[int] | None = None
) -> Ranking:
    """Rank all mentors of the mentee's programme for ``enrolment`` (a mentee's, as it stands on the day ``on``).

    Sentences are made for the ``shown`` strongest and for those of the enrolments ``also`` that the rules allow; the
    others of ``also`` stand in ``refused`` with their rule.
    The number of queries is constant, whatever the number of mentors.
    """
    # numpy takes a tenth of a second to import: only when somebody ranks, not at every start.
    from matching.ranking.scoring import Scores  # noqa: PLC0415

    seeker = Seeker.of(enrolment, on)
    scores = Scores(seeker)
    chosen = scores.strongest(shown, also or [])
    candidates = {c.enrolment.pk: c for c in read_candidates([scores.enrolment_id(p) for p in chosen], on)}
    shown_now = [(place, candidates.get(scores.enrolment_id(place))) for place in chosen]
    return Ranking(
        seeker=seeker,
        mentors=[_explain(scores, place, who) for place, who in shown_now if who and who.is_ready],
        strength_counts=dict(zip(STRENGTHS, scores.strength_counts(), strict=True)),
        kept_out=[
            rules.RuleCount(rule, count, rules.count_words(rule, count, seeker))
            for rule, count in sorted(scores.pool.rule_counts().items())
        ],
        refused={
            pk: rules.Refusal(rule, rules.single_words(rule, seeker)) for pk, rule in scores.refused(also or []).items()
        },
    )


def _explain(scores, place: int, candidate: Candidate) -> RankedMentor:
    weighed = sorted(scores.points_of(place), key=lambda pair: -abs(pair[1]))
    said = [(points, factor.say(scores.pool.seeker, candidate, points)) for factor, points in weighed]
    return RankedMentor(
        candidate=candidate,
        strength=STRENGTHS[scores.strength(place)],
        points=scores.total(place),
        speaks_for=[sentence for points, sentence in said if points > 0][:MOST_REASONS],
        speaks_against=[sentence for points, sentence in said if points < 0][:MOST_REASONS],
    )
