"""People known so far, in this file or stored, and the question: is this somebody we know?"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from people.importing.cells import name_key


@dataclass
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

    def __init__(self, people: Iterable[KnownPerson] = ()):
        self._by_identity: dict[tuple, list[KnownPerson]] = {}  # (name, e-mail | phone | birth date)
        self._by_name: dict[str, KnownPerson] = {}
        self._bare_names: dict[tuple, KnownPerson] = {}  # stored people of whom the name is all we know
        self._by_contact: dict[str, dict[str, KnownPerson]] = {}  # e-mail or phone → name → person, two names at most
        for person in people:
            self.add(person)

    def add(self, person: KnownPerson) -> None:
        key = name_key(person.name)
        self._by_name.setdefault(key, person)
        self._index(person, key, [*person.emails, *person.phones])
        if person.birth_date:
            self._by_identity.setdefault((key, person.birth_date), []).append(person)
        if person.person_id is not None and not person.has_marks:
            for role in person.roles:
                self._bare_names.setdefault((key, person.birth_year, role), person)

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
        self, name: str, emails, phones, birth_date, *, role: str, birth_year: int | None = None
    ) -> KnownPerson | None:
        """Who has the same name and the same e-mail, a phone in common or the same full birth date.

        Of several, the one who has `role` already. When the name is all there is (but for a birth year), it is
        somebody stored in the same role of whom no more is known: a list imported twice doubles nobody.
        """
        key = name_key(name)
        if not (emails or phones or birth_date):
            return self._bare_names.get((key, birth_year, role))
        found = [
            person
            for mark in [*emails, *phones, birth_date]
            if mark
            for person in self._by_identity.get((key, mark), ())
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
