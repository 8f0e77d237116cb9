"""People and matches that a list names: by case or match number, e-mail or name."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from imports.engine import cells
from imports.engine.issues import ERROR, ISSUE_KINDS, WARNING, IssueKind
from imports.engine.reader import RowReader
from matching.enums import NEVER_STARTED_STATUSES, NOT_STARTED_STATUSES
from matching.models import Match
from people.case_numbers import former_case_numbers
from people.models import Enrolment
from people.names import name_key
from programmes.enums import ParticipantRole
from programmes.models import Programme

ISSUE_KINDS.add_all(
    {
        "unknown_person": IssueKind(
            ERROR,
            _("No person here has this case number, e-mail or name. Import the person first, or correct the row."),
        ),
        "ambiguous_person": IssueKind(
            ERROR, _("Several people have this name. Add the case number or the e-mail of the right one.")
        ),
        "case_number_of_another": IssueKind(
            ERROR, _("%(case_number)s is the case number of %(name)s. Correct the number or the name.")
        ),
        "case_number_unknown": IssueKind(
            WARNING, _("No person has this case number. Found by name or e-mail: %(name)s, %(case_number)s.")
        ),
        "email_differs": IssueKind(
            WARNING, _("No person has this e-mail. Found by the name: %(name)s, %(case_number)s.")
        ),
        "unknown_mentor": IssueKind(
            ERROR, _("No mentor has this e-mail or this name. Import the mentor first, or correct the row.")
        ),
        "unknown_mentee": IssueKind(
            ERROR, _("No mentee has this e-mail or this name. Import the mentee first, or correct the row.")
        ),
        "ambiguous_mentor": IssueKind(
            ERROR, _("Several mentors have this name. Add the e-mail or the case number of the right one.")
        ),
        "ambiguous_mentee": IssueKind(
            ERROR, _("Several mentees have this name. Add the e-mail or the case number of the right one.")
        ),
        "match_not_named": IssueKind(ERROR, _("Write the match number, or the names of mentor and mentee.")),
        "unknown_match": IssueKind(
            ERROR, _("There is no such match here. Import the match first, or correct the row.")
        ),
        "ambiguous_match": IssueKind(
            ERROR, _("Several matches fit, and the day does not decide. Add the match number: %(numbers)s.")
        ),
        "match_of_others": IssueKind(
            ERROR, _("%(number)s is the match of %(mentee)s and %(mentor)s. Correct the number or the names.")
        ),
        "match_not_begun": IssueKind(
            ERROR, _("%(number)s has not begun. Register the first meeting of the match first.")
        ),
    }
)


@dataclass
class NamedPerson:
    """A person whom a list may name, with an enrolment if the list is about a role in the programme."""

    person_id: int
    enrolment_id: int | None
    name: str
    emails: list[str]
    capacity: int | None = None
    case_number: str = ""
    role: str = ""
    former_numbers: Sequence[str] = ()  # of people who were merged into this one
    status: str = ""
    has_state: bool = False  # has died, moved away or wants no contact


@dataclass(frozen=True)
class PersonColumns:
    """The fields in which a list names a person, and the issues for no person and for several."""

    number: str
    name: str
    email: str
    unknown: str = "unknown_person"
    ambiguous: str = "ambiguous_person"
    first_name: str = ""
    last_name: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.number, self.name, self.email, self.first_name, self.last_name)))

    def name_in(self, row: RowReader) -> str:
        """Return the whole name, first name first."""
        parts = (row.line(key) for key in (self.first_name, self.last_name) if key)
        text = row.line(self.name) or " ".join(filter(None, parts))
        return " ".join(cells.split_name(text)) if "," in text else text


PERSON = PersonColumns(
    "person_number",
    "person_name",
    "person_email",
    first_name="person_first_name",
    last_name="person_last_name",
)


def columns_of(role: str) -> PersonColumns:
    """Return the columns of the mentor or the mentee in a list of matches."""
    return PersonColumns(f"{role}_number", f"{role}_name", f"{role}_email", f"unknown_{role}", f"ambiguous_{role}")


@dataclass
class PersonDirectory:
    """People by case number, e-mail and name."""

    columns: PersonColumns
    people: Iterable[NamedPerson]
    _by_number: dict[str, list[NamedPerson]] = field(default_factory=dict, init=False)
    _by_email: dict[str, list[NamedPerson]] = field(default_factory=dict, init=False)
    _by_name: dict[str, list[NamedPerson]] = field(default_factory=dict, init=False)

    def __post_init__(self):
        for person in self.people:
            for number in (person.case_number, *person.former_numbers):
                self._by_number.setdefault(number.upper(), []).append(person)
            self._by_name.setdefault(name_key(person.name), []).append(person)
            for email in person.emails:
                self._by_email.setdefault(email.lower(), []).append(person)

    def is_named(self, row: RowReader) -> bool:
        """Return whether the row names a person at all."""
        return any(row.line(key) for key in self.columns.keys)

    def candidates(self, row: RowReader, fits: Callable[[NamedPerson], bool] = bool) -> list[NamedPerson]:
        """Return the people that the row may mean, without reporting an issue."""
        named, addressed, numbered = self._found(row, fits)
        return numbered or [person for person in addressed if person in named] or addressed or named

    def find(self, row: RowReader, fits: Callable[[NamedPerson], bool] = bool) -> NamedPerson | None:
        """Return the person that the row names, among those who fit, and report issues in the row."""
        person = self._find(row, fits)
        if person and person.has_state:
            row.report("person_has_state", self._named_in(row), name=person.name, case_number=person.case_number)
        return person

    def _find(self, row: RowReader, fits: Callable[[NamedPerson], bool]) -> NamedPerson | None:
        columns = self.columns
        emails = cells.read_emails(row.cell(columns.email))
        if emails is None:
            row.report("bad_email", columns.email)
        named, addressed, numbered = self._found(row, fits)
        others = [person for person in addressed if person in named] or addressed or named
        if numbered:
            return self._take_by_number(row, numbered[0], others)
        if len(others) == 1:
            facts = {"name": others[0].name, "case_number": others[0].case_number}
            if row.line(columns.number):
                row.report("case_number_unknown", columns.number, **facts)
            elif emails and not addressed:
                row.report("email_differs", columns.email, **facts)
            return others[0]
        row.report(columns.ambiguous if others else columns.unknown, self._named_in(row))
        return None

    def _found(self, row: RowReader, fits: Callable[[NamedPerson], bool]) -> tuple[list[NamedPerson], ...]:
        """Return the people found by name, by e-mail and by case number."""
        columns = self.columns
        named = self._by_name.get(name_key(columns.name_in(row)), ())
        emails = cells.read_emails(row.cell(columns.email)) or ()
        addressed = {id(person): person for email in emails for person in self._by_email.get(email, ())}.values()
        numbered = self._by_number.get(row.line(columns.number).upper(), ()) if row.line(columns.number) else ()
        return tuple([person for person in found if fits(person)] for found in (named, addressed, numbered))

    def _take_by_number(self, row: RowReader, person: NamedPerson, others: Sequence[NamedPerson]) -> NamedPerson | None:
        """Return the person with the case number, unless the row also names another person."""
        name = self.columns.name_in(row)
        share_a_word = set(name_key(name).split()) & set(name_key(person.name).split())
        if person in others or (not others and (not name or share_a_word)):
            return person
        row.report("case_number_of_another", self.columns.number, name=person.name, case_number=person.case_number)
        return None

    def _named_in(self, row: RowReader) -> str:
        """Return the first field with content that names the person, otherwise the field of the name."""
        columns = self.columns
        keys = (columns.name, columns.first_name, columns.last_name, columns.email, columns.number)
        return next((key for key in keys if key and row.line(key)), columns.name)


def people_in_roles(programme: Programme, roles: Iterable[str]) -> list[NamedPerson]:
    """Return the enrolled people of a programme, once for each of the roles that they have, in two queries."""
    former = former_case_numbers(programme.branch_id)
    enrolments = Enrolment.objects.filter(programme=programme, role__in=list(roles)).select_related("person")
    return [
        NamedPerson(
            enrolment.person_id,
            enrolment.pk,
            enrolment.person.name,
            enrolment.person.emails,
            enrolment.capacity,
            enrolment.person.case_number,
            enrolment.role,
            former.get(enrolment.person_id, ()),
            enrolment.status,
            bool(enrolment.person.state),
        )
        for enrolment in enrolments.order_by("pk")
    ]


def load_directories(programme: Programme) -> tuple[PersonDirectory, PersonDirectory]:
    """Return the mentors and the mentees of a programme, in two queries."""
    people: dict[str, list[NamedPerson]] = {ParticipantRole.MENTOR: [], ParticipantRole.MENTEE: []}
    for person in people_in_roles(programme, people):
        people[person.role].append(person)
    mentors = PersonDirectory(columns_of("mentor"), people[ParticipantRole.MENTOR])
    return mentors, PersonDirectory(columns_of("mentee"), people[ParticipantRole.MENTEE])


@dataclass(frozen=True)
class MatchRef:
    """A stored match that a list of meetings, follow-ups or outcomes may name."""

    match_id: int
    number: str
    mentor_id: int
    mentee_id: int
    status: str
    started_on: dt.date | None
    ended_on: dt.date | None
    mentor: str
    mentee: str

    def covers(self, day: dt.date) -> bool:
        """Return whether the day is between start and end."""
        return self.started_on is not None and self.started_on <= day and not self.is_over(day)

    def is_over(self, day: dt.date) -> bool:
        """Return whether the match had ended before the day."""
        return self.ended_on is not None and day > self.ended_on


class MatchDirectory:
    """The matches of a programme by number and by their people."""

    def __init__(self, programme: Programme):
        self.mentors, self.mentees = load_directories(programme)
        self._by_number: dict[str, MatchRef] = {}
        self._by_person: dict[tuple[str, int], list[MatchRef]] = {}
        stored = Match.objects.filter(programme=programme).exclude(status__in=NEVER_STARTED_STATUSES)
        for match in stored.select_related("mentor", "mentee").order_by("pk"):
            ref = MatchRef(
                match.pk,
                match.number,
                match.mentor_id,
                match.mentee_id,
                match.status,
                match.started_on,
                match.ended_on,
                match.mentor.name,
                match.mentee.name,
            )
            self._by_number[match.number.upper()] = ref
            self._by_person.setdefault(("mentor", match.mentor_id), []).append(ref)
            self._by_person.setdefault(("mentee", match.mentee_id), []).append(ref)

    def find_started(self, row: RowReader, day: dt.date | None) -> MatchRef | None:
        """Return the match that a row names if it has started; otherwise report an issue."""
        match = self.find(row, day)
        if match and (match.status in NOT_STARTED_STATUSES or match.started_on is None):
            row.report("match_not_begun", "match_number" if row.line("match_number") else "", number=match.number)
            return None
        return match

    def find(self, row: RowReader, day: dt.date | None) -> MatchRef | None:
        """Return the match that a row names by its number or its people; of several, the one that ran on the day."""
        number = row.line("match_number")
        if match := self._by_number.get(number.upper()):
            return self._take_by_number(row, match)
        is_named = self.mentors.is_named(row), self.mentees.is_named(row)
        if not any(is_named):
            row.report("unknown_match" if number else "match_not_named", "match_number")
            return None
        people = [
            self._find_person(row, directory)
            for directory, named in zip(self._directories, is_named, strict=True)
            if named
        ]
        return self._of_people(row, people, day) if all(people) else None

    @property
    def _directories(self) -> tuple[PersonDirectory, PersonDirectory]:
        return self.mentors, self.mentees

    def _find_person(self, row: RowReader, directory: PersonDirectory) -> NamedPerson | None:
        """Return the mentor or the mentee; of namesakes, the one who has a match with the other person of the row."""
        namesakes = {person.person_id for person in directory.candidates(row)}
        if len(namesakes) < 2:
            return directory.find(row)
        (other,) = (one for one in self._directories if one is not directory)
        matched = {
            person_id
            for person in other.candidates(row)
            for match in self._by_person.get((person.role, person.person_id), ())
            for person_id in (match.mentor_id, match.mentee_id)
        }
        return directory.find(row, lambda person: not namesakes & matched or person.person_id in matched)

    def _take_by_number(self, row: RowReader, match: MatchRef) -> MatchRef | None:
        """Return the match with the number, unless the row also names other people."""
        for directory, person_id in zip(self._directories, (match.mentor_id, match.mentee_id), strict=True):
            named = {person.person_id for person in directory.candidates(row)}
            if named and person_id not in named:
                facts = {"number": match.number, "mentor": match.mentor, "mentee": match.mentee}
                row.report("match_of_others", "match_number", **facts)
                return None
        return match

    def _of_people(self, row: RowReader, people: list[NamedPerson], day: dt.date | None) -> MatchRef | None:
        lists = [self._by_person.get((person.role, person.person_id), []) for person in people]
        found = [match for match in lists[0] if all(match in others for others in lists)]
        if len(found) > 1 and day:
            found = [match for match in found if match.covers(day)] or found
        if len(found) == 1:
            return found[0]
        key = "mentee_name" if row.line("mentee_name") else ""
        if found and not row.has_error():
            row.report("ambiguous_match", key, numbers=", ".join(match.number for match in found))
        elif not found:
            row.report("unknown_match", key)
        return None
