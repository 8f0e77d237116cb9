"""Shared by the services: locks, steps of a match, log rows, and the statuses of enrolments."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Max, Q

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from common import clock
from common.journal import current_journal, save
from matching.enums import NEVER_STARTED_STATUSES, MatchStatus, Side
from matching.models import Interview, Match, MatchStep
from matching.rules.assessments import effect_of
from matching.services.refusals import MatchRefused
from people.enums import EnrolmentStatus
from people.models import Enrolment, Person
from people.periods import keep_periods
from people.services.permissions import require_work_in
from people.statuses import (
    SETTLED_FIELDS,
    STATUS_FIELDS,
    OpenMatchLeft,
    lock_enrolments,
    set_status,
    settle_locked,
)
from programmes.enums import ParticipantRole

ASSESSED_FIELDS = (*STATUS_FIELDS, "updated_at")


def log_write(row, *, by: User | None, branch_id: int, code: str, **values: str) -> None:
    """Log a change, in the transaction of the change.

    Raises PermissionDenied, which rolls the change back, unless ``by`` may work with cases in the branch.
    """
    require_work_in([branch_id], by)
    record_access(by=by, kind=AccessKind.WRITE, subject=row, branch=branch_id, code=code, values=values)


def lock_people(*person_ids: int) -> set[int]:
    """Lock people by ascending id, first in the lock order, and return the ids of those who still exist."""
    people = Person.objects.select_for_update().filter(pk__in=person_ids).order_by("pk")
    return set(people.values_list("pk", flat=True))


def lock_match(match: Match) -> None:
    """Lock the mentor, the mentee and the match, and reload the match."""
    lock_people(match.mentor_id, match.mentee_id)
    match.refresh_from_db(from_queryset=Match.objects.select_for_update())


def save_match(match: Match, *, by: User | None, on: dt.date, note: str = "") -> MatchStep:
    """Validate and save a changed match; add its step and its log row, and settle the enrolments of its people."""
    save(match)
    return add_step(match, by=by, on=on, note=note)


def add_step(match: Match, *, by: User | None, on: dt.date, note: str = "") -> MatchStep:
    """Store a step with the match's status, settle the enrolments of its people, and log the change."""
    step = MatchStep(match=match, status=match.status, on=on, note=note[:300], by=by)
    save(step, exclude=["match", "by"])
    settle_people(
        [match],
        days={match.mentor_id: on, match.mentee_id: on},
        are_new=match.status == MatchStatus.PROPOSED,
        continue_waits=match.status in NEVER_STARTED_STATUSES,
        reason=note[:200],
    )
    log_write(match, by=by, branch_id=match.programme.branch_id, code="match_changed", status=match.status)
    return step


def enrolment_of(match: Match, side: str) -> Enrolment | None:
    """Lock and return the enrolment of the mentor or the mentee in the match's programme."""
    person_id = match.mentor_id if side == Side.MENTOR else match.mentee_id
    rows = Enrolment.objects.select_for_update()
    return rows.filter(person_id=person_id, programme_id=match.programme_id, role=side).first()


def settle_people(
    matches: Collection[Match],
    *,
    days: Mapping[int, dt.date] | None = None,
    are_new: bool = False,
    continue_waits: bool = False,
    reason: str = "",
) -> None:
    """Lock and settle the enrolments that matches of one programme may change.

    These are the mentors' in all programmes, and the mentees'. ``days`` are those of the change, by person; it is today
    for others. ``are_new`` makes applicants ready: they are accepted. ``continue_waits`` lets the two wait as if the
    match had not been. Raises MatchRefused if a person of an open match has left the programme.
    """
    programmes = {match.programme_id for match in matches}
    mentees, mentors = {match.mentee_id for match in matches}, {match.mentor_id for match in matches}
    of_mentees = Q(person__in=mentees, programme__in=programmes, role=ParticipantRole.MENTEE)
    rows = Enrolment.objects.filter(of_mentees | Q(person__in=mentors, role=ParticipantRole.MENTOR))
    enrolments = lock_enrolments(rows)
    own = [enrolment for enrolment in enrolments if enrolment.programme_id in programmes]
    ready = _make_ready(own) if are_new else []
    current_journal().save_all(Enrolment, [*ready, *_settle(enrolments)], SETTLED_FIELDS)
    by_enrolment = {row.pk: days[row.person_id] for row in enrolments if row.person_id in (days or {})}
    keep_periods(enrolments, days=by_enrolment, continues=continue_waits, reason=reason)


def _make_ready(enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    changed = [row for row in enrolments if row.status == EnrolmentStatus.APPLIED and row.waiting_since is None]
    for enrolment in changed:
        current_journal().changes(enrolment, SETTLED_FIELDS)
        enrolment.waiting_since = enrolment.applied_on or clock.today()
    return changed


def _settle(enrolments: Collection[Enrolment]) -> list[Enrolment]:
    """Settle locked enrolments as ``settle_locked`` does. Raises MatchRefused instead of OpenMatchLeft."""
    try:
        return settle_locked(enrolments, current_journal().changes)
    except OpenMatchLeft as error:
        raise MatchRefused(error.messages[0], code="ended") from error


def apply_assessments(interviews: Mapping[int, Interview], enrolments: Mapping[int, Enrolment]) -> None:
    """Do to locked enrolments what assessed interviews do, one for each by its id, and store them.

    See ``matching.rules.assessments``. Raises MatchRefused if a person in a match is not suited.
    """
    latest, changed = _latest_assessed(interviews), []
    for pk, interview in interviews.items():
        enrolment = enrolments[pk]
        effect = effect_of(enrolment, interview.assessment, interview.held_on, latest.get(pk))
        if effect == (enrolment.status, enrolment.waiting_since):
            continue
        current_journal().changes(enrolment, ASSESSED_FIELDS)
        if effect.status != enrolment.status:
            set_status(enrolment, effect.status, on=interview.held_on, reason=interview.assessment_note[:200])
        enrolment.waiting_since = effect.waiting_since
        enrolment.updated_at = clock.now()
        changed.append(enrolment)
    _settle(changed)
    current_journal().save_all(Enrolment, changed, ASSESSED_FIELDS)
    keep_periods(changed, days={row.pk: interviews[row.pk].held_on for row in changed})


def _latest_assessed(enrolment_ids: Collection[int]) -> dict[int, dt.date]:
    """Return the day of the last assessed interview, by enrolment id."""
    assessed = Interview.objects.filter(enrolment__in=enrolment_ids, held_on__isnull=False).exclude(assessment="")
    days = assessed.order_by().values("enrolment").annotate(latest=Max("held_on"))
    return dict(days.values_list("enrolment", "latest"))
