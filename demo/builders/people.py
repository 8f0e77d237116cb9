"""Generates invented people with their enrolments, from a seeded random generator."""

import dataclasses
import datetime as dt
import random

from django.utils import timezone

from accounts.models import Branch, User
from demo import names
from demo.factories import EnrolmentFactory, PersonFactory
from people.case_numbers import take_case_numbers
from people.enums import ConsentKind, EnrolmentStatus, Gender, LanguageLevel, TermKind
from people.models import Consent, Enrolment, LanguageSkill, Organisation, Person, Term
from programmes.enums import ParticipantRole
from programmes.models import Programme

RECRUITED_VIA = ["En ven", "Biblioteket", "Jobcentret", "Bydelsmødrene", "Oplæg i Tingbjerg", "Hjemmesiden", "Festival"]
AVAILABILITY = ["Helst mandag og onsdag", "Ikke i skoleferien", "Ikke om fredagen", "", "", ""]


@dataclasses.dataclass
class InventedPerson:
    """A person who is not stored yet, with one enrolment, its terms and the person's languages."""

    person: Person
    enrolment: Enrolment
    terms: list[Term]
    languages: list[tuple[Term, str]]
    interviewed_on: dt.date | None = None


class PersonGenerator:
    """Generates people with names, addresses, wishes and languages."""

    def __init__(self, rng: random.Random, phone_prefix: int):
        self.rng = rng
        self.next_phone = phone_prefix * 1_000_000
        self.vocabulary: dict[str, list[Term]] = {kind: [] for kind in TermKind.values}
        for term in Term.objects.order_by("pk"):
            self.vocabulary[term.kind].append(term)
        self.languages = {term.name.lower(): term for term in self.vocabulary[TermKind.LANGUAGE]}
        self.areas = {term.name.lower(): term for term in self.vocabulary[TermKind.AREA]}

    def working_days(self, first: dt.date, last: dt.date, count: int) -> list[dt.date]:
        """Return ``count`` random working days of a period, in order."""
        span = (last - first).days
        found = sorted(first + dt.timedelta(days=self.rng.randint(0, span)) for _ in range(count))
        return [min(last, day + dt.timedelta(days=(2 if day.weekday() >= 5 else 0))) for day in found]

    def generate(self, programme: Programme, role: str, applied_on: dt.date, *, gender: str) -> InventedPerson:
        """Generate a person in a role. Most mentors and contact persons have Danish names."""
        is_minority = role == ParticipantRole.MENTEE or self.rng.random() < 0.12
        person = self._person(programme.branch, role, gender, is_minority=is_minority)
        enrolment = self._enrolment(programme, person, role, applied_on)
        return InventedPerson(person, enrolment, self._terms(person), self._languages(person, is_minority))

    def _person(self, branch: Branch, role: str, gender: str, *, is_minority: bool) -> Person:
        is_mentee = role == ParticipantRole.MENTEE
        first, last = self._name(gender, is_minority)
        origin = self._origin(is_minority)
        return PersonFactory.build(
            home_branch=branch,
            first_name=first,
            last_name=last,
            gender=gender,
            birth_date=self._birth_date(is_mentee),
            phones=[self._phone()],
            emails=[self._email(first, last)] if self.rng.random() < 0.85 else [],
            case_number="",
            **origin,
            **self._circumstances(is_mentee),
        )

    def _enrolment(self, programme: Programme, person: Person, role: str, applied_on: dt.date) -> Enrolment:
        enrolment = EnrolmentFactory.build(
            programme=programme,
            person=person,
            role=role,
            status=EnrolmentStatus.APPLIED,
            applied_on=applied_on,
            waiting_since=None,
            recruited_via=self.rng.choice(RECRUITED_VIA),
            wish=self.rng.choice(names.WISHES) if role == ParticipantRole.MENTEE else "",
            availability_note=self.rng.choice(AVAILABILITY),
            preferred_gender=person.gender if self.rng.random() < 0.35 and role != ParticipantRole.CONTACT else "",
            gender_is_required=False,
            capacity=self.rng.choice([1, 1, 1, 2]) if role == ParticipantRole.MENTOR else None,
        )
        enrolment.gender_is_required = bool(enrolment.preferred_gender) and self.rng.random() < 0.4
        return enrolment

    def set_named_person(self, entry: InventedPerson, first: str, last: str) -> None:
        """Give a generated person one of the fixed names, with the facts of ``names.FACTS``."""
        person, enrolment = entry.person, entry.enrolment
        person.first_name, person.last_name = first, last
        person.emails = [self._email(first, last)]
        facts = names.FACTS.get(person.name)
        if facts is None:
            return
        terms = {term.name: term for kind in self.vocabulary.values() for term in kind}
        entry.terms = [terms[name] for name in facts.terms if name in terms]
        enrolment.wish = facts.wish or enrolment.wish
        enrolment.availability_note = facts.times
        person.occupation = facts.occupation or person.occupation
        if facts.born:
            person.birth_date = dt.date(facts.born, person.birth_date.month, min(person.birth_date.day, 14))
        if facts.address:
            person.address, person.postcode, person.town = f"{facts.address} 14", "2700", "Brønshøj"
        enrolment.preferred_gender = person.gender if facts.same_gender else ""
        enrolment.gender_is_required = facts.same_gender
        if facts.origin:
            person.origin = facts.origin
            spoken = {"dansk": LanguageLevel.GOOD, facts.language: LanguageLevel.NATIVE}
            entry.languages = [
                (self.languages[name], level) for name, level in spoken.items() if name in self.languages
            ]

    def random_gender(self, share_of_women: float) -> str:
        return Gender.WOMAN if self.rng.random() < share_of_women else Gender.MAN

    def _name(self, gender: str, is_minority: bool) -> tuple[str, str]:
        if is_minority:
            first = names.MINORITY_WOMEN if gender == Gender.WOMAN else names.MINORITY_MEN
            return self.rng.choice(first), self.rng.choice(names.MINORITY_SURNAMES)
        first = names.DANISH_WOMEN if gender == Gender.WOMAN else names.DANISH_MEN
        return self.rng.choice(first), self.rng.choice(names.DANISH_SURNAMES)

    def _origin(self, is_minority: bool) -> dict:
        if not is_minority:
            return {"origin": "", "arrival_year": None}
        return {"origin": self.rng.choice(list(names.ORIGINS)), "arrival_year": self.rng.randint(1985, 2007)}

    def _circumstances(self, is_mentee: bool) -> dict:
        street, postcode, town, _area = self.rng.choice(names.STREETS[:5] if is_mentee else names.STREETS)
        occupation = "" if is_mentee else self.rng.choice(names.OCCUPATIONS)[0]
        return {
            "address": f"{street} {self.rng.randint(2, 180)}",
            "postcode": postcode,
            "town": town,
            "occupation": occupation,
            "livelihood": self.rng.choice(names.LIVELIHOODS) if is_mentee else "",
            "best_reached": self.rng.choice(["efter kl. 16", "formiddag", "ikke fredag", "", "", ""]),
        }

    def _birth_date(self, is_mentee: bool) -> dt.date:
        oldest, youngest = (1955, 1989) if is_mentee else (1942, 1985)
        return dt.date(self.rng.randint(oldest, youngest), self.rng.randint(1, 12), self.rng.randint(1, 28))

    def _phone(self) -> str:
        self.next_phone += self.rng.randint(11, 97)
        return f"+45{self.next_phone}"

    def _email(self, first: str, last: str) -> str:
        table = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", " ": ".", "'": ""})
        plain = f"{first}.{last}".lower().translate(table).encode("ascii", "ignore").decode()
        return f"{plain}.{self.next_phone % 10_000}@example.net"

    def _terms(self, person: Person) -> list[Term]:
        chosen = self.rng.sample(self.vocabulary[TermKind.TOPIC], k=self.rng.randint(1, 3))
        chosen += self.rng.sample(self.vocabulary[TermKind.INDUSTRY], k=1)
        chosen += self.rng.sample(self.vocabulary[TermKind.TIME], k=self.rng.randint(1, 3))
        area = next((row[3] for row in names.STREETS if person.address.startswith(row[0])), "")
        return [*chosen, *([self.areas[area.lower()]] if area.lower() in self.areas else [])]

    def _languages(self, person: Person, is_minority: bool) -> list[tuple[Term, str]]:
        spoken = {"dansk": self.rng.choice(["good", "some"]) if is_minority else "native"}
        if is_minority:
            spoken[self.rng.choice(names.ORIGINS[person.origin])] = "native"
        if self.rng.random() < 0.5:
            spoken["engelsk"] = "good" if not is_minority else "some"
        known = [(self.languages[name], level) for name, level in spoken.items() if name in self.languages]
        return [(term, LanguageLevel(level)) for term, level in known]


def store_people(entries: list[InventedPerson], branch: Branch, *, by: User) -> None:
    """Store people in bulk, numbered by year, with their enrolments, terms, languages and consents."""
    _number(entries, branch)
    for entry in entries:
        entry.person.search_text = entry.person.build_search_text()
        entry.person.created_by = entry.enrolment.created_by = by
    Person.objects.bulk_create([entry.person for entry in entries], batch_size=500)
    for entry in entries:
        entry.enrolment.person = entry.person
    Enrolment.objects.bulk_create([entry.enrolment for entry in entries], batch_size=500)
    _set_created_at(entries)
    link = Enrolment.terms.through
    link.objects.bulk_create(
        [link(enrolment=entry.enrolment, term=term) for entry in entries for term in entry.terms], batch_size=2000
    )
    skills = [
        LanguageSkill(person=entry.person, language=term, level=level)
        for entry in entries
        for term, level in entry.languages
    ]
    LanguageSkill.objects.bulk_create(skills, batch_size=2000)
    Consent.objects.bulk_create([_consent(entry, by) for entry in entries], batch_size=1000)


def _set_created_at(entries: list[InventedPerson]) -> None:
    """Set ``created_at`` to the day of the application, in place of the day on which the demo was loaded."""
    for entry in entries:
        moment = dt.datetime.combine(entry.enrolment.applied_on, dt.time(10, 30))
        entry.person.created_at = timezone.make_aware(moment)
    Person.objects.bulk_update([entry.person for entry in entries], ["created_at"], batch_size=500)


def _number(entries: list[InventedPerson], branch: Branch) -> None:
    by_year: dict[int, list[InventedPerson]] = {}
    for entry in sorted(entries, key=lambda entry: entry.enrolment.applied_on):
        by_year.setdefault(entry.enrolment.applied_on.year, []).append(entry)
    for year, found in by_year.items():
        for entry, number in zip(found, take_case_numbers(branch, year, len(found)), strict=True):
            entry.person.case_number = number


def _consent(entry: InventedPerson, by: User) -> Consent:
    return Consent(
        person=entry.person,
        kind=ConsentKind.STORE,
        is_given=True,
        on=entry.enrolment.applied_on,
        source="Underskrevet ved tilmelding",
        recorded_by=by,
    )


def create_organisations(branch: Branch) -> list[Organisation]:
    """Create the branch's partners."""
    rows = [Organisation(branch=branch, name=name, kind=kind) for name, kind in names.ORGANISATIONS]
    return Organisation.objects.bulk_create(rows)
