"""The list of meetings: which match, which day, how many hours."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from imports.engine.issues import ERROR, IssueKind, register_issues
from imports.engine.reader import RowReader
from imports.engine.record_cells import read_hours, read_past_day
from imports.kinds.courses import CourseKind, KnownRecords, warn_outside
from imports.kinds.parties import MatchRef
from matching.models import Meeting

register_issues(
    {
        "hours_missing": IssueKind(ERROR, _("The hours are missing. Write for example 2,5 or 2:30.")),
        "hours_unreadable": IssueKind(
            ERROR,
            _("No hours can be read. Write for example 2,5 or 2:30 or 90 min, at least a quarter of an hour."),
        ),
    }
)


@dataclass
class MeetingRecord:
    match: MatchRef | None
    held_on: dt.date | None
    hours: Decimal | None
    note: str = ""

    def values(self) -> dict:
        """What the Meeting stores of it."""
        return {"held_on": self.held_on, "hours": self.hours, "note": self.note}


class MeetingKind(CourseKind):
    """Mentor and mentee together: a day and hours. The same day and hours once more is the same meeting."""

    code = "meeting"
    model = Meeting

    def stored_keys(self, stored: QuerySet) -> Iterable[tuple]:
        rows = stored.values_list("match_id", "held_on", "hours")
        return [(match_id, day.isoformat(), f"{hours:.2f}") for match_id, day, hours in rows]

    def read(self, reader: RowReader, known: KnownRecords, *, today: dt.date) -> MeetingRecord:
        day = read_past_day(reader, "held_on", today)
        record = MeetingRecord(known.matches.find_started(reader, day), day, hours_of(reader), reader.text("notes"))
        warn_outside(reader, "held_on", record.match, day)
        return record

    def key_of(self, record: MeetingRecord) -> tuple:
        return record.match.match_id, record.held_on.isoformat(), f"{record.hours:.2f}"


def hours_of(row: RowReader) -> Decimal | None:
    """The hours of a row, from their own column or from one of minutes."""
    if row.cell("hours") is not None:
        hours, key = read_hours(row.cell("hours")), "hours"
    elif row.cell("minutes") is not None:
        hours, key = read_hours(f"{row.line('minutes').split()[0]} min"), "minutes"
    else:
        row.report("hours_missing", "hours" if "hours" in row.columns else "minutes")
        return None
    if hours is None:
        row.report("hours_unreadable", key)
    return hours
