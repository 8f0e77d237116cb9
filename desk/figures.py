"""Figures of the page Today: targets, the waiting list, the next events, and the manager's counts."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Window
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.roles import Verb
from common.templatetags.danish import danish_number
from events.models import Event
from matching.enums import MatchStatus
from matching.models import FollowUp, Match
from matching.pages.waiting_list import sought_words
from matching.words import capital
from people.enums import EnrolmentStatus
from people.models import Enrolment
from programmes.enums import FollowUpKind, ParticipantRole
from programmes.models import Programme
from reporting.enums import TargetState
from reporting.evaluation import TargetStatus, evaluate_target
from reporting.models import Target

LONGEST_WAITING = 3
NEXT_EVENTS = 3
MOST_TARGETS = 3
MOST_WORDS = 3


def statuses_on_today(user: User, programmes: Iterable[Programme], today: dt.date) -> list[TargetStatus]:
    """Evaluate the targets that the programmes show on Today: two queries, and one for each target."""
    shown = current_targets(user, programmes, today).filter(on_today=True)[:MOST_TARGETS]
    return [evaluate_target(target, today) for target in shown]


def current_targets(user: User, programmes: Iterable[Programme], today: dt.date) -> QuerySet[Target]:
    """The programmes' targets whose period includes the day, in the order of the agreements."""
    targets = Target.objects.visible_to(user).filter(programme__in=list(programmes))
    targets = targets.filter(period_start__lte=today, period_end__gte=today)
    return targets.select_related("programme").prefetch_related("phases").order_by("programme", "order", "pk")


def statuses_by_programme(
    user: User, programmes: Iterable[Programme], today: dt.date
) -> list[tuple[Programme, list[TargetStatus]]]:
    """Evaluate all targets whose period includes the day: two queries, and one for each target."""
    found: dict[Programme, list[TargetStatus]] = {}
    for target in current_targets(user, programmes, today):
        found.setdefault(target.programme, []).append(evaluate_target(target, today))
    return list(found.items())


def status_words(status: TargetStatus) -> str:
    """Return the state of a target; when it is behind, by how much: ``6 bag planen``."""
    if status.behind > 0 and status.state in {TargetState.BEHIND, TargetState.UNLIKELY}:
        return ngettext("%(count)s behind plan", "%(count)s behind plan", status.behind) % {
            "count": danish_number(status.behind)
        }
    return status.state_label


@dataclass(frozen=True, slots=True)
class WaitingMentee:
    """A mentee on the waiting list, with the days waited and a short text of the wish."""

    enrolment: Enrolment
    days: int
    wish: str


def longest_waiting(user: User, branch_id: int, today: dt.date) -> tuple[list[WaitingMentee], int]:
    """Return the mentees who have waited longest and the number of all who wait, in two queries."""
    rows = (
        Enrolment.objects.visible_to(user)
        .in_branches([branch_id])
        .mentees()
        .waiting()
        .select_related("person", "programme")
        .prefetch_related("terms")
        .annotate(total=Window(Count("pk")))
        .longest_waiting_first()
    )
    shown = list(rows[:LONGEST_WAITING])
    waiting = [
        WaitingMentee(row, (today - row.wait_counted_from).days if row.wait_counted_from else 0, wish_words(row))
        for row in shown
    ]
    return waiting, shown[0].total if shown else 0


def wish_words(enrolment: Enrolment) -> str:
    """Return the first sentence of the wish, or else the terms that the mentee seeks."""
    first, _stop, _rest = enrolment.wish.strip().partition(". ")
    return first.rstrip(".") or capital(", ".join(sought_words(enrolment)[:MOST_WORDS]).lower())


def next_events(user: User, branch_id: int, now: dt.datetime) -> list[Event]:
    """Return the next events of the branch, with their counts."""
    events = Event.objects.visible_to(user).in_branches([branch_id]).coming(now).select_related("programme")
    return list(events.with_counts()[:NEXT_EVENTS])


def places_words(event: Event) -> str:
    """Return the numbers of an event, such as ``12 tilmeldt · fuldt · 3 på venteliste``."""
    parts = [
        ngettext("%(count)s signed up", "%(count)s signed up", event.signed_up_count)
        % {"count": danish_number(event.signed_up_count)}
    ]
    if event.capacity and event.taken_count >= event.capacity:
        parts.append(_("full"))
    elif event.capacity:
        parts.append(
            ngettext("%(count)s place", "%(count)s places", event.capacity) % {"count": danish_number(event.capacity)}
        )
    if event.waiting_count:
        parts.append(
            ngettext("%(count)s on the waiting list", "%(count)s on the waiting list", event.waiting_count)
            % {"count": danish_number(event.waiting_count)}
        )
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class WorkFigures:
    """Counts of a branch's mentees, matches and follow-ups, without names. ``longest_wait`` is in days."""

    applied: int
    waiting: int
    longest_wait: int
    running: int
    paused: int
    proposed: int
    overdue: int
    done: int
    on_time: int

    @property
    def on_time_share(self) -> int | None:
        """Per cent of this year's follow-ups that were done by their due day (EEPM 5); None without any."""
        return round(100 * self.on_time / self.done) if self.done else None


def work_figures(user: User, branch_id: int, today: dt.date) -> WorkFigures:
    """Return the figures of a branch, in four queries."""
    mentees = Enrolment.objects.visible_to(user, Verb.SEE_FIGURES).in_branches([branch_id])
    mentees = mentees.filter(role=ParticipantRole.MENTEE)
    people = mentees.aggregate(
        applied=Count("pk", filter=Q(status=EnrolmentStatus.APPLIED)),
        waiting=Count("pk", filter=Q(status=EnrolmentStatus.WAITING)),
    )
    waiting = mentees.waiting().filter(wait_counted_from__isnull=False).longest_waiting_first()
    since = waiting.values_list("wait_counted_from", flat=True).first()
    matches = Match.objects.visible_to(user, Verb.SEE_FIGURES).in_branches([branch_id])
    running = matches.aggregate(
        running=Count("pk", filter=Q(status=MatchStatus.ACTIVE)),
        paused=Count("pk", filter=Q(status=MatchStatus.PAUSED)),
        proposed=Count("pk", filter=Q(status__in=[MatchStatus.PROPOSED, MatchStatus.INTRODUCED])),
    )
    follow_ups = FollowUp.objects.visible_to(user, Verb.SEE_FIGURES).in_branches([branch_id]).filter(skipped_reason="")
    this_year = Q(done_on__isnull=False, due_on__year=today.year) & ~Q(kind=FollowUpKind.OUTCOMES)
    contacts = follow_ups.aggregate(
        overdue=Count("pk", filter=Q(done_on__isnull=True, due_on__lt=today, match__status=MatchStatus.ACTIVE)),
        done=Count("pk", filter=this_year),
        on_time=Count("pk", filter=this_year & Q(done_on__lte=F("due_on"))),
    )
    return WorkFigures(longest_wait=(today - since).days if since else 0, **people, **running, **contacts)
