"""Pool: the roster of a programme compared with one seeker."""

from __future__ import annotations

from django.utils.functional import cached_property

from common.lazy import LazyModule
from matching.enums import MatchStatus
from matching.models import Match
from matching.ranking.roster import UNKNOWN, Roster, roster_of
from matching.ranking.seeker import Seeker
from matching.rules.conditions import Condition, Mentors, conditions_for, wishes_another_gender
from people.enums import Gender

np = LazyModule("numpy")

NEAR_POSTCODES = 30  # neighbouring postcodes have close numbers: 2700 Brønshøj and 2720 Vanløse
SAME, NEAR, FAR = 2, 1, -1
ALLOWED = 0  # no condition excludes the mentor


class Pool:
    """Columns about the mentors of a roster for one seeker. A *level* is -1 against, 0 neutral, 1 or more for."""

    def __init__(self, seeker: Seeker):
        self.seeker = seeker
        self.roster: Roster = roster_of(seeker.enrolment.programme_id)
        default = seeker.programme.default_capacity
        self.capacity = np.where(self.roster.capacity == UNKNOWN, default, self.roster.capacity)
        self.conditions = conditions_for(seeker)
        self.mentors = self._mentors()
        self.rule = self._rules()
        self._shared: dict[str, np.ndarray] = {}

    def __len__(self) -> int:
        return len(self.roster)

    @property
    def is_allowed(self) -> np.ndarray:
        return self.rule == ALLOWED

    def excluded_counts(self) -> list[tuple[Condition, int]]:
        """Return each condition that excludes mentors, and how many."""
        counts = np.bincount(self.rule, minlength=len(self.conditions) + 1).tolist()
        return [(one, count) for one, count in zip(self.conditions, counts[1:], strict=True) if count]

    def condition_of(self, position: int) -> Condition:
        """Return the condition that excludes the mentor at a position."""
        return self.conditions[self.rule[position] - 1]

    def _mentors(self) -> Mentors:
        roster = self.roster
        return Mentors(
            people=roster.people,
            gender=roster.gender,
            wished_gender=roster.wished_gender,
            gender_is_required=roster.gender_is_required,
            status=roster.status,
            available_from=roster.available_from,
            is_interviewed=roster.is_interviewed,
            checks=roster.checks,
            open_matches=roster.open_matches,
            capacity=self.capacity,
            state=roster.state,
        )

    def _rules(self) -> np.ndarray:
        """Return the number, from 1, of the first condition that excludes each mentor, or ``ALLOWED``."""
        excluded = [condition.excludes(self.mentors, self.seeker) for condition in self.conditions]
        return np.select(excluded, list(range(1, len(excluded) + 1)), ALLOWED)

    # --- what the two have in common ---

    def shared(self, kind: str) -> np.ndarray:
        """Count the seeker's terms of a kind that each mentor has."""
        if kind not in self._shared:
            self._shared[kind] = self._count(self.roster.terms, list(self.seeker.terms[kind]))
        return self._shared[kind]

    @cached_property
    def shared_languages(self) -> np.ndarray:
        """Count the seeker's languages, other than Danish, that each mentor speaks or offers."""
        wanted = list(self.seeker.languages)
        return self._count(self.roster.languages, wanted) + self._count(self.roster.terms, wanted)

    def _count(self, pairs: np.ndarray, term_ids: list[int]) -> np.ndarray:
        positions = pairs[0][np.isin(pairs[1], term_ids)]
        return np.bincount(positions, minlength=len(self))

    # --- levels ---

    def gender_of_mentor(self) -> np.ndarray:
        """Return the level of the seeker's wish about gender, which is 0 if it is a condition."""
        wish = self.seeker.wished_gender
        if not wish or self.seeker.required_gender:
            return self._zeros()
        gender = self.roster.gender
        return np.select([gender == str(wish), gender != str(Gender.UNKNOWN)], [1, -1], 0)

    def gender_of_mentee(self) -> np.ndarray:
        """Return the level of the mentors' wishes about gender."""
        if self.seeker.person.gender == Gender.UNKNOWN:
            return self._zeros()
        return np.where(wishes_another_gender(self.mentors, self.seeker), -1, 0)

    def age_of_mentor(self) -> np.ndarray:
        lowest, highest = self.seeker.enrolment.min_age, self.seeker.enrolment.max_age
        if lowest is None and highest is None:
            return self._zeros()
        age = self.roster.age_on(self.seeker.on)
        inside = (age >= (lowest or 0)) & (age <= (highest or age.max(initial=0)))
        return np.select([age == UNKNOWN, inside], [0, 1], -1)

    def age_of_mentee(self) -> np.ndarray:
        age = self.seeker.age
        if age is None:
            return self._zeros()
        lowest, highest = self.roster.min_age, self.roster.max_age
        return np.where((lowest > age) | ((highest != UNKNOWN) & (highest < age)), -1, 0)

    def free_later(self) -> np.ndarray:
        return np.where(self.roster.available_from > self.seeker.on.toordinal(), -1, 0)

    @cached_property
    def near(self) -> np.ndarray:
        own = self.seeker.person.postcode
        if not own:
            return self._zeros()
        codes = self.roster.postcode
        return np.select([codes == own, self._is_next_to(own), codes != ""], [SAME, NEAR, FAR], 0)

    def _is_next_to(self, postcode: str) -> np.ndarray:
        if not postcode.isdecimal():
            return self._zeros() > 0
        numbers = self.roster.postcode_number
        return (numbers != UNKNOWN) & (np.abs(numbers - int(postcode)) <= NEAR_POSTCODES)

    def earlier(self) -> np.ndarray:
        """Return -1 for mentors whose match with this mentee was declined or has ended."""
        over = Match.objects.filter(
            mentee=self.seeker.enrolment.person_id, status__in=[MatchStatus.DECLINED, MatchStatus.ENDED]
        )
        mentors = list(over.order_by().values_list("mentor_id", flat=True))
        return np.where(np.isin(self.roster.people, mentors), -1, 0)

    def _zeros(self) -> np.ndarray:
        return np.zeros(len(self), dtype=np.int64)
