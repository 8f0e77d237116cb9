"""The list of matches that exist already: mentor and mentee by name and e-mail.

Read after the lists of people. Checking is pure, like that of people (:mod:`people.importing.kinds`).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.enums import OPEN_STATUSES, EndReason, MatchStatus
from matching.models import Match
from matching.months import add_months
from people.enums import RowState
from people.importing import cells
from people.importing.fields import NOTES, make_field
from people.importing.findings import DUPLICATE, ERROR, WARNING, Finding, FindingKind, register_findings
from people.importing.journal import Journal
from people.importing.kinds import CheckedRow, Kind
from people.importing.rows import RowReader
from people.models import Enrolment
from programmes.enums import ParticipantRole
from programmes.models import Programme

NEVER_RAN = [MatchStatus.DECLINED, MatchStatus.TAKEN_BACK]
STATUS_WORDS = {
    "aktiv": MatchStatus.ACTIVE,
    "aktivt": MatchStatus.ACTIVE,
    "i gang": MatchStatus.ACTIVE,
    "igang": MatchStatus.ACTIVE,
    "active": MatchStatus.ACTIVE,
    "på pause": MatchStatus.PAUSED,
    "pause": MatchStatus.PAUSED,
    "afsluttet": MatchStatus.ENDED,
    "afsl.": MatchStatus.ENDED,
    "ended": MatchStatus.ENDED,
}
END_WORDS = {
    "flyttet": EndReason.MOVED,
    "i job": EndReason.GOAL_REACHED,
    "uddannelse": EndReason.GOAL_REACHED,
    "praktik": EndReason.GOAL_REACHED,
    "aftalt": EndReason.COMPLETED,
    "gennemført": EndReason.COMPLETED,
}

register_findings(
    {
        "unknown_mentor": FindingKind(
            ERROR, _("No mentor has this e-mail or this name. Import the mentor first, or correct the row.")
        ),
        "unknown_mentee": FindingKind(
            ERROR, _("No mentee has this e-mail or this name. Import the mentee first, or correct the row.")
        ),
        "ambiguous_mentor": FindingKind(ERROR, _("Several mentors have this name. Add the e-mail of the right one.")),
        "ambiguous_mentee": FindingKind(ERROR, _("Several mentees have this name. Add the e-mail of the right one.")),
        "oneself": FindingKind(ERROR, _("Mentor and mentee are the same person.")),
        "start_missing": FindingKind(ERROR, _("A match needs the day it started. Write day, month and year.")),
        "end_missing": FindingKind(ERROR, _("A match that has ended needs the day it ended.")),
        "end_before_start": FindingKind(ERROR, _("The match ends before it starts. Correct one of the two dates.")),
        "unknown_match_status": FindingKind(
            ERROR, _("The status is not one we know. Write aktiv, på pause or afsluttet.")
        ),
        "mentee_has_running_match": FindingKind(
            ERROR, _("The mentee already has a running match in this programme. Only one can run at a time.")
        ),
        "ended_within_three_months": FindingKind(
            WARNING, _("Ended within %(months)s months of the start. That can do harm; it is flagged.")
        ),
        "over_capacity": FindingKind(
            WARNING, _("The mentor has agreed to %(capacity)s and now has %(running)s. Stored with that as the reason.")
        ),
        "active_with_end_date": FindingKind(
            WARNING, _("The status says running, but there is an end date. The date wins: stored as ended.")
        ),
        "email_differs": FindingKind(
            WARNING, _("Nobody has this e-mail. Taken by the name: %(name)s, %(case_number)s.")
        ),
        "match_in_file": FindingKind(DUPLICATE, _("The same match as in row %(row)s. Not stored again.")),
        "match_existing": FindingKind(DUPLICATE, _("The match is stored already as %(case_number)s.")),
    }
)


@dataclass
class Party:
    """A mentor or mentee of the programme."""

    person_id: int
    enrolment_id: int
    name: str
    emails: list[str]
    capacity: int | None
    case_number: str


class Directory:
    """The programme's people of one role by e-mail and by name."""

    def __init__(self, role: str, parties: Iterable[Party]):
        self.role = role
        self._by_email: dict[str, list[Party]] = {}
        self._by_name: dict[str, list[Party]] = {}
        for party in parties:
            self._by_name.setdefault(cells.name_key(party.name), []).append(party)
            for email in party.emails:
                self._by_email.setdefault(email.lower(), []).append(party)

    def find(self, row: RowReader) -> Party | None:
        """Whom the row names, with what is wrong or doubtful left in the row."""
        name_column, email_column = f"{self.role}_name", f"{self.role}_email"
        emails = cells.read_emails(row.cell(email_column))
        if emails is None:
            row.find("bad_email", email_column)
        named = self._by_name.get(cells.name_key(_one_name(row.line(name_column))), [])
        addressed = [party for email in emails or () for party in self._by_email.get(email, ())]
        candidates = [party for party in addressed if party in named] or addressed or named
        if len(candidates) == 1:
            if emails and not addressed:
                party = candidates[0]
                row.find("email_differs", email_column, name=party.name, case_number=party.case_number)
            return candidates[0]
        row.find(f"{'ambiguous' if candidates else 'unknown'}_{self.role}", name_column)
        return None


def _one_name(text: str) -> str:
    return " ".join(cells.split_name(text)) if "," in text else text


@dataclass
class MatchRecord:
    """What a row says about a match, ready to be stored."""

    mentor: Party | None = None
    mentee: Party | None = None
    started_on: dt.date | None = None
    ended_on: dt.date | None = None
    status: str = MatchStatus.ACTIVE
    coordinator: str = ""
    end_reason: str = ""
    end_note: str = ""
    notes: list[str] = field(default_factory=list)
    is_over_capacity: bool = False

    @property
    def key(self) -> tuple[int, int, dt.date]:
        return self.mentor.person_id, self.mentee.person_id, self.started_on


@dataclass
class KnownMatches:
    """People and matches of the programme; learns the rows that are accepted."""

    mentors: Directory
    mentees: Directory
    harm_months: int
    seen: dict[tuple, int | None] = field(default_factory=dict)  # match → row of this file, None if stored
    numbers: dict[tuple, str] = field(default_factory=dict)
    taken_mentees: set[int] = field(default_factory=set)
    running: dict[int, int] = field(default_factory=dict)  # mentor → running matches, in all programmes

    def learn(self, number: int, lesson: dict) -> None:
        """Take in what an accepted row taught: `mentor`, `mentee`, `start` and whether the match `runs`."""
        mentor, mentee = lesson["mentor"], lesson["mentee"]
        self.seen[mentor, mentee, dt.date.fromisoformat(lesson["start"])] = number
        if lesson["runs"]:
            self.taken_mentees.add(mentee)
            self.running[mentor] = self.running.get(mentor, 0) + 1


class MatchKind(Kind):
    """A list of matches with status and dates."""

    code, label, singular = "match", _("Matches"), _("match")
    fields = (
        make_field("match_number", _("Match number"), "match nr|matchnr|match nummer|match number", is_telling=True),
        make_field("mentor_name", _("Mentor"), "mentor|mentor navn|mentors navn|mentor name", is_telling=True),
        make_field("mentor_email", _("Mentor's e-mail"), "mentor e-mail|mentor mail|mentors e-mail|mentor email"),
        make_field("mentee_name", _("Mentee"), "mentee|mentee navn|mentees navn|mentee name", is_telling=True),
        make_field("mentee_email", _("Mentee's e-mail"), "mentee e-mail|mentee mail|mentees e-mail|mentee email"),
        make_field("started_on", _("Start"), "startdato|start|startet|begyndt|start date|started"),
        make_field("ended_on", _("End"), "slutdato|slut|sluttet|afsluttet|end date|ended|end"),
        make_field("status", _("Status"), "status|tilstand|state"),
        make_field("coordinator", _("Coordinator"), "koordinator|kontakt|coordinator|ansvarlig"),
        make_field("meetings", _("Number of meetings"), "antal møder|møder|meetings|number of meetings"),
        make_field("end_reason", _("Why it ended"), "afslutningsårsag|årsag|end reason|reason"),
        NOTES,
    )
    required = (("mentor_name", "mentor_email"), ("mentee_name", "mentee_email"), ("started_on",))

    def load_known(self, programme: Programme) -> KnownMatches:
        """People and matches in three queries."""
        parties: dict[str, list[Party]] = {ParticipantRole.MENTOR: [], ParticipantRole.MENTEE: []}
        enrolments = Enrolment.objects.filter(programme=programme, role__in=parties).select_related("person")
        for enrolment in enrolments.order_by("pk"):
            person = enrolment.person
            parties[enrolment.role].append(
                Party(
                    person.pk, enrolment.pk, person.name, person.emails, enrolment.capacity, person.case_number
                )
            )  # fmt: skip
        known = KnownMatches(
            Directory("mentor", parties[ParticipantRole.MENTOR]),
            Directory("mentee", parties[ParticipantRole.MENTEE]),
            programme.harm_months,
        )
        stored = Match.objects.filter(programme=programme).exclude(status__in=NEVER_RAN)
        for match in stored.only("mentor_id", "mentee_id", "started_on", "status", "number"):
            key = (match.mentor_id, match.mentee_id, match.started_on)
            known.seen[key], known.numbers[key] = None, match.number
            if match.status in OPEN_STATUSES:
                known.taken_mentees.add(match.mentee_id)
        mentors = Enrolment.objects.filter(programme=programme, role=ParticipantRole.MENTOR).values("person")
        for mentor_id in running_matches(mentors).values_list("mentor_id", flat=True):
            known.running[mentor_id] = known.running.get(mentor_id, 0) + 1
        return known

    def check_row(self, reader: RowReader, known: KnownMatches, *, today: dt.date) -> CheckedRow:
        return check_row(reader, known)

    def replay(self, known: KnownMatches, number: int, lesson: dict) -> None:
        known.learn(number, lesson)

    def label_of(self, reader: RowReader) -> str:
        return label_of(reader)

    def apply(
        self, programme: Programme, rows: Sequence[tuple[CheckedRow, int]], *, by: User | None, journal: Journal
    ) -> None:
        from matching.services.imported_matches import store_matches  # noqa: PLC0415 - services stand above the kinds

        store_matches(programme, rows, by=by, journal=journal)

    def list_url(self) -> str:
        return reverse("matching:match-list")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        found = Match.objects.filter(import_row__in=list(row_ids)).values_list("import_row_id", "pk")
        return {row_id: reverse("matching:match-detail", args=[pk]) for row_id, pk in found}


def running_matches(mentors) -> QuerySet[Match]:
    """Open matches of mentors in all programmes: each takes a place."""
    return Match.objects.filter(status__in=OPEN_STATUSES, mentor__in=mentors)


def label_of(reader: RowReader) -> str:
    return " · ".join(filter(None, [reader.line("mentor_name"), reader.line("mentee_name")]))


def check_row(reader: RowReader, known: KnownMatches) -> CheckedRow:
    """One row's state: errors of its own, then a match known already, then a mentee who is taken, then doubts."""
    record = read_match(reader, known)
    row = CheckedRow(reader.row.number, reader.row.cells, RowState.ERROR, label_of(reader), record=record)
    if not reader.has_error():
        if record.key in known.seen:
            return _as_duplicate(row, known)
        if record.status != MatchStatus.ENDED:
            check_room(reader, record, known)
    row.state, row.findings = reader.state_and_findings()
    if row.is_accepted:
        mentor, mentee, start = record.key
        runs = record.status != MatchStatus.ENDED
        row.lesson = {"mentor": mentor, "mentee": mentee, "start": start.isoformat(), "runs": runs}
        known.learn(row.number, row.lesson)
    return row


def _as_duplicate(row: CheckedRow, known: KnownMatches) -> CheckedRow:
    first = known.seen[row.record.key]
    if first is None:
        row.state = RowState.DUPLICATE_EXISTING
        row.findings = [Finding("match_existing", facts={"case_number": known.numbers[row.record.key]})]
    else:
        row.state = RowState.DUPLICATE_IN_FILE
        row.findings = [Finding("match_in_file", facts={"row": first})]
    return row


def read_match(row: RowReader, known: KnownMatches) -> MatchRecord:
    """All that the row says, with the findings left in the reader."""
    record = MatchRecord(mentor=known.mentors.find(row), mentee=known.mentees.find(row))
    if row.table.is_text and len(row.row.cells) > len(row.table.headers):
        row.find("too_many_cells")
    if record.mentor and record.mentee and record.mentor.person_id == record.mentee.person_id:
        row.find("oneself", "mentee_name")
    record.coordinator = row.line("coordinator")[:100]
    record.end_note = row.text("end_reason")
    if row.cell("meetings") is not None and cells.read_number(row.cell("meetings")) is None:
        row.find("number_unreadable", "meetings")
    for key in ("match_number", "meetings", "notes"):
        if row.cell(key) is not None:
            record.notes.append(f"{row.title(key)}: {row.text(key)}")
    read_dates(row, record, known.harm_months)
    row.find_cpr_marks()
    return record


def read_dates(row: RowReader, record: MatchRecord, harm_months: int) -> None:
    """Start, end and status, which must agree."""
    start, end = (cells.read_day(row.cell(key), century=2000) for key in ("started_on", "ended_on"))
    record.started_on, record.ended_on = start.day, end.day
    record.status = STATUS_WORDS.get(row.line("status").casefold()) or _status_of_blank(row, end.day)
    for key, day in (("started_on", start), ("ended_on", end)):
        if day.is_wrong:
            row.find("bad_date", key)
    if not start.day and not start.is_wrong:
        row.find("start_missing", "started_on")
    if record.status == MatchStatus.ENDED and not end.day and not end.is_wrong:
        row.find("end_missing", "ended_on")
    if not (start.day and end.day):
        return
    if end.day < start.day:
        row.find("end_before_start", "ended_on")
    elif end.day < add_months(start.day, harm_months):
        row.find("ended_within_three_months", "ended_on", months=harm_months)
    if record.status != MatchStatus.ENDED:
        row.find("active_with_end_date", "status")
        record.status = MatchStatus.ENDED


def _status_of_blank(row: RowReader, ended_on: dt.date | None) -> str:
    if row.line("status"):
        row.find("unknown_match_status", "status")
    return MatchStatus.ENDED if ended_on else MatchStatus.ACTIVE


def check_room(row: RowReader, record: MatchRecord, known: KnownMatches) -> None:
    """A mentee has one running match; a mentor may have more than agreed, but that is said."""
    if record.mentee.person_id in known.taken_mentees:
        row.find("mentee_has_running_match", "mentee_name")
    running = known.running.get(record.mentor.person_id, 0) + 1
    if record.mentor.capacity is not None and running > record.mentor.capacity:
        row.find("over_capacity", "mentor_name", capacity=record.mentor.capacity, running=running)
        record.is_over_capacity = True


def end_reason_of(text: str) -> str:
    """The reason of the list in our words, as far as one is recognised; the text itself is kept beside it."""
    folded = text.casefold()
    return next((reason for word, reason in END_WORDS.items() if word in folded), EndReason.OTHER)
