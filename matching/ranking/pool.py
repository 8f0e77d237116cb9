"""Pool: the roster of a programme compared with one seeker."""

from __future__ import annotations

from collections import Counter

from common.lazy import LazyModule
from matching.enums import MatchStatus
from matching.models import Match
from matching.ranking import rules
from matching.ranking.roster import UNKNOWN, Roster, roster_of
from matching.ranking.seeker import Seeker
from people.enums import EnrolmentStatus, Gender

np = LazyModule("numpy")

NEAR_POSTCODES = 30  # neighbouring postcodes have close numbers: 2700 Brønshøj and 2720 Vanløse
SAME, NEAR, FAR = 2, 1, -1


class Pool:
    """Columns about the mentors of a roster for one seeker. A *level* is -1 against, 0 neutral, 1 or more for."""

    def __init__(self, seeker: Seeker):
        self.seeker = seeker
        self.roster: Roster = roster_of(seeker.enrolment.programme_id)
        default = seeker.programme.default_capacity
        self.capacity = np.where(self.roster.capacity == UNKNOWN, default, self.roster.capacity)
        self.rule = self._rules()

    def __len__(self) -> int:
        return len(self.roster)

    @property
    def is_allowed(self) -> np.ndarray:
        return self.rule == rules.ALLOWED

    def rule_counts(self) -> Counter:
        numbers, counts = np.unique(self.rule[~self.is_allowed], return_counts=True)
        return Counter(dict(zip(numbers.tolist(), counts.tolist(), strict=True)))

    def _rules(self) -> np.ndarray:
        """Return the number of the first hard rule that excludes each mentor, or ``ALLOWED``."""
        found = sorted(self._rule_conditions(), key=lambda pair: pair[0])
        return np.select([condition for _n, condition in found], [number for number, _c in found], rules.ALLOWED)

    def _rule_conditions(self) -> list[tuple[int, np.ndarray]]:
        mentors, seeker = self.roster, self.seeker
        last_day = seeker.on.toordinal() + rules.MAX_WAIT_DAYS
        requires_other = mentors.gender_is_required & self._wishes_other_gender()
        conditions = [
            (rules.SAME_PERSON, mentors.people == seeker.enrolment.person_id),
            (rules.MENTORS_GENDER, requires_other),
            (rules.NO_PLACE, mentors.open_matches >= self.capacity),
            (rules.PAUSED, mentors.status == str(EnrolmentStatus.PAUSED)),
            (rules.LATER, mentors.available_from > last_day),
        ]
        if seeker.required_gender:
            wish = seeker.required_gender
            conditions.append((rules.WISHED_GENDER, mentors.gender == str(rules.OPPOSITE.get(wish, ""))))
            conditions.append((rules.GENDER_NOT_KNOWN, mentors.gender != str(wish)))
        if seeker.programme.requires_interview:
            conditions.append((rules.NOT_INTERVIEWED, ~mentors.is_interviewed))
        for number, check in enumerate(seeker.required_checks, rules.MISSING_CHECK):
            conditions.append((number, mentors.checks.get(check.kind, self._zeros()) < check.count))
        return conditions

    def _wishes_other_gender(self) -> np.ndarray:
        wish = self.roster.wished_gender
        return (wish != "") & (wish != str(Gender.UNKNOWN)) & (wish != str(self.seeker.person.gender))

    # --- what the two have in common ---

    def shared(self, kind: str) -> np.ndarray:
        """Count the seeker's terms of a kind that each mentor has."""
        return self._count(self.roster.terms, list(self.seeker.terms[kind]))

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
        return np.where(self._wishes_other_gender(), -1, 0)

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

    def near(self) -> np.ndarray:
        own = self.seeker.person.postcode
        if not own:
            return self._zeros()
        codes = self.roster.postcode
        return np.select([codes == own, np.isin(codes, _neighbours(own)), codes != ""], [SAME, NEAR, FAR], 0)

    def earlier(self) -> np.ndarray:
        """Return -1 for mentors whose match with this mentee was declined or has ended."""
        over = Match.objects.filter(
            mentee=self.seeker.enrolment.person_id, status__in=[MatchStatus.DECLINED, MatchStatus.ENDED]
        )
        mentors = list(over.order_by().values_list("mentor_id", flat=True))
        return np.where(np.isin(self.roster.people, mentors), -1, 0)

    def _zeros(self) -> np.ndarray:
        return np.zeros(len(self), dtype=np.int64)


def _neighbours(postcode: str) -> list[str]:
    if not postcode.isdecimal():
        return []
    code = int(postcode)
    return [str(number) for number in range(code - NEAR_POSTCODES, code + NEAR_POSTCODES + 1)]
