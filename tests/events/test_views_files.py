import datetime as dt

import icalendar
import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from common import clock
from demo.factories import AttendanceFactory, EnrolmentFactory, EventFactory
from events import services
from people.models import Person
from tests.events.conftest import BASE_QUERIES, TODAY, at


def url(name, event, *args):
    return reverse(f"events:{name}", args=[event.pk, *args])


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_calendar_file_of_an_event(client_of, coordinator, event, people):
    services.sign_up(event, by=coordinator, person=people[0])
    response = client_of(coordinator).get(url("event-file", event))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="2011-09-15-md-jobcentret.ics"'
    assert b"Asha" not in response.content


def test_calendar_file_of_the_branch_has_the_coming_events(
    client_of, coordinator, programme, other_programme, event, monkeypatch
):
    monkeypatch.setattr(clock, "now", lambda: at(TODAY, 12))  # in the evening the event is over
    EventFactory(programme=programme, title="Sommerfest", starts_at=at(dt.date(2011, 6, 8), 17))
    EventFactory(programme=other_programme, title="Fremmed")
    EventFactory(programme=programme, title="Skovtur", is_cancelled=True)
    response = client_of(coordinator).get(reverse("events:calendar-file"))
    found = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert [(str(row["SUMMARY"]), row["STATUS"]) for row in found] == [
        ("Mød jobcentret", "CONFIRMED"),
        ("Skovtur", "CANCELLED"),
    ]


def test_export_as_csv_is_logged_and_escapes_formulas(client_of, coordinator, event, people):
    people[0].first_name = "=1+1"
    people[0].save()
    services.sign_up(event, by=coordinator, person=people[0], note="kommer med Lise")
    lines = body(client_of(coordinator).get(url("export-list", event, "csv"))).decode("utf-8-sig").split("\r\n")
    assert lines[0] == "Sagsnummer;Navn;Rolle;Status;Inviteret den;Tilmeldt den;Kommet kl.;Telefon;E-mail;Note"
    assert lines[1].split(";")[1] == "'=1+1 Warsame"
    record = AccessRecord.objects.get(kind="export")
    assert (record.kind, record.count) == ("export", 1)


def test_export_as_xlsx(client_of, coordinator, event, people):
    services.sign_up(event, by=coordinator, person=people[0])
    response = client_of(coordinator).get(url("export-list", event, "xlsx"))
    assert body(response)[:2] == b"PK"


def test_addresses_of_a_list_are_logged(client_of, coordinator, event, people):
    people[1].emails = []
    people[1].save()
    for person in people[:3]:
        services.sign_up(event, by=coordinator, person=person)
    client = client_of(coordinator)
    response = client.get(url("addresses", event))
    assert response.context["addresses"] == [people[0].email]
    assert response.context["without"] == [people[1]]
    assert [row.count for row in AccessRecord.objects.filter(kind="export")] == [1]
    assert client.get(url("addresses", event), {"liste": "venteliste"}).context["addresses"] == [people[2].email]
    empty = client.get(url("addresses", event), {"liste": "kommet"}).content.decode()
    assert "Ingen på denne liste har en e-mailadresse." in empty


@pytest.mark.parametrize(("number", "name"), [(1, "addresses"), (50, "addresses")])
def test_addresses_take_the_same_queries_at_any_size(
    client_of, coordinator, programme, event, django_assert_num_queries, number, name
):
    for _ in range(number):
        AttendanceFactory(event=event, person=EnrolmentFactory(programme=programme).person, status="waiting_list")
    client = client_of(coordinator)
    with django_assert_num_queries(BASE_QUERIES + 6):
        client.get(url(name, event), {"liste": "venteliste"})


def test_the_sheet_for_participants_has_names_only(client_of, coordinator, event, people):
    services.sign_up(event, by=coordinator, person=people[0], note="kommer med Lise")
    phone = people[0].phone_to_call.removeprefix("+45")
    phone = "\xa0".join(phone[start : start + 2] for start in range(0, 8, 2))
    client = client_of(coordinator)
    page = client.get(url("participant-sheet", event))
    assert "Asha Warsame" in page.text
    assert "kommer med Lise" not in page.text
    assert phone not in page.text
    assert page.text.count('<tr class="blank">') == 10
    staff = client.get(url("participant-sheet", event), {"vis": "telefon"})
    assert phone in staff.text
    assert "Mentee, venter på mentor, kommer med Lise" in staff.text
    logged = AccessRecord.objects.filter(kind="export").order_by("pk")
    assert [(one.code, one.count, one.subject_id) for one in logged] == [
        ("sheet_shown", 1, event.pk),
        ("staff_sheet_shown", 1, event.pk),
    ]


def test_the_state_of_a_person_is_not_on_the_sheet_that_participants_read(client_of, coordinator, event, people):
    services.sign_up(event, by=coordinator, person=people[0])
    Person.objects.filter(pk=people[0].pk).update(state="no_contact", state_on="2011-09-01")
    client = client_of(coordinator)
    assert "ønsker ingen kontakt" in client.get(url("participant-sheet", event), {"vis": "telefon"}).text
    page = client.get(url("participant-sheet", event))
    assert "Asha Warsame" in page.text
    assert "ønsker ingen kontakt" not in page.text


@pytest.mark.parametrize("number", [1, 40])
def test_the_sheet_takes_the_same_queries_at_any_size(
    client_of, coordinator, event, programme, django_assert_num_queries, number
):
    for _ in range(number):
        AttendanceFactory(event=event, status="signed_up")
    client = client_of(coordinator)
    with django_assert_num_queries(BASE_QUERIES + 8):  # the event, its list with roles, the access log in a transaction
        page = client.get(url("participant-sheet", event))
    assert len(page.context["rows"]) == number
