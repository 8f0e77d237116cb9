"""What every act shares: locks, the step, the log row, the statuses of the two enrolments."""

import datetime as dt
from collections import Counter

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from matching.enums import OPEN_STATUSES, Side
from matching.models import Match, MatchStep
from people.enums import EnrolmentStatus
from people.importing.journal import Journal
from people.models import Enrolment, Person
from people.services.permissions import require_work_in
from programmes.enums import ParticipantRole

SETTLED_FIELDS = ("status", "waiting_since")


def log_write(row, *, by: User | None, branch_id: int, detail: str = "") -> None:
    """The log row of a change, in the transaction of the change.

    Asks once more whether ``by`` may work with cases in the branch: PermissionDenied rolls the change back.
    """
    require_work_in([branch_id], by)
    record_access(by=by, kind=AccessKind.WRITE, subject=row, branch=branch_id, detail=detail)


def lock_people(*person_ids: int) -> set[int]:
    """First in the lock order: the people of matches, by ascending id. Those who are still there."""
    people = Person.objects.select_for_update().filter(pk__in=person_ids).order_by("pk")
    return set(people.values_list("pk", flat=True))


def lock_match(match: Match) -> None:
    """Lock the two people and the match, and read the match as it is now."""
    lock_people(match.mentor_id, match.mentee_id)
    match.refresh_from_db(from_queryset=Match.objects.select_for_update())


def save_match(match: Match, *, by: User | None, on: dt.date, note: str = "") -> MatchStep:
    """Check and store a match that changed, with its step, its log row and the statuses of its two enrolments."""
    match.full_clean()
    match.save()
    return add_step(match, by=by, on=on, note=note)


def add_step(match: Match, *, by: User | None, on: dt.date, note: str = "") -> MatchStep:
    step = MatchStep(match=match, status=match.status, on=on, note=note[:300], by=by)
    step.full_clean(exclude=["match", "by"])
    step.save()
    settle_enrolments(match)
    detail = _("Match: %(status)s") % {"status": match.get_status_display()}
    log_write(match, by=by, branch_id=match.programme.branch_id, detail=detail)
    return step


def enrolment_of(match: Match, side: str) -> Enrolment | None:
    """The mentor's or the mentee's enrolment in the match's programme."""
    person_id = match.mentor_id if side == Side.MENTOR else match.mentee_id
    return Enrolment.objects.filter(person_id=person_id, programme_id=match.programme_id, role=side).first()


def settle_enrolments(match: Match) -> None:
    """Bring the statuses of both in line with their open matches; see ``settle``."""
    of_mentee = Q(person_id=match.mentee_id, programme_id=match.programme_id, role=ParticipantRole.MENTEE)
    of_mentor = Q(person_id=match.mentor_id, role=ParticipantRole.MENTOR)
    for enrolment in settle(Enrolment.objects.filter(of_mentee | of_mentor)):
        enrolment.save(update_fields=SETTLED_FIELDS)


def settle(enrolments: QuerySet[Enrolment], journal: Journal | None = None) -> list[Enrolment]:
    """Bring the statuses of mentors and mentees in line with their open matches; those that changed, to be stored.

    A mentee with an open match is *in a match*, without one back on the waiting list with the old
    ``waiting_since``. A mentor stays on the list as ready while there is room, and is *in a match* when the
    room is used up, in every programme where the mentor is enrolled. Paused, ended and declined enrolments
    are left as somebody decided.
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
            is_taken = used[enrolment.person_id] >= enrolment.room > 0
        if _set_taken(enrolment, is_taken, journal):
            changed.append(enrolment)
    return changed


def _set_taken(enrolment: Enrolment, is_taken: bool, journal: Journal | None) -> bool:
    """Give the enrolment the status that fits; whether it had another."""
    wanted = EnrolmentStatus.MATCHED if is_taken else EnrolmentStatus.WAITING
    ready = {EnrolmentStatus.MATCHED, EnrolmentStatus.WAITING}
    if is_taken:
        ready.add(EnrolmentStatus.APPLIED)
    if enrolment.status not in ready or enrolment.status == wanted:
        return False
    if journal is not None:
        journal.changes(enrolment, SETTLED_FIELDS)
    enrolment.status, enrolment.waiting_since = wanted, enrolment.waiting_since or enrolment.applied_on
    return True


def move_enrolment(enrolment: Enrolment, status: str, *, on: dt.date, reason: str = "") -> None:
    """Set a status somebody decided, with its dates."""
    left = status in {EnrolmentStatus.ENDED, EnrolmentStatus.DECLINED}
    enrolment.status = status
    enrolment.ended_on = on if left else None
    enrolment.ended_reason = reason[:200] if left else ""
    enrolment.paused_on, enrolment.paused_reason = None, ""
    if status == EnrolmentStatus.WAITING:
        enrolment.waiting_since = on
    enrolment.full_clean()
    enrolment.save()
