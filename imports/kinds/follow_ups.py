"""The list of follow-ups: with whom the coordinator talked, or is to talk, about which match."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from imports.engine.fields import word_list
from imports.engine.issues import ERROR, WARNING, IssueKind, register_issues
from imports.engine.kind import CheckedRow
from imports.engine.reader import RowReader
from imports.engine.record_cells import read_day, read_line, read_past_day
from imports.enums import RowState
from imports.kinds.courses import CourseKind, KnownRecords, warn_outside
from imports.kinds.parties import MatchRef
from matching.enums import Channel, Mood, Support
from matching.models import FollowUp
from programmes.enums import ContactSide
from programmes.models import Programme

NAME_LENGTH = FollowUp._meta.get_field("name").max_length
NEAR_DAYS = 31  # a contact fulfils the step of the plan that falls due within a month of it
YES = {"ja", "x", "ok", "udført", "gennemført", "done", "yes"}

SIDES = word_list("contact_sides", ContactSide)
CHANNELS = word_list("channels", Channel)
MOODS = word_list("moods", Mood)
SUPPORTS = word_list("supports", Support)

register_issues(
    {
        "follow_up_day_missing": IssueKind(ERROR, _("Write the day the follow-up was done, or the day it falls due.")),
        "done_day_missing": IssueKind(
            ERROR, _("The row says that the follow-up was done, but not when. Write the day.")
        ),
        "unknown_side": IssueKind(ERROR, _("It is not clear with whom. Write one of: %(words)s.")),
        "unknown_channel": IssueKind(ERROR, _("It is not clear how you talked. Write one of: %(words)s.")),
        "unknown_mood": IssueKind(ERROR, _("It is not clear how it went. Write one of: %(words)s.")),
        "unknown_support": IssueKind(ERROR, _("The answer is not one we know. Write one of: %(words)s.")),
        "side_blank": IssueKind(WARNING, _("Nothing says with whom. Stored as with both.")),
    }
)


@dataclass(frozen=True)
class OpenStep:
    """A follow-up of the plan that is not done yet."""

    follow_up_id: int
    side: str
    due_on: dt.date


@dataclass
class KnownFollowUps(KnownRecords):
    """Besides what is stored: the open steps of the plans, by match, and those that rows have fulfilled."""

    open: dict[int, list[OpenStep]] = field(default_factory=dict)
    fulfilled: set[int] = field(default_factory=set)

    def nearest(self, record: "FollowUpRecord") -> int | None:
        """The open step that the contact fulfils: with the same side, due nearest and not far from it."""
        day = record.due_on or record.done_on
        steps = [
            (abs((step.due_on - day).days), step.due_on, step.follow_up_id)
            for step in self.open.get(record.match.match_id, ())
            if step.side == record.side and step.follow_up_id not in self.fulfilled
        ]
        near = [step for step in steps if step[0] <= NEAR_DAYS]
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
    fulfils: int | None = None  # id of the step of the plan

    def answers(self) -> dict:
        """What a FollowUp of the plan takes over when it is fulfilled."""
        return {
            "done_on": self.done_on,
            "channel": self.channel,
            "mood": self.mood,
            "support": self.support,
            "note": self.note,
        }

    def values(self) -> dict:
        """What a FollowUp of its own stores."""
        return self.answers() | {"side": self.side, "name": self.name, "due_on": self.due_on or self.done_on}


class FollowUpList(CourseKind):
    """Contacts that were made and contacts to come. One that was made fulfils the step of the plan due nearest."""

    code = "follow_up"
    model = FollowUp

    def load_known(self, programme: Programme) -> KnownFollowUps:
        known = KnownFollowUps(**vars(super().load_known(programme)))
        steps = FollowUp.objects.filter(match__programme=programme, done_on__isnull=True, step__isnull=False)
        for pk, match_id, side, due_on in steps.values_list("pk", "match_id", "side", "due_on"):
            known.open.setdefault(match_id, []).append(OpenStep(pk, side, due_on))
        return known

    def stored_keys(self, stored: QuerySet) -> Iterable[tuple]:
        keys = []
        for match_id, side, due_on, done_on in stored.values_list("match_id", "side", "due_on", "done_on"):
            keys.append((match_id, side, "due", due_on.isoformat()))
            if done_on:
                keys.append((match_id, side, "done", done_on.isoformat()))
        return keys

    def read(self, reader: RowReader, known: KnownFollowUps, *, today: dt.date) -> FollowUpRecord:
        due_on, done_on = read_day(reader, "due_on"), self.read_done(reader, today)
        day = done_on or due_on
        record = FollowUpRecord(
            known.matches.find_started(reader, day),
            self.read_side(reader),
            read_line(reader, "name", NAME_LENGTH),
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

    def read_done(self, row: RowReader, today: dt.date) -> dt.date | None:
        if row.line("done_on").casefold().rstrip(".!") in YES:
            row.report("done_day_missing", "done_on")
            return None
        return read_past_day(row, "done_on", today, is_needed=False)

    def read_side(self, row: RowReader) -> str:
        side = row.choice(SIDES, "side", "unknown_side")
        if side is None and not row.line("side"):
            row.report("side_blank", "side")
        return side or ContactSide.BOTH

    def key_of(self, record: FollowUpRecord) -> tuple:
        what, day = ("done", record.done_on) if record.done_on else ("due", record.due_on)
        return record.match.match_id, str(record.side), what, day.isoformat()

    def check_row(self, reader: RowReader, known: KnownFollowUps, *, today: dt.date) -> CheckedRow:
        row = super().check_row(reader, known, today=today)
        if row.state in (RowState.CLEAN, RowState.WARNED) and row.record.done_on:
            row.record.fulfils = known.nearest(row.record)
            row.lesson["fulfils"] = row.record.fulfils
            self.learn(known, row.lesson)
        return row

    def replay(self, known: KnownFollowUps, number: int, lesson: dict) -> None:
        super().replay(known, number, lesson)
        self.learn(known, lesson)

    def learn(self, known: KnownFollowUps, lesson: dict) -> None:
        if step := lesson.get("fulfils"):
            known.fulfilled.add(step)
