"""The list of interviews: person, day, interviewer, and what was said and decided."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.bulk import locked
from imports.engine.cells import as_text, read_time, time_after_day
from imports.engine.fields import word_list
from imports.engine.issues import ERROR, HINT, ISSUE_KINDS, IssueKind
from imports.engine.kind import ImportChanged, RecordKind, Rows, Store
from imports.engine.reader import RowReader
from imports.kinds.parties import PERSON, NamedPerson, PersonDirectory, people_in_roles
from imports.models import RowOrigin
from matching.enums import InterviewAssessment
from matching.models import Interview, Match
from matching.services import MatchRefused
from matching.services.bulk import bulk_apply_assessments, bulk_complete_interviews, bulk_create_interviews
from programmes.enums import ParticipantRole
from programmes.models import Programme

ROLES = word_list("participant_roles", ParticipantRole)
ASSESSMENTS = word_list("interview_assessments", InterviewAssessment)
TEXTS = ("summary", "motivation", "wishes", "assessment_note")
LINES = ("place", "interviewer", "next_step")
STORED_AS = {"interviewer": "interviewer_note"}
LIMITS = {key: Interview._meta.get_field(STORED_AS.get(key, key)).max_length for key in LINES}
COMPLETED_FIELDS = ("planned_on", "planned_time", "held_on", "assessment", *TEXTS, *map(STORED_AS.get, LINES, LINES))

ISSUE_KINDS.add_all(
    {
        "role_missing": IssueKind(ERROR, _("%(name)s has several roles in the programme. Write which: %(words)s.")),
        "unknown_role_word": IssueKind(ERROR, _("The role is not one we know. Write one of: %(words)s.")),
        "not_in_role": IssueKind(
            ERROR, _("No person of this name has this role in the programme. Import the person in the role first.")
        ),
        "unknown_assessment": IssueKind(ERROR, _("The assessment is not one we know. Write one of: %(words)s.")),
        "time_unreadable": IssueKind(ERROR, _("No time of day can be read. Write for example 16.30.")),
        "in_open_match": IssueKind(ERROR, _("%(name)s is in a match. End the match first.")),
        "held_ahead": IssueKind(HINT, _("The day is in the future. The interview is stored as planned for that day.")),
        "interview_completed": IssueKind(HINT, _("The interview is stored already. Its blank fields are filled in.")),
    }
)


@dataclass
class InterviewRecord:
    """An interview as a row describes it. ``completes`` is a stored interview whose blank fields the row fills in."""

    person: NamedPerson | None
    planned_on: dt.date | None
    held_on: dt.date | None
    planned_time: dt.time | None = None
    texts: dict[str, str] = field(default_factory=dict)  # field of the model → text
    assessment: str = ""
    completes: "StoredInterview | None" = None

    @property
    def key(self) -> tuple:
        what, day = ("held", self.held_on) if self.held_on else ("planned", self.planned_on)
        return self.person.enrolment_id, what, day.isoformat(), self.completes and self.completes.pk

    def values(self) -> dict:
        """Return the fields of the Interview that are not blank."""
        found = {
            "planned_on": self.planned_on,
            "planned_time": self.planned_time,
            "held_on": self.held_on,
            "assessment": self.assessment,
            **self.texts,
        }
        return {name: value for name, value in found.items() if value}


@dataclass
class StoredInterview:
    """A stored interview, with the names of its blank fields."""

    pk: int
    planned_on: dt.date | None
    held_on: dt.date | None
    blanks: set[str]

    def is_of(self, record: InterviewRecord) -> bool:
        """Return whether the row is about this interview: held on the same day, or planned for it and not held yet."""
        if record.held_on:
            days = (record.held_on, record.planned_on)
            return self.held_on == record.held_on or (self.held_on is None and self.planned_on in days)
        return record.planned_on in (self.planned_on, self.held_on)


def stored_interview(values: Mapping[str, Any]) -> StoredInterview:
    """Return the stored interview with the values of its fields."""
    blanks = {name for name in COMPLETED_FIELDS if not values[name]}
    return StoredInterview(values["pk"], values["planned_on"], values["held_on"], blanks)


@dataclass
class KnownInterviews:
    """The people of the programme, and the interviews that are stored or belong to accepted rows."""

    directory: PersonDirectory
    programme: Programme
    stored: dict[int, list[StoredInterview]] = field(default_factory=dict)  # by enrolment
    seen: dict[tuple, int | None] = field(default_factory=dict)
    in_match: set[tuple[str, int]] = field(default_factory=set)  # role and person id


class InterviewKind(RecordKind):
    """Interviews that were held or are planned."""

    code = "interview"

    def load_known(self, programme: Programme) -> KnownInterviews:
        """Return people, interviews and the people of open matches, in four queries."""
        known = KnownInterviews(PersonDirectory(PERSON, people_in_roles(programme, ParticipantRole)), programme)
        stored = Interview.objects.filter(enrolment__programme=programme).order_by("pk")
        for values in stored.values("pk", "enrolment_id", *COMPLETED_FIELDS):
            known.stored.setdefault(values["enrolment_id"], []).append(stored_interview(values))
        for pair in Match.objects.filter(programme=programme).open().values_list("mentor_id", "mentee_id"):
            known.in_match.update(zip((ParticipantRole.MENTOR, ParticipantRole.MENTEE), pair, strict=True))
        return known

    def label_of(self, reader: RowReader) -> str:
        return PERSON.name_in(reader) or reader.line("person_number") or reader.line("person_email")

    def read(self, reader: RowReader, known: KnownInterviews, *, today: dt.date) -> InterviewRecord:
        planned_on, held_on = read_days(reader, today)
        if held_on and held_on < known.programme.starts_on:
            reader.report("before_programme", "held_on", start=as_text(known.programme.starts_on))
        record = InterviewRecord(find_in_role(reader, known.directory), planned_on, held_on)
        if record.person and record.person.has_state and not held_on:
            facts = {"name": record.person.name, "case_number": record.person.case_number}
            reader.report("person_is_closed", "planned_on", **facts)
        record.planned_time = read_planned_time(reader)
        record.assessment = reader.choice(ASSESSMENTS, "assessment", "unknown_assessment") or ""
        record.texts = {key: reader.text(key) for key in TEXTS}
        for key in LINES:
            record.texts[STORED_AS.get(key, key)] = reader.fit(reader.line(key), key, LIMITS[key], may_cut=False)
        if record.person and not reader.has_error():
            find_stored(reader, record, known)
            check_match(reader, record, known)
        return record

    def key_of(self, record: InterviewRecord) -> tuple:
        return record.key

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        """Store new interviews, complete known ones, and set the status of the people by their assessments.

        Raises ImportChanged if a known interview or an enrolment was changed or deleted by now.
        """
        interviews = [
            Interview(enrolment_id=row.record.person.enrolment_id, **row.record.values()) for row, _id in rows
        ]
        new = {row_id: one for one, (row, row_id) in zip(interviews, rows, strict=True) if not row.record.completes}
        bulk_create_interviews(list(new.values()))
        for row_id, interview in new.items():
            store.came_from(row_id, interview)
        complete_interviews([(row.record, row_id) for row, row_id in rows if row.record.completes], store)
        try:
            bulk_apply_assessments(interviews)
        except MatchRefused as error:
            raise ImportChanged from error

    def list_url(self) -> str:
        return reverse("people:person-list")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return RowOrigin.objects.addresses(Interview, row_ids, "enrolment__person_id", "people:person-detail")


def read_days(reader: RowReader, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """Return the planned day and the day of the interview. A day ahead is a planned one."""
    planned_on, held_on = reader.date("planned_on", is_strict=True), reader.date("held_on", is_strict=True)
    if held_on and held_on > today and planned_on:
        reader.report("day_ahead", "held_on")
    elif held_on and held_on > today:
        planned_on, held_on = held_on, None
        reader.report("held_ahead", "held_on")
    if not (planned_on or held_on) and not reader.has_error():
        reader.report("day_missing", "held_on" if "held_on" in reader.columns else "planned_on")
    return planned_on, held_on


def read_planned_time(row: RowReader) -> dt.time | None:
    if row.cell("planned_time") is None:
        return time_after_day(row.cell("planned_on"))
    time = read_time(row.cell("planned_time"))
    if time is None:
        row.report("time_unreadable", "planned_time")
    return time


def find_in_role(row: RowReader, directory: PersonDirectory) -> NamedPerson | None:
    """Return the person that a row names, in the role of the row or in the only role that the person has."""
    role = row.choice(ROLES, "role", "unknown_role_word")
    if role or row.line("role"):
        fits = (lambda person: person.role == role) if role else bool
        if role and not directory.candidates(row, fits) and directory.candidates(row):
            row.report("not_in_role", "role")
            return None
        return directory.find(row, fits)
    found = directory.candidates(row)
    if len(found) > 1 and len({person.person_id for person in found}) == 1:
        roles = {person.role for person in found}
        words = ", ".join(choice.word for choice in ROLES.choices if ROLES.meaning(choice.word) in roles)
        row.report("role_missing", "role" if "role" in row.columns else "person_name", name=found[0].name, words=words)
        return None
    return directory.find(row)


def find_stored(row: RowReader, record: InterviewRecord, known: KnownInterviews) -> None:
    """Let the row complete the stored interview that it is about, or be its duplicate if it adds nothing."""
    for interview in known.stored.get(record.person.enrolment_id, ()):
        if not interview.is_of(record):
            continue
        if interview.blanks & record.values().keys():
            record.completes = interview
            row.report("interview_completed")
        else:
            known.seen.setdefault(record.key, None)
        return


def check_match(row: RowReader, record: InterviewRecord, known: KnownInterviews) -> None:
    """Report *not suited* about a person in a match as an error, unless a later interview was assessed."""
    person, stored = record.person, known.stored.get(record.person.enrolment_id, ())
    declines = record.held_on and record.assessment == InterviewAssessment.NOT_SUITABLE
    if (
        declines
        and (person.role, person.person_id) in known.in_match
        and not any(one.held_on and one.held_on > record.held_on and "assessment" not in one.blanks for one in stored)
    ):
        row.report("in_open_match", "assessment", name=person.name)


def complete_interviews(records: Sequence[tuple[InterviewRecord, int]], store: Store) -> None:
    """Fill in blank fields of known interviews. Raises ImportChanged if one was changed or deleted by now."""
    interviews = locked(Interview, {record.completes.pk for record, _row_id in records})
    for record, row_id in records:
        interview = interviews.get(record.completes.pk)
        if interview is None or stored_interview(vars(interview) | {"pk": interview.pk}) != record.completes:
            raise ImportChanged
        store.came_from(row_id, interview)
    values = [(interviews[record.completes.pk], record.values()) for record, _row_id in records]
    bulk_complete_interviews(values)
