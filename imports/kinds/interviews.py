"""The list of interviews: whom, when, by whom, and what came of the talk."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from imports.engine.choices import FewWords
from imports.engine.fields import make_field
from imports.engine.issues import ERROR, HINT, IssueKind, register_issues
from imports.engine.kind import RecordKind, Rows
from imports.engine.reader import RowReader
from imports.engine.record_cells import read_day, read_line, read_time, time_after_day, warn_before
from imports.engine.store import Store
from imports.known.directory import PERSON, PERSON_FIELDS, Directory, Party
from imports.known.matches import parties_of
from imports.origins import addresses_of
from matching.enums import InterviewAssessment
from matching.models import Interview
from programmes.enums import ParticipantRole
from programmes.models import Programme

ROLES = FewWords(
    {
        ParticipantRole.MENTOR: "mentor|mentoren",
        ParticipantRole.MENTEE: "mentee|menteen",
        ParticipantRole.VOLUNTEER: "frivillig|volunteer",
        ParticipantRole.CONTACT: "kontaktperson|contact person|contact",
        ParticipantRole.USER: "deltager|bruger|participant",
    }
)
ASSESSMENTS = FewWords(
    {
        InterviewAssessment.SUITABLE: "klar til match|klar|egnet|godkendt|ja|ok|ready to be matched|ready|suitable",
        InterviewAssessment.LATER: "ikke endnu|senere|vent|afventer|not yet|later",
        InterviewAssessment.NOT_SUITABLE: "passer ikke til indsatsen|ikke egnet|uegnet|afvist|nej"
        "|not suited for the programme|not suitable",
    }
)
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

    party: Party | None
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

    directory: Directory
    programme: Programme
    stored: dict[int, list[StoredInterview]] = field(default_factory=dict)  # by enrolment
    seen: dict[tuple, int | None] = field(default_factory=dict)


class InterviewKind(RecordKind):
    """Interviews that were held and that are planned."""

    code, label, singular = "interview", _("Interviews"), _("interview")
    fields = (
        *PERSON_FIELDS,
        make_field(
            "role",
            _("Role"),
            "rolle|role|som|mentor eller mentee|mentor/mentee|mentor or mentee",
            choices=ROLES.choices,
            explanation=_("Needed when the person has several roles."),
            examples=("mentee", "mentor"),
        ),
        make_field(
            "planned_on",
            _("Planned for"),
            "planlagt|planlagt til|planlagt den|aftalt til|aftalt den|planned|planned for|planned on",
            explanation=_("For an interview that is not held yet."),
            examples=("", "03-10-2011"),
        ),
        make_field(
            "planned_time",
            _("Time"),
            "klokken|kl|klokkeslæt|tid|tidspunkt|time",
            examples=("", "16.30"),
        ),
        make_field(
            "held_on",
            _("Held on"),
            "interviewdato|dato for interview|interview den|interviewet den|interview dato|samtaledato|holdt|afholdt"
            "|afholdt den|holdt|holdt den|dato|dag|den|visitationsdato|interview date|date of interview|held on|date",
            explanation=_("The day of the talk."),
            examples=("02-04-2011", ""),
        ),
        make_field("place", _("Place"), "sted|hvor|lokale|place|where|location", examples=("", "Biblioteket")),
        make_field(
            "interviewer",
            _("Interviewer"),
            "interviewer|interviewet af|samtale med|samtale ved|afholdt af|interviewed by|interview by",
            is_telling=True,
            examples=("Mette S.", "Mette S."),
        ),
        make_field(
            "summary",
            _("Summary"),
            "resumé|referat|notat fra samtalen|opsummering|samtalereferat|noter|notat|bemærkninger|summary|minutes"
            "|notes",
            is_telling=True,
            examples=("Vil gerne i arbejde som social- og sundhedshjælper.", ""),
        ),
        make_field("motivation", _("Motivation"), "motivation|hvorfor|baggrund for at søge", examples=("", "")),
        make_field(
            "wishes",
            _("Wishes"),
            "ønsker|ønske|ønsker til match|ønsker til mentor|ønsker til mentee|wishes|wish",
            examples=("Gerne en kvinde", ""),
        ),
        make_field(
            "assessment",
            _("Assessment"),
            "vurdering|egnet|egnethed|konklusion|afgørelse|assessment|conclusion|suitability",
            is_telling=True,
            choices=ASSESSMENTS.choices,
            examples=("klar til match", ""),
        ),
        make_field(
            "assessment_note",
            _("About the assessment"),
            "om vurderingen|begrundelse|bemærkning til vurdering|about the assessment|reason",
            examples=("", ""),
        ),
        make_field(
            "next_step",
            _("Next step"),
            "næste skridt|næste trin|videre forløb|aftale|next step|next steps",
            is_telling=True,
            examples=("Find mentor i Brønshøj", ""),
        ),
    )
    required = (
        ("person_name", "person_first_name", "person_last_name", "person_email", "person_number"),
        ("held_on", "planned_on"),
    )

    def load_known(self, programme: Programme) -> KnownInterviews:
        """People and interviews in three queries."""
        known = KnownInterviews(Directory(PERSON, parties_of(programme, ParticipantRole)), programme)
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
        record.assessment = ASSESSMENTS.read(reader, "assessment", "unknown_assessment") or ""
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


def find_in_role(row: RowReader, directory: Directory) -> Party | None:
    """The person a row names, in the role it says or in the only one there is."""
    role = ROLES.read(row, "role", "unknown_role_word")
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
