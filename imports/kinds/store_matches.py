"""Storing what an import says about matches, interviews and checks: in bulk, inside the import's transaction."""

import datetime as dt
import re
from collections.abc import Collection, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.bulk import build
from common.numbering import take_numbers
from imports.engine.kind import Rows
from imports.engine.store import Store
from imports.kinds.match_status import end_reason_of
from imports.kinds.matches import MatchRecord, open_matches
from imports.kinds.persons import PersonRecord
from imports.services.base import ImportChanged
from matching.enums import NEVER_STARTED_STATUSES, OPEN_STATUSES, CheckOutcome, MatchStatus
from matching.models import FollowUp, Interview, Match, MatchStep, ScreeningCheck
from matching.services.base import SETTLED_FIELDS, lock_people, settle
from people.enums import EnrolmentStatus
from people.models import Enrolment
from programmes.enums import ParticipantRole, ScreeningKind
from programmes.models import Programme

OUR_NUMBER = re.compile(r"M-\d{4}-\d{3,6}$")
READY = [EnrolmentStatus.APPLIED, EnrolmentStatus.WAITING]


def store_matches(programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
    """Store each row's match with its steps, and the plan's follow-ups that still lie ahead.

    An open match takes the lowest free place of its mentor; one beyond the mentor's room is stored with the reason
    that it ran already. Raises ImportChanged when somebody is gone by now or has a match.
    """
    _lock_people(programme, [row.record for row, _id in rows])
    numbers = _take_numbers(programme, [row.record for row, _id in rows])
    places = _Places(programme, [row.record.mentor.person_id for row, _id in rows])
    matches = []
    for (row, _id), number in zip(rows, numbers, strict=True):
        match = _match(programme, row.record, number)
        match.created_by = by
        if match.is_open:
            match.mentor_place, is_beyond = places.take(match.mentor_id)
            if is_beyond or row.record.is_over_capacity:
                match.over_capacity_reason = _("The match ran already when the list was imported.")
        matches.append(match)
    store.create(Match, matches, [row_id for _row, row_id in rows])
    _store_steps(matches, [row.record for row, _id in rows], by, store)
    _store_plan(programme, matches, store)
    _settle(programme, matches, store)


def _lock_people(programme: Programme, records: Sequence[MatchRecord]) -> None:
    """Nobody makes or ends a match of theirs until all are stored."""
    people = {party.person_id for record in records for party in (record.mentor, record.mentee)}
    if lock_people(*people) != people:
        raise ImportChanged
    mentees = {record.mentee.person_id for record in records if record.is_open}
    if Match.objects.filter(programme=programme, mentee__in=mentees, status__in=OPEN_STATUSES).exists():
        raise ImportChanged


def _take_numbers(programme: Programme, records: Sequence[MatchRecord]) -> list[str]:
    """The number of each match: its own when it is one of ours and free, else the next free one of its first year."""
    taken = set(Match.objects.filter(programme=programme).values_list("number", flat=True))
    numbers: list[str | None] = []
    for record in records:
        own = record.number.upper()
        is_ours = bool(OUR_NUMBER.match(own)) and own not in taken
        numbers.append(own if is_ours else None)
        if is_ours:
            taken.add(own)
    years = [record.days.first.year for record, number in zip(records, numbers, strict=True) if number is None]
    free = {year: _free_numbers(programme, year, years.count(year), taken) for year in sorted(set(years))}
    return [
        number or free[record.days.first.year].pop(0) for record, number in zip(records, numbers, strict=True)
    ]  # fmt: skip


def _free_numbers(programme: Programme, year: int, wanted: int, taken: set[str]) -> list[str]:
    """So many numbers of a year that nobody has, in order."""
    free: list[str] = []
    while len(free) < wanted:
        fresh = take_numbers(f"M-{programme.pk}-{year}", wanted - len(free))
        free += [name for number in fresh if (name := f"M-{year}-{number:03d}") not in taken]
    return free


def _match(programme: Programme, record: MatchRecord, number: str) -> Match:
    days, is_ended = record.days, record.status == MatchStatus.ENDED
    is_own = not record.number or record.number.upper() == number
    return Match(
        programme=programme,
        number=number,
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
        note="\n".join(record.notes if is_own else [record.number_note, *record.notes]),
    )


class _Places:
    """The numbered places of mentors, and how many each has agreed to."""

    def __init__(self, programme: Programme, mentor_ids: Sequence[int]):
        self._room = {
            enrolment.person_id: enrolment.room
            for enrolment in Enrolment.objects.filter(
                programme=programme, role=ParticipantRole.MENTOR, person__in=set(mentor_ids)
            ).select_related("programme")
        }
        self._taken: dict[int, set[int]] = {}
        for mentor_id, place in open_matches(set(mentor_ids)).values_list("mentor_id", "mentor_place"):
            self._taken.setdefault(mentor_id, set()).add(place)

    def take(self, mentor_id: int) -> tuple[int, bool]:
        """The lowest free place, and whether it lies beyond the mentor's room."""
        taken = self._taken.setdefault(mentor_id, set())
        place = next(number for number in range(1, len(taken) + 2) if number not in taken)
        taken.add(place)
        return place, len(taken) > self._room.get(mentor_id, 0)


def _store_steps(matches: Sequence[Match], records: Sequence[MatchRecord], by: User | None, store: Store) -> None:
    note = _("from an imported list")
    store.create(
        MatchStep,
        [
            MatchStep(match=match, status=status, on=on, note=note, by=by)
            for match, record in zip(matches, records, strict=True)
            for status, on in _steps(record)
        ],
    )


def _steps(record: MatchRecord) -> list[tuple[str, dt.date]]:
    """The statuses the match went through, each with its day, in their order."""
    days = record.days
    steps = [
        (MatchStatus.PROPOSED, days.proposed),
        (MatchStatus.INTRODUCED, days.introduced),
        (MatchStatus.ACTIVE, days.started),
        (MatchStatus.PAUSED, days.paused),
        (MatchStatus.ACTIVE, days.resumed),
    ]
    steps = [(status, on) for status, on in steps if on]
    if record.status == MatchStatus.ENDED:
        steps.append((MatchStatus.ENDED, days.ended))
    elif record.status in NEVER_STARTED_STATUSES:
        steps.append((record.status, days.ended or steps[-1][1]))
    elif record.status == MatchStatus.PAUSED and not days.paused:
        steps.append((MatchStatus.PAUSED, clock.today()))
    return steps


def _store_plan(programme: Programme, matches: Sequence[Match], store: Store) -> None:
    """The follow-ups of running matches from today on: what fell due before was done, or not, outside this system."""
    today = clock.today()
    plan = [(step, offset) for step in programme.follow_up_steps.all() for offset in step.offsets()]
    follow_ups = []
    for match in matches:
        if not match.is_running:
            continue
        for step, offset in plan:
            due_on = match.started_on + dt.timedelta(days=offset)
            if due_on >= today:
                follow_ups.append(
                    FollowUp(match=match, step=step, name=step.name, kind=step.kind, side=step.side, due_on=due_on)
                )
    store.create(FollowUp, follow_ups)


def _settle(programme: Programme, matches: Sequence[Match], store: Store) -> None:
    """Who has an open match is *in a match*: the mentee at once, the mentor when the room is used up."""
    running = [match for match in matches if match.is_open]
    mentees = Q(programme=programme, role=ParticipantRole.MENTEE, person__in={match.mentee_id for match in running})
    mentors = Q(role=ParticipantRole.MENTOR, person__in={match.mentor_id for match in running})
    ready = Enrolment.objects.filter(mentees | mentors, status__in=READY)
    store.change(Enrolment, settle(ready, store.journal.changes), SETTLED_FIELDS)


def settle_again(enrolment_ids: Collection[int]) -> None:
    """Whose status an undone import set back although another match of theirs is open is *in a match* after all."""
    matched = [ParticipantRole.MENTOR, ParticipantRole.MENTEE]
    ready = Enrolment.objects.filter(pk__in=enrolment_ids, role__in=matched, status__in=READY)
    Store(None).change(Enrolment, settle(ready), SETTLED_FIELDS)


def store_interviews_and_checks(rows: Sequence[tuple[PersonRecord, Enrolment, int]], *, store: Store) -> None:
    """What a list of people says about interviews held (or planned) and criminal records.

    ``rows``: record, enrolment and id of the row.
    """
    today = clock.today()
    interviews, interview_rows, checks = [], [], []
    for record, enrolment, row_id in rows:
        if record.interview_on:
            key = "held_on" if record.interview_on <= today else "planned_on"
            interviews.append(
                build(
                    Interview,
                    enrolment_id=enrolment.pk,
                    interviewer_note=record.interviewer,
                    **{key: record.interview_on},
                )
            )
            interview_rows.append(row_id)
        if record.criminal_record:
            checks.append(
                build(
                    ScreeningCheck,
                    enrolment_id=enrolment.pk,
                    kind=ScreeningKind.CRIMINAL_RECORD,
                    outcome=CheckOutcome.APPROVED if record.has_criminal_record else CheckOutcome.PENDING,
                    checked_on=record.criminal_record_on,
                    note=record.criminal_record,
                )
            )
    store.create(Interview, interviews, interview_rows)
    store.create(ScreeningCheck, checks)
