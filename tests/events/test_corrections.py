"""The day of an event that has taken place is corrected with a reason."""

import datetime as dt

from django.urls import reverse

from common.models import Act
from demo.factories import EventFactory, TargetFactory
from events.models import ProgrammeInvitation
from tests.events.conftest import at


def typed(event, **changes) -> dict:
    values = {
        "kind": event.kind,
        "title": event.title,
        "programme": event.programme_id,
        "day": f"{event.day:%d-%m-%Y}",
        "starts": "17.00",
        "ends": "20.00",
        "last_day": "",
        "place": "",
        "capacity": "",
        "description": "",
    }
    return values | changes


def past_event(programme):
    return EventFactory(programme=programme, starts_at=at(dt.date(2011, 1, 5), 17), ends_at=at(dt.date(2011, 1, 5), 20))


def coming_event(programme):
    day = dt.date(2011, 10, 5)
    return EventFactory(programme=programme, starts_at=at(day, 17), ends_at=at(day, 20))


def test_another_day_of_a_past_event_needs_a_reason(client_of, coordinator, programme):
    event = past_event(programme)
    TargetFactory(programme=programme, label="Arrangementer", indicator="network_events_held")
    client, page = client_of(coordinator), reverse("events:event-edit", args=[event.pk])
    response = client.post(page, typed(event, day="28-12-2010"))
    assert response.context["form"].errors == {"reason": ["Skriv hvorfor, med få ord."]}
    response = client.post(page, typed(event, day="28-12-2010", reason="Det var før nytår."), follow=True)
    event.refresh_from_db()
    assert event.day == dt.date(2010, 12, 28)
    assert list(Act.objects.values_list("name", "reason")) == [("correct_event", "Det var før nytår.")]
    assert (
        "Det tæller i 2010 i stedet for 2011. Resultatmål, der ændrer sig: Arrangementer." in response.content.decode()
    )


def test_other_facts_and_coming_events_need_no_reason(client_of, coordinator, programme):
    event = past_event(programme)
    client = client_of(coordinator)
    client.post(reverse("events:event-edit", args=[event.pk]), typed(event, title="Nytårskur"))
    coming = EventFactory(
        programme=programme, starts_at=at(dt.date(2011, 10, 5), 17), ends_at=at(dt.date(2011, 10, 5), 20)
    )
    client.post(reverse("events:event-edit", args=[coming.pk]), typed(coming, day="6/10"))
    event.refresh_from_db()
    coming.refresh_from_db()
    assert (event.title, coming.day) == ("Nytårskur", dt.date(2011, 10, 6))
    assert list(Act.objects.values_list("name", "reason")) == [("update_event", ""), ("update_event", "")]


def test_an_invitation_of_another_branch_has_its_own_day(client_of, coordinator, programme, other_programme):
    event = EventFactory(
        programme=programme, starts_at=at(dt.date(2011, 10, 5), 17), ends_at=at(dt.date(2011, 10, 5), 20)
    )
    page = reverse("events:invite-programmes", args=[event.pk])
    client = client_of(coordinator)
    assert client.post(page, {"programmes": other_programme.pk, "on": "16/9-11"}).context["form"].errors == {
        "on": ["Datoen er ikke kommet endnu. Skriv en dato til og med i dag."]
    }
    client.post(page, {"programmes": other_programme.pk, "on": "i går"})
    assert ProgrammeInvitation.objects.get().invited_on == dt.date(2011, 9, 14)
