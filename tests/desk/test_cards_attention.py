import datetime as dt

import pytest

from demo.factories import MatchFactory, MeetingFactory, MembershipFactory
from desk.cards.attention import MOST_ROWS

TODAY = dt.date(2011, 9, 15)
LIST = "/match/opmaerksomhed/"


def match_of(programme, *, met_on=dt.date(2011, 9, 10), **fields):
    """A match that only ``fields`` give reason for attention."""
    fields = {"agreement_signed_on": dt.date(2011, 7, 7), "started_on": dt.date(2011, 7, 7)} | fields
    match = MatchFactory(programme=programme, proposed_on=None, **fields)
    MeetingFactory(match=match, held_on=met_on)
    return match


@pytest.fixture
def card_of(client_of):
    return lambda user, **query: client_of(user).get("/", query).context["attention"]


def test_two_silent_matches_come_before_eleven_agreed_times(programme, coordinator, client_of):
    for _number in range(11):
        match_of(programme, started_on=dt.date(2010, 9, 1), agreement_signed_on=dt.date(2010, 9, 1))
    silent = [match_of(programme, met_on=dt.date(2011, 8, day)) for day in (1, 2)]
    response = client_of(coordinator).get("/")
    card = response.context["attention"]
    assert [item.match for item in card.rows] == silent
    assert [line.sentence for line in card.lines] == ["11 match mangler en ny aftalt tid"]
    assert (card.total, card.more) == (13, 11)
    assert f'href="{LIST}#aftalt-tid"' in response.text


def test_a_single_light_match_is_a_row_after_the_weighty_ones(programme, coordinator, card_of):
    unsigned = match_of(programme, agreement_signed_on=None)
    silent = [match_of(programme, met_on=dt.date(2011, 8, 1)) for _number in range(MOST_ROWS + 1)]
    card = card_of(coordinator)
    assert [item.match for item in card.rows] == [*silent[:MOST_ROWS], unsigned]
    assert (card.lines, card.more) == ([], 1)


def test_the_card_follows_the_chosen_desk(programme, coordinator, card_of):
    own = match_of(programme, coordinator=coordinator, agreement_signed_on=None)
    colleague = MembershipFactory(branch=programme.branch).user
    other = match_of(programme, coordinator=colleague, met_on=dt.date(2011, 8, 1))
    whole, mine = card_of(coordinator), card_of(coordinator, opgaver="mine")
    assert ([item.match for item in whole.rows], whole.url) == ([other, own], LIST)
    assert ([item.match for item in mine.rows], mine.url) == ([own], f"{LIST}?koordinator={coordinator.pk}")


def test_all_is_well_needs_an_open_match(programme, coordinator, client_of):
    client = client_of(coordinator)
    assert "Ingen match er i gang endnu." in client.get("/").text
    match_of(programme)
    assert "Alle match går, som indsatsen kræver." in client.get("/").text
