import datetime as dt

import pytest
from django.urls import reverse

from common.models import Act
from demo.factories import AttendanceFactory, EventFactory
from events import services
from events.models import Event
from tests.events.conftest import TODAY, at


@pytest.fixture
def past(programme):
    """An event of yesterday: of three who signed up, two are ticked."""
    event = EventFactory(
        programme=programme, title="Skole og hjem", starts_at=at(TODAY - dt.timedelta(days=1), 17), unnamed_guests=1
    )
    for status in ("attended", "attended", "signed_up"):
        AttendanceFactory(event=event, status=status)
    return event


def url(name, event):
    return reverse(f"events:{name}", args=[event.pk])


def test_an_event_is_confirmed_in_one_click_with_undo(client_of, coordinator, past):
    client = client_of(coordinator)
    page = client.get(url("event-detail", past)).text
    assert "Mangler at blive bekræftet" in page
    assert "Holdt, 3 deltog" in page
    answer = client.post(url("event-confirm", past), follow=True)
    assert answer.redirect_chain == [(url("event-detail", past), 302)]
    assert "Skole og hjem er holdt, 3 deltog." in answer.text
    assert "Holdt · 3 deltog" in answer.text
    undone = client.post(url("undo-confirmation", past), {"next": "/"})
    assert undone.url == "/"
    assert Event.objects.get().confirmed_at is None


def test_the_number_is_corrected_before_confirming(client_of, coordinator, past):
    client = client_of(coordinator)
    page = client.get(url("event-confirm", past), {"next": "/"})
    assert page.context["form"].initial == {"participants": 3}
    assert list(page.context["form"].fields) == ["participants"]
    assert "3 var tilmeldt, 2 er krydset af ved døren, 1 talt uden navn." in page.text
    refused = client.post(url("event-confirm", past), {"participants": "1"})
    assert refused.status_code == 422
    assert refused.context["form"].errors == {
        "participants": ["2 personer er krydset af. Skriv mindst det tal, eller fjern krydset ved dem, der ikke kom."]
    }
    assert client.post(url("event-confirm", past), {"participants": "24", "next": "/"}).url == "/"
    assert Event.objects.get().unnamed_guests == 22


def test_an_event_without_anybody_counted_asks_for_the_number(client_of, coordinator, programme):
    event = EventFactory(programme=programme, starts_at=at(TODAY - dt.timedelta(days=1), 17))
    client = client_of(coordinator)
    assert "Holdt, skriv antal" in client.get(url("event-detail", event)).text
    assert "0 var tilmeldt, ingen er krydset af." in client.get(url("event-confirm", event)).text


def test_the_number_of_a_confirmed_event_needs_a_reason(client_of, coordinator, past):
    services.confirm_event(past, by=coordinator)
    client = client_of(coordinator)
    assert "Ret antal" in client.get(url("event-detail", past)).text
    refused = client.post(url("event-confirm", past), {"participants": "24"})
    assert refused.context["form"].errors == {"reason": ["Skriv hvorfor, med få ord."]}
    client.post(url("event-confirm", past), {"participants": "24", "reason": "Glemte dem ved grillen."})
    assert Event.objects.get().unnamed_guests == 22
    assert Act.objects.get(name="correct_participants").reason == "Glemte dem ved grillen."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"starts_at": at(dt.date(2011, 9, 22), 17)}, "Fremmøde kan krydses af fra den 22.\xa0september."),
        ({"is_cancelled": True, "starts_at": at(dt.date(2011, 9, 1), 17)}, "Arrangementet er aflyst."),
    ],
)
def test_a_coming_or_cancelled_event_is_refused_in_words(client_of, coordinator, programme, changes, words):
    event = EventFactory(programme=programme, **changes)
    client = client_of(coordinator)
    assert words in client.get(url("event-confirm", event)).text
    assert client.post(url("event-confirm", event)).status_code == 422
    assert Event.objects.get().confirmed_at is None
