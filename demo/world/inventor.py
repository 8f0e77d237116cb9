"""Invents people with all that belongs to them, from one seeded source of chance."""

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
class Draft:
    """A person about to be stored, with their one enrolment and what hangs on it."""

    person: Person
    enrolment: Enrolment
    terms: list[Term]
    languages: list[tuple[Term, str]]
    interviewed_on: dt.date | None = None


class Inventor:
    """Makes drafts and stores them in bulk."""

    def __init__(self, rng: random.Random, phone_prefix: int):
        self.rng = rng
        self.next_phone = phone_prefix * 1_000_000
        self.vocabulary: dict[str, list[Term]] = {kind: [] for kind in TermKind.values}
        for term in Term.objects.order_by("pk"):
            self.vocabulary[term.kind].append(term)
        self.languages = {term.name.lower(): term for term in self.vocabulary[TermKind.LANGUAGE]}
        self.areas = {term.name.lower(): term for term in self.vocabulary[TermKind.AREA]}

    def days(self, first: dt.date, last: dt.date, count: int) -> list[dt.date]:
        """``count`` working days of a period, in order."""
        span = (last - first).days
        found = sorted(first + dt.timedelta(days=self.rng.randint(0, span)) for _ in range(count))
        return [min(last, day + dt.timedelta(days=(2 if day.weekday() >= 5 else 0))) for day in found]

    def draft(self, programme: Programme, role: str, applied_on: dt.date, *, gender: str, **fields) -> Draft:
        """One invented person in a role; Danish names for mentors and contact persons mostly."""
        is_mentee = role == ParticipantRole.MENTEE
        is_minority = is_mentee or self.rng.random() < 0.12
        first, last = self._name(gender, is_minority)
        home = self._origin(is_minority)
        person = PersonFactory.build(
            home_branch=programme.branch,
            first_name=first,
            last_name=last,
            gender=gender,
            birth_date=self._birth_date(is_mentee),
            phones=[self._phone()],
            emails=[self._email(first, last)] if self.rng.random() < 0.85 else [],
            case_number="",
            **home,
            **self._circumstances(is_mentee),
            **fields,
        )
        enrolment = EnrolmentFactory.build(
            programme=programme,
            person=person,
            role=role,
            status=EnrolmentStatus.APPLIED,
            applied_on=applied_on,
            waiting_since=None,
            recruited_via=self.rng.choice(RECRUITED_VIA),
            wish=self.rng.choice(names.WISHES) if is_mentee else "",
            availability_note=self.rng.choice(AVAILABILITY),
            preferred_gender=gender if self.rng.random() < 0.35 and role != ParticipantRole.CONTACT else "",
            gender_is_required=False,
            capacity=self.rng.choice([1, 1, 1, 2]) if role == ParticipantRole.MENTOR else None,
        )
        enrolment.gender_is_required = bool(enrolment.preferred_gender) and self.rng.random() < 0.4
        return Draft(person, enrolment, self._terms(person), self._languages(person, is_minority))

    def become(self, draft: Draft, first: str, last: str) -> None:
        """Give a draft one of the cast's names, and what the pictures say of that person."""
        person, enrolment = draft.person, draft.enrolment
        person.first_name, person.last_name = first, last
        person.emails = [self._email(first, last)]
        trait = names.TRAITS.get(person.name)
        if trait is None:
            return
        words = {term.name: term for kind in self.vocabulary.values() for term in kind}
        draft.terms = [words[word] for word in trait.terms if word in words]
        enrolment.wish = trait.wish or enrolment.wish
        enrolment.availability_note = trait.times
        person.occupation = trait.occupation or person.occupation
        if trait.born:
            person.birth_date = dt.date(trait.born, person.birth_date.month, min(person.birth_date.day, 14))
        if trait.address:
            person.address, person.postcode, person.town = f"{trait.address} 14", "2700", "Brønshøj"
        enrolment.preferred_gender = person.gender if trait.same_gender else ""
        enrolment.gender_is_required = trait.same_gender
        if trait.origin:
            person.origin = trait.origin
            spoken = {"dansk": LanguageLevel.GOOD, trait.language: LanguageLevel.NATIVE}
            draft.languages = [
                (self.languages[name], level) for name, level in spoken.items() if name in self.languages
            ]

    def gender(self, share_of_women: float) -> str:
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


def store(drafts: list[Draft], branch: Branch, *, by: User) -> None:
    """Store drafts in bulk: people numbered by year, enrolments, words, languages, consents."""
    _number(drafts, branch)
    for draft in drafts:
        draft.person.search_text = draft.person.build_search_text()
        draft.person.created_by = draft.enrolment.created_by = by
    Person.objects.bulk_create([draft.person for draft in drafts], batch_size=500)
    for draft in drafts:
        draft.enrolment.person = draft.person
    Enrolment.objects.bulk_create([draft.enrolment for draft in drafts], batch_size=500)
    _date_back(drafts)
    link = Enrolment.terms.through
    link.objects.bulk_create(
        [link(enrolment=d.enrolment, term=term) for d in drafts for term in d.terms], batch_size=2000
    )
    LanguageSkill.objects.bulk_create(
        [LanguageSkill(person=d.person, language=term, level=level) for d in drafts for term, level in d.languages],
        batch_size=2000,
    )
    Consent.objects.bulk_create([_consent(draft, by) for draft in drafts], batch_size=1000)


def _date_back(drafts: list[Draft]) -> None:
    """People were created when they applied, not when the demo was loaded."""
    for draft in drafts:
        moment = dt.datetime.combine(draft.enrolment.applied_on, dt.time(10, 30))
        draft.person.created_at = timezone.make_aware(moment)
    Person.objects.bulk_update([draft.person for draft in drafts], ["created_at"], batch_size=500)


def _number(drafts: list[Draft], branch: Branch) -> None:
    by_year: dict[int, list[Draft]] = {}
    for draft in sorted(drafts, key=lambda draft: draft.enrolment.applied_on):
        by_year.setdefault(draft.enrolment.applied_on.year, []).append(draft)
    for year, found in by_year.items():
        for draft, number in zip(found, take_case_numbers(branch, year, len(found)), strict=True):
            draft.person.case_number = number


def _consent(draft: Draft, by: User) -> Consent:
    return Consent(
        person=draft.person,
        kind=ConsentKind.STORE,
        is_given=True,
        on=draft.enrolment.applied_on,
        source="Underskrevet ved tilmelding",
        recorded_by=by,
    )


def organisations(branch: Branch) -> list[Organisation]:
    """The branch's partners, stored."""
    rows = [Organisation(branch=branch, name=name, kind=kind) for name, kind in names.ORGANISATIONS]
    return Organisation.objects.bulk_create(rows)
