"""The list of follow-ups: with whom the coordinator talked, or is to talk, about which match."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from imports.engine.choices import FewWords
from imports.engine.fields import NOTES, make_field
from imports.engine.issues import ERROR, WARNING, IssueKind, register_issues
from imports.engine.kind import CheckedRow
from imports.engine.reader import RowReader
from imports.engine.record_cells import read_day, read_line, read_past_day
from imports.enums import RowState
from imports.kinds.courses import CourseKind, KnownRecords, warn_outside
from imports.known.matches import MATCH_FIELDS, WHICH_MATCH, Course, find_begun
from matching.enums import Channel, Mood, Support
from matching.models import FollowUp
from programmes.enums import ContactSide
from programmes.models import Programme

NAME_LENGTH = FollowUp._meta.get_field("name").max_length
NEAR_DAYS = 31  # a contact fulfils the step of the plan that falls due within a month of it
YES = {"ja", "x", "ok", "udført", "gennemført", "done", "yes"}

SIDES = FewWords(
    {
        ContactSide.MENTOR: "mentor|mentoren|the mentor",
        ContactSide.MENTEE: "mentee|menteen|the mentee",
        ContactSide.BOTH: "begge|begge to|mentor og mentee|mentee og mentor|both",
        ContactSide.PARENTS: "forældre|mor|far|parents",
    }
)
CHANNELS = FewWords(
    {
        Channel.PHONE: "telefon|tlf|mobil|opkald|ringet|telefonisk|phone|call",
        Channel.MEETING: "møde|mødtes|personligt|besøg|samtale|fysisk|meeting|in person",
        Channel.SMS: "sms|besked|text message|text",
        Channel.EMAIL: "e-mail|mail|email|skriftligt",
    }
)
MOODS = FewWords(
    {
        Mood.GOOD: "godt|god|fint|rigtig godt|meget godt|går godt|good|fine|well",
        Mood.MIXED: "blandet|nogenlunde|ok|både og|svingende|mixed|so so",
        Mood.HARD: "svært|dårligt|skidt|vanskeligt|problemer|hard|bad|difficult",
    }
)
SUPPORTS = FewWords(
    {
        Support.YES: "ja|meget|helt|yes|feels supported",
        Support.PARTLY: "delvist|lidt|noget|partly",
        Support.NO: "nej|slet ikke|no|does not feel supported",
    }
)

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
            for step in self.open.get(record.course.match_id, ())
            if step.side == record.side and step.follow_up_id not in self.fulfilled
        ]
        near = [step for step in steps if step[0] <= NEAR_DAYS]
        return min(near)[-1] if near else None


@dataclass
class FollowUpRecord:
    course: Course | None
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

    code, label, singular = "follow_up", _("Follow-ups"), _("follow-up")
    model = FollowUp
    fields = (
        *MATCH_FIELDS,
        make_field(
            "side",
            _("With whom"),
            "med hvem|talt med|samtale med|kontakt med|side|hvem|with whom|talked with|who",
            is_telling=True,
            choices=SIDES.choices,
            explanation=_("Blank: with both."),
            examples=("mentor", "mentee"),
        ),
        make_field(
            "due_on",
            _("Due on"),
            "frist|forfalder|forfalder den|planlagt|planlagt til|planlagt den|skal ske|senest|due|due on|due date"
            "|deadline|planned for",
            is_telling=True,
            explanation=_("Needed when the follow-up is not done yet."),
            examples=("28-07-2011", "12-09-2011"),
        ),
        make_field(
            "done_on",
            _("Done on"),
            "udført|udført den|gennemført|gennemført den|dato|dag|den|kontaktet|kontaktet den|opfølgning den"
            "|opfølgningsdato|dato for opfølgning|done|done on|date|contacted on|follow-up date",
            explanation=_("The day you talked. Needed when the follow-up is done."),
            examples=("27-07-2011", ""),
        ),
        make_field(
            "name",
            _("Follow-up"),
            "opfølgning|titel|emne|hvad|anledning|follow-up|follow up|title|subject",
            examples=("Månedlig opfølgning", "Månedlig opfølgning"),
        ),
        make_field(
            "channel",
            _("How you talked"),
            "kanal|hvordan talte i sammen|hvordan|form|kontaktform|måde|channel|how|how you talked",
            is_telling=True,
            choices=CHANNELS.choices,
            examples=("telefon", ""),
        ),
        make_field(
            "mood",
            _("How it goes"),
            "hvordan går det|går det godt|stemning|trivsel|humør|how does it go|how it goes|mood",
            phrases="hvordan går det|how does it go",
            is_telling=True,
            choices=MOODS.choices,
            examples=("godt", ""),
        ),
        make_field(
            "support",
            pgettext_lazy("column", "Feels supported"),
            "føler sig støttet|støtte|støttet|føler støtte|feels supported|supported|support",
            phrases="føler sig støttet|feel supported",
            is_telling=True,
            choices=SUPPORTS.choices,
            explanation=_("The mentee's answer: does the mentee feel supported by the mentor?"),
            examples=("ja", ""),
        ),
        NOTES,
    )
    required = (WHICH_MATCH, ("due_on", "done_on"))

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
            find_begun(reader, known.courses, day),
            self.read_side(reader),
            read_line(reader, "name", NAME_LENGTH),
            due_on,
            done_on,
            CHANNELS.read(reader, "channel", "unknown_channel") or "",
            MOODS.read(reader, "mood", "unknown_mood") or "",
            SUPPORTS.read(reader, "support", "unknown_support") or "",
            reader.text("notes"),
        )
        if not done_on and (record.channel or record.mood or record.support) and not reader.has_error():
            reader.report("done_day_missing", "done_on")
        if not day and not reader.has_error():
            reader.report("follow_up_day_missing", "done_on" if "done_on" in reader.columns else "due_on")
        warn_outside(reader, "done_on" if done_on else "due_on", record.course, day, after=False)
        return record

    def read_done(self, row: RowReader, today: dt.date) -> dt.date | None:
        if row.line("done_on").casefold().rstrip(".!") in YES:
            row.report("done_day_missing", "done_on")
            return None
        return read_past_day(row, "done_on", today, is_needed=False)

    def read_side(self, row: RowReader) -> str:
        side = SIDES.read(row, "side", "unknown_side")
        if side is None and not row.line("side"):
            row.report("side_blank", "side")
        return side or ContactSide.BOTH

    def key_of(self, record: FollowUpRecord) -> tuple:
        what, day = ("done", record.done_on) if record.done_on else ("due", record.due_on)
        return record.course.match_id, str(record.side), what, day.isoformat()

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
