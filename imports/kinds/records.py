"""The lists of meetings, follow-ups and outcomes: each row belongs to a match that has started."""

import datetime as dt
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.bulk import locked
from imports.engine.cells import as_text, read_hours
from imports.engine.fields import word_list
from imports.engine.issues import ERROR, ISSUE_KINDS, WARNING, IssueKind
from imports.engine.kind import CheckedRow, ImportChanged, RecordKind, Rows, Store
from imports.engine.reader import RowReader
from imports.kinds.matches import label_of
from imports.kinds.parties import MatchDirectory, MatchRef
from imports.models import RowOrigin
from matching.enums import Channel, Mood, OutcomeKind, Side, Support
from matching.models import FollowUp, Meeting, Outcome
from matching.services.bulk import bulk_create_records, bulk_record_follow_ups
from programmes.enums import ContactSide
from programmes.models import Programme

ISSUE_KINDS.add_all(
    {
        "before_match": IssueKind(
            WARNING, _("The day is before the match began, %(start)s. Stored as it is; look at the date.")
        ),
        "after_match": IssueKind(
            WARNING, _("The match had ended by then, %(end)s. Stored as it is; look at the date.")
        ),
        "hours_missing": IssueKind(ERROR, _("The hours are missing. Write for example 2,5 or 2:30.")),
        "hours_unreadable": IssueKind(
            ERROR,
            _("No hours can be read. Write for example 2,5 or 2:30 or 90 min, at least a quarter of an hour."),
        ),
        "follow_up_day_missing": IssueKind(ERROR, _("Write the day the follow-up was done, or the day it falls due.")),
        "done_day_missing": IssueKind(
            ERROR, _("The row says that the follow-up was done, but not when. Write the day.")
        ),
        "unknown_side": IssueKind(ERROR, _("It is not clear with whom. Write one of: %(words)s.")),
        "unknown_channel": IssueKind(ERROR, _("It is not clear how you talked. Write one of: %(words)s.")),
        "unknown_mood": IssueKind(ERROR, _("It is not clear how it went. Write one of: %(words)s.")),
        "unknown_support": IssueKind(ERROR, _("The answer is not one we know. Write one of: %(words)s.")),
        "side_blank": IssueKind(WARNING, _("Nothing says with whom. Stored as with both.")),
        "outcome_missing": IssueKind(ERROR, _("The outcome is missing. Write one of: %(words)s.")),
        "unknown_outcome": IssueKind(ERROR, _("The outcome is not one we know. Write one of: %(words)s.")),
        "unknown_outcome_side": IssueKind(
            ERROR, _("The outcome is reported by neither of the two. Write one of: %(words)s.")
        ),
    }
)
CONTACT_SIDES = word_list("contact_sides", ContactSide)
CHANNELS = word_list("channels", Channel)
MOODS = word_list("moods", Mood)
SUPPORTS = word_list("supports", Support)
OUTCOMES = word_list("outcome_kinds", OutcomeKind)
OUTCOME_SIDES = word_list("outcome_sides", Side)
DONE_WORDS = {"ja", "x", "ok", "udført", "gennemført", "done", "yes"}  # written instead of the day
NEAR_DAYS = 31  # a contact answers a planned follow-up that is due at most so many days from it
NAME_LENGTH = FollowUp._meta.get_field("name").max_length
NOTE_LENGTH = Outcome._meta.get_field("note").max_length


@dataclass
class KnownRecords:
    """The matches of a programme, and the records of a kind that are stored or belong to accepted rows."""

    matches: MatchDirectory
    seen: dict[tuple, int | None] = field(default_factory=dict)


class MatchRecordKind(RecordKind):
    """A list of records that belong to matches. The row's link leads to the match."""

    model: type[Model]

    def load_known(self, programme: Programme) -> KnownRecords:
        known = KnownRecords(MatchDirectory(programme))
        stored = self.model.objects.filter(match__programme=programme)
        known.seen = dict.fromkeys(self.stored_keys(stored))
        return known

    @abstractmethod
    def stored_keys(self, stored: QuerySet) -> Iterable[tuple]:
        """Return the keys of stored records, in one query."""

    def label_of(self, reader: RowReader) -> str:
        return label_of(reader)

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        """Store a record for each row, recorded by the user who imports."""
        self.create(rows, store, recorded_by=by)

    def create(self, rows: Rows, store: Store, **values: Any) -> None:
        """Store a new record of the match for each row."""
        records = [self.model(match_id=row.record.match.match_id, **row.record.values(), **values) for row, _id in rows]
        for (_row, row_id), record in zip(rows, bulk_create_records(records), strict=True):
            store.came_from(row_id, record)

    def list_url(self) -> str:
        return reverse("matching:match-list") + "?status=alle"

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return RowOrigin.objects.addresses(self.model, row_ids, "match_id", "matching:match-detail")


def warn_outside(row: RowReader, key: str, match: MatchRef | None, day: dt.date | None, *, after: bool = True) -> None:
    """Report a day before the match or, with ``after``, after its end."""
    if not (match and day):
        return
    if day < match.started_on:
        row.report("before_match", key, start=as_text(match.started_on))
    elif after and match.is_over(day):
        row.report("after_match", key, end=as_text(match.ended_on))


# --- meetings ----------------------------------------------------------------------------------------


@dataclass
class MeetingRecord:
    match: MatchRef | None
    held_on: dt.date | None
    hours: Decimal | None
    note: str = ""

    def values(self) -> dict:
        """Return the fields of the Meeting."""
        return {"held_on": self.held_on, "hours": self.hours, "note": self.note}


class MeetingKind(MatchRecordKind):
    """Meetings of mentor and mentee. Two with the same day and hours are the same meeting."""

    code = "meeting"
    model = Meeting

    def stored_keys(self, stored: QuerySet) -> Iterable[tuple]:
        rows = stored.values_list("match_id", "held_on", "hours")
        return [(match_id, day.isoformat(), f"{hours:.2f}") for match_id, day, hours in rows]

    def read(self, reader: RowReader, known: KnownRecords, *, today: dt.date) -> MeetingRecord:
        day = reader.date("held_on", is_strict=True, is_needed=True, until=today)
        match = known.matches.find_started(reader, day)
        record = MeetingRecord(match, day, hours_of(reader), reader.text("notes"))
        warn_outside(reader, "held_on", match, day)
        return record

    def key_of(self, record: MeetingRecord) -> tuple:
        return record.match.match_id, record.held_on.isoformat(), f"{record.hours:.2f}"


def hours_of(row: RowReader) -> Decimal | None:
    """Return the hours of a row, from a column of hours or of minutes."""
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


# --- follow-ups --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlannedFollowUp:
    """A follow-up of the plan that is not done yet."""

    follow_up_id: int
    side: str
    due_on: dt.date


@dataclass
class KnownFollowUps(KnownRecords):
    """Also the open follow-ups of the plans, by match, and the ids of those that accepted rows answer."""

    planned: dict[int, list[PlannedFollowUp]] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set)

    def nearest(self, record: "FollowUpRecord") -> int | None:
        """Return the id of the planned follow-up that the contact answers: same side, due nearest, and near."""
        day = record.due_on or record.done_on
        found = [
            (abs((planned.due_on - day).days), planned.due_on, planned.follow_up_id)
            for planned in self.planned.get(record.match.match_id, ())
            if planned.side == record.side and planned.follow_up_id not in self.answered
        ]
        near = [planned for planned in found if planned[0] <= NEAR_DAYS]
        return min(near)[-1] if near else None


@dataclass
class FollowUpRecord:
    match: MatchRef | None
    side: str
    name: str
    due_on: dt.date | None
    done_on: dt.date | None
    channel: str
    mood: str
    support: str
    note: str
    planned_id: int | None = None  # the planned follow-up that the row answers

    def answers(self) -> dict:
        """Return the fields that the row answers of a planned FollowUp."""
        found = {"done_on": self.done_on, "channel": self.channel, "mood": self.mood, "support": self.support}
        return found | ({"note": self.note} if self.note else {})

    def values(self) -> dict:
        """Return the fields of a FollowUp outside the plan."""
        own = {"side": self.side, "name": self.name or gettext("Follow-up"), "due_on": self.due_on or self.done_on}
        return self.answers() | own


class FollowUpListKind(MatchRecordKind):
    """Follow-ups that were done or are due. One that was done answers the planned follow-up due nearest."""

    code = "follow_up"
    model = FollowUp

    def load_known(self, programme: Programme) -> KnownFollowUps:
        known = KnownFollowUps(**vars(super().load_known(programme)))
        planned = FollowUp.objects.open().filter(match__programme=programme, step__isnull=False)
        for pk, match_id, side, due_on in planned.values_list("pk", "match_id", "side", "due_on"):
            known.planned.setdefault(match_id, []).append(PlannedFollowUp(pk, side, due_on))
        return known

    def stored_keys(self, stored: QuerySet) -> Iterable[tuple]:
        keys = []
        for match_id, side, due_on, done_on in stored.values_list("match_id", "side", "due_on", "done_on"):
            keys.append((match_id, side, "due", due_on.isoformat()))
            if done_on:
                keys.append((match_id, side, "done", done_on.isoformat()))
        return keys

    def read(self, reader: RowReader, known: KnownFollowUps, *, today: dt.date) -> FollowUpRecord:
        due_on, done_on = reader.date("due_on", is_strict=True), read_done(reader, today)
        day = done_on or due_on
        record = FollowUpRecord(
            known.matches.find_started(reader, day),
            read_side(reader),
            reader.fit(reader.line("name"), "name", NAME_LENGTH, may_cut=False),
            due_on,
            done_on,
            reader.choice(CHANNELS, "channel", "unknown_channel") or "",
            reader.choice(MOODS, "mood", "unknown_mood") or "",
            reader.choice(SUPPORTS, "support", "unknown_support") or "",
            reader.text("notes"),
        )
        if not done_on and (record.channel or record.mood or record.support) and not reader.has_error():
            reader.report("done_day_missing", "done_on")
        if not day and not reader.has_error():
            reader.report("follow_up_day_missing", "done_on" if "done_on" in reader.columns else "due_on")
        warn_outside(reader, "done_on" if done_on else "due_on", record.match, day, after=False)
        return record

    def key_of(self, record: FollowUpRecord) -> tuple:
        what, day = ("done", record.done_on) if record.done_on else ("due", record.due_on)
        return record.match.match_id, str(record.side), what, day.isoformat()

    def check_row(self, reader: RowReader, known: KnownFollowUps, *, today: dt.date) -> CheckedRow:
        row = super().check_row(reader, known, today=today)
        if row.is_accepted and row.record.done_on:
            row.record.planned_id = known.nearest(row.record)
            known.answered.add(row.record.planned_id)
        return row

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        """Record the answers of planned follow-ups and store the other follow-ups.

        Who talked is unknown, so ``by`` is not stored. Raises ImportChanged if a planned follow-up was deleted or
        done by now.
        """
        self.create([(row, row_id) for row, row_id in rows if row.record.planned_id is None], store)
        answers = [(row.record, row_id) for row, row_id in rows if row.record.planned_id is not None]
        stored = locked(FollowUp, {record.planned_id for record, _id in answers})
        for record, row_id in answers:
            planned, expected = stored.get(record.planned_id), (record.match.match_id, record.side, None)
            if not planned or (planned.match_id, planned.side, planned.done_on) != expected:
                raise ImportChanged
            store.came_from(row_id, planned)
        changes = [(stored[record.planned_id], record.answers()) for record, _id in answers]
        bulk_record_follow_ups(changes)


def read_done(row: RowReader, today: dt.date) -> dt.date | None:
    """Return the day on which the follow-up was done; a yes without a day is an error."""
    if row.line("done_on").casefold().rstrip(".!") in DONE_WORDS:
        row.report("done_day_missing", "done_on")
        return None
    return row.date("done_on", is_strict=True, until=today)


def read_side(row: RowReader) -> str:
    """Return with whom the coordinator talked; a blank means both, with a warning."""
    side = row.choice(CONTACT_SIDES, "side", "unknown_side")
    if side is None and not row.line("side"):
        row.report("side_blank", "side")
    return side or ContactSide.BOTH


# --- outcomes ----------------------------------------------------------------------------------------


@dataclass
class OutcomeRecord:
    match: MatchRef | None
    kind: str | None
    on: dt.date | None
    told_by: str
    note: str

    def values(self) -> dict:
        """Return the fields of the Outcome."""
        return {"kind": self.kind, "on": self.on, "told_by": self.told_by, "note": self.note}


class OutcomeListKind(MatchRecordKind):
    """Outcomes of matches. Two of the same kind and day are the same outcome."""

    code = "outcome"
    model = Outcome

    def stored_keys(self, stored: QuerySet) -> Iterable[tuple]:
        return [(match_id, kind, on.isoformat()) for match_id, kind, on in stored.values_list("match_id", "kind", "on")]

    def read(self, reader: RowReader, known: KnownRecords, *, today: dt.date) -> OutcomeRecord:
        day = reader.date("on", is_strict=True, is_needed=True, until=today)
        kind = reader.choice(OUTCOMES, "kind", "unknown_outcome")
        if not reader.line("kind"):
            reader.report("outcome_missing", "kind", words=OUTCOMES.words)
        record = OutcomeRecord(
            known.matches.find_started(reader, day),
            kind,
            day,
            reader.choice(OUTCOME_SIDES, "told_by", "unknown_outcome_side") or "",
            reader.fit(reader.line("notes"), "notes", NOTE_LENGTH, may_cut=False),
        )
        warn_outside(reader, "on", record.match, day, after=False)
        return record

    def key_of(self, record: OutcomeRecord) -> tuple:
        return record.match.match_id, str(record.kind), record.on.isoformat()
