"""The next action of a person: one card with one filled button, in every state."""

import datetime as dt
import re

import pytest

from demo.factories import (
    EnrolmentFactory,
    FollowUpFactory,
    InterviewFactory,
    MatchFactory,
    MentorFactory,
    PersonFactory,
    ScreeningCheckFactory,
    ScreeningRequirementFactory,
)
from matching import services
from matching.enums import MatchStatus
from matching.models import Match
from matching.pages.next_actions import next_actions
from people.enums import EnrolmentStatus
from people.models import Enrolment
from people.services import set_person_state

TODAY = dt.date(2011, 9, 15)
ENDED = {"status": "ended", "ended_on": dt.date(2011, 9, 1)}


def actions_of(person, user) -> list[tuple]:
    return [
        (action.priority, action.badge, action.title, action.text.replace("\xa0", " "))
        for action in next_actions(person, user)
    ]


def test_next_action_is_the_overdue_follow_up(active, mentor, coordinator):
    assert actions_of(mentor.person, coordinator) == [
        (10, "overdue", "Opfølgning efter 14 dage med Birgitte", "skulle være sket 12. juli.")
    ]
    active.follow_ups.filter(side="mentor").update(due_on=TODAY)
    assert actions_of(mentor.person, coordinator)[0][:2] == (20, "today")
    active.follow_ups.filter(side="mentor").update(due_on=dt.date(2011, 9, 20))
    assert actions_of(mentor.person, coordinator)[0][3] == "er planlagt til 20. september."


def test_next_action_of_an_applicant_is_an_interview(programme, mentee, coordinator):
    Enrolment.objects.update(status=EnrolmentStatus.APPLIED)
    mentee.interviews.all().delete()
    assert actions_of(mentee.person, coordinator) == [
        (50, "planned", "Hodan er ikke interviewet.", "Har søgt 1. marts.")
    ]
    services.plan_interview(mentee, by=coordinator, on=TODAY, time=dt.time(13), place="Her")
    assert actions_of(mentee.person, coordinator) == [
        (20, "today", "Interview med Hodan", "15. september, kl. 13, Her.")
    ]


def test_next_action_of_a_proposal_is_the_answers_then_the_first_meeting(agreed, mentee, coordinator):
    assert actions_of(mentee.person, coordinator) == [
        (30, "planned", "Match med Birgitte Holm er foreslået.", "Spørg begge, og registrer, hvad de siger.")
    ]
    services.introduce_match(agreed, by=coordinator, on=dt.date(2011, 9, 13))
    assert actions_of(mentee.person, coordinator) == [
        (30, "overdue", "Første møde med Birgitte Holm", "var aftalt til 13. september.")
    ]


def test_another_branch_gets_no_actions(active, mentee, other_branch_coordinator, manager):
    for user in (other_branch_coordinator, manager):
        assert next_actions(mentee.person, user) == []


@pytest.mark.parametrize("count", [1, 50])
def test_the_number_of_queries_is_constant(active, mentee, coordinator, django_assert_num_queries, count):
    for number in range(count):
        FollowUpFactory(match=active, due_on=TODAY - dt.timedelta(days=number))
        InterviewFactory(enrolment=mentee)
    coordinator.branch_ids_for("read_cases")
    with django_assert_num_queries(4):
        next_actions(mentee.person, coordinator)
    Match.objects.update(status=MatchStatus.WITHDRAWN, mentor_place=None)
    Enrolment.objects.update(status=EnrolmentStatus.WAITING)
    with django_assert_num_queries(6):
        next_actions(mentee.person, coordinator)


# --- every state -------------------------------------------------------------------------------------


def interviewed(programme, **fields):
    enrolment = EnrolmentFactory(programme=programme, **fields)
    InterviewFactory(enrolment=enrolment)
    return enrolment.person


def lacking_a_check(programme, status):
    ScreeningRequirementFactory(programme=programme, role="mentee", kind="reference", blocks_match=True)
    return interviewed(programme, status=status)


def in_match(programme, role="mentee", **fields):
    return getattr(MatchFactory(programme=programme, **fields), role)


def with_follow_up(programme):
    match = MatchFactory(programme=programme)
    FollowUpFactory(match=match, side="mentee", due_on=dt.date(2011, 9, 20))
    return match.mentee


def after_a_match(programme):
    match = MatchFactory(programme=programme, **ENDED, end_reason="completed")
    Enrolment.objects.filter(person=match.mentee).update(**ENDED)
    return match.mentee


STATES = {
    "no role": (lambda p: PersonFactory(home_branch=p.branch), "Hodan har ingen rolle endnu.", "Tilføj rolle"),
    "applied": (
        lambda p: EnrolmentFactory(programme=p, status="applied").person,
        "Hodan er ikke interviewet.",
        "Planlæg interview",
    ),
    "interviewed, not ready": (
        lambda p: interviewed(p, status="applied"),
        "Hodan er ikke klar til et match endnu.",
        "Registrer interview",
    ),
    "interviewed, check missing": (
        lambda p: lacking_a_check(p, "applied"),
        "Hodan mangler: Reference.",
        "Registrer tjek",
    ),
    "waiting, check missing": (lambda p: lacking_a_check(p, "waiting"), "Hodan mangler: Reference.", "Registrer tjek"),
    "waiting mentee": (interviewed, "Find en mentor til Hodan.", "Find mentor"),
    "waiting mentor": (
        lambda p: MentorFactory(programme=p).person,
        "Birgitte er klar til en mentee.",
        "Se, hvem der venter",
    ),
    "proposed": (
        lambda p: in_match(p, status="proposed", started_on=None),
        "Match med Birgitte Holm er foreslået.",
        "Registrer svarene",
    ),
    "introduced": (
        lambda p: in_match(p, status="introduced", started_on=None, introduced_on=dt.date(2011, 9, 20)),
        "Første møde med Birgitte Holm",
        "Registrer første møde",
    ),
    "active": (with_follow_up, "Månedlig opfølgning med Hodan", "Registrer opfølgning"),
    "active without follow-ups": (in_match, "Møder med Birgitte Holm", "Registrer møde"),
    "active mentor without follow-ups": (
        lambda p: in_match(p, "mentor"),
        "Møder med Hodan Warsame",
        "Registrer møde",
    ),
    "paused match": (
        lambda p: in_match(p, status="paused", paused_on=TODAY, paused_until=dt.date(2011, 10, 1)),
        "Matchet med Birgitte Holm er på pause.",
        "Fortsæt matchet",
    ),
    "paused role": (
        lambda p: EnrolmentFactory(programme=p, status="paused", paused_on=TODAY, paused_until=TODAY).person,
        "Spørg Hodan, om det skal fortsætte.",
        "Genåbn rollen",
    ),
    "ended after a match": (after_a_match, "Hvad kom der ud af matchet med Birgitte Holm?", "Registrer resultat"),
    "ended": (lambda p: EnrolmentFactory(programme=p, **ENDED).person, "Mentee til 1. september", "Genåbn rollen"),
    "declined": (
        lambda p: EnrolmentFactory(programme=p, status="declined", ended_on=TODAY).person,
        "Mentee til 15. september",
        "Genåbn rollen",
    ),
    "contact person": (
        lambda p: EnrolmentFactory(programme=p, role="contact", status="applied").person,
        "Der er ikke registreret kontakt endnu.",
        "Registrer kontakt",
    ),
    "volunteer": (
        lambda p: EnrolmentFactory(programme=p, role="volunteer", status="applied").person,
        "Der er ikke registreret kontakt endnu.",
        "Registrer kontakt",
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_one_card_with_one_filled_button(state, client_of, coordinator, programme):
    make, title, label = STATES[state]
    client, person = client_of(coordinator), make(programme)
    page = client.get(f"/personer/{person.pk}/")
    action = page.context["next_action"]
    assert (action.title.replace("\xa0", " "), action.label) == (title, label)
    cards = re.findall(r'<section class="next-act".*?</section>', page.text, re.DOTALL)
    assert [card.count("btn-primary") for card in cards] == [1]
    assert client.get(action.url).status_code in (200, 302)


def test_a_check_that_does_not_block_is_no_reason_to_wait(coordinator, programme):
    person = interviewed(programme)
    ScreeningRequirementFactory(programme=programme, role="mentee", kind="reference", blocks_match=False)
    assert next_actions(person, coordinator)[0].label == "Find mentor"
    enrolment = person.enrolments.get()
    ScreeningRequirementFactory(programme=programme, role="mentee", kind="training", blocks_match=True)
    ScreeningCheckFactory(enrolment=enrolment, kind="training", outcome="approved")
    assert next_actions(person, coordinator)[0].label == "Find mentor"


def test_a_pause_that_is_over_is_urgent(coordinator, programme):
    person = in_match(programme, status="paused", paused_on=dt.date(2011, 8, 1), paused_until=dt.date(2011, 9, 1))
    assert actions_of(person, coordinator) == [
        (30, "overdue", "Matchet med Birgitte Holm er på pause.", "Var ventet til 1. september.")
    ]
    Match.objects.update(paused_until=None)
    assert actions_of(person, coordinator)[0][3] == "Det vides ikke, hvor længe."


def test_a_person_in_a_state_has_no_next_action(client_of, administrator, programme):
    person = interviewed(programme)
    set_person_state(person, by=administrator, kind="died", on=dt.date(2011, 9, 1))
    page = client_of(administrator).get(f"/personer/{person.pk}/")
    assert (page.context["next_action"], next_actions(person, administrator)) == (None, [])


def test_the_question_months_after_the_end_waits_until_it_is_due(coordinator, programme):
    person = after_a_match(programme)
    question = FollowUpFactory(
        match=Match.objects.get(), kind="outcomes", side="both", due_on=TODAY + dt.timedelta(days=77)
    )
    Enrolment.objects.filter(person=person).update(status="waiting", ended_on=None)
    assert next_actions(person, coordinator)[0].label == "Find mentor"
    question.due_on = TODAY
    question.save()
    assert next_actions(person, coordinator)[0].label == "Registrer opfølgning"
    question.done_on = TODAY
    question.save()
    Enrolment.objects.filter(person=person).update(**ENDED)
    assert next_actions(person, coordinator) == []  # the page offers to reopen the role
