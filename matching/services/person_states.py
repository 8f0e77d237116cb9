"""What a state of a person ends in matching: running matches, proposals, planned interviews."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from accounts.models import User
from common.templatetags.danish import danish_date
from matching.enums import NOT_STARTED_STATUSES, OPEN_STATUSES, RUNNING_STATUSES, EndReason, Side
from matching.models import Interview, Match
from matching.services.endings import end_match, withdraw_match
from matching.services.refusals import last_period_day
from matching.services.screening import cancel_interview
from people.display import name_with_state, words_of_state
from people.endings import EndingGroup, EndingItem, StateEnding, changed_in, removed_in
from people.enums import PersonStateKind
from people.models import Enrolment, Person, PersonState


def matched_people(person: Person) -> set[int]:
    """Return the ids of the other people of a person's open matches, whom the services lock."""
    rows = Match.objects.filter(Q(mentor=person) | Q(mentee=person), status__in=OPEN_STATUSES)
    return {pk for pair in rows.values_list("mentor", "mentee") for pk in pair}


def open_groups(person: Person, user: User | None) -> list[EndingGroup]:
    """Return the open matches and planned interviews of a person."""
    own = Match.objects.of_person(person)
    interviews = _planned_interviews(person)
    seen = interviews if user is None else interviews.filter(pk__in=Interview.objects.visible_to(user).values("pk"))
    return [
        *_match_groups(own.filter(status__in=RUNNING_STATUSES), person, user),
        *_proposal_groups(own.filter(status__in=NOT_STARTED_STATUSES), person, user),
        *_interview_groups(interviews.count(), [row.planned_on for row in seen]),
    ]


def end_for_state(state: PersonState, by: User | None) -> None:
    """End the running matches, withdraw the others and cancel planned interviews, in all branches.

    A match that was on pause or proposed after the day ends on that later day. The other person of a match is settled
    and keeps the earlier waiting day. Raises ValidationError for a day before something that happened in a match.
    """
    person = state.person
    for match in Match.objects.of_person(person).filter(status__in=OPEN_STATUSES):
        if match.is_running:
            reason = _end_reason(state, Side.MENTOR if match.mentor_id == person.pk else Side.MENTEE)
            on = max(state.on, last_period_day(match) or state.on)
            end_match(match, by=by, on=on, reason=reason, mentor_next="", mentee_next="")
        else:
            on = max(state.on, match.proposed_on or state.on)
            withdraw_match(match, by=by, on=on, note=_state_note(state))
    for interview in _planned_interviews(person):
        cancel_interview(interview, by=by)


def ended_groups(state: PersonState, user: User) -> list[EndingGroup]:
    """Return the matches that a state ended or withdrew, and the interviews it cancelled."""
    own = Match.objects.of_person(state.person).filter(pk__in=changed_in(state, Match))
    started = own.filter(started_on__isnull=False)
    enrolments = set(Enrolment.objects.visible_to(user).filter(person=state.person).values_list("pk", flat=True))
    removed = removed_in(state, Interview)
    return [
        *_match_groups(started, state.person, user),
        *_proposal_groups(own.filter(started_on__isnull=True), state.person, user),
        *_interview_groups(len(removed), [_planned_on(row) for row in removed if row["enrolment_id"] in enrolments]),
    ]


def _planned_on(values: dict) -> dt.date:
    return dt.date.fromisoformat(values["planned_on"])


def _end_reason(state: PersonState, side: str) -> EndReason:
    if state.kind == PersonStateKind.DIED:
        return EndReason.DIED
    if state.kind == PersonStateKind.MOVED:
        return EndReason.MOVED
    return EndReason.MENTOR_STOPPED if side == Side.MENTOR else EndReason.MENTEE_STOPPED


def _state_note(state: PersonState) -> str:
    return f"{state.person.name}: {words_of_state(state.kind, state.on)}"


def _planned_interviews(person: Person) -> QuerySet[Interview]:
    return Interview.objects.filter(enrolment__person=person, held_on__isnull=True).order_by("planned_on", "pk")


def _match_groups(rows: QuerySet[Match], person: Person, user: User | None) -> Iterable[EndingGroup]:
    if count := rows.count():
        title = ngettext("%(count)s match", "%(count)s matches", count) % {"count": count}
        yield EndingGroup(title, _match_items(rows, person, user))


def _proposal_groups(rows: QuerySet[Match], person: Person, user: User | None) -> Iterable[EndingGroup]:
    if count := rows.count():
        title = npgettext("of a match", "%(count)s proposal", "%(count)s proposals", count) % {"count": count}
        yield EndingGroup(title, _match_items(rows, person, user))


def _match_items(rows: QuerySet[Match], person: Person, user: User | None) -> list[EndingItem]:
    visible = rows if user is None else rows.filter(pk__in=Match.objects.visible_to(user).values("pk"))
    return [
        EndingItem(
            _("%(name)s, match %(number)s")
            % {"name": name_with_state(match.other_party(person)), "number": match.number},
            reverse("matching:match-detail", args=[match.pk]),
        )
        for match in visible
    ]


def _interview_groups(count: int, days: list[dt.date]) -> Iterable[EndingGroup]:
    if count:
        title = ngettext("%(count)s planned interview", "%(count)s planned interviews", count) % {"count": count}
        yield EndingGroup(title, [EndingItem(danish_date(day)) for day in days])


STATE_ENDING = StateEnding(lock=matched_people, open_groups=open_groups, end=end_for_state, ended_groups=ended_groups)
