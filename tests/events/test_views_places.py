import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from demo.factories import AttendanceFactory, EnrolmentFactory
from events import services
from tests.events.conftest import TODAY

HTMX = {"HX-Request": "true"}


def url(name, event, *args):
    return reverse(f"events:{name}", args=[event.pk, *args])


def test_search_finds_only_own_people(client_of, coordinator, event, people, other_programme):
    EnrolmentFactory(programme=other_programme, person__first_name="Asger")
    services.sign_up(event, by=coordinator, person=people[0])
    client = client_of(coordinator)
    response = client.get(url("sign-up", event), {"soeg": "as"}, headers=HTMX)
    assert [person.first_name for person in response.context["candidates"]][:1] == ["Asha"]
    text = response.content.decode()
    assert "<html" not in text
    assert "Tilmeldt" in text
    assert "Asger" not in text
    assert AccessRecord.objects.filter(kind="search").count() == 1
    assert "<html" in client.get(url("sign-up", event), {"soeg": "zzz"}).content.decode()


def test_sign_up_shows_the_place_or_the_number_on_the_waiting_list(client_of, coordinator, event, people):
    client = client_of(coordinator)
    answers = [
        client.post(url("sign-up", event), {"person": person.pk, "note": "kommer med Lise"}, follow=True)
        for person in people
    ]
    texts = [answer.content.decode() for answer in answers]
    assert "Asha Warsame er tilmeldt." in texts[0]
    assert "Mentee, venter på mentor, kommer med Lise" in texts[0]
    assert "Alle pladser er taget. Leyla Warsame er nr. 1 på ventelisten." in texts[2]
    assert "Alle pladser er taget. Nadia Warsame er nr. 2 på ventelisten." in texts[3]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({}, "Vælg først en person."),
        ({"person": "1", "note": "030577-1234"}, "CPR-nummer"),
    ],
)
def test_sign_up_shows_errors(client_of, coordinator, event, data, text):
    assert text in client_of(coordinator).post(url("sign-up", event), data, follow=True).content.decode()


def test_sign_up_of_a_foreign_person_is_not_found(client_of, coordinator, event, other_programme):
    foreign = EnrolmentFactory(programme=other_programme).person
    assert client_of(coordinator).post(url("sign-up", event), {"person": foreign.pk}).status_code == 404
    assert event.attendances.count() == 0


def test_sign_up_to_a_cancelled_event_shows_an_error(client_of, coordinator, event, people):
    services.cancel_event(event, by=coordinator)
    answer = client_of(coordinator).post(url("sign-up", event), {"person": people[0].pk}, follow=True)
    assert "Arrangementet er aflyst." in answer.content.decode()


def test_cancel_sign_up_names_the_person_who_moved_up(client_of, coordinator, event, people):
    rows = [services.sign_up(event, by=coordinator, person=person) for person in people[:3]]
    client = client_of(coordinator)
    text = client.post(url("cancel-sign-up", event, rows[0].pk), {"liste": "tilmeldt"}, follow=True).content.decode()
    assert "Asha Warsame har meldt afbud. Leyla Warsame er rykket op fra ventelisten." in text
    text = client.post(url("cancel-sign-up", event, rows[1].pk), follow=True).content.decode()
    assert "Emina Warsame har meldt afbud." in text
    assert url("sign-up-row", event, rows[1].pk) in text
    client.post(url("sign-up-row", event, rows[1].pk))
    rows[1].refresh_from_db()
    assert rows[1].status == "signed_up"


def test_cancel_and_remove_refuse_a_person_who_came(client_of, coordinator, event, people):
    row = services.add_participant(event, by=coordinator, person=people[0])
    client = client_of(coordinator)
    for name in ("cancel-sign-up", "remove-invitation"):
        text = client.post(url(name, event, row.pk), follow=True).content.decode()
        assert 'class="note note-bad"' in text
    row.refresh_from_db()
    assert row.status == "attended"


def test_remove_invitation(client_of, coordinator, event, people):
    row = AttendanceFactory(event=event, person=people[0])
    text = client_of(coordinator).post(url("remove-invitation", event, row.pk), follow=True).content.decode()
    assert "Asha Warsame står ikke længere på listen." in text
    assert event.attendances.count() == 0


def test_invited_branch_acts_only_on_its_own_people(
    client_of, coordinator, event, people, other_branch_coordinator, other_programme
):
    event.programme_invitations.create(programme=other_programme, invited_on=TODAY)
    own = EnrolmentFactory(programme=other_programme, person__first_name="Zainab").person
    foreign = services.sign_up(event, by=coordinator, person=people[0])
    client = client_of(other_branch_coordinator)
    assert client.post(url("cancel-sign-up", event, foreign.pk)).status_code == 404
    assert client.post(url("sign-up", event), {"person": people[1].pk}).status_code == 404
    client.post(url("sign-up", event), {"person": own.pk})
    row = event.attendances.get(person=own)
    assert row.status == "signed_up"
    client.post(url("cancel-sign-up", event, row.pk))
    row.refresh_from_db()
    assert row.status == "cancelled"
