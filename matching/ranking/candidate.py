"""A mentor who is shown: read in full, a constant number of queries for the whole page."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Prefetch

from matching.enums import OPEN_STATUSES, MatchStatus
from matching.models import Match
from matching.ranking.seeker import Seeker
from matching.rules.screening import MissingCheck, missing_checks_of
from people.enums import EnrolmentStatus, LanguageLevel, TermKind
from people.models import Enrolment, LanguageSkill, Term


class Candidate:
    """A mentor's enrolment with words, languages, matches as a mentor and missing checks at hand."""

    def __init__(self, enrolment: Enrolment, on: dt.date, missing: list[MissingCheck]):
        self.enrolment = enrolment
        self.on = on
        self.missing_checks = missing
        self.matches = list(enrolment.person.matches_as_mentor.all())

    @property
    def person(self):
        return self.enrolment.person

    @property
    def age(self) -> int | None:
        return self.person.age_on(self.on)

    @property
    def home(self) -> str:
        return " ".join(filter(None, [self.person.postcode, self.person.town]))

    def terms(self, kind: str) -> list[Term]:
        return self.enrolment.terms_by_kind[kind]

    def shared(self, seeker: Seeker, kind: str) -> list[Term]:
        return [term for term in self.terms(kind) if term.pk in seeker.terms[kind]]

    @property
    def languages(self) -> list[Term]:
        """Spoken and offered, each once."""
        return self._languages(self.person.languages.all())

    @property
    def fluent_languages(self) -> list[Term]:
        """Those in which a talk can be held: a little of one does not count."""
        return self._languages(s for s in self.person.languages.all() if s.level != LanguageLevel.SOME)

    def _languages(self, skills: Iterable[LanguageSkill]) -> list[Term]:
        spoken = [skill.language for skill in skills] + self.terms(TermKind.LANGUAGE)
        return list({term.pk: term for term in spoken}.values())

    @property
    def open_matches(self) -> list[Match]:
        return [match for match in self.matches if match.status in OPEN_STATUSES]

    @property
    def past_matches(self) -> list[Match]:
        """Those that had a first meeting, running ones included."""
        return [m for m in self.matches if m.started_on and m.status != MatchStatus.WITHDRAWN]

    @property
    def ended_matches(self) -> list[Match]:
        return [match for match in self.matches if match.status == MatchStatus.ENDED]

    @property
    def room(self) -> int:
        return self.enrolment.room

    @property
    def free_places(self) -> int:
        return max(0, self.room - len(self.open_matches))

    @property
    def is_ready(self) -> bool:
        """Whether the rules that a recent change could touch still allow a proposal."""
        shut = {EnrolmentStatus.PAUSED, EnrolmentStatus.ENDED, EnrolmentStatus.DECLINED}
        blocked = any(check.blocks_match for check in self.missing_checks)
        return self.enrolment.status not in shut and self.free_places > 0 and not blocked

    def earlier_match(self, seeker: Seeker) -> Match:
        """The newest match with this mentee that came to nothing or has ended; there is one when it is asked."""
        over = {MatchStatus.DECLINED, MatchStatus.ENDED}
        return next(m for m in self.matches if m.mentee_id == seeker.enrolment.person_id and m.status in over)


def read_candidates(ids: Iterable[int], on: dt.date) -> list[Candidate]:
    """The mentors of these enrolments, in this order."""
    ids = list(ids)
    matches = Prefetch("person__matches_as_mentor", Match.objects.order_by("-pk"))
    rows = (
        Enrolment.objects.filter(pk__in=ids)
        .select_related("person", "programme")
        .prefetch_related("terms", "person__languages__language", matches)
    )
    found = {enrolment.pk: enrolment for enrolment in rows}
    missing = missing_checks_of(found.values())
    return [Candidate(found[pk], on, missing[pk]) for pk in ids if pk in found]
