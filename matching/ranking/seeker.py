"""The waiting mentee as the ranking sees them: one object, read once."""

import datetime as dt
from dataclasses import dataclass, field

from people.enums import Gender, LanguageLevel, TermKind
from people.models import Enrolment, Person, Term
from programmes.enums import ParticipantRole
from programmes.models import ScreeningRequirement

DANISH = "Dansk"
SPEAKS_WELL = {LanguageLevel.NATIVE, LanguageLevel.GOOD}
SHARED_KINDS = [TermKind.TOPIC, TermKind.INDUSTRY, TermKind.AREA, TermKind.TIME]


def called(person: Person) -> str:
    """The name in a sentence: the first of the first names."""
    return (person.first_name or person.name).split()[0]


@dataclass(frozen=True)
class Seeker:
    """What the mentee seeks, speaks and asks for, and the day it is asked.

    ``languages`` are those other than Danish in which a talk can be held: a little of one does not count.
    """

    enrolment: Enrolment
    on: dt.date
    terms: dict[str, dict[int, Term]]
    languages: dict[int, Term]
    danish_level: str
    required_checks: list[ScreeningRequirement] = field(default_factory=list)

    @classmethod
    def of(cls, enrolment: Enrolment, on: dt.date) -> "Seeker":
        """Reads the mentee's words, languages and the checks that the programme wants of its mentors."""
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
        return called(self.person)

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
        """The gender the mentor must have, or an empty text."""
        return self.wished_gender if self.enrolment.gender_is_required else ""

    @property
    def wished_gender(self) -> str:
        wish = self.enrolment.preferred_gender
        return "" if wish == Gender.UNKNOWN else wish


def _blocking_checks(enrolment: Enrolment) -> list[ScreeningRequirement]:
    rules = enrolment.programme.screening_requirements.filter(role=ParticipantRole.MENTOR, blocks_match=True)
    return list(rules.order_by("kind"))
