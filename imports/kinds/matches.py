"""The list of matches: mentor and mentee, status, and the days of the match's history."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from imports.engine import cells
from imports.engine.issues import DUPLICATE, ERROR, ISSUE_KINDS, WARNING, Issue, IssueKind
from imports.engine.kind import CheckedRow, ImportChanged, Kind, Rows, Store
from imports.engine.reader import RowReader
from imports.enums import RowState
from imports.kinds.match_history import MatchDays, end_reason_of, read_history, steps_of
from imports.kinds.parties import NamedPerson, PersonDirectory, load_directories
from imports.models import RowOrigin
from matching.enums import NEVER_STARTED_STATUSES, OPEN_STATUSES, MatchStatus
from matching.models import Match
from matching.services import MatchRefused
from matching.services.bulk import NewMatch, bulk_create_matches
from people.enums import LEFT_STATUSES
from people.models import Enrolment
from programmes.enums import ParticipantRole
from programmes.models import Programme

ISSUE_KINDS.add_all(
    {
        "oneself": IssueKind(ERROR, _("Mentor and mentee are the same person.")),
        "mentee_has_running_match": IssueKind(
            ERROR, _("The mentee already has a running match in this programme. Only one can run at a time.")
        ),
        "over_capacity": IssueKind(
            WARNING, _("The mentor has agreed to %(capacity)s and now has %(running)s. Stored with that as the reason.")
        ),
        "role_has_ended": IssueKind(
            ERROR, _("%(name)s has left the programme, but the match runs. Reopen the role on the person's page first.")
        ),
        "match_in_file": IssueKind(DUPLICATE, _("The same match as in row %(row)s. Not stored again.")),
        "match_existing": IssueKind(DUPLICATE, _("The match is stored already as %(case_number)s.")),
    }
)
EARLY_DAYS = ("introduced", "proposed")  # identify a match that has not started
COORDINATOR_LENGTH = Match._meta.get_field("coordinator_note").max_length


@dataclass
class MatchRecord:
    """A match as a row describes it."""

    mentor: NamedPerson | None = None
    mentee: NamedPerson | None = None
    number: str = ""  # as in the list
    number_note: str = ""  # the number with its heading, for a number that cannot be kept
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
    """The people of a programme and its matches: the stored ones and those of accepted rows.

    ``seen`` maps mentor, mentee, name of a day and the day to the row of this file, or to None for a stored match.
    """

    mentors: PersonDirectory
    mentees: PersonDirectory
    harm_months: int
    seen: dict[tuple, int | None] = field(default_factory=dict)
    numbers: dict[tuple, str] = field(default_factory=dict)
    taken_mentees: set[int] = field(default_factory=set)
    running: dict[int, int] = field(default_factory=dict)  # mentor → open matches, in all programmes

    def add_accepted(self, number: int, record: MatchRecord) -> None:
        """Add the match of an accepted row."""
        mentor, mentee, days = record.mentor.person_id, record.mentee.person_id, record.days
        for key in keys_of(mentor, mentee, days.started, days.introduced, days.proposed):
            self.seen.setdefault(key, number)
        if record.is_open:
            self.taken_mentees.add(mentee)
            self.running[mentor] = self.running.get(mentor, 0) + 1

    def add_stored(self, match: Match) -> None:
        days = match.started_on, match.introduced_on, match.proposed_on
        for key in keys_of(match.mentor_id, match.mentee_id, *days):
            self.seen[key], self.numbers[key] = None, match.number
        if match.is_open:
            self.taken_mentees.add(match.mentee_id)

    def key_of(self, record: MatchRecord) -> tuple | None:
        """Return the key under which the row's match is known, or None."""
        mentor, mentee, started = record.mentor.person_id, record.mentee.person_id, record.days.started
        if started and (mentor, mentee, "started", started) in self.seen:
            return mentor, mentee, "started", started
        which = "waiting" if started else "before"
        early = ((name, getattr(record.days, name)) for name in EARLY_DAYS)
        keys = [(mentor, mentee, f"{which} {name}", day) for name, day in early if day]
        return next((key for key in keys if key in self.seen), None)


def keys_of(
    mentor: int, mentee: int, started: dt.date | None, introduced: dt.date | None, proposed: dt.date | None
) -> Iterator[tuple]:
    """Yield the keys of a match.

    A key with ``waiting`` is that of a match that had not started, so that a row with its start is the same match.
    """
    if started:
        yield mentor, mentee, "started", started
    for name, day in zip(EARLY_DAYS, (introduced, proposed), strict=True):
        if day:
            yield mentor, mentee, f"before {name}", day
            if not started:
                yield mentor, mentee, f"waiting {name}", day


class MatchKind(Kind):
    """A list of matches with status and the days of their history."""

    code = "match"

    def load_known(self, programme: Programme) -> KnownMatches:
        """Return people and matches, in four queries."""
        known = KnownMatches(*load_directories(programme), programme.harm_months)
        stored = Match.objects.filter(programme=programme).only(
            "mentor_id", "mentee_id", "proposed_on", "introduced_on", "started_on", "status", "number"
        )
        # Of two matches with one key, the one that started is added last and counts.
        for match in sorted(stored.order_by("pk"), key=lambda match: match.status not in NEVER_STARTED_STATUSES):
            known.add_stored(match)
        mentors = Enrolment.objects.filter(programme=programme, role=ParticipantRole.MENTOR).values("person")
        running = Match.objects.filter(status__in=OPEN_STATUSES, mentor__in=mentors)
        for mentor_id in running.values_list("mentor_id", flat=True):
            known.running[mentor_id] = known.running.get(mentor_id, 0) + 1
        return known

    def check_row(self, reader: RowReader, known: KnownMatches, *, today: dt.date) -> CheckedRow:
        """Return the row with its state: an error, a duplicate, or accepted."""
        record = read_match(reader, known, today)
        row = CheckedRow(reader.row.number, reader.row.cells, RowState.ERROR, self.label_of(reader), record=record)
        if not reader.has_error():
            if key := known.key_of(record):
                return _as_duplicate(row, known, key)
            if record.is_open:
                check_capacity(reader, record, known)
                check_roles(reader, record)
        row.state, row.issues = reader.state_and_issues()
        if row.is_accepted:
            known.add_accepted(row.number, record)
        return row

    def label_of(self, reader: RowReader) -> str:
        return label_of(reader)

    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        """Store each row's match. Raises ImportChanged if a person was deleted or has another match by now."""
        try:
            new = [new_match(programme, row.record) for row, _id in rows]
            matches = bulk_create_matches(programme, new, by=by)
        except MatchRefused as error:
            raise ImportChanged from error
        for (_row, row_id), match in zip(rows, matches, strict=True):
            store.came_from(row_id, match)

    def list_url(self) -> str:
        return reverse("matching:match-list")

    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        return RowOrigin.objects.addresses(Match, row_ids, "pk", "matching:match-detail")


def label_of(reader: RowReader) -> str:
    """Return the names of mentor and mentee, otherwise their case numbers or the match number."""
    names = [reader.line(f"{role}_name") or reader.line(f"{role}_number") for role in ("mentor", "mentee")]
    return " · ".join(filter(None, names)) or reader.line("match_number")


def read_match(row: RowReader, known: KnownMatches, today: dt.date) -> MatchRecord:
    """Return the match that the row describes, and report issues in the row."""
    record = MatchRecord(mentor=known.mentors.find(row), mentee=known.mentees.find(row))
    row.report_stray_cells()
    if record.mentor and record.mentee and record.mentor.person_id == record.mentee.person_id:
        row.report("oneself", "mentee_name")
    record.number = row.line("match_number")
    if record.number:
        record.number_note = f"{row.title('match_number')}: {record.number}"
    record.end_note = row.text("end_reason")
    if row.cell("meetings") is not None and cells.read_number(row.cell("meetings")) is None:
        row.report("number_unreadable", "meetings")
    row.note("meetings")
    row.note("notes")
    record.days, record.status = read_history(row, known.harm_months, today)
    record.coordinator = row.fit(row.line("coordinator"), "coordinator", COORDINATOR_LENGTH)
    record.notes = row.notes
    row.report_cpr_marks()
    return record


def check_capacity(row: RowReader, record: MatchRecord, known: KnownMatches) -> None:
    """Report a mentee who has an open match (an error), or a mentor who has more than agreed (a warning)."""
    if record.mentee.person_id in known.taken_mentees:
        row.report("mentee_has_running_match", "mentee_name")
    running = known.running.get(record.mentor.person_id, 0) + 1
    if record.mentor.capacity is not None and running > record.mentor.capacity:
        row.report("over_capacity", "mentor_name", capacity=record.mentor.capacity, running=running)
        record.is_over_capacity = True


def check_roles(row: RowReader, record: MatchRecord) -> None:
    """Report an open match of a person whose role has ended as an error."""
    for person, name in ((record.mentor, "mentor_name"), (record.mentee, "mentee_name")):
        if person.status in LEFT_STATUSES:
            row.report("role_has_ended", name, name=person.name)


def _as_duplicate(row: CheckedRow, known: KnownMatches, key: tuple) -> CheckedRow:
    first = known.seen[key]
    if first is None:
        row.state = RowState.DUPLICATE_EXISTING
        row.issues = [Issue("match_existing", facts={"case_number": known.numbers[key]})]
    else:
        row.state = RowState.DUPLICATE_IN_FILE
        row.issues = [Issue("match_in_file", facts={"row": first})]
    return row


def new_match(programme: Programme, record: MatchRecord) -> NewMatch:
    """Return the unsaved match of a record, with its steps."""
    days, is_ended = record.days, record.status == MatchStatus.ENDED
    match = Match(
        programme=programme,
        number=record.number,
        mentor_id=record.mentor.person_id,
        mentee_id=record.mentee.person_id,
        status=record.status,
        coordinator_note=record.coordinator,
        proposed_on=days.proposed,
        introduced_on=days.introduced,
        started_on=days.started,
        agreement_signed_on=days.agreement_signed,
        closing_talk_on=days.closing_talk,
        ended_on=days.ended if is_ended else None,
        end_reason=end_reason_of(record.end_note) if is_ended and record.end_note else "",
        end_note=record.end_note,
        note="\n".join(record.notes),
    )
    return NewMatch(match, steps_of(days, record.status), record.number_note, record.is_over_capacity)
