import uuid

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from demo.factories import AttendanceFactory, EnrolmentFactory
from events import services
from events.models import Event
from tests.events.conftest import BASE_QUERIES, TODAY
from tests.form_pages import form_with

CREATE = reverse("events:event-create")


@pytest.fixture
def facts(programme):
    return {
        "kind": "mentor_course",
        "title": "Kursus for nye mentorer",
        "programme": programme.pk,
        "day": "4-10-2011",
        "starts": "16.30",
        "ends": "19",
        "place": "Områdesekretariatet",
        "capacity": "12",
    }


def url(name, event, *args):
    return reverse(f"events:{name}", args=[event.pk, *args])


def test_create_stores_the_event_once_when_sent_twice(client_of, coordinator, facts):
    client = client_of(coordinator)
    once = {**facts, "once": str(uuid.uuid4())}
    answers = [client.post(CREATE, once) for _ in range(2)]
    event = Event.objects.get()
    assert [answer.url for answer in answers] == [url("event-detail", event)] * 2
    assert (event.get_kind_display(), event.capacity, event.created_by) == ("Kursus for mentorer", 12, coordinator)
    assert "Kursus for nye mentorer er oprettet." in client.get(answers[0].url).content.decode()


def test_create_keeps_what_was_typed_after_an_error(client_of, coordinator, facts):
    text = client_of(coordinator).post(CREATE, {**facts, "day": "31/6/2011"}).content.decode()
    assert "Juni har 30 dage. Skriv en dato, der findes." in text
    assert 'value="31/6/2011"' in text
    assert 'value="Kursus for nye mentorer"' in text
    assert Event.objects.count() == 0


def test_create_begins_with_the_day_in_the_address(client_of, coordinator, programme):
    assert 'value="20-09-2011"' in client_of(coordinator).get(CREATE, {"dag": "20-09-2011"}).content.decode()


def test_edit_changes_the_event_and_names_those_who_moved_up(client_of, coordinator, event, people, facts):
    for person in people:
        services.sign_up(event, by=coordinator, person=person)
    client = client_of(coordinator)
    answer = client.post(url("event-edit", event), facts, follow=True)
    assert "Leyla Warsame, Nadia Warsame er rykket op fra ventelisten." in answer.content.decode()
    assert Event.objects.get().title == "Kursus for nye mentorer"


def test_edit_refuses_fewer_places_than_are_taken(client_of, coordinator, event, people, facts):
    for person in people[:2]:
        services.sign_up(event, by=coordinator, person=person)
    answer = client_of(coordinator).post(url("event-edit", event), {**facts, "capacity": "1"})
    assert answer.context["form"].errors == {"capacity": ["2 personer er tilmeldt. Skriv mindst så mange pladser."]}


def test_edit_over_another_users_change_shows_it_and_keeps_what_was_typed(
    client_of, coordinator, administrator, event, facts
):
    client = client_of(coordinator)
    form = form_with(client.get(url("event-edit", event)), "seen")
    services.update_event(event, by=administrator, title="Mød kommunen", place="Rådhuset")
    typed = {**form.data, **facts, "title": "Kursus for nye mentorer", "place": "Rådhuset"}
    page = client.post(url("event-edit", event), typed)
    assert page.status_code == 409
    assert page.context["editors"].names == ["Hanne Lund"]
    assert [line.name for line, _choice in page.context["lines"]["both"]] == ["title"]
    assert "<b>Mød kommunen</b>" in page.text
    assert "<b>Kursus for nye mentorer</b>" in page.text
    assert Event.objects.get().title == "Mød kommunen"
    answer = form_with(page, "typed").filled(**{"keep-title": "mine"})
    assert client.post(url("event-edit", event), answer).status_code == 302
    assert (Event.objects.get().title, Event.objects.get().place) == ("Kursus for nye mentorer", "Rådhuset")


def test_moved_up_words_name_three_and_count_the_rest(client_of, coordinator, event, programme, facts):
    for number in range(7):
        person = EnrolmentFactory(programme=programme, person__first_name=f"Nr{number}").person
        services.sign_up(event, by=coordinator, person=person)
    answer = client_of(coordinator).post(url("event-edit", event), facts, follow=True)
    assert "Nr2 Warsame, Nr3 Warsame, Nr4 Warsame og 2 mere er rykket op fra ventelisten." in answer.content.decode()


def test_cancel_asks_for_confirmation_and_can_be_undone(client_of, coordinator, event, people):
    services.sign_up(event, by=coordinator, person=people[0])
    client = client_of(coordinator)
    assert "1 person er tilmeldt. Giv selv besked" in client.get(url("event-cancel", event)).content.decode()
    text = client.post(url("event-cancel", event), follow=True).content.decode()
    assert "Mød jobcentret er aflyst." in text
    assert url("event-reinstate", event) in text
    client.post(url("event-reinstate", event))
    assert Event.objects.get().is_cancelled is False


def test_an_empty_list_says_how_it_fills(client_of, coordinator, event):
    client = client_of(coordinator)
    page = client.get(url("event-detail", event), {"liste": "inviteret"}).text
    assert "De, du inviterer, står her, til de svarer." in page
    assert "En inviteret afdeling ser arrangementet og tilmelder sine egne." in page


def test_page_shows_lists_and_logs_access(client_of, coordinator, event, people):
    for person in people[:3]:
        services.sign_up(event, by=coordinator, person=person)
    services.invite_people(event, by=coordinator, people=people, on=TODAY)
    client = client_of(coordinator)
    response = client.get(url("event-detail", event))
    counts = [(tab.name.label, tab.count) for tab in response.context["tabs"]]
    assert counts == [("Tilmeldt", 2), ("Venteliste", 1), ("Inviteret, intet svar", 1)]
    record = AccessRecord.objects.get(kind="read")
    assert (record.kind, record.subject_id, record.count) == ("read", event.pk, 2)
    waiting = client.get(url("event-detail", event), {"liste": "venteliste"})
    assert [row.person for row in waiting.context["rows"]] == [people[2]]
    assert "Nr. 1" in waiting.content.decode()


def test_page_for_an_invited_branch_is_read_only_and_shows_only_its_own_people(
    client_of, coordinator, event, people, other_branch_coordinator, other_programme
):
    event.programme_invitations.create(programme=other_programme, invited_on=TODAY)
    own = EnrolmentFactory(programme=other_programme, person__first_name="Zainab").person
    services.sign_up(event, by=coordinator, person=people[0])
    services.sign_up(event, by=other_branch_coordinator, person=own)
    client = client_of(other_branch_coordinator)
    response = client.get(url("event-detail", event))
    assert [row.person for row in response.context["rows"]] == [own]
    text = response.content.decode()
    assert "Asha" not in text
    assert "Jeres afdelings deltagere" in text
    for name in ("event-edit", "event-cancel", "invite", "check-in"):
        assert url(name, event) not in text
        assert client.get(url(name, event)).status_code == 403


def test_page_of_another_branch_is_not_found(client_of, event, other_branch_coordinator):
    assert client_of(other_branch_coordinator).get(url("event-detail", event)).status_code == 404


@pytest.mark.parametrize("number", [1, 50])
def test_page_takes_the_same_queries_at_any_size(
    client_of, coordinator, programme, event, django_assert_num_queries, number
):
    for _ in range(number):
        AttendanceFactory(event=event, person=EnrolmentFactory(programme=programme).person, status="waiting_list")
    client = client_of(coordinator)
    # event, verb, tabs, count, rows, enrolments, programmes, people who may be opened, invitations, log
    with django_assert_num_queries(BASE_QUERIES + 12):
        response = client.get(url("event-detail", event), {"liste": "venteliste"})
    assert len(response.context["rows"]) == number
