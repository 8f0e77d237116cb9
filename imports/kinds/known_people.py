"""The people known so far, stored or in the file, and the search for the person of a row among them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.models import Branch
from people.likeness import Facts, Identifiable, LikeIndex, have_other_birth_dates, identifying_birth_date
from people.models import Enrolment, Person
from people.names import name_key
from programmes.models import Programme

COLUMNS = (
    "pk", "first_name", "last_name", "emails", "phones", "birth_date", "birth_year", "case_number", "postcode",
    "gender", "state",
)  # fmt: skip


@dataclass(eq=False)
class KnownPerson:
    """A person who is stored or named by an accepted row. ``person_id`` is None until stored.

    ``row`` is the row of the file that named the person first. ``roles`` maps each role in the programme to the row
    that gave it, or None if it is stored.
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
    state: str = ""

    @property
    def facts(self) -> Facts:
        return Facts(
            self.name, self.emails, self.phones, self.birth_date, self.birth_year, self.postcode, self.gender, ref=self
        )

    def shared_identifiers(self, person: Identifiable) -> list[str]:
        """Return which of e-mail, phone and full birth date are the same; the name, if none is."""
        same = []
        if self.emails.intersection(person.emails):
            same.append("email")
        if self.phones.intersection(person.phones):
            same.append("phone")
        if person.birth_date and self.birth_date == person.birth_date:
            same.append("birth")
        return same or ["name"]


def identifiers_of(person: Identifiable) -> list:
    """Return what identifies a person together with the name: e-mails, phones, a full birth date but 1 January."""
    return [*person.emails, *person.phones, *filter(None, [identifying_birth_date(person)])]


class OtherBranches:
    """The people of other branches, as hashes of the name and one identifier. Finds the branch, never the person."""

    def __init__(self, branch_names: dict[int, str]):
        self._branch_names = branch_names
        # hash of name and identifier → branches and birth dates of the people with both
        self._branches: dict[int, list[tuple[int, dt.date | None]]] = {}

    def add(self, branch_id: int, person: Identifiable) -> None:
        key = name_key(person.name)
        for identifier in identifiers_of(person):
            self._branches.setdefault(hash((key, identifier)), []).append((branch_id, person.birth_date))

    def find(self, person: Identifiable) -> tuple[int, str] | None:
        """Return id and name of a branch that knows the person by the exact rule."""
        key = name_key(person.name)
        for identifier in identifiers_of(person):
            for branch_id, birth_date in self._branches.get(hash((key, identifier)), ()):
                if not (person.birth_date and birth_date and person.birth_date != birth_date):
                    return branch_id, self._branch_names[branch_id]
        return None


class KnownPeople:
    """Known people by name and identifiers. Each search and each addition takes constant time."""

    def __init__(self, people: Iterable[KnownPerson] = (), other_branches: OtherBranches | None = None):
        self.groups: set[str] = set()  # volunteer groups by folded name, for a list of volunteers
        self._other_branches = other_branches
        self._asks = True
        self._like_index: LikeIndex | None = None  # built by the first search, which a list of known people never does
        self._searched: Facts | None = None  # of the last search; the person is usually added next
        self._by_id: dict[int, KnownPerson] = {}
        self._by_row: dict[int, KnownPerson] = {}
        self._by_identity: dict[tuple, list[KnownPerson]] = {}  # (name, e-mail | phone | birth date)
        self._by_name: dict[str, KnownPerson] = {}
        self._by_bare_name: dict[tuple, KnownPerson] = {}  # stored people without identifiers
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
        if self._like_index is not None:
            self._like_index.add(self._facts_of(person))
        self._index_contacts(person, key, [*person.emails, *person.phones])
        self._index_birth_date(person, key)
        if person.person_id is not None and not identifiers_of(person):
            for role in person.roles:
                self._by_bare_name.setdefault((key, person.birth_date or person.birth_year, role), person)

    def stop_asking(self) -> None:
        """End the searches for likeness and in other branches; they only lead to hints."""
        self._asks, self._like_index, self._other_branches = False, None, None

    def _facts_of(self, person: KnownPerson) -> Facts:
        """Return the facts of the last search if they are the person's, because computing them takes time."""
        facts, self._searched = self._searched, None
        if facts is None or facts.name != person.name or person.person_id is not None:
            return person.facts
        same = (facts.emails, facts.phones, facts.birth_date, facts.postcode, facts.gender) == (
            person.emails, person.phones, person.birth_date, person.postcode, person.gender
        )  # fmt: skip
        if not same or facts.birth_year != (person.birth_date.year if person.birth_date else person.birth_year):
            return person.facts
        facts.emails, facts.phones, facts.ref = person.emails, person.phones, person
        return facts

    def get(self, person_id: int | None, row: int | None) -> KnownPerson | None:
        """Return a person by id or, without one, by the row of the file."""
        return self._by_id.get(person_id) if person_id is not None else self._by_row.get(row)

    def add_row(self, number: int, person: Person, *, role: str, known: KnownPerson | None) -> KnownPerson:
        """Add the person of an accepted row, or the row's role and contacts to the known person, and return it."""
        if known is None:
            known = KnownPerson(
                person.name,
                set(person.emails),
                set(person.phones),
                person.birth_date,
                birth_year=person.birth_year,
                row=number,
                postcode=person.postcode,
                gender=str(person.gender),
            )
            self.add(known)
        else:
            self._add_contacts(known, person.emails, person.phones)
            if known.birth_date is None and person.birth_date and known.birth_year in (None, person.birth_date.year):
                self._set_birth_date(known, person.birth_date)
        known.roles.setdefault(role, number)
        self._by_row[number] = known
        return known

    def _add_contacts(self, person: KnownPerson, emails: Iterable[str], phones: Iterable[str]) -> None:
        new_emails, new_phones = set(emails) - person.emails, set(phones) - person.phones
        person.emails |= new_emails
        person.phones |= new_phones
        self._index_contacts(person, name_key(person.name), [*new_emails, *new_phones])

    def _set_birth_date(self, person: KnownPerson, birth_date: dt.date) -> None:
        """Set the birth date that a later row gives, so that a row with another one is another person."""
        person.birth_date = birth_date
        self._index_birth_date(person, name_key(person.name))
        if self._like_index is not None:
            self._like_index.add(person.facts)

    def _index_birth_date(self, person: KnownPerson, key: str) -> None:
        if birth_date := identifying_birth_date(person):
            self._by_identity.setdefault((key, birth_date), []).append(person)

    def _index_contacts(self, person: KnownPerson, key: str, contacts: Iterable[str]) -> None:
        for contact in contacts:
            self._by_identity.setdefault((key, contact), []).append(person)
            holders = self._by_contact.setdefault(contact, {})
            if len(holders) < 2:
                holders.setdefault(key, person)

    def same_person(
        self, person: Identifiable, *, role: str, birth_year: int | None = None, but: KnownPerson | None = None
    ) -> KnownPerson | None:
        """Return the known person who is the same by the exact rule; of several, one with ``role``.

        Without any identifier the person is the same as a stored one with the same name, birth date or year and role
        who has no identifier either, so that a list imported twice doubles nothing. Never returns ``but``.
        """
        key = name_key(person.name)
        identifiers = identifiers_of(person)
        if not identifiers:
            found = self._by_bare_name.get((key, person.birth_date or birth_year, role))
            return None if found is but else found
        found = [
            known
            for identifier in identifiers
            for known in self._by_identity.get((key, identifier), ())
            if known is not but and not have_other_birth_dates(known, person)
        ]
        return next((known for known in found if role in known.roles), found[0] if found else None)

    def namesake(self, name: str) -> KnownPerson | None:
        return self._by_name.get(name_key(name))

    def sharing_contact(self, person: Identifiable) -> KnownPerson | None:
        """Return a person of another name with the same e-mail or phone, as couples and offices have."""
        key = name_key(person.name)
        for contact in [*person.emails, *person.phones]:
            for other_key, known in self._by_contact.get(contact, {}).items():
                if other_key != key:
                    return known
        return None

    def alike(self, person: Person) -> list[tuple[KnownPerson, list[str]]]:
        """Return people who are probably the same although the exact rule does not say so, with what is alike."""
        if not self._asks:
            return []
        if self._like_index is None:
            everyone = dict.fromkeys([*self._by_id.values(), *self._by_row.values()])
            self._like_index = LikeIndex(known.facts for known in everyone)
        facts = Facts(
            person.name,
            set(person.emails),
            set(person.phones),
            person.birth_date,
            person.birth_year,
            person.postcode,
            str(person.gender),
        )
        self._searched = facts
        return [(like.other.ref, list(like.same)) for like in self._like_index.find(facts)]

    def other_branch(self, person: Identifiable) -> tuple[int, str] | None:
        """Return id and name of another branch that knows the person."""
        return self._other_branches.find(person) if self._other_branches else None


# ---------------------------------------------------------------- what is stored


def load_known_people(programme: Programme) -> KnownPeople:
    """Load all people of the programme's branch, with their roles in the programme. Four queries at most."""
    roles: dict[int, dict[str, None]] = {}
    for person_id, role in Enrolment.objects.filter(programme=programme).values_list("person_id", "role"):
        roles.setdefault(person_id, {})[role] = None
    people = Person.objects.in_branches([programme.branch_id]).order_by("pk")
    known = (_known_person(row, roles) for row in people.values(*COLUMNS).iterator())
    return KnownPeople(known, load_other_branches(programme.branch_id))


def load_other_branches(branch_id: int) -> OtherBranches:
    """Load the people whom only other branches know."""
    names = dict(Branch.objects.exclude(pk=branch_id).values_list("pk", "name"))
    other_branches = OtherBranches(names)
    if names:
        own = Enrolment.objects.filter(programme__branch=branch_id).values("person")
        others = Person.objects.in_branches(names).exclude(home_branch=branch_id).exclude(pk__in=own)
        rows = others.values_list("home_branch_id", "first_name", "last_name", "emails", "phones", "birth_date")
        for home, first, last, emails, phones, birth in rows.iterator():
            person = KnownPerson(f"{first} {last}".strip(), {email.lower() for email in emails}, set(phones), birth)
            other_branches.add(home, person)
    return other_branches


def _known_person(row: dict, roles: dict[int, dict[str, None]]) -> KnownPerson:
    return KnownPerson(
        name=f"{row['first_name']} {row['last_name']}".strip(),
        emails={email.lower() for email in row["emails"]},
        phones=set(row["phones"]),
        birth_date=row["birth_date"],
        birth_year=row["birth_year"],
        roles=roles.get(row["pk"], {}),
        person_id=row["pk"],
        case_number=row["case_number"],
        postcode=row["postcode"],
        gender=row["gender"],
        state=row["state"],
    )
