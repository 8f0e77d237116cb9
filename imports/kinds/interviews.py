"""The list of interviews: whom, when, by whom, and what came of the talk."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from imports.engine.fields import word_list
from imports.engine.issues import ERROR, HINT, IssueKind, register_issues
from imports.engine.kind import RecordKind, Rows
from imports.engine.reader import RowReader
from imports.engine.record_cells import read_day, read_line, read_time, time_after_day, warn_before
from imports.engine.store import Store
from imports.kinds.parties import PERSON, NamedPerson, PersonDirectory, people_in_roles
from imports.origins import addresses_of
from matching.enums import InterviewAssessment
from matching.models import Interview
from programmes.enums import ParticipantRole
from programmes.models import Programme

ROLES = word_list("participant_roles", ParticipantRole)
ASSESSMENTS = word_list("interview_assessments", InterviewAssessment)
TEXTS = ("summary", "motivation", "wishes", "assessment_note")
LINES = ("place", "interviewer", "next_step")
STORED_AS = {"interviewer": "interviewer_note"}
LIMITS = {key: Interview._meta.get_field(STORED_AS.get(key, key)).max_length for key in LINES}
COMPLETED_FIELDS = ("planned_on", "planned_time", "held_on", "assessment", *TEXTS, *map(STORED_AS.get, LINES, LINES))

register_issues(
    {
        "role_missing": IssueKind(ERROR, _("%(name)s has several roles in the programme. Write which: %(words)s.")),
        "unknown_role_word": IssueKind(ERROR, _("The role is not one we know. Write one of: %(words)s.")),
        "not_in_role": IssueKind(
            ERROR, _("Nobody of this name has this role in the programme. Import the person in the role first.")
        ),
        "unknown_assessment": IssueKind(ERROR, _("The assessment is not one we know. Write one of: %(words)s.")),
        "time_unreadable": IssueKind(ERROR, _("No time of day can be read. Write for example 16.30.")),
        "held_ahead": IssueKind(HINT, _("The day lies ahead. The interview is stored as planned for that day.")),
        "interview_completed": IssueKind(
            HINT, _("The interview is known with fewer words. What is blank there is filled in.")
        ),
    }
)


@dataclass
class InterviewRecord:
    """What a row says about an interview. `completes`: a stored one that the row says more about."""

    party: NamedPerson | None
    planned_on: dt.date | None
    held_on: dt.date | None
    planned_time: dt.time | None = None
    texts: dict[str, str] = field(default_factory=dict)  # field of the model → text
    assessment: str = ""
    completes: "StoredInterview | None" = None

    @property
    def key(self) -> tuple:
        what, day = ("held", self.held_on) if self.held_on else ("planned", self.planned_on)
        return self.party.enrolment_id, what, day.isoformat(), self.completes and self.completes.pk

    def values(self) -> dict:
        """What the Interview stores of it; blanks left out."""
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
    """An interview that is stored, with what it does not say yet."""

    pk: int
    planned_on: dt.date | None
    held_on: dt.date | None
    blanks: set[str]

    def is_of(self, record: InterviewRecord) -> bool:
        """Whether the row is about this interview: held on that day, or planned for it and not known as held."""
        if record.held_on:
            days = (record.held_on, record.planned_on)
            return self.held_on == record.held_on or (self.held_on is None and self.planned_on in days)
        return record.planned_on in (self.planned_on, self.held_on)


def as_stored(values: Mapping[str, Any]) -> StoredInterview:
    """An interview from the values of its fields."""
    blanks = {name for name in COMPLETED_FIELDS if not values[name]}
    return StoredInterview(values["pk"], values["planned_on"], values["held_on"], blanks)


@dataclass
class KnownInterviews:
    """The people of the programme by role, and the interviews that are stored or were accepted."""

    directory: PersonDirectory
    programme: Programme
    stored: dict[int, list[StoredInterview]] = field(default_factory=dict)  # by enrolment
    seen: dict[tuple, int | None] = field(default_factory=dict)


class InterviewKind(RecordKind):
    """Interviews that were held and that are planned."""

    code = "interview"

    def load_known(self, programme: Programme) -> KnownInterviews:
        """People and interviews in three queries."""
        known = KnownInterviews(PersonDirectory(PERSON, people_in_roles(programme, ParticipantRole)), programme)
        stored = Interview.objects.filter(enrolment__programme=programme).order_by("pk")
        for values in stored.values("pk", "enrolment_id", *COMPLETED_FIELDS):
            known.stored.setdefault(values["enrolment_id"], []).append(as_stored(values))
        return known

    def label_of(self, reader: RowReader) -> str:
        return PERSON.name_in(reader) or reader.line("person_number") or reader.line("person_email")

    def read(self, reader: RowReader, known: KnownInterviews, *, today: dt.date) -> InterviewRecord:
        planned_on, held_on = read_day(reader, "planned_on"), read_day(reader, "held_on")
        if held_on and held_on > today and planned_on:
            reader.report("day_ahead", "held_on")
        elif held_on and held_on > today:
            planned_on, held_on = held_on, None
            reader.report("held_ahead", "held_on")
        if not (planned_on or held_on) and not reader.has_error():
            reader.report("day_missing", "held_on" if "held_on" in reader.columns else "planned_on")
        warn_before(reader, "held_on", held_on, known.programme.starts_on)
        record = InterviewRecord(find_in_role(reader, known.directory), planned_on, held_on)
        record.planned_time = self.read_time(reader)
        record.assessment = reader.choice(ASSESSMENTS, "assessment", "unknown_assessment") or ""
        record.texts = {key: reader.text(key) for key in TEXTS}
        record.texts |= {STORED_AS.get(key, key): read_line(reader, key, LIMITS[key]) for key in LINES}
        if record.party and not reader.has_error():
            find_stored(reader, record, known)
        return record

    def read_time(self, row: RowReader) -> dt.time | None:
        if row.cell("planned_time") is None:
            return time_after_day(row.cell("planned_on"))
        time = read_time(row.cell("planned_time"))
        if time is None:
            row.report("time_unreadable", "planned_time")
        return time

    def key_of(self, record: InterviewRecord) -> tuple:
        return record.key

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        from imports.kinds.store_records import store_interviews  # noqa: PLC0415 - becomes one file

        store_interviews(rows, store=store)

    def list_url(self) -> str:
        return reverse("people:person-list")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return addresses_of(Interview, row_ids, "enrolment__person_id", "people:person-detail")


def find_in_role(row: RowReader, directory: PersonDirectory) -> NamedPerson | None:
    """The person a row names, in the role it says or in the only one there is."""
    role = row.choice(ROLES, "role", "unknown_role_word")
    if role or row.line("role"):
        fits = (lambda party: party.role == role) if role else bool
        if role and not directory.candidates(row, fits) and directory.candidates(row):
            row.report("not_in_role", "role")
            return None
        return directory.find(row, fits)
    found = directory.candidates(row)
    if len(found) > 1 and len({party.person_id for party in found}) == 1:
        words = ", ".join(
            choice.word for choice in ROLES.choices if ROLES.meaning(choice.word) in {p.role for p in found}
        )
        row.report("role_missing", "role" if "role" in row.columns else "person_name", name=found[0].name, words=words)
        return None
    return directory.find(row)


def find_stored(row: RowReader, record: InterviewRecord, known: KnownInterviews) -> None:
    """Whether the interview is stored: then the row completes it, or says nothing new and is a duplicate."""
    for interview in known.stored.get(record.party.enrolment_id, ()):
        if not interview.is_of(record):
            continue
        if interview.blanks & record.values().keys():
            record.completes = interview
            row.report("interview_completed")
        else:
            known.seen.setdefault(record.key, None)
        return
