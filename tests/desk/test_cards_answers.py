import datetime as dt

import pytest
from django.urls import reverse

from demo.factories import EnrolmentFactory, MatchFactory, MembershipFactory, MentorFactory
from desk.cards.answers import MOST_SHOWN
from matching.models import Match

TODAY = dt.date(2011, 9, 15)


@pytest.fixture
def propose(programme):
    """Return a function that stores the proposal of Nimo and Karin."""

    def store(**fields):
        fields = {"proposed_on": dt.date(2011, 9, 9), "status": "proposed", "started_on": None} | fields
        mentee = EnrolmentFactory(programme=programme, person__first_name="Nimo", status="matched").person
        mentor = MentorFactory(programme=programme, person__first_name="Karin", status="matched").person
        return MatchFactory(programme=programme, mentee=mentee, mentor=mentor, **fields)

    return store


def rows_of(client, **query) -> list[Match]:
    return [row.match for row in client.get("/", query).context["proposals"]]


def test_proposals_say_who_has_answered_and_since_when(propose, client_of, coordinator):
    propose(mentor_said_yes_on=dt.date(2011, 9, 10))
    propose(proposed_on=dt.date(2011, 9, 14))
    both = {"mentor_said_yes_on": TODAY, "mentee_said_yes_on": TODAY}
    propose(proposed_on=None, **both)
    propose(status="introduced", introduced_on=TODAY, **both)
    response = client_of(coordinator).get("/")
    rows = sorted(response.context["proposals"], key=lambda row: row.match.pk)
    assert [([words for _state, words in row.said], row.days) for row in rows] == [
        (["Karin sagde ja", "Nimo mangler"], 6),
        (["Begge mangler"], 1),
        (["Begge sagde ja"], None),
    ]
    text = response.text.replace("\xa0", " ")
    assert "Foreslået 9. september" in text
    assert f"{reverse('matching:match-start', args=[rows[2].match.pk])}?next=/" in text


def test_an_answer_is_registered_in_place(propose, client_of, coordinator):
    match = propose()
    client = client_of(coordinator)
    text = client.get("/").text
    yes = reverse("matching:match-answer", args=[match.pk, "mentee"])
    assert f'action="{yes}"' in text
    assert f'href="{reverse("matching:match-decline", args=[match.pk, "mentor"])}?next=/"' in text
    assert client.post(yes, {"next": "/"}).url == "/"
    match.refresh_from_db()
    assert (match.mentee_said_yes_on, match.mentor_said_yes_on) == (TODAY, None)


def test_the_oldest_are_shown_and_all_are_a_link_away(propose, client_of, coordinator):
    matches = [propose(proposed_on=dt.date(2011, 9, day)) for day in range(MOST_SHOWN + 1, 0, -1)]
    client = client_of(coordinator)
    assert rows_of(client) == matches[:0:-1]
    assert "Alle forslag" in client.get("/").text
    matches[0].delete()
    assert "Alle forslag" not in client.get("/").text


def test_proposals_follow_the_chosen_desk(propose, programme, client_of, coordinator, other_branch_coordinator):
    own = propose(coordinator=coordinator)
    other = propose(coordinator=MembershipFactory(branch=programme.branch).user)
    assert rows_of(client_of(coordinator)) == [own, other]
    assert rows_of(client_of(coordinator), opgaver="mine") == [own]
    assert rows_of(client_of(other_branch_coordinator)) == []
