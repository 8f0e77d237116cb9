"""Candidates: the mentors that a ranking shows, read in full with a constant number of queries."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Prefetch

from matching.enums import OPEN_STATUSES, MatchStatus
from matching.models import Match
from matching.ranking.seeker import Seeker
from matching.rules.screening import MissingCheck, missing_checks_of
from people.enums import CLOSED_STATUSES, LanguageLevel, TermKind
from people.models import Enrolment, LanguageSkill, Term


class Candidate:
    """A mentor's enrolment with its terms, languages, matches and missing checks."""

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
        """Languages that the mentor speaks or offers, each once."""
        return self._languages(self.person.languages.all())

    @property
    def fluent_languages(self) -> list[Term]:
        """Languages good enough for a conversation, not those of which the mentor speaks only a little."""
        return self._languages(s for s in self.person.languages.all() if s.level != LanguageLevel.SOME)

    def _languages(self, skills: Iterable[LanguageSkill]) -> list[Term]:
        spoken = [skill.language for skill in skills] + self.terms(TermKind.LANGUAGE)
        return list({term.pk: term for term in spoken}.values())

    @property
    def open_matches(self) -> list[Match]:
        return [match for match in self.matches if match.status in OPEN_STATUSES]

    @property
    def past_matches(self) -> list[Match]:
        """Matches that had a first meeting, including running ones."""
        return [m for m in self.matches if m.started_on and m.status != MatchStatus.WITHDRAWN]

    @property
    def ended_matches(self) -> list[Match]:
        return [match for match in self.matches if match.status == MatchStatus.ENDED]

    @property
    def capacity(self) -> int:
        return self.enrolment.agreed_capacity

    @property
    def free_places(self) -> int:
        return max(0, self.capacity - len(self.open_matches))

    @property
    def is_ready(self) -> bool:
        """Whether a proposal is still allowed by the rules that may have changed since the roster was cached."""
        blocked = any(check.blocks_match for check in self.missing_checks)
        return self.enrolment.status not in CLOSED_STATUSES and self.free_places > 0 and not blocked

    def earlier_match(self, seeker: Seeker) -> Match:
        """Return the newest declined or ended match with this mentee. Call it only if the *earlier* factor counted."""
        over = {MatchStatus.DECLINED, MatchStatus.ENDED}
        return next(m for m in self.matches if m.mentee_id == seeker.enrolment.person_id and m.status in over)


def read_candidates(ids: Iterable[int], on: dt.date) -> list[Candidate]:
    """Return the candidates of these enrolments, in the given order."""
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
