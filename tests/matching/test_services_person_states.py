"""What a state of a person ends in matching."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from demo.factories import EnrolmentFactory, MeetingFactory
from matching import services
from matching.enums import EndReason, MatchStatus
from matching.models import Interview, Match
from matching.rules.pairs import pair_problems
from people.endings import ended_groups, open_groups
from people.enums import EnrolmentStatus, PersonStateKind
from people.services import lift_person_state, reopen_enrolment, set_person_state
from people.services.permissions import StateRefused

TODAY = dt.date(2011, 9, 15)
DAY = dt.date(2011, 9, 3)
DIED, MOVED, NO_CONTACT = PersonStateKind.values

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(DIED, EndReason.DIED), (MOVED, EndReason.MOVED), (NO_CONTACT, EndReason.MENTOR_STOPPED)],
)
def test_a_running_match_ends_on_the_day_with_the_reason(active, mentor, mentee, coordinator, plan, kind, reason):
    waited_since = mentee.waiting_since
    set_person_state(mentor.person, by=coordinator, kind=kind, on=DAY)
    match = Match.objects.get(pk=active.pk)
    assert (match.status, match.ended_on, match.end_reason, match.mentor_place) == (
        *(MatchStatus.ENDED, DAY, reason),
        None,
    )
    assert not match.follow_ups.filter(done_on=None, due_on__gt=DAY).exists()
    mentor.refresh_from_db()
    mentee.refresh_from_db()
    assert mentor.status == EnrolmentStatus.ENDED
    assert (mentee.status, mentee.waiting_since) == (EnrolmentStatus.WAITING, waited_since)


def test_a_mentee_who_wants_no_contact_stopped(active, mentor, mentee, coordinator):
    set_person_state(mentee.person, by=coordinator, kind=NO_CONTACT, on=DAY)
    assert Match.objects.get(pk=active.pk).end_reason == EndReason.MENTEE_STOPPED
    mentor.refresh_from_db()
    assert mentor.status == EnrolmentStatus.WAITING


def test_a_proposal_is_withdrawn_and_never_counts(proposed, mentor, mentee, coordinator):
    set_person_state(mentor.person, by=coordinator, kind=DIED, on=DAY)
    match = Match.objects.get(pk=proposed.pk)
    assert (match.status, match.steps.last().note) == (
        MatchStatus.WITHDRAWN,
        "Birgitte Holm: død 3.\N{NO-BREAK SPACE}september 2011",
    )
    mentee.refresh_from_db()
    assert mentee.status == EnrolmentStatus.WAITING


def test_planned_interviews_are_cancelled(mentee, coordinator):
    services.plan_interview(mentee, by=coordinator, on=TODAY)
    set_person_state(mentee.person, by=coordinator, kind=MOVED, on=DAY)
    assert list(Interview.objects.filter(enrolment=mentee, held_on=None)) == []


def test_a_meeting_after_the_day_refuses_the_state_and_nothing_is_stored(active, mentor, coordinator):
    MeetingFactory(match=active, held_on=TODAY)
    with pytest.raises(ValidationError) as refusal:
        set_person_state(mentor.person, by=coordinator, kind=DIED, on=DAY)
    assert list(refusal.value.message_dict) == ["on"]
    assert Match.objects.get(pk=active.pk).status == MatchStatus.ACTIVE


def test_a_match_that_was_put_on_pause_after_the_day_ends_with_the_pause(active, mentor, coordinator):
    services.pause_match(active, by=coordinator, on=dt.date(2011, 9, 6), note="Svarer ikke")
    state = set_person_state(mentor.person, by=coordinator, kind=DIED, on=DAY)
    match = Match.objects.get(pk=active.pk)
    pause = match.pauses.get()
    assert (state.on, match.ended_on, match.status) == (DAY, dt.date(2011, 9, 6), MatchStatus.ENDED)
    assert (pause.began_on, pause.ended_on) == (dt.date(2011, 9, 6), dt.date(2011, 9, 6))


def test_a_match_that_was_proposed_after_the_day_is_withdrawn_on_that_later_day(mentor, mentee, programme, coordinator):
    people = {"mentor": mentor.person, "mentee": mentee.person}
    match = services.propose_match(programme=programme, by=coordinator, on=dt.date(2011, 9, 7), **people)
    set_person_state(mentor.person, by=coordinator, kind=DIED, on=DAY)
    steps = list(match.steps.values_list("status", "on"))
    assert steps == [(MatchStatus.PROPOSED, dt.date(2011, 9, 7)), (MatchStatus.WITHDRAWN, dt.date(2011, 9, 7))]


def test_the_preview_and_the_list_afterwards_name_the_same(active, mentor, coordinator):
    services.plan_interview(mentor, by=coordinator, on=dt.date(2011, 9, 20))
    before = open_groups(mentor.person, coordinator)
    state = set_person_state(mentor.person, by=coordinator, kind=DIED, on=DAY)
    assert [group.title for group in before] == ["1 rolle", "1 match", "1 planlagt samtale"]
    assert [item.text for group in before for item in group.items][1:] == [
        f"{active.mentee.name}, match {active.number}",
        "20.\N{NO-BREAK SPACE}september",
    ]
    assert ended_groups(state, coordinator) == before


def test_the_preview_counts_matches_of_other_branches_without_naming_them(
    active, mentor, other_programme, other_branch_coordinator
):
    EnrolmentFactory(programme=other_programme, person=mentor.person)
    groups = {group.title: group.items for group in open_groups(mentor.person, other_branch_coordinator)}
    assert groups["1 match"] == []


def test_a_user_of_one_branch_ends_the_matches_of_both(active, mentor, other_programme, other_branch_coordinator):
    EnrolmentFactory(programme=other_programme, person=mentor.person)
    set_person_state(mentor.person, by=other_branch_coordinator, kind=DIED, on=DAY)
    match = Match.objects.get(pk=active.pk)
    assert (match.status, match.steps.last().by) == (MatchStatus.ENDED, other_branch_coordinator)


def test_a_person_with_a_state_is_proposed_to_no_one(mentor, mentee, programme, coordinator):
    for enrolment in (mentor, mentee):
        enrolment.person.state, enrolment.person.state_on = DIED, DAY
    problems = pair_problems(mentor, mentee, TODAY)
    assert [problem.partition(":")[0] for problem in problems] == [mentee.person.name, mentor.person.name]


def test_no_act_of_matching_begins_anything_with_the_person(active, mentor, mentee, programme, coordinator):
    set_person_state(mentor.person, by=coordinator, kind=DIED, on=DAY)
    with pytest.raises(services.MatchRefused, match="Birgitte Holm: død"):
        services.propose_match(
            programme=programme, mentor=mentor.person, mentee=mentee.person, by=coordinator, on=TODAY
        )
    with pytest.raises(services.MatchRefused):
        services.reopen_match(active, by=coordinator, on=TODAY)
    with pytest.raises(StateRefused):
        services.plan_interview(mentor, by=coordinator, on=TODAY)
    with pytest.raises(StateRefused):
        services.record_interview(
            mentor, by=coordinator, held_on=TODAY, interviewer=None, summary="x", assessment="suitable"
        )


def test_a_match_that_a_mistaken_state_ended_is_reopened(active, mentor, coordinator):
    state = set_person_state(mentor.person, by=coordinator, kind=DIED, on=DAY)
    lift_person_state(state, by=coordinator, on=TODAY, reason="Registreret ved en fejl")
    mentor.refresh_from_db()
    reopen_enrolment(mentor, by=coordinator)
    services.reopen_match(active, by=coordinator, on=TODAY)
    assert Match.objects.get(pk=active.pk).status == MatchStatus.ACTIVE
