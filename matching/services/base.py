"""Shared by the services: locks, steps of a match, log rows, and the statuses of enrolments."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Sequence

from django.db.models import Q, QuerySet

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from matching.enums import OPEN_STATUSES, InterviewAssessment, Side
from matching.models import Match, MatchStep
from people.enums import EnrolmentStatus
from people.models import Enrolment, Person
from people.services.permissions import require_work_in
from programmes.enums import ParticipantRole

SETTLED_FIELDS = ("status", "waiting_since")
STATUS_FIELDS = (*SETTLED_FIELDS, "ended_on", "ended_reason", "paused_on", "paused_reason")
# What an interview's assessment makes of an applicant.
STATUS_AFTER_INTERVIEW = {
    InterviewAssessment.SUITABLE: EnrolmentStatus.WAITING,
    InterviewAssessment.LATER: EnrolmentStatus.APPLIED,
    InterviewAssessment.NOT_SUITABLE: EnrolmentStatus.DECLINED,
}

# Called before a record changes, with the record and the names of the fields that may change.
BeforeChange = Callable[[Enrolment, Sequence[str]], None]


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
    """Validate and save a changed match; add its step, its log row, and settle the enrolments of its people."""
    match.full_clean()
    match.save()
    return add_step(match, by=by, on=on, note=note)


def add_step(match: Match, *, by: User | None, on: dt.date, note: str = "") -> MatchStep:
    """Store a step with the match's status, settle the enrolments of its people, and log the change."""
    step = MatchStep(match=match, status=match.status, on=on, note=note[:300], by=by)
    step.full_clean(exclude=["match", "by"])
    step.save()
    settle_enrolments(match)
    log_write(match, by=by, branch_id=match.programme.branch_id, code="match_changed", status=match.status)
    return step


def enrolment_of(match: Match, side: str) -> Enrolment | None:
    """Return the enrolment of the mentor or the mentee in the match's programme."""
    person_id = match.mentor_id if side == Side.MENTOR else match.mentee_id
    return Enrolment.objects.filter(person_id=person_id, programme_id=match.programme_id, role=side).first()


def settle_enrolments(match: Match) -> None:
    """Settle and save the enrolments of the mentor, in all programmes, and of the mentee; see ``settle``."""
    for enrolment in settle(enrolments_of([match])):
        enrolment.save(update_fields=SETTLED_FIELDS)


def enrolments_of(matches: Collection[Match]) -> QuerySet[Enrolment]:
    """Return the enrolments that matches of one programme may change: the mentors' in all programmes, the mentees'."""
    programmes = {match.programme_id for match in matches}
    mentees, mentors = {match.mentee_id for match in matches}, {match.mentor_id for match in matches}
    of_mentees = Q(person__in=mentees, programme__in=programmes, role=ParticipantRole.MENTEE)
    return Enrolment.objects.filter(of_mentees | Q(person__in=mentors, role=ParticipantRole.MENTOR))


def settle(enrolments: QuerySet[Enrolment], before_change: BeforeChange | None = None) -> list[Enrolment]:
    """Set the statuses of enrolments by their open matches and return the changed ones, which are not saved yet.

    A mentee with an open match is *in a match*, and otherwise on the waiting list with the earlier ``waiting_since``.
    A mentor is *in a match* when the capacity is used up, in every programme where the mentor is enrolled, and
    otherwise waiting. Paused, ended and declined enrolments keep their status.
    ``before_change`` is called with each enrolment and ``SETTLED_FIELDS`` before it changes.
    """
    stored = list(enrolments.select_for_update(of=("self",)).select_related("programme").order_by("pk"))
    people = {enrolment.person_id for enrolment in stored}
    running = Match.objects.filter(status__in=OPEN_STATUSES)
    used = Counter(running.filter(mentor__in=people).values_list("mentor_id", flat=True))
    taken = set(running.filter(mentee__in=people).values_list("programme_id", "mentee_id"))
    changed = []
    for enrolment in stored:
        is_taken = (enrolment.programme_id, enrolment.person_id) in taken
        if enrolment.role == ParticipantRole.MENTOR:
            is_taken = used[enrolment.person_id] >= enrolment.agreed_capacity > 0
        if _set_taken(enrolment, is_taken, before_change):
            changed.append(enrolment)
    return changed


def _set_taken(enrolment: Enrolment, is_taken: bool, before_change: BeforeChange | None) -> bool:
    """Set the status of one enrolment and return whether it changed."""
    wanted = EnrolmentStatus.MATCHED if is_taken else EnrolmentStatus.WAITING
    ready = {EnrolmentStatus.MATCHED, EnrolmentStatus.WAITING}
    if is_taken:
        ready.add(EnrolmentStatus.APPLIED)
    if enrolment.status not in ready or enrolment.status == wanted:
        return False
    if before_change is not None:
        before_change(enrolment, SETTLED_FIELDS)
    enrolment.status, enrolment.waiting_since = wanted, enrolment.waiting_since or enrolment.applied_on
    return True


def move_enrolment(enrolment: Enrolment, status: str, *, on: dt.date, reason: str = "") -> None:
    """Set and save a status that a user chose, with its dates."""
    set_status(enrolment, status, on=on, reason=reason)
    enrolment.full_clean()
    enrolment.save()


def set_status(enrolment: Enrolment, status: str, *, on: dt.date, reason: str = "") -> None:
    """Set the status and ``STATUS_FIELDS`` of an enrolment, without saving them."""
    left = status in {EnrolmentStatus.ENDED, EnrolmentStatus.DECLINED}
    enrolment.status = status
    enrolment.ended_on = on if left else None
    enrolment.ended_reason = reason[:200] if left else ""
    enrolment.paused_on, enrolment.paused_reason = None, ""
    if status == EnrolmentStatus.WAITING:
        enrolment.waiting_since = on
