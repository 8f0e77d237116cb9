"""Seeker: the mentee for whom mentors are ranked."""

import datetime as dt
from dataclasses import dataclass, field

from people.enums import Gender, LanguageLevel, TermKind
from people.models import Enrolment, Person, Term
from programmes.enums import ParticipantRole
from programmes.models import ScreeningRequirement

DANISH = "Dansk"
SPEAKS_WELL = {LanguageLevel.NATIVE, LanguageLevel.GOOD}
SHARED_KINDS = [TermKind.TOPIC, TermKind.INDUSTRY, TermKind.AREA, TermKind.TIME]


def given_name(person: Person) -> str:
    """Return the first of a person's first names, for use in a sentence."""
    return (person.first_name or person.name).split()[0]


@dataclass(frozen=True)
class Seeker:
    """A mentee's wishes, languages and required checks on a day.

    ``languages`` are those other than Danish in which the mentee can hold a conversation. ``required_checks`` are
    those that the programme requires of a mentor before a match.
    """

    enrolment: Enrolment
    on: dt.date
    terms: dict[str, dict[int, Term]]
    languages: dict[int, Term]
    danish_level: str
    required_checks: list[ScreeningRequirement] = field(default_factory=list)

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
            required_checks=_blocking_checks(enrolment),
        )

    @property
    def person(self) -> Person:
        return self.enrolment.person

    @property
    def first_name(self) -> str:
        return given_name(self.person)

    @property
    def programme(self):
        return self.enrolment.programme

    @property
    def age(self) -> int | None:
        return self.person.age_on(self.on)

    @property
    def speaks_danish_well(self) -> bool:
        return self.danish_level in SPEAKS_WELL

    @property
    def required_gender(self) -> str:
        """The gender that the mentor must have, or an empty text."""
        return self.wished_gender if self.enrolment.gender_is_required else ""

    @property
    def wished_gender(self) -> str:
        wish = self.enrolment.preferred_gender
        return "" if wish == Gender.UNKNOWN else wish


def _blocking_checks(enrolment: Enrolment) -> list[ScreeningRequirement]:
    rules = enrolment.programme.screening_requirements.filter(role=ParticipantRole.MENTOR, blocks_match=True)
    return list(rules.order_by("kind"))
