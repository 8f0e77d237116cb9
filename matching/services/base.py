"""What every act shares: locks, the step, the log row, the statuses of the two enrolments."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from matching.enums import OPEN_STATUSES, Side
from matching.models import Match, MatchStep
from people.enums import EnrolmentStatus
from people.models import Enrolment, Person
from people.services.permissions import require_work_in
from programmes.enums import ParticipantRole


def log_write(row, *, by: User | None, branch_id: int, detail: str = "") -> None:
    """The log row of a change, in the transaction of the change.

    Asks once more whether ``by`` may work with cases in the branch: PermissionDenied rolls the change back.
    """
    require_work_in([branch_id], by)
    record_access(by=by, kind=AccessKind.WRITE, subject=row, branch=branch_id, detail=detail)


def lock_people(*people: Person) -> None:
    """First in the lock order: the people of a match, by ascending id."""
    ids = [person.pk for person in people]
    list(Person.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))


def lock_match(match: Match) -> None:
    """Lock the two people and the match, and read the match as it is now."""
    lock_people(match.mentor, match.mentee)
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
    """Bring the statuses of both in line with their open matches.

    A mentee with an open match is *in a match*, without one back on the waiting list with the old
    ``waiting_since``. A mentor stays on the list as ready while there is room, and is *in a match* when the
    room is used up, in every programme where the mentor is enrolled. Paused, ended and declined enrolments
    are left as somebody decided.
    """
    mentees = Enrolment.objects.filter(
        person_id=match.mentee_id, programme_id=match.programme_id, role=ParticipantRole.MENTEE
    )
    taken = Match.objects.filter(
        mentee_id=match.mentee_id, programme_id=match.programme_id, status__in=OPEN_STATUSES
    ).exists()
    for enrolment in mentees.order_by("pk"):
        _set_taken(enrolment, taken)
    settle_mentor(match.mentor)


def settle_mentor(mentor: Person) -> None:
    """See ``settle_enrolments``."""
    used = Match.objects.filter(mentor=mentor, status__in=OPEN_STATUSES).count()
    enrolments = Enrolment.objects.filter(person=mentor, role=ParticipantRole.MENTOR).select_related("programme")
    for enrolment in enrolments.order_by("pk"):
        _set_taken(enrolment, used >= enrolment.room > 0)


def _set_taken(enrolment: Enrolment, is_taken: bool) -> None:
    wanted = EnrolmentStatus.MATCHED if is_taken else EnrolmentStatus.WAITING
    ready = {EnrolmentStatus.MATCHED, EnrolmentStatus.WAITING}
    if is_taken:
        ready.add(EnrolmentStatus.APPLIED)
    if enrolment.status in ready and enrolment.status != wanted:
        since = enrolment.waiting_since or enrolment.applied_on
        Enrolment.objects.filter(pk=enrolment.pk).update(status=wanted, waiting_since=since)


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
