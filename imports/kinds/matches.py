"""The list of matches: who, how far they came, and the days on which they came there.

Read after the lists of people. Checking is pure, like that of people (:mod:`imports.engine.kind`).
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from imports.engine import cells
from imports.engine.issues import DUPLICATE, ERROR, WARNING, Issue, IssueKind, register_issues
from imports.engine.kind import CheckedRow, Kind, Rows
from imports.engine.reader import RowReader
from imports.engine.store import Store
from imports.enums import RowState
from imports.kinds.history import MatchDays, read_history
from imports.kinds.parties import NamedPerson, PersonDirectory, load_directories
from imports.kinds.records_of_groups import fit
from imports.origins import addresses_of
from matching.enums import NEVER_STARTED_STATUSES, OPEN_STATUSES, MatchStatus
from matching.models import Match
from people.models import Enrolment
from programmes.enums import ParticipantRole
from programmes.models import Programme

register_issues(
    {
        "oneself": IssueKind(ERROR, _("Mentor and mentee are the same person.")),
        "mentee_has_running_match": IssueKind(
            ERROR, _("The mentee already has a running match in this programme. Only one can run at a time.")
        ),
        "over_capacity": IssueKind(
            WARNING, _("The mentor has agreed to %(capacity)s and now has %(running)s. Stored with that as the reason.")
        ),
        "match_in_file": IssueKind(DUPLICATE, _("The same match as in row %(row)s. Not stored again.")),
        "match_existing": IssueKind(DUPLICATE, _("The match is stored already as %(case_number)s.")),
    }
)
NAMED_DAYS = ("introduced", "proposed")  # by which a match is known again before it has started


@dataclass
class MatchRecord:
    """What a row says about a match, ready to be stored."""

    mentor: NamedPerson | None = None
    mentee: NamedPerson | None = None
    number: str = ""  # as the list has it
    number_note: str = ""  # the same with its heading, for a number that is not one of ours
    days: MatchDays = field(default_factory=MatchDays)
    status: str = MatchStatus.ACTIVE
    coordinator: str = ""
    end_note: str = ""
    notes: list[str] = field(default_factory=list)
    is_over_capacity: bool = False

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES


@dataclass
class KnownMatches:
    """People and matches of the programme; learns the rows that are accepted.

    `seen`: mentor, mentee, which day, that day → the row of this file, None if stored. A match that has started is
    known by its start; one that has not, by the days before it.
    """

    mentors: PersonDirectory
    mentees: PersonDirectory
    harm_months: int
    seen: dict[tuple, int | None] = field(default_factory=dict)
    numbers: dict[tuple, str] = field(default_factory=dict)
    taken_mentees: set[int] = field(default_factory=set)
    running: dict[int, int] = field(default_factory=dict)  # mentor → open matches, in all programmes

    def learn(self, number: int, lesson: dict) -> None:
        """Take in what an accepted row taught: `mentor`, `mentee`, the days, and whether the match is `open`."""
        mentor, mentee = lesson["mentor"], lesson["mentee"]
        for key in keys_of(mentor, mentee, lesson["started"], lesson["introduced"], lesson["proposed"]):
            self.seen.setdefault(key, number)
        if lesson["open"]:
            self.taken_mentees.add(mentee)
            self.running[mentor] = self.running.get(mentor, 0) + 1

    def learn_stored(self, match: Match) -> None:
        days = [day and day.isoformat() for day in (match.started_on, match.introduced_on, match.proposed_on)]
        for key in keys_of(match.mentor_id, match.mentee_id, *days):
            self.seen[key], self.numbers[key] = None, match.number
        if match.is_open:
            self.taken_mentees.add(match.mentee_id)

    def key_of(self, lesson: dict) -> tuple | None:
        """The key under which the row's match is known already."""
        mentor, mentee, started = lesson["mentor"], lesson["mentee"], lesson["started"]
        if started and (mentor, mentee, "started", started) in self.seen:
            return mentor, mentee, "started", started
        which = "waiting" if started else "before"
        keys = [(mentor, mentee, f"{which} {name}", lesson[name]) for name in NAMED_DAYS if lesson[name]]
        return next((key for key in keys if key in self.seen), None)


def keys_of(mentor: int, mentee: int, started: str | None, introduced: str | None, proposed: str | None) -> Iterator:
    """All that a match is known by. `waiting`: it had not started, so a row that says when it did is the same."""
    if started:
        yield mentor, mentee, "started", started
    for name, day in zip(NAMED_DAYS, (introduced, proposed), strict=True):
        if day:
            yield mentor, mentee, f"before {name}", day
            if not started:
                yield mentor, mentee, f"waiting {name}", day


class MatchKind(Kind):
    """A list of matches with status and the days of their history."""

    code = "match"

    def load_known(self, programme: Programme) -> KnownMatches:
        """People and matches in four queries."""
        known = KnownMatches(*load_directories(programme), programme.harm_months)
        stored = Match.objects.filter(programme=programme).only(
            "mentor_id", "mentee_id", "proposed_on", "introduced_on", "started_on", "status", "number"
        )
        for match in sorted(stored.order_by("pk"), key=lambda match: match.status not in NEVER_STARTED_STATUSES):
            known.learn_stored(match)  # of two with one key, the one that ran
        mentors = Enrolment.objects.filter(programme=programme, role=ParticipantRole.MENTOR).values("person")
        for mentor_id in open_matches(mentors).values_list("mentor_id", flat=True):
            known.running[mentor_id] = known.running.get(mentor_id, 0) + 1
        return known

    def check_row(self, reader: RowReader, known: KnownMatches, *, today: dt.date) -> CheckedRow:
        return check_row(reader, known, today)

    def replay(self, known: KnownMatches, number: int, lesson: dict) -> None:
        known.learn(number, lesson)

    def label_of(self, reader: RowReader) -> str:
        return label_of(reader)

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        from imports.kinds.store_matches import store_matches  # noqa: PLC0415 - becomes one file

        store_matches(programme, rows, by=by, store=store)

    def after_undo(self, changed: Iterable[tuple[type, int]]) -> None:
        from imports.kinds.store_matches import settle_again  # noqa: PLC0415 - becomes one file

        settle_again({pk for model, pk in changed if model is Enrolment})

    def list_url(self) -> str:
        return reverse("matching:match-list")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return addresses_of(Match, row_ids, "pk", "matching:match-detail")


def open_matches(mentors) -> QuerySet[Match]:
    """Open matches of mentors in all programmes: each takes a place."""
    return Match.objects.filter(status__in=OPEN_STATUSES, mentor__in=mentors)


def label_of(reader: RowReader) -> str:
    """The two of a row by name, or what else it has of them."""
    names = [reader.line(f"{role}_name") or reader.line(f"{role}_number") for role in ("mentor", "mentee")]
    return " · ".join(filter(None, names)) or reader.line("match_number")


def check_row(reader: RowReader, known: KnownMatches, today: dt.date) -> CheckedRow:
    """One row's state: errors of its own, then a match known already, then a mentee who is taken, then doubts."""
    record = read_match(reader, known, today)
    row = CheckedRow(reader.row.number, reader.row.cells, RowState.ERROR, label_of(reader), record=record)
    if not reader.has_error():
        lesson = lesson_of(record)
        if key := known.key_of(lesson):
            return _as_duplicate(row, known, key)
        if record.is_open:
            check_room(reader, record, known)
    row.state, row.issues = reader.state_and_issues()
    if row.is_accepted:
        row.lesson = lesson
        known.learn(row.number, lesson)
    return row


def lesson_of(record: MatchRecord) -> dict:
    """What an accepted row teaches, as JSON."""
    days = {"started": record.days.started, "introduced": record.days.introduced, "proposed": record.days.proposed}
    return {
        "mentor": record.mentor.person_id,
        "mentee": record.mentee.person_id,
        "open": record.is_open,
        **{name: day.isoformat() if day else None for name, day in days.items()},
    }


def _as_duplicate(row: CheckedRow, known: KnownMatches, key: tuple) -> CheckedRow:
    first = known.seen[key]
    if first is None:
        row.state = RowState.DUPLICATE_EXISTING
        row.issues = [Issue("match_existing", facts={"case_number": known.numbers[key]})]
    else:
        row.state = RowState.DUPLICATE_IN_FILE
        row.issues = [Issue("match_in_file", facts={"row": first})]
    return row


def read_match(row: RowReader, known: KnownMatches, today: dt.date) -> MatchRecord:
    """All that the row says, with the issues left in the reader."""
    record = MatchRecord(mentor=known.mentors.find(row), mentee=known.mentees.find(row))
    row.report_stray_cells()
    if record.mentor and record.mentee and record.mentor.person_id == record.mentee.person_id:
        row.report("oneself", "mentee_name")
    record.number = row.line("match_number")
    if record.number:
        record.number_note = f"{row.title('match_number')}: {record.number}"
    record.coordinator = row.line("coordinator")
    record.end_note = row.text("end_reason")
    if row.cell("meetings") is not None and cells.read_number(row.cell("meetings")) is None:
        row.report("number_unreadable", "meetings")
    for key in ("meetings", "notes"):
        if row.cell(key) is not None:
            record.notes.append(f"{row.title(key)}: {row.text(key)}")
    record.days, record.status, notes = read_history(row, known.harm_months, today)
    record.notes += notes
    fit(row, record, Match, {"coordinator": "coordinator_note"})
    row.report_cpr_marks()
    return record


def check_room(row: RowReader, record: MatchRecord, known: KnownMatches) -> None:
    """A mentee has one open match; a mentor may have more than agreed, but that is said."""
    if record.mentee.person_id in known.taken_mentees:
        row.report("mentee_has_running_match", "mentee_name")
    running = known.running.get(record.mentor.person_id, 0) + 1
    if record.mentor.capacity is not None and running > record.mentor.capacity:
        row.report("over_capacity", "mentor_name", capacity=record.mentor.capacity, running=running)
        record.is_over_capacity = True
