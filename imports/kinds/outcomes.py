"""The list of outcomes: what came of a match, and when."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from imports.engine.choices import FewWords
from imports.engine.fields import NOTES, make_field
from imports.engine.issues import ERROR, IssueKind, register_issues
from imports.engine.reader import RowReader
from imports.engine.record_cells import read_line, read_past_day
from imports.kinds.courses import CourseKind, KnownRecords, warn_outside
from imports.known.matches import MATCH_FIELDS, WHICH_MATCH, Course, find_begun
from matching.enums import OutcomeKind, Side
from matching.models import Outcome

NOTE_LENGTH = Outcome._meta.get_field("note").max_length
OUTCOMES = FewWords(
    {
        OutcomeKind.JOB: "job|i job|fået job|job begyndt|arbejde|i arbejde|ansat|fleksjob|job begun|work",
        OutcomeKind.INTERNSHIP: "praktik|i praktik|praktikplads|praktik begyndt|internship|internship begun",
        OutcomeKind.EDUCATION: "uddannelse|i uddannelse|kursus|uddannelse begyndt|education|education begun|course",
        OutcomeKind.ACTIVATION: "aktivering|aktivering begyndt|løntilskud|activation|activation begun",
        OutcomeKind.NETWORK: "netværk|større netværk|flere kontakter|network|a larger network",
        OutcomeKind.DANISH: "dansk|bedre dansk|bedre sprog|sprog|danish|better danish|language",
        OutcomeKind.SOCIETY: "samfund|samfundet|kender samfundet bedre|samfundsforståelse|society|knows society better",
        OutcomeKind.ISOLATION: "mindre alene|mindre isoleret|mindre isolation|mindre ensom|less alone|isolation",
        OutcomeKind.CONFIDENCE: "selvtillid|tro på egne ressourcer|selvværd|mod|confidence|trusts own resources",
        OutcomeKind.FAMILY: "familie|bedre familieliv|familieliv|family|better family life",
        OutcomeKind.ROLE_MODEL: "rollemodel|blev rollemodel|forbillede|role model|became a role model",
    }
)
TELLERS = FewWords({Side.MENTOR: "mentor|mentoren|the mentor", Side.MENTEE: "mentee|menteen|the mentee"})

register_issues(
    {
        "outcome_missing": IssueKind(ERROR, _("What came of it is missing. Write one of: %(words)s.")),
        "unknown_outcome": IssueKind(ERROR, _("The outcome is not one we know. Write one of: %(words)s.")),
        "unknown_teller": IssueKind(ERROR, _("It was told by neither of the two. Write one of: %(words)s.")),
    }
)


@dataclass
class OutcomeRecord:
    course: Course | None
    kind: str | None
    on: dt.date | None
    told_by: str
    note: str

    def values(self) -> dict:
        """What the Outcome stores of it."""
        return {"kind": self.kind, "on": self.on, "told_by": self.told_by, "note": self.note}


class OutcomeList(CourseKind):
    """What came of matches. The same outcome on the same day is known again."""

    code, label, singular = "outcome", _("Outcomes"), _("outcome")
    model = Outcome
    fields = (
        *MATCH_FIELDS,
        make_field(
            "kind",
            _("What came of it"),
            "resultat|resultater|udbytte|udfald|effekt|virkning|hvad kom der ud af det|hvad kom der ud af matchet"
            "|outcome|result|effect|what came of it",
            is_telling=True,
            choices=OUTCOMES.choices,
            examples=("job", "praktik"),
        ),
        make_field(
            "on",
            _("Date"),
            "dato|dag|den|begyndt|begyndt den|fra|date|on|since|outcome date",
            explanation=_("The day it began or was told. Needed."),
            examples=("01-08-2011", "15-03-2011"),
        ),
        make_field(
            "told_by",
            _("Told by"),
            "fortalt af|fortalt ved|oplyst af|meddelt af|kilde|told by|source",
            is_telling=True,
            choices=TELLERS.choices,
            examples=("mentee", "mentor"),
        ),
        NOTES,
    )
    required = (WHICH_MATCH, ("kind",), ("on",))

    def stored_keys(self, stored: QuerySet) -> Iterable[tuple]:
        return [(match_id, kind, on.isoformat()) for match_id, kind, on in stored.values_list("match_id", "kind", "on")]

    def read(self, reader: RowReader, known: KnownRecords, *, today: dt.date) -> OutcomeRecord:
        day = read_past_day(reader, "on", today)
        kind = OUTCOMES.read(reader, "kind", "unknown_outcome")
        if not reader.line("kind"):
            reader.report("outcome_missing", "kind", words=OUTCOMES.words)
        record = OutcomeRecord(
            find_begun(reader, known.courses, day),
            kind,
            day,
            TELLERS.read(reader, "told_by", "unknown_teller") or "",
            read_line(reader, "notes", NOTE_LENGTH),
        )
        warn_outside(reader, "on", record.course, day, after=False)
        return record

    def key_of(self, record: OutcomeRecord) -> tuple:
        return record.course.match_id, str(record.kind), record.on.isoformat()
