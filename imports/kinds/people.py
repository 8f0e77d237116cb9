"""The lists of people: mentors, mentees, contact persons, and sign-ups with a role column."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from django.urls import reverse

from accounts.models import User
from imports.engine.issues import Issue
from imports.engine.kind import CheckedRow, Kind, Rows
from imports.engine.reader import RowReader
from imports.engine.store import Store
from imports.enums import RowDecision, RowState
from imports.kinds import person_choices, persons  # noqa: F401 - the data refers to the choices
from imports.kinds.persons import PersonRecord
from imports.known.people import KnownPerson, Register
from imports.origins import addresses_of
from people.enums import EnrolmentStatus
from people.models import Enrolment
from programmes.enums import ParticipantRole
from programmes.models import Programme

PersonReader = Callable[[RowReader, PersonRecord], None]


class PersonKind(Kind):
    """A list of people in one role (or, for sign-ups, in the role that each answers)."""

    role: str = ""
    default_status: str = EnrolmentStatus.APPLIED
    readers: Sequence[PersonReader] = ()

    def load_known(self, programme: Programme) -> Register:
        from imports.known.stored import stored_register  # noqa: PLC0415 - becomes one file

        return stored_register(programme)

    def stop_asking(self, known: Register) -> None:
        known.stop_asking()

    def replay(self, known: Register, number: int, lesson: dict) -> None:
        known.replay(number, lesson)

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        from imports.kinds.store_people import store_people  # noqa: PLC0415 - becomes one file

        store_people(programme, rows, by=by, store=store)

    def list_url(self) -> str:
        return reverse("people:person-list") + (f"?rolle={self.role}" if self.role else "")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return addresses_of(Enrolment, row_ids, "person_id", "people:person-detail")

    def label_of(self, reader: RowReader) -> str:
        names = (reader.line("first_name"), reader.line("last_name"))
        return " ".join(filter(None, names)) or reader.line("full_name")

    def check_row(self, reader: RowReader, known: Register, *, today: dt.date) -> CheckedRow:
        record = self.read(reader, today)
        row = CheckedRow(reader.row.number, reader.row.cells, RowState.ERROR, record.name, record=record)
        if not reader.has_error():
            take_decision(row, reader, known)
            row.known, row.different_from = compare(reader, record, known)
            if duplicate := duplicate_issue(row.known, record):
                row.state, row.issues = RowState(duplicate.code), [duplicate]
                if row.is_merged:
                    remember(row, known)
                return row
            remember(row, known)
        row.state, row.issues = reader.state_and_issues()
        if "no_consent" in row.codes:
            forget(row, reader)
        return row

    def read(self, reader: RowReader, today: dt.date) -> PersonRecord:
        """All that the row says, with the issues left in the reader."""
        record = PersonRecord(role=self.role)
        reader.report_stray_cells()
        persons.read_name(reader, record)
        persons.read_gender(reader, record)
        persons.read_birth(reader, record, today)
        persons.read_contact(reader, record)
        persons.read_address(reader, record)
        persons.read_background(reader, record)
        for read in self.readers:
            read(reader, record)
        persons.fit_lengths(reader, record)
        reader.report_cpr_marks()
        record.status = record.status or self.default_status
        return record


def take_decision(row: CheckedRow, reader: RowReader, known: Register) -> None:
    """What somebody decided about the row; nothing when the one it was compared with is gone."""
    decision = reader.row.decision
    if decision and (decision.kind == RowDecision.LATER or known.person(decision.person_id, decision.row)):
        row.decision, row.chosen = decision.kind, decision.chosen


def compare(reader: RowReader, record: PersonRecord, known: Register) -> tuple[KnownPerson | None, KnownPerson | None]:
    """Who of the known this is, and who somebody said it is not.

    The doubts are said: a namesake, a shared contact, another role, a likeness.

    What somebody decided about the row goes before the rules.
    """
    same, other = same_and_other(reader, record, known)
    if same:
        if record.role not in same.roles:
            is_elsewhere = same.person_id is not None and not same.roles
            reader.report(f"known_person_other_{'programme' if is_elsewhere else 'role'}", **facts_of(same))
        return same, other
    who = (record.name, record.emails, record.phones)
    namesake = known.namesake(record.name)
    if namesake:
        reader.report("same_name", **facts_of(namesake))
    if sharing := known.sharing_contact(*who):
        reader.report("shared_contact", **facts_of(sharing))
    for found, marks in known.alike(record)[:1] if other is None else ():
        reader.report("probable_duplicate", **facts_of(found), same=marks)
    if branch := known.elsewhere(record):
        reader.report("known_elsewhere", branch_id=branch[0], branch=branch[1])
    return None, other


def same_and_other(
    reader: RowReader, record: PersonRecord, known: Register
) -> tuple[KnownPerson | None, KnownPerson | None]:
    """Who of the known the row is, and who somebody said it is not."""
    decision = reader.row.decision
    chosen = known.person(decision.person_id, decision.row) if decision else None
    if chosen and decision.kind == RowDecision.SAME:
        return chosen, None
    other = chosen if decision and decision.kind == RowDecision.DIFFERENT else None
    who = (record.name, record.emails, record.phones)
    same = known.same_person(*who, record.birth_date, role=record.role, birth_year=record.birth_year, but=other)
    return same, other


def duplicate_issue(same: KnownPerson | None, record: PersonRecord) -> Issue | None:
    """The issue of a row whose person has the role already, from this file or stored."""
    if same is None or record.role not in same.roles:
        return None
    row = same.roles[record.role]
    code = RowState.DUPLICATE_EXISTING if row is None else RowState.DUPLICATE_IN_FILE
    facts = facts_of(same) | {"same": same.shares(record.emails, record.phones, record.birth_date)}
    return Issue(code, facts=facts | ({"row": row} if row else {}))


def facts_of(person: KnownPerson) -> dict:
    """Who somebody known is, for a sentence and a link."""
    return {
        "name": person.name,
        "case_number": person.case_number,
        "person_id": person.person_id,
        "row": person.row,
    }


def remember(row: CheckedRow, known: Register) -> None:
    """Let the register learn an accepted row: a new person, or a role and addresses of a known one."""
    record = row.record
    row.lesson = {
        "name": record.name,
        "emails": record.emails,
        "phones": record.phones,
        "birth": record.birth_date.isoformat() if record.birth_date else None,
        "year": record.birth_year,
        "postcode": record.postcode,
        "gender": str(record.gender),
        "role": record.role,
        "person": row.known.person_id if row.known else None,
        "row": row.known.row if row.known else row.number,
    }
    row.known = known.replay(row.number, row.lesson)


def forget(row: CheckedRow, reader: RowReader) -> None:
    """Leave nothing of a person who said no but the answer itself."""
    answer = reader.columns["consent"]
    row.cells = [cell if index == answer else None for index, cell in enumerate(row.cells)]
    row.label, row.record, row.lesson = "", None, None
    row.issues = [issue for issue in row.issues if issue.code == "no_consent"]


# ---------------------------------------------------------------- the four lists of people


class MentorKind(PersonKind):
    code = "mentor"
    role = ParticipantRole.MENTOR
    default_status = EnrolmentStatus.WAITING  # in the bank: ready to be matched, as far as the checks allow
    readers = (persons.read_offer, persons.read_criminal_record)


class MenteeKind(PersonKind):
    code = "mentee"
    role = ParticipantRole.MENTEE
    readers = (persons.read_offer, persons.read_interview, persons.read_status)


class ContactKind(PersonKind):
    code = "contact"
    role = ParticipantRole.CONTACT
    readers = (persons.read_contact_person,)


class SignUpKind(PersonKind):
    code = "signup"
    readers = (persons.read_offer, persons.read_sign_up)


PERSON_KINDS = (MentorKind(), MenteeKind(), ContactKind(), SignUpKind())
