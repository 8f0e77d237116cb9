import datetime as dt

import pytest
from django.urls import reverse

from demo.factories import InterviewFactory, MatchFactory, MembershipFactory, PersonFactory
from people.services import enrol_person


@pytest.fixture
def steps_of(client_of):
    """Return a function that returns the steps that a user sees: title and whether it is done."""

    def read(user):
        begin = client_of(user).get("/").context["begin"]
        return [(step.title, step.is_done) for step in begin.steps] if begin else None

    return read


def test_an_empty_network_says_what_comes_next_in_order(client_of, administrator):
    response = client_of(administrator).get("/")
    begin = response.context["begin"]
    assert [(step.title, step.is_done) for step in begin.steps] == [
        ("Opret afdelingen", True),
        ("Inviter dine kolleger", False),
        ("Opret en indsats", False),
        ("Få personerne ind", False),
        ("Hold det første interview", False),
    ]
    assert (begin.next, begin.done_count) == (begin.steps[1], 1)
    for step in begin.steps:
        for url, _words in step.acts:
            assert f'href="{url}"' in response.text
            assert client_of(administrator).get(url).status_code in {200, 302}, url
    assert "Alle match går, som indsatsen kræver." not in response.text


def test_steps_are_ticked_when_done(steps_of, administrator, tingbjerg, programme):
    MembershipFactory(branch=tingbjerg)
    assert [done for _title, done in steps_of(administrator)] == [True, True, True, False, False]
    person = PersonFactory(home_branch=tingbjerg)
    enrol_person(person, by=administrator, programme=programme, role="mentee", applied_on=dt.date(2011, 9, 1))
    assert [done for _title, done in steps_of(administrator)] == [True, True, True, True, False]


def test_a_coordinator_sees_the_steps_of_her_own(client_of, steps_of, coordinator):
    assert steps_of(coordinator) == [
        ("Opret en indsats", False),
        ("Få personerne ind", False),
        ("Hold det første interview", False),
    ]
    text = client_of(coordinator).get("/").text
    assert "En administrator opretter den." in text
    assert reverse("programmes:programme-create") not in text


@pytest.mark.parametrize("is_match", [True, False])
def test_the_steps_are_over_with_an_interview_or_an_open_match(steps_of, coordinator, programme, is_match):
    if is_match:
        MatchFactory(programme=programme)
    else:
        InterviewFactory(enrolment__programme=programme)
    assert steps_of(coordinator) is None
