"""People known so far, in this file or stored, and the question: is this somebody we know?"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from people.likeness import Facts, LikeIndex
from people.names import name_key


@dataclass(eq=False)
class KnownPerson:
    """Somebody accepted earlier. `person_id` is None until stored; `row` is set when first seen in this file.

    `roles` are those in the programme imported into: role → the row of this file that gave it, or None if stored.
    """

    name: str
    emails: set[str]
    phones: set[str]
    birth_date: dt.date | None
    birth_year: int | None = None
    roles: dict[str, int | None] = field(default_factory=dict)
    person_id: int | None = None
    case_number: str = ""
    row: int | None = None
    postcode: str = ""
    gender: str = ""

    @property
    def facts(self) -> Facts:
        """What somebody alike is found by."""
        return Facts(
            self.name, self.emails, self.phones, self.birth_date, self.birth_year, self.postcode, self.gender, ref=self
        )

    def shares(self, emails: Iterable[str], phones: Iterable[str], birth_date: dt.date | None) -> list[str]:
        """Which of e-mail, phone and full birth date are the same."""
        same = []
        if self.emails.intersection(emails):
            same.append("email")
        if self.phones.intersection(phones):
            same.append("phone")
        if birth_date and self.birth_date == birth_date:
            same.append("birth")
        return same or ["name"]

    @property
    def has_marks(self) -> bool:
        """Whether there is anything but the name to know the person by."""
        return bool(self.emails or self.phones or self.birth_date)


class Register:
    """Known people by name and what identifies them. Every question and every addition takes constant time."""

    def __init__(self, people: Iterable[KnownPerson] = (), elsewhere: "Elsewhere | None" = None):
        self.groups: set[str] = set()  # volunteer groups by folded name, for a list of volunteers
        self._elsewhere = elsewhere
        self._alike: LikeIndex | None = LikeIndex()
        self._asked: Facts | None = None  # of the row that was compared last, and is mostly the next to be added
        self._by_id: dict[int, KnownPerson] = {}
        self._by_row: dict[int, KnownPerson] = {}  # first seen in this file, or known and in it as well
        self._by_identity: dict[tuple, list[KnownPerson]] = {}  # (name, e-mail | phone | birth date)
        self._by_name: dict[str, KnownPerson] = {}
        self._bare_names: dict[tuple, KnownPerson] = {}  # stored people of whom the name is all we know
        self._by_contact: dict[str, dict[str, KnownPerson]] = {}  # e-mail or phone → name → person, two names at most
        for person in people:
            self.add(person)

    def add(self, person: KnownPerson) -> None:
        key = name_key(person.name)
        if person.person_id is not None:
            self._by_id[person.person_id] = person
        elif person.row is not None:
            self._by_row[person.row] = person
        self._by_name.setdefault(key, person)
        if self._alike is not None:
            self._alike.add(self._facts_of(person))
        self._index(person, key, [*person.emails, *person.phones])
        if person.birth_date:
            self._by_identity.setdefault((key, person.birth_date), []).append(person)
        if person.person_id is not None and not person.has_marks:
            for role in person.roles:
                self._bare_names.setdefault((key, person.birth_year, role), person)

    def stop_asking(self) -> None:
        """The rows were looked through: nobody is asked any more who is alike, or known in another branch."""
        self._alike = self._elsewhere = None

    def _facts_of(self, person: KnownPerson) -> Facts:
        facts, self._asked = self._asked, None
        if facts is None or facts.name != person.name or person.person_id is not None:
            return person.facts
        same = (facts.emails, facts.phones, facts.birth_date, facts.postcode, facts.gender) == (
            person.emails, person.phones, person.birth_date, person.postcode, person.gender
        )  # fmt: skip
        if not same or facts.birth_year != (person.birth_date.year if person.birth_date else person.birth_year):
            return person.facts
        facts.emails, facts.phones, facts.ref = person.emails, person.phones, person
        return facts

    def person(self, person_id: int | None, row: int | None) -> KnownPerson | None:
        """Somebody stored, by id, or in this file, by row."""
        return self._by_id.get(person_id) if person_id is not None else self._by_row.get(row)

    def replay(self, number: int, lesson: dict) -> KnownPerson:
        """Learn what an accepted row says of a person: somebody new, or a role and addresses of somebody known."""
        person = self.person(lesson["person"], lesson["row"])
        if person is None:
            person = KnownPerson(
                lesson["name"],
                set(lesson["emails"]),
                set(lesson["phones"]),
                dt.date.fromisoformat(lesson["birth"]) if lesson["birth"] else None,
                birth_year=lesson["year"],
                row=number,
                postcode=lesson["postcode"],
                gender=lesson["gender"],
            )
            self.add(person)
        else:
            self.extend(person, lesson["emails"], lesson["phones"])
        person.roles.setdefault(lesson["role"], number)
        self._by_row[number] = person
        return person

    def extend(self, person: KnownPerson, emails: Iterable[str], phones: Iterable[str]) -> None:
        """Remember new addresses and numbers of somebody known."""
        new_emails, new_phones = set(emails) - person.emails, set(phones) - person.phones
        person.emails |= new_emails
        person.phones |= new_phones
        self._index(person, name_key(person.name), [*new_emails, *new_phones])

    def _index(self, person: KnownPerson, key: str, contacts: Iterable[str]) -> None:
        for contact in contacts:
            self._by_identity.setdefault((key, contact), []).append(person)
            holders = self._by_contact.setdefault(contact, {})
            if len(holders) < 2:
                holders.setdefault(key, person)

    def same_person(
        self,
        name: str,
        emails,
        phones,
        birth_date,
        *,
        role: str,
        birth_year: int | None = None,
        but: KnownPerson | None = None,
    ) -> KnownPerson | None:
        """Who has the same name and the same e-mail, a phone in common or the same full birth date.

        Of several, the one who has `role` already. When the name is all there is (but for a birth year), it is
        somebody stored in the same role of whom no more is known: a list imported twice doubles nobody.
        Never the person `but`, who somebody said it is not.
        """
        key = name_key(name)
        if not (emails or phones or birth_date):
            found = self._bare_names.get((key, birth_year, role))
            return None if found is but else found
        found = [
            person
            for mark in [*emails, *phones, birth_date]
            if mark
            for person in self._by_identity.get((key, mark), ())
            if person is not but
        ]
        return next((person for person in found if role in person.roles), found[0] if found else None)

    def namesake(self, name: str) -> KnownPerson | None:
        return self._by_name.get(name_key(name))

    def sharing_contact(self, name: str, emails, phones) -> KnownPerson | None:
        """Somebody of another name with the same e-mail or phone (a couple, an office)."""
        key = name_key(name)
        for contact in [*emails, *phones]:
            for other_key, person in self._by_contact.get(contact, {}).items():
                if other_key != key:
                    return person
        return None

    def alike(self, record) -> list[tuple[KnownPerson, list[str]]]:
        """People who are probably the one the record names although no rule says so, best first, with what is alike."""
        if self._alike is None:
            return []
        facts = Facts(
            record.name,
            set(record.emails),
            set(record.phones),
            record.birth_date,
            record.birth_year,
            record.postcode,
            str(record.gender),
        )
        self._asked = facts
        return [(like.other.ref, list(like.same)) for like in self._alike.find(facts)]

    def elsewhere(self, record) -> tuple[int, str] | None:
        """Id and name of another branch that knows the person. Who it is there, nobody learns here."""
        return self._elsewhere.find(record) if self._elsewhere else None


class Elsewhere:
    """Which other branch knows somebody by the same name and an e-mail, phone or full birth date in common."""

    def __init__(self, branch_names: dict[int, str]):
        self._branch_names = branch_names
        self._branches: dict[int, int] = {}  # hash of name and mark → branch

    def add(self, branch_id: int, name: str, marks: Iterable) -> None:
        key = name_key(name)
        for mark in marks:
            self._branches.setdefault(hash((key, mark)), branch_id)

    def find(self, record) -> tuple[int, str] | None:
        key = name_key(record.name)
        for mark in [*record.emails, *record.phones, record.birth_date]:
            if mark and (branch_id := self._branches.get(hash((key, mark)))):
                return branch_id, self._branch_names[branch_id]
        return None
