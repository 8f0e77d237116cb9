"""Seeker: the mentee for whom mentors are ranked."""

import datetime as dt
from dataclasses import dataclass

from matching.rules.conditions import Mentee, checks_before_match
from people.enums import LanguageLevel, TermKind
from people.models import Enrolment, Term

DANISH = "Dansk"
SPEAKS_WELL = {LanguageLevel.NATIVE, LanguageLevel.GOOD}
SHARED_KINDS = [TermKind.TOPIC, TermKind.INDUSTRY, TermKind.AREA, TermKind.TIME]


@dataclass(frozen=True)
class Seeker(Mentee):
    """A mentee with wishes and languages: those other than Danish in which the mentee can hold a conversation."""

    terms: dict[str, dict[int, Term]]
    languages: dict[int, Term]
    danish_level: str

    @classmethod
    def of(cls, enrolment: Enrolment, on: dt.date) -> "Seeker":
        """Read the seeker of a mentee's enrolment."""
        skills = list(enrolment.person.languages.all())
        danish = next((skill.level for skill in skills if skill.language.name == DANISH), "")
        fluent = [skill.language for skill in skills if skill.level != LanguageLevel.SOME]
        spoken = fluent + enrolment.terms_by_kind[TermKind.LANGUAGE]
        return cls(
            enrolment=enrolment,
            on=on,
            terms={kind: {term.pk: term for term in enrolment.terms_by_kind[kind]} for kind in SHARED_KINDS},
            languages={term.pk: term for term in spoken if term.name != DANISH},
            danish_level=danish,
            required_checks=checks_before_match(enrolment.programme),
        )

    @property
    def age(self) -> int | None:
        return self.person.age_on(self.on)

    @property
    def speaks_danish_well(self) -> bool:
        return self.danish_level in SPEAKS_WELL
