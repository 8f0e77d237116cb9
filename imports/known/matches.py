"""Mentors, mentees and matches of a programme, as lists name them: by number, e-mail or name."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from imports.engine.issues import ERROR, IssueKind, register_issues
from imports.engine.reader import RowReader
from imports.known.directory import Columns, Directory, Party
from imports.known.stored import former_numbers
from matching.enums import MatchStatus
from matching.models import Match
from people.models import Enrolment
from programmes.enums import ParticipantRole
from programmes.models import Programme

NEVER_RAN = [MatchStatus.DECLINED, MatchStatus.WITHDRAWN]
NOT_BEGUN = [MatchStatus.PROPOSED, MatchStatus.INTRODUCED]

register_issues(
    {
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
            ERROR, _("Several matches fit, and the day does not tell which. Add the match number: %(numbers)s.")
        ),
        "match_of_others": IssueKind(
            ERROR, _("%(number)s is the match of %(mentee)s and %(mentor)s. Correct the number or the names.")
        ),
        "match_not_begun": IssueKind(
            ERROR, _("%(number)s has not begun. Register the first meeting of the match first.")
        ),
    }
)


def columns_of(role: str) -> Columns:
    return Columns(f"{role}_number", f"{role}_name", f"{role}_email", f"unknown_{role}", f"ambiguous_{role}")


def read_directories(programme: Programme) -> tuple[Directory, Directory]:
    """Mentors and mentees of a programme in two queries."""
    parties: dict[str, list[Party]] = {ParticipantRole.MENTOR: [], ParticipantRole.MENTEE: []}
    for party in parties_of(programme, parties):
        parties[party.role].append(party)
    mentors = Directory(columns_of("mentor"), parties[ParticipantRole.MENTOR])
    return mentors, Directory(columns_of("mentee"), parties[ParticipantRole.MENTEE])


def parties_of(programme: Programme, roles: Iterable[str]) -> list[Party]:
    """Everybody who has one of the roles, once for each, in two queries."""
    former = former_numbers(programme.branch_id)
    enrolments = Enrolment.objects.filter(programme=programme, role__in=list(roles)).select_related("person")
    return [
        Party(
            enrolment.person_id,
            enrolment.pk,
            enrolment.person.name,
            enrolment.person.emails,
            enrolment.capacity,
            enrolment.person.case_number,
            enrolment.role,
            former.get(enrolment.person_id, ()),
        )
        for enrolment in enrolments.order_by("pk")
    ]


@dataclass(frozen=True)
class Course:
    """A stored match as lists of its meetings, follow-ups and outcomes ask for it."""

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
        """Whether the day lies between start and end."""
        return self.started_on is not None and self.started_on <= day and not self.is_after(day)

    def is_after(self, day: dt.date) -> bool:
        return self.ended_on is not None and day > self.ended_on


class Courses:
    """The matches of a programme by number and by the two."""

    def __init__(self, programme: Programme):
        self.mentors, self.mentees = read_directories(programme)
        self._by_number: dict[str, Course] = {}
        self._by_person: dict[tuple[str, int], list[Course]] = {}
        stored = Match.objects.filter(programme=programme).exclude(status__in=NEVER_RAN)
        for match in stored.select_related("mentor", "mentee").order_by("pk"):
            course = Course(
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
            self._by_number[match.number.upper()] = course
            self._by_person.setdefault(("mentor", match.mentor_id), []).append(course)
            self._by_person.setdefault(("mentee", match.mentee_id), []).append(course)

    def find(self, row: RowReader, day: dt.date | None) -> Course | None:
        """The match that a row names, by its number or by who is in it, on that day if there were several."""
        number = row.line("match_number")
        if course := self._by_number.get(number.upper()):
            return self._take_by_number(row, course)
        is_named = self.mentors.is_named(row), self.mentees.is_named(row)
        if not any(is_named):
            row.report("unknown_match" if number else "match_not_named", "match_number")
            return None
        people = [
            self._find_party(row, directory)
            for directory, named in zip(self._directories, is_named, strict=True)
            if named
        ]
        return self._of_people(row, people, day) if all(people) else None

    def _find_party(self, row: RowReader, directory: Directory) -> Party | None:
        """The mentor or the mentee; of namesakes, the one who has a match with the other whom the row names."""
        namesakes = {party.person_id for party in directory.candidates(row)}
        if len(namesakes) < 2:
            return directory.find(row)
        (other,) = (one for one in self._directories if one is not directory)
        matched = {
            person_id
            for party in other.candidates(row)
            for course in self._by_person.get((party.role, party.person_id), ())
            for person_id in (course.mentor_id, course.mentee_id)
        }
        return directory.find(row, lambda party: not namesakes & matched or party.person_id in matched)

    @property
    def _directories(self) -> tuple[Directory, Directory]:
        return self.mentors, self.mentees

    def _take_by_number(self, row: RowReader, course: Course) -> Course | None:
        """The match with the number, unless the row names other people beside it."""
        for directory, person_id in zip(self._directories, (course.mentor_id, course.mentee_id), strict=True):
            named = {party.person_id for party in directory.candidates(row)}
            if named and person_id not in named:
                row.report("match_of_others", "match_number", **_facts(course))
                return None
        return course

    def _of_people(self, row: RowReader, people: list[Party], day: dt.date | None) -> Course | None:
        lists = [self._by_person.get((party.role, party.person_id), []) for party in people]
        found = [course for course in lists[0] if all(course in others for others in lists)]
        if len(found) > 1 and day:
            found = [course for course in found if course.covers(day)] or found
        if len(found) == 1:
            return found[0]
        if found and not row.has_error():
            numbers = ", ".join(course.number for course in found)
            row.report("ambiguous_match", "mentee_name" if row.line("mentee_name") else "", numbers=numbers)
        elif not found:
            row.report("unknown_match", "mentee_name" if row.line("mentee_name") else "")
        return None


def _facts(course: Course) -> dict:
    return {"number": course.number, "mentor": course.mentor, "mentee": course.mentee}


def find_begun(row: RowReader, courses: Courses, day: dt.date | None) -> Course | None:
    """The match that a row names; what happened in it can only be told once it has begun."""
    course = courses.find(row, day)
    if course and (course.status in NOT_BEGUN or course.started_on is None):
        row.report("match_not_begun", "match_number" if row.line("match_number") else "", number=course.number)
        return None
    return course
