import datetime as dt

import pytest
from django.urls import reverse

from demo.factories import AttendanceFactory, EnrolmentFactory, EventFactory
from events.models import Event
from events.views.lists import month_from
from tests.events.conftest import BASE_QUERIES, TODAY, at

LIST = reverse("events:event-list")
CALENDAR = reverse("events:calendar")


def titles(response):
    return [row.record.title for row in response.context["table"].rows]


@pytest.fixture
def events(programme, other_programme):
    """A past, a cancelled and a coming event, and one of another branch."""
    return [
        EventFactory(programme=programme, title="Sommerfest", starts_at=at(dt.date(2011, 6, 8), 17)),
        EventFactory(programme=programme, title="Skovtur", starts_at=at(dt.date(2011, 9, 28), 10), is_cancelled=True),
        EventFactory(programme=programme, kind="mentor_course", title="Kursus", starts_at=at(dt.date(2011, 10, 4), 17)),
        EventFactory(programme=other_programme, title="Fremmed", starts_at=at(dt.date(2011, 10, 5), 17)),
    ]


def test_list_shows_coming_events_soonest_first(client_of, coordinator, events):
    response = client_of(coordinator).get(LIST)
    assert titles(response) == ["Skovtur", "Kursus"]
    assert "Aflyst" in response.content.decode()


def test_list_shows_held_events_and_filters(client_of, coordinator, events, programme):
    client = client_of(coordinator)
    assert titles(client.get(LIST, {"tid": "afholdt"})) == ["Sommerfest"]
    assert titles(client.get(LIST, {"type": "mentor_course", "indsats": programme.pk})) == ["Kursus"]
    empty = client.get(LIST, {"type": "exchange"}).content.decode()
    assert "Ingen passer til filtrene" in empty


def test_list_shows_events_to_confirm_with_the_act(client_of, coordinator, events, programme):
    AttendanceFactory(event=EventFactory(programme=programme, starts_at=at(dt.date(2011, 6, 9), 17)), status="attended")
    client = client_of(coordinator)
    response = client.get(LIST, {"tid": "mangler"})
    assert titles(response) == ["Sommerfest"]
    assert "Mangler at blive bekræftet" in response.text
    assert reverse("events:event-confirm", args=[events[0].pk]) in response.text
    assert "Holdt · 1 deltog" in client.get(LIST, {"tid": "afholdt"}).text


def test_an_invited_branch_does_not_confirm(client_of, coordinator, events, programme):
    Event.objects.filter(pk=events[3].pk).update(starts_at=at(dt.date(2011, 9, 1), 17), ends_at=at(TODAY, 1))
    events[3].programme_invitations.create(programme=programme, invited_on=TODAY)
    response = client_of(coordinator).get(LIST, {"tid": "mangler"})
    assert titles(response) == ["Fremmed", "Sommerfest"]
    assert reverse("events:event-confirm", args=[events[3].pk]) not in response.text


def test_list_shows_events_the_branch_is_invited_to(client_of, coordinator, events, programme):
    events[3].programme_invitations.create(programme=programme, invited_on=TODAY)
    response = client_of(coordinator).get(LIST)
    assert titles(response) == ["Skovtur", "Kursus", "Fremmed"]
    assert "inviteret af København" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "Ingen arrangementer er planlagt"),
        ("?tid=afholdt", "Ingen arrangementer er afholdt endnu"),
        ("?tid=mangler", "Ingen arrangementer mangler at blive bekræftet"),
    ],
)
def test_empty_list_has_its_own_text(client_of, coordinator, query, title):
    assert title in client_of(coordinator).get(LIST + query).content.decode()


@pytest.mark.parametrize("number", [1, 50])
def test_list_takes_the_same_queries_at_any_size(client_of, coordinator, programme, django_assert_num_queries, number):
    person = EnrolmentFactory(programme=programme).person
    for _ in range(number):
        AttendanceFactory(event=EventFactory(programme=programme), person=person)
        AttendanceFactory(event=EventFactory(programme=programme, starts_at=at(dt.date(2011, 6, 8), 17)), person=person)
    client = client_of(coordinator)
    for query in ({}, {"tid": "mangler"}):
        with django_assert_num_queries(BASE_QUERIES + 3):  # programmes to choose, number of events, events
            response = client.get(LIST, query)
        assert len(titles(response)) == number


def test_calendar_shows_the_month(client_of, coordinator, events):
    text = client_of(coordinator).get(CALENDAR, {"maaned": "2011-10"}).content.decode()
    assert "Oktober 2011" in text
    assert "Kursus" in text
    assert "Sommerfest" not in text
    assert "Fremmed" not in text


def test_calendar_without_events(client_of, coordinator):
    assert "Ingen arrangementer i denne måned." in client_of(coordinator).get(CALENDAR).content.decode()


@pytest.mark.parametrize("number", [1, 50])
def test_calendar_takes_the_same_queries_at_any_size(
    client_of, coordinator, programme, django_assert_num_queries, number
):
    for _ in range(number):
        EventFactory(programme=programme)
    client = client_of(coordinator)
    with django_assert_num_queries(BASE_QUERIES + 1):
        client.get(CALENDAR)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2011-12", dt.date(2011, 12, 1)),
        ("2011-13", dt.date(2011, 9, 1)),
        ("", dt.date(2011, 9, 1)),
        ("9999-12", dt.date(2011, 9, 1)),
    ],
)
def test_month_from_the_address(text, first):
    assert month_from(text) == first


def test_managers_have_no_events(client_of, manager):
    client = client_of(manager)
    assert [client.get(url).status_code for url in (LIST, CALENDAR, reverse("events:calendar-file"))] == [403] * 3
