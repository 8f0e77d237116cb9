"""Services that store the interviews, checks, matches and records of a whole list at once, with few queries.

Each runs in the act of the caller, who writes the access log. All raise ValidationError for an invalid value.
"""

import datetime as dt
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.bulk import locked
from common.journal import current_journal
from matching.enums import OPEN_STATUSES, MatchStatus
from matching.models import (
    FollowUp,
    Interview,
    Match,
    MatchEnding,
    MatchPause,
    MatchStep,
    Meeting,
    Outcome,
    PlannedMeeting,
    ScreeningCheck,
)
from matching.numbers import take_match_numbers
from matching.rules.pairs import lowest_free_place
from matching.services.base import apply_assessments, lock_people, settle_people
from matching.services.records import follow_up_plan, planned_follow_ups
from matching.services.refusals import MatchRefused
from people.models import Enrolment
from people.services.permissions import refuse_closed_people
from programmes.enums import ParticipantRole
from programmes.models import Programme

FOLLOW_UP_ANSWERS = ("done_on", "channel", "mood", "support", "note")


# --- interviews and checks ---------------------------------------------------------------------------


def bulk_create_interviews(interviews: Sequence[Interview]) -> list[Interview]:
    """Store new interviews and return them. The status of the enrolments is not changed."""
    return current_journal().create(Interview, interviews)


def bulk_complete_interviews(interviews: Sequence[tuple[Interview, Mapping[str, Any]]]) -> None:
    """Set the blank fields of stored, locked interviews from field → value. Other fields keep their values."""
    for interview, values in interviews:
        _change(interview, {name: value for name, value in values.items() if not getattr(interview, name)})
    names = {name for _interview, values in interviews for name in values}
    current_journal().save_all(Interview, [interview for interview, _values in interviews], sorted(names))


def bulk_apply_assessments(interviews: Iterable[Interview]) -> None:
    """Do to the enrolments what their last assessed interviews do, as ``record_interview`` does.

    Raises MatchRefused if an enrolment was deleted, or if a person in a match is not suited.
    """
    assessed = [interview for interview in interviews if interview.held_on and interview.assessment]
    last = {interview.enrolment_id: interview for interview in sorted(assessed, key=lambda found: found.held_on)}
    enrolments = locked(Enrolment, last)
    if len(enrolments) < len(last):
        raise MatchRefused(_("An enrolment was removed a moment ago."), code="changed")
    apply_assessments(last, enrolments)


def bulk_create_checks(checks: Sequence[ScreeningCheck]) -> list[ScreeningCheck]:
    """Store new screening checks and return them."""
    return current_journal().create(ScreeningCheck, checks)


# --- matches -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class NewMatch:
    """A match from before this system: unsaved, with the statuses that it went through and their days, in order.

    ``match.number`` is the number that it had elsewhere, or blank. If it cannot be kept, ``number_note`` is added to
    the match's note. ``is_over_capacity`` says that the mentor had not agreed to so many matches.
    """

    match: Match
    steps: Sequence[tuple[str, dt.date]]
    number_note: str = ""
    is_over_capacity: bool = False


def bulk_create_matches(programme: Programme, new: Sequence[NewMatch], *, by: User | None) -> list[Match]:
    """Store matches with their steps and return them.

    An open match takes the lowest free place of its mentor, also beyond the capacity, which is noted as the reason.
    Running matches get the follow-ups of the plan that are due from today on: earlier ones belong to the old system.
    The people of open matches are settled. Raises MatchRefused if a person was deleted or has left the programme, or if
    a mentee has an open match.
    """
    journal, matches = current_journal(), [one.match for one in new]
    _lock_people_of(programme, matches)
    _set_numbers(programme, new)
    _set_places(programme, new)
    for one in new:
        one.match.created_by = by
        if one.match.status == MatchStatus.PAUSED:
            one.match.paused_on = one.steps[-1][1]
    journal.create(Match, matches)
    note = _("from an imported list")
    steps = [
        MatchStep(match=one.match, status=status, on=on, note=note, by=by) for one in new for status, on in one.steps
    ]
    journal.create(MatchStep, steps)
    journal.create(PlannedMeeting, [_first_meeting_of(match) for match in matches if _is_arranged(match)])
    journal.create(MatchPause, [pause for one in new for pause in _pauses_of(one)])
    journal.create(MatchEnding, [_ending_of(match) for match in matches if match.ended_on])
    plan, today = follow_up_plan(programme), clock.today()
    running = [match for match in matches if match.is_running]
    journal.create(FollowUp, [row for match in running for row in planned_follow_ups(match, plan, after=today)])
    opened = [one for one in new if one.match.is_open]
    days = {person_id: one.steps[0][1] for one in opened for person_id in (one.match.mentor_id, one.match.mentee_id)}
    settle_people([one.match for one in opened], days=days, are_new=True)
    return matches


def _is_arranged(match: Match) -> bool:
    return match.status == MatchStatus.INTRODUCED and match.introduced_on is not None


def _first_meeting_of(match: Match) -> PlannedMeeting:
    return PlannedMeeting(match=match, is_first=True, on=match.introduced_on, place=match.first_meeting_place)


def _pauses_of(new: NewMatch) -> Iterator[MatchPause]:
    """Yield the pauses that the steps of a match say: each ends with the step after it."""
    for (status, on), following in itertools.zip_longest(new.steps, new.steps[1:]):
        if status == MatchStatus.PAUSED:
            yield MatchPause(match=new.match, began_on=on, ended_on=max(on, following[1]) if following else None)


def _ending_of(match: Match) -> MatchEnding:
    """Return the end of a match as the match has it. A list has one day for the talks with both."""
    talk_on = match.closing_talk_on
    return MatchEnding(
        match=match, on=match.ended_on, reason=match.end_reason, note=match.end_note,
        mentee_talk_on=talk_on, mentor_talk_on=talk_on,
    )  # fmt: skip


def _lock_people_of(programme: Programme, matches: Sequence[Match]) -> None:
    people = {person_id for match in matches for person_id in (match.mentor_id, match.mentee_id)}
    if lock_people(*people) != people:
        raise MatchRefused(_("A person was merged or deleted a moment ago."), code="changed")
    refuse_closed_people({pk for match in matches if match.is_open for pk in (match.mentor_id, match.mentee_id)})
    mentees = {match.mentee_id for match in matches if match.is_open}
    if Match.objects.filter(programme=programme, mentee__in=mentees, status__in=OPEN_STATUSES).exists():
        raise MatchRefused(_("The mentee already has a match in this programme."), code="changed")


def _set_numbers(programme: Programme, new: Sequence[NewMatch]) -> None:
    numbers = take_match_numbers(programme, [(one.match.number, one.steps[0][1].year) for one in new])
    for one, number in zip(new, numbers, strict=True):
        if one.match.number and one.match.number.upper() != number:
            one.match.note = "\n".join(filter(None, [one.number_note, one.match.note]))
        one.match.number = number


def _set_places(programme: Programme, new: Sequence[NewMatch]) -> None:
    mentors = {one.match.mentor_id for one in new if one.match.is_open}
    enrolments = Enrolment.objects.filter(programme=programme, role=ParticipantRole.MENTOR, person__in=mentors)
    capacity = {enrolment.person_id: enrolment.agreed_capacity for enrolment in enrolments.select_related("programme")}
    taken: dict[int, set[int]] = {mentor_id: set() for mentor_id in mentors}
    stored = Match.objects.filter(mentor__in=mentors, status__in=OPEN_STATUSES)
    for mentor_id, place in stored.values_list("mentor_id", "mentor_place"):
        taken[mentor_id].add(place)
    for one in new:
        match = one.match
        if match.is_open:
            places = taken[match.mentor_id]
            match.mentor_place = lowest_free_place(places)
            places.add(match.mentor_place)
            if one.is_over_capacity or len(places) > capacity.get(match.mentor_id, 0):
                match.over_capacity_reason = _("The match ran already when the list was imported.")


# --- records of matches ------------------------------------------------------------------------------

MatchRecords = Sequence[Meeting] | Sequence[FollowUp] | Sequence[Outcome]


def bulk_create_records(records: MatchRecords) -> MatchRecords:
    """Store new meetings, follow-ups or outcomes, all of one model, and return them."""
    return current_journal().create(type(records[0]), records) if records else []


def bulk_record_follow_ups(answers: Collection[tuple[FollowUp, Mapping[str, Any]]]) -> None:
    """Record the answers (field → value) of planned follow-ups, which the caller has locked."""
    for follow_up, values in answers:
        _change(follow_up, values)
    current_journal().save_all(FollowUp, [follow_up for follow_up, _values in answers], FOLLOW_UP_ANSWERS)


def _change(record: Model, values: Mapping[str, Any]) -> None:
    current_journal().changes(record, values)
    for name, value in values.items():
        setattr(record, name, value)
