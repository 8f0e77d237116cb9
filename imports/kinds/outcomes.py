"""The list of outcomes: what came of a match, and when."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from imports.engine.fields import word_list
from imports.engine.issues import ERROR, IssueKind, register_issues
from imports.engine.reader import RowReader
from imports.engine.record_cells import read_line, read_past_day
from imports.kinds.courses import CourseKind, KnownRecords, warn_outside
from imports.kinds.parties import MatchRef
from matching.enums import OutcomeKind, Side
from matching.models import Outcome

NOTE_LENGTH = Outcome._meta.get_field("note").max_length
OUTCOMES = word_list("outcome_kinds", OutcomeKind)
TELLERS = word_list("outcome_sides", Side)

register_issues(
    {
        "outcome_missing": IssueKind(ERROR, _("What came of it is missing. Write one of: %(words)s.")),
        "unknown_outcome": IssueKind(ERROR, _("The outcome is not one we know. Write one of: %(words)s.")),
        "unknown_teller": IssueKind(ERROR, _("It was told by neither of the two. Write one of: %(words)s.")),
    }
)


@dataclass
class OutcomeRecord:
    match: MatchRef | None
    kind: str | None
    on: dt.date | None
    told_by: str
    note: str

    def values(self) -> dict:
        """What the Outcome stores of it."""
        return {"kind": self.kind, "on": self.on, "told_by": self.told_by, "note": self.note}


class OutcomeList(CourseKind):
    """What came of matches. The same outcome on the same day is known again."""

    code = "outcome"
    model = Outcome

    def stored_keys(self, stored: QuerySet) -> Iterable[tuple]:
        return [(match_id, kind, on.isoformat()) for match_id, kind, on in stored.values_list("match_id", "kind", "on")]

    def read(self, reader: RowReader, known: KnownRecords, *, today: dt.date) -> OutcomeRecord:
        day = read_past_day(reader, "on", today)
        kind = reader.choice(OUTCOMES, "kind", "unknown_outcome")
        if not reader.line("kind"):
            reader.report("outcome_missing", "kind", words=OUTCOMES.words)
        record = OutcomeRecord(
            known.matches.find_started(reader, day),
            kind,
            day,
            reader.choice(TELLERS, "told_by", "unknown_teller") or "",
            read_line(reader, "notes", NOTE_LENGTH),
        )
        warn_outside(reader, "on", record.match, day, after=False)
        return record

    def key_of(self, record: OutcomeRecord) -> tuple:
        return record.match.match_id, str(record.kind), record.on.isoformat()
