"""Handing over matches and planned interviews, for good or to a deputy, and tying written names to users."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import Branch, User
from accounts.roles import Verb
from accounts.services import record_access
from common import clock
from common.journal import Remaining, Reversal, act, current_journal, delete, save, update
from common.models import Act
from matching.enums import OPEN_STATUSES
from matching.models import Handover, Interview, Match
from matching.querysets import working_members
from matching.rules.coordinators import coordinators_of
from matching.services.base import log_write
from matching.services.refusals import MatchRefused, refuse_state
from people.services.permissions import require_work_in

HANDOVER_FIELDS = ("coordinator", "updated_at")
UNDOABLE = ("hand_over", "tie_names")  # acts that ``undo_handover`` undoes


@act(reason="reason")
def hand_over(
    *,
    matches: Mapping[Match, User] | None = None,
    interviews: Mapping[Interview, User] | None = None,
    by: User | None,
    from_on: dt.date,
    until_on: dt.date | None = None,
    reason: str,
    build_url: Callable[[str], str] | None = None,
) -> list[Handover]:
    """Hand over open matches with their follow-ups, and planned interviews, each to its receiver, as one act.

    Without ``until_on`` the receiver becomes the coordinator; with it the receiver is the deputy from ``from_on`` to
    ``until_on``, after which the match returns by itself. An interview is handed over if its day is in the period.
    With ``build_url``, which makes an absolute address of a path, receivers other than ``by`` get an e-mail.
    Raises MatchRefused if a match has ended, if a receiver does not work with cases in the branch or takes care of the
    match already, or if ``by`` may not hand the match over; ValidationError for a period that is over or out of order.
    """
    _refuse_period(from_on, until_on)
    terms = {"from_on": from_on, "until_on": until_on, "reason": reason}
    receivers = {match.pk: receiver for match, receiver in (matches or {}).items()}
    locked = _lock_matches(receivers)
    acting = dict(Match.objects.with_acting(from_on).filter(pk__in=receivers).values_list("pk", "acting_id"))
    _refuse_foreign(locked, by, acting)
    _refuse_idle((match.programme.branch_id, receivers[match.pk]) for match in locked)
    made = [_hand_over_match(match, receivers[match.pk], acting[match.pk], by=by, **terms) for match in locked]
    if until_on is None:
        current_journal().save_all(Match, locked, HANDOVER_FIELDS)
    counts = Counter((match.programme.branch, receivers[match.pk]) for match in locked)
    for interview, receiver in (interviews or {}).items():
        if _hand_over_interview(interview, receiver, by=by, from_on=from_on, until_on=until_on):
            counts[interview.enrolment.programme.branch, receiver] += 1
    if build_url:
        _send_notices(counts, by=by, from_on=from_on, until_on=until_on, build_url=build_url)
    return made


def _refuse_period(from_on: dt.date, until_on: dt.date | None) -> None:
    if until_on and until_on < from_on:
        raise ValidationError({"until_on": _("The last day is before the first.")})
    if until_on and until_on < clock.today():
        raise ValidationError({"until_on": _("The period is over already.")})


def _send_notices(
    counts: Mapping[tuple[Branch, User], int], *, by: User | None, build_url: Callable[[str], str], **period
) -> None:
    """Put an e-mail to each receiver into the queue, with the number of tasks, the period and a link to their desk."""
    url = build_url(f"{reverse('desk:today')}?opgaver=mine")
    for (branch, receiver), count in counts.items():
        if receiver != by:
            context = {"receiver": receiver, "branch": branch, "by": by, "count": count, "url": url, **period}
            _send_notice(context)


def _send_notice(context: Mapping[str, Any]) -> None:
    receiver = context["receiver"]
    with translation.override(receiver.language):
        subject = " ".join(render_to_string("matching/email/handover_subject.txt", context).split())
        body = render_to_string("matching/email/handover_message.txt", context)
    message = EmailMessage(subject, body, None, [receiver.email])
    message.by, message.branch = context["by"], context["branch"]
    message.send()


def _lock_matches(pks: Collection[int]) -> list[Match]:
    rows = Match.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    return list(rows.select_related("programme__branch", "coordinator"))


def _refuse_foreign(matches: Iterable[Match], by: User | None, acting: Mapping[int, int | None]) -> None:
    """Raise MatchRefused for the first match that is another coordinator's, unless ``by`` may hand over any."""
    foreign = [match for match in matches if by and not by.may(Verb.HAND_OVER, match.programme.branch_id)]
    left = Match.objects.without_active(clock.today()).filter(pk__in=[match.pk for match in foreign])
    orphans = set(left.values_list("pk", flat=True))
    for match in foreign:
        if by.pk not in {match.coordinator_id, acting[match.pk]} and match.pk not in orphans:
            words = _("%(match)s is the match of %(name)s. An administrator can hand it over.")
            name = User.objects.filter(pk=acting[match.pk]).first() or match.coordinator_note
            raise MatchRefused(words % {"match": match.number, "name": name}, code="foreign")


def _refuse_idle(given: Iterable[tuple[int, User]]) -> None:
    """Raise MatchRefused if a receiver does not work with cases in the branch."""
    pairs = set(given)
    members = working_members().filter(user__in={receiver for _branch, receiver in pairs})
    working = set(members.values_list("branch_id", "user_id"))
    for branch_id, receiver in pairs:
        if (branch_id, receiver.pk) not in working:
            words = _("%(name)s does not work with cases in the branch. Choose another user.")
            raise MatchRefused(words % {"name": receiver}, code="receiver")


def _hand_over_match(
    match: Match, receiver: User, acting_id: int | None, *, by: User | None, from_on, until_on, reason: str
) -> Handover:
    refuse_state(match, OPEN_STATUSES)
    is_for_good = until_on is None
    if acting_id == receiver.pk and not (is_for_good and match.coordinator_id != receiver.pk):
        words = _("%(name)s takes care of %(match)s already.")
        raise MatchRefused(words % {"name": receiver, "match": match.number}, code="receiver")
    terms = {"from_on": from_on, "until_on": until_on, "reason": reason, "by": by}
    giver_id = match.coordinator_id if is_for_good else acting_id
    handover = Handover(match=match, giver_id=giver_id, receiver=receiver, **terms)
    save(handover, exclude=["match", "giver", "receiver", "by"])
    _hand_over_plan(match, acting_id, receiver, from_on, until_on)
    if is_for_good:
        current_journal().changes(match, HANDOVER_FIELDS)
        match.coordinator, match.updated_at = receiver, clock.now()
    _log_handover(handover, by=by)
    return handover


def _hand_over_plan(
    match: Match, giver_id: int | None, receiver: User, from_on: dt.date, until_on: dt.date | None
) -> None:
    """Let the receiver take part in the planned meeting of the giver, if its day is in the period."""
    plans = match.planned_meetings.to_do().filter(staff=giver_id, on__gte=from_on)
    if giver_id is not None:
        update(plans.filter(on__lte=until_on) if until_on else plans, staff=receiver)


def _log_handover(handover: Handover, *, by: User | None) -> None:
    branch_id, until_on = handover.match.programme.branch_id, handover.until_on
    values = {"name": handover.receiver.name, "from_on": handover.from_on.isoformat(), "reason": handover.reason}
    if until_on:
        values["until_on"] = until_on.isoformat()
    log_write(
        handover.match,
        by=by,
        branch_id=branch_id,
        code="deputy_given" if until_on else "match_handed_over",
        **values,
    )


def _hand_over_interview(
    interview: Interview, receiver: User, *, by: User | None, from_on: dt.date, until_on: dt.date | None
) -> bool:
    """Change the interviewer of a planned interview if its day is in the period; return whether it is."""
    interview = (
        Interview.objects.select_for_update(of=("self",)).select_related("enrolment__programme").get(pk=interview.pk)
    )
    if interview.held_on or interview.planned_on < from_on or (until_on and interview.planned_on > until_on):
        return False
    branch_id = interview.enrolment.programme.branch_id
    _refuse_idle([(branch_id, receiver)])
    is_foreign = working_members().filter(branch=branch_id, user=interview.interviewer_id).exists()
    if is_foreign and by and by.pk != interview.interviewer_id and not by.may(Verb.HAND_OVER, branch_id):
        words = _("%(name)s holds the interview. An administrator can hand it over.")
        raise MatchRefused(words % {"name": interview.interviewer}, code="foreign")
    interview.interviewer = receiver
    save(interview)
    person = interview.enrolment.person
    log_write(person, by=by, branch_id=branch_id, code="interview_handed_over", name=receiver.name)
    return True


@act
def end_deputy(handover: Handover, *, by: User, on: dt.date, is_whole: bool = False) -> int:
    """Let a deputy act until the day before ``on``; return the number of matches that go back.

    With ``is_whole`` also for the other matches that the same giver handed to the same deputy for the same period.
    A handover that has not begun by ``on`` is deleted. Raises MatchRefused if it is over.
    """
    same = Q(pk=handover.pk)
    if is_whole:
        names = ("giver", "receiver", "from_on", "until_on")
        branch = {"match__programme__branch": handover.match.programme.branch_id}
        same = Q(**{name: getattr(handover, name) for name in names}, **branch)
    rows = Handover.objects.filter(same, until_on__gte=on).select_related("match__programme", "receiver")
    found = list(rows.order_by("match", "pk"))
    if not found:
        raise MatchRefused(_("The period is over already."), code="state")
    _refuse_foreign_end(found, by)
    for one in found:
        log_write(
            one.match, by=by, branch_id=one.match.programme.branch_id, code="deputy_ended", name=str(one.receiver or "")
        )
    update(
        Handover.objects.filter(pk__in=[one.pk for one in found], from_on__lt=on), until_on=on - dt.timedelta(days=1)
    )
    delete([one for one in found if one.from_on >= on])
    return len(found)


def _refuse_foreign_end(handovers: Iterable[Handover], by: User) -> None:
    for one in handovers:
        is_own = by.pk in {one.giver_id, one.receiver_id, one.match.coordinator_id}
        if not is_own and not by.may(Verb.HAND_OVER, one.match.programme.branch_id):
            raise MatchRefused(_("An administrator can end the period of a deputy."), code="foreign")


@act
def tie_names(branch: Branch, users: Mapping[str, User], *, by: User) -> int:
    """Set the coordinator of matches and the interviewer of interviews by their written names, which are kept.

    ``users`` has a user for each written name. Records that have a user already stay as they are. Returns the number of
    changed records. Raises PermissionDenied unless ``by`` may hand over any match of the branch, and MatchRefused for
    a user who never worked there.
    """
    if not by.may(Verb.HAND_OVER, branch):
        raise PermissionDenied
    known = set(coordinators_of([branch.pk]).values_list("pk", flat=True))
    return sum(_tie_name(branch, name, user, known, by=by) for name, user in users.items())


def _tie_name(branch: Branch, name: str, user: User, known: Collection[int], *, by: User) -> int:
    if user.pk not in known:
        words = _("%(name)s does not work with cases in the branch. Choose another user.")
        raise MatchRefused(words % {"name": user}, code="receiver")
    matches = Match.objects.in_branches([branch.pk]).filter(coordinator=None, coordinator_note=name)
    interviews = Interview.objects.in_branches([branch.pk]).filter(interviewer=None, interviewer_note=name)
    count = update(matches, coordinator=user) + update(interviews, interviewer=user)
    values = {"written": name, "name": user.name}
    subject = Match._meta.label_lower
    record_access(
        by=by, kind=AccessKind.WRITE, subject=subject, branch=branch, code="name_tied", values=values, count=count
    )
    return count


@act
def undo_handover(done: Act, *, by: User) -> list[Remaining]:
    """Undo an own act of ``UNDOABLE``, and return what was changed since and remains.

    Raises MatchRefused for any other act, and for one that was undone.
    """
    done = Act.objects.select_for_update().filter(pk=done.pk, name__in=UNDOABLE, by=by).first()
    if done is None or Act.objects.filter(undoes=done).exists():
        raise MatchRefused(_("There is nothing to undo any more."), code="state")
    reversal = Reversal(done)
    branch_ids = _branches_of(reversal)
    for branch_id in branch_ids:
        require_work_in([branch_id], by)
        subject = Match._meta.label_lower
        record_access(by=by, kind=AccessKind.WRITE, subject=subject, branch=branch_id, code="handover_undone")
    reversal.execute()
    return reversal.remaining()


def _branches_of(reversal: Reversal) -> set[int]:
    """Return the ids of the branches of the matches and interviews that undoing changes."""
    changed = reversal.reverts.records()
    matches = {pk for model, pk in changed if model is Match}
    matches |= {one.match_id for one in reversal.deletions.records.get(Handover, {}).values()}
    interviews = [pk for model, pk in changed if model is Interview]
    found = set(Match.objects.filter(pk__in=matches).values_list("programme__branch", flat=True))
    return found | set(
        Interview.objects.filter(pk__in=interviews).values_list("enrolment__programme__branch", flat=True)
    )
