"""The lists of people: mentors, mentees, contact persons, and sign-ups with a role column."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Branch, User
from common import clock
from common.bulk import build, locked
from imports.engine.issues import Issue
from imports.engine.kind import CheckedRow, ImportRefused, Kind, Rows, Store
from imports.engine.reader import RowReader
from imports.enums import RowDecision, RowState
from imports.kinds import person_record as reading
from imports.kinds.known_people import KnownPeople, KnownPerson, load_known_people
from imports.kinds.person_record import PersonRecord
from imports.models import RowOrigin
from matching.services.bulk import bulk_create_checks, bulk_create_interviews
from people.enums import EnrolmentStatus, TermKind
from people.models import Enrolment, Organisation, Person
from people.services import bulk
from programmes.enums import ParticipantRole
from programmes.models import Programme

PersonReader = Callable[[RowReader, PersonRecord], None]


class PersonKind(Kind):
    """A list of people in one role; a list of sign-ups names the role in each row."""

    role: str = ""
    default_status: str = EnrolmentStatus.APPLIED
    readers: Sequence[PersonReader] = ()

    def load_known(self, programme: Programme) -> KnownPeople:
        return load_known_people(programme)

    def stop_asking(self, known: KnownPeople) -> None:
        known.stop_asking()

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        store_people(programme, rows, by=by, store=store)

    def list_url(self) -> str:
        return reverse("people:person-list") + (f"?rolle={ParticipantRole(self.role).slug}" if self.role else "")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return RowOrigin.objects.addresses(Enrolment, row_ids, "person_id", "people:person-detail")

    def label_of(self, reader: RowReader) -> str:
        names = (reader.line("first_name"), reader.line("last_name"))
        return " ".join(filter(None, names)) or reader.line("full_name")

    def read(self, reader: RowReader, today: dt.date) -> PersonRecord:
        """Return what the row says. The issues are left in the reader."""
        person = build(Person)
        record = PersonRecord(person, role=self.role)
        reader.report_stray_cells()
        reading.read_name(reader, person)
        reading.read_gender(reader, person)
        reading.read_birth(reader, person, today)
        reading.read_contact(reader, person)
        reading.read_address(reader, person)
        reading.read_background(reader, record)
        for read in self.readers:
            read(reader, record)
        reading.fit_lengths(reader, record)
        reader.report_cpr_marks()
        person.notes = "\n".join(reader.notes)
        record.status = record.status or self.default_status
        return record

    def check_row(self, reader: RowReader, known: KnownPeople, *, today: dt.date) -> CheckedRow:
        record = self.read(reader, today)
        row = CheckedRow(reader.row.number, reader.row.cells, RowState.ERROR, record.person.name, record=record)
        if not reader.has_error():
            set_decision(row, reader, known)
            row.known, row.different_from = match_person(reader, record, known)
            if duplicate := duplicate_issue(row.known, record):
                row.state, row.issues = RowState(duplicate.code), [duplicate]
                if row.is_merged:
                    add_to_known(row, known)
                return row
            add_to_known(row, known)
        row.state, row.issues = reader.state_and_issues()
        if "no_consent" in row.codes:
            erase_all_but_answer(row, reader)
        return row


# ---------------------------------------------------------------- checking a row


def set_decision(row: CheckedRow, reader: RowReader, known: KnownPeople) -> None:
    """Set the user's decision about the row, unless the person or row that it names no longer exists."""
    decision = reader.row.decision
    if decision and (decision.kind == RowDecision.LATER or known.get(decision.person_id, decision.row)):
        row.decision, row.chosen = decision.kind, decision.chosen


def match_person(
    reader: RowReader, record: PersonRecord, known: KnownPeople
) -> tuple[KnownPerson | None, KnownPerson | None]:
    """Return the known person whom the row names, and the one from whom the user's decision distinguishes it.

    Reports another role, a namesake, a shared contact, a likeness and another branch that knows the person.
    """
    same, other = same_and_other(reader, record, known)
    if same:
        if same.state:
            is_new = record.role not in same.roles
            reader.report("person_is_closed" if is_new else "person_has_state", **facts_of(same))
        elif record.role not in same.roles:
            is_of_other_programme = same.person_id is not None and not same.roles
            reader.report(f"known_person_other_{'programme' if is_of_other_programme else 'role'}", **facts_of(same))
        return same, other
    if namesake := known.namesake(record.person.name):
        reader.report("same_name", **facts_of(namesake))
    if sharing := known.sharing_contact(record.person):
        reader.report("shared_contact", **facts_of(sharing))
    for found, attributes in known.alike(record.person)[:1] if other is None else ():
        reader.report("probable_duplicate", **facts_of(found), same=attributes)
    if branch := known.other_branch(record.person):
        reader.report("known_elsewhere", branch_id=branch[0], branch=branch[1])
    return None, other


def same_and_other(
    reader: RowReader, record: PersonRecord, known: KnownPeople
) -> tuple[KnownPerson | None, KnownPerson | None]:
    """Return the two people of ``match_person``. A decision of the user goes before the exact rule."""
    decision = reader.row.decision
    chosen = known.get(decision.person_id, decision.row) if decision else None
    if chosen and decision.kind == RowDecision.SAME:
        return chosen, None
    other = chosen if decision and decision.kind in (RowDecision.DIFFERENT, RowDecision.HOUSEHOLD) else None
    person = record.person
    return known.same_person(person, role=record.role, birth_year=person.birth_year, but=other), other


def duplicate_issue(same: KnownPerson | None, record: PersonRecord) -> Issue | None:
    """Return the issue of a row whose person has the role already, stored or by an earlier row."""
    if same is None or record.role not in same.roles:
        return None
    row = same.roles[record.role]
    code = RowState.DUPLICATE_EXISTING if row is None else RowState.DUPLICATE_IN_FILE
    facts = facts_of(same) | {"same": same.shared_identifiers(record.person)}
    return Issue(code, facts=facts | ({"row": row} if row else {}))


def facts_of(person: KnownPerson) -> dict:
    """Return the facts of a known person for the sentence and the link of an issue."""
    return {
        "name": person.name,
        "case_number": person.case_number,
        "person_id": person.person_id,
        "row": person.row,
    }


def add_to_known(row: CheckedRow, known: KnownPeople) -> None:
    """Add an accepted row to the known people: a new person, or a role and contacts of a known one."""
    row.known = known.add_row(row.number, row.record.person, role=row.record.role, known=row.known)


def erase_all_but_answer(row: CheckedRow, reader: RowReader) -> None:
    """Erase the row of a person who refused consent, except for the answer."""
    answer = reader.columns["consent"]
    row.cells = [cell if index == answer else None for index, cell in enumerate(row.cells)]
    row.label, row.record = "", None
    row.issues = [issue for issue in row.issues if issue.code == "no_consent"]


# ---------------------------------------------------------------- storing the accepted rows


def store_people(programme: Programme, rows: Rows, *, by: User | None, store: Store) -> dict[KnownPerson, Enrolment]:
    """Store the people of all rows, and the enrolments of accepted rows. Returns the enrolment of each person.

    Known people get what the rows add, by the rules of a merge. Raises ValidationError for an invalid value, and
    ImportRefused when a known person no longer exists.
    """
    people = store_persons(programme.branch, rows, by=by, store=store)
    pairs = [
        (
            people[row.known].pk,
            row.different_from.person_id or people[row.different_from].pk,
            row.decision == RowDecision.HOUSEHOLD,
        )
        for row, _id in rows
        if row.different_from
    ]
    bulk.bulk_mark_distinct(pairs, by=by)
    terms = store_languages(rows, people, store)
    rows = [(row, row_id) for row, row_id in rows if row.is_accepted]
    enrolments = [row.record.make_enrolment(programme, people[row.known]) for row, _id in rows]
    bulk.bulk_enrol_people(enrolments, by=by)
    words = []
    for (row, row_id), enrolment in zip(rows, enrolments, strict=True):
        store.came_from(row_id, enrolment)
        words += [(enrolment.pk, kind, word) for kind, word in row.record.term_words]
    bulk.bulk_add_terms(words, terms=terms)
    consents = [row.record.make_consent(people[row.known]) for row, _id in rows if row.record.consents]
    bulk.bulk_record_consents(consents, by=by)
    store_interviews_and_checks(rows, enrolments, store=store)
    return {row.known: enrolment for (row, _id), enrolment in zip(rows, enrolments, strict=True)}


def store_persons(branch: Branch, rows: Rows, *, by: User | None, store: Store) -> dict[KnownPerson, Person]:
    """Store new people, from the first row of each, and add to known people. Returns the stored people."""
    names = [(row.record.organisation, row_id) for row, row_id in rows]
    organisations = store_organisations_named(branch, names, store=store)
    people: dict[KnownPerson, Person] = {}
    for row, row_id in rows:
        person, organisation = row.record.person, organisations.get(row.record.organisation)
        person.organisation_id = organisation.pk if organisation else None
        if row.known.person_id is None and row.known not in people:
            people[row.known] = person
            store.came_from(row_id, person)
    bulk.bulk_create_people(list(people.values()), branch=branch, by=by)
    known = {row.known.person_id: row.known for row, _id in rows if row.known.person_id is not None}
    stored = locked(Person, known)
    if len(stored) < len(known):
        raise ImportRefused(_("A person was merged or deleted just now. Check the rows again."))
    people |= {known[pk]: person for pk, person in stored.items()}
    additions = (
        (people[row.known], row.record.person, row.chosen)
        for row, _id in rows
        if people[row.known] is not row.record.person
    )
    bulk.bulk_complete_people(additions)
    return people


def store_organisations_named(
    branch: Branch, names: Iterable[tuple[str, int]], *, store: Store
) -> dict[str, Organisation]:
    """Return the branch's organisations by name, for pairs of name or blank and row id; unknown ones are created."""
    named = [(name, row_id) for name, row_id in names if name]
    found, new = bulk.find_or_create_organisations((name for name, _id in named), branch=branch)
    created = {organisation.pk for organisation in new}
    for name, row_id in named:
        if found[name].pk in created:
            store.came_from(row_id, found[name])
    return found


def store_languages(rows: Rows, people: dict[KnownPerson, Person], store: Store) -> bulk.TermIndex:
    """Store the languages of the rows, and the languages and industries that the vocabulary lacks. Returns the terms.

    Unknown topics become no terms; they remain in the text of the wish.
    """
    terms = bulk.TermIndex()
    spoken = [(people[row.known].pk, name, note) for row, _id in rows for name, note in row.record.languages]
    terms.create_missing(TermKind.LANGUAGE, (name for _pk, name, _note in spoken))
    terms.create_missing(TermKind.INDUSTRY, (row.record.industry for row, _id in rows))
    known = {row.known.person_id for row, _id in rows} - {None}
    bulk.bulk_add_languages(spoken, known_people=known, terms=terms)
    return terms


def store_interviews_and_checks(rows: Rows, enrolments: Sequence[Enrolment], *, store: Store) -> None:
    """Store what the rows say about interviews and criminal records."""
    today, interviews, checks = clock.today(), [], []
    for (row, row_id), enrolment in zip(rows, enrolments, strict=True):
        if row.record.interview_on:
            interviews.append(row.record.make_interview(enrolment, today))
            store.came_from(row_id, interviews[-1])
        if row.record.criminal_record:
            checks.append(row.record.make_check(enrolment))
    bulk_create_interviews(interviews)
    bulk_create_checks(checks)


# ---------------------------------------------------------------- the four lists of people


class MentorKind(PersonKind):
    code = "mentor"
    role = ParticipantRole.MENTOR
    default_status = EnrolmentStatus.WAITING  # ready to be matched, as far as the checks allow
    readers = (reading.read_offer, reading.read_criminal_record)


class MenteeKind(PersonKind):
    code = "mentee"
    role = ParticipantRole.MENTEE
    readers = (reading.read_offer, reading.read_interview, reading.read_status)


class ContactKind(PersonKind):
    code = "contact"
    role = ParticipantRole.CONTACT
    readers = (reading.read_contact_person,)


class SignUpKind(PersonKind):
    code = "signup"
    readers = (reading.read_offer, reading.read_sign_up)


PERSON_KINDS = (MentorKind(), MenteeKind(), ContactKind(), SignUpKind())
