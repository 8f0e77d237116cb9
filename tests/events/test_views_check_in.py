import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from demo.factories import AttendanceFactory, EnrolmentFactory, EventFactory
from events import services
from events.models import Event
from tests.events.conftest import BASE_QUERIES, TODAY, at

HTMX = {"HX-Request": "true"}


def url(name, event, *args):
    return reverse(f"events:{name}", args=[event.pk, *args])


@pytest.fixture
def rows(event, people, coordinator):
    """Asha and Emina are signed up, Leyla is on the waiting list."""
    return [services.sign_up(event, by=coordinator, person=person) for person in people[:3]]


def shown(response):
    return [row.person.first_name for row in response.context["rows"]]


def test_check_in_lists_by_name_without_tab_bar_and_logs(client_of, coordinator, event, rows):
    response = client_of(coordinator).get(url("check-in", event))
    assert shown(response) == ["Asha", "Emina"]
    text = response.content.decode()
    assert 'class="tabbar"' not in text
    assert "af 2 tilmeldte er kommet" in text
    assert AccessRecord.objects.get(kind="read").count == 2


def test_check_in_shows_missing_came_or_all_and_finds_by_name(client_of, coordinator, event, rows):
    services.tick_attendance(rows[0], by=coordinator)
    client = client_of(coordinator)
    assert shown(client.get(url("check-in", event))) == ["Emina"]
    assert shown(client.get(url("check-in", event), {"vis": "kommet"})) == ["Asha"]
    assert shown(client.get(url("check-in", event), {"vis": "alle"})) == ["Asha", "Emina"]
    found = client.get(url("check-in", event), {"vis": "alle", "soeg": "EMI"}, headers=HTMX)
    assert shown(found) == ["Emina"]
    assert "<html" not in found.content.decode()
    nobody = client.get(url("check-in", event), {"soeg": "zzz"}).content.decode()
    assert "Ingen på denne liste passer til »zzz«." in nobody


@pytest.mark.parametrize(
    ("query", "ticked", "text"),
    [
        ({}, 2, "Alle er kommet."),
        ({"vis": "kommet"}, 0, "Ingen er kommet endnu."),
    ],
)
def test_check_in_explains_an_empty_list(client_of, coordinator, event, rows, query, ticked, text):
    for row in rows[:ticked]:
        services.tick_attendance(row, by=coordinator)
    assert text in client_of(coordinator).get(url("check-in", event), query).content.decode()


def test_check_in_of_an_event_without_sign_ups(client_of, coordinator, event):
    assert "Ingen er tilmeldt." in client_of(coordinator).get(url("check-in", event)).content.decode()


def test_tick_without_htmx_redirects_to_the_list_with_a_toast(client_of, coordinator, event, rows):
    client = client_of(coordinator)
    answer = client.post(url("check-in-tick", event, rows[0].pk), follow=True)
    assert answer.redirect_chain == [(url("check-in", event), 302)]
    text = answer.content.decode()
    assert "Asha Warsame er kommet kl." in text
    assert url("check-in-undo", event, rows[0].pk) in text
    client.post(url("check-in-undo", event, rows[0].pk), {"next": "/et/andet/sted"})
    rows[0].refresh_from_db()
    assert rows[0].status == "signed_up"


def test_tick_with_htmx_answers_with_the_row_the_counts_and_the_toast(client_of, coordinator, event, rows):
    client = client_of(coordinator)
    answer = client.post(url("check-in-tick", event, rows[0].pk), {"vis": "mangler"}, headers=HTMX)
    text = answer.content.decode()
    assert f'id="attendance-{rows[0].pk}"' in text
    assert text.count("hx-swap-oob") == 3
    assert "Mangler 1" in text
    assert "Kommet 1" in text
    back = client.post(url("check-in-undo", event, rows[0].pk), headers=HTMX).content.decode()
    assert "Er kommet" in back
    assert "Kommet 0" in back


def test_undo_of_a_person_added_at_the_door_reloads_the_list(client_of, coordinator, event, people):
    row = services.add_participant(event, by=coordinator, person=people[0])
    client = client_of(coordinator)
    answer = client.post(url("check-in-undo", event, row.pk), headers=HTMX)
    assert answer.headers["HX-Redirect"] == url("check-in", event)
    row = services.add_participant(event, by=coordinator, person=people[0])
    answer = client.post(url("check-in-undo", event, row.pk), follow=True)
    assert "Asha Warsame står ikke længere som kommet." in answer.content.decode()
    assert event.attendances.count() == 0


def test_attendance_cannot_be_ticked_before_the_day(client_of, coordinator, programme, people):
    event = EventFactory(programme=programme, starts_at=at(dt.date(2011, 9, 22), 17))
    row = services.sign_up(event, by=coordinator, person=people[0])
    client = client_of(coordinator)
    text = client.get(url("check-in", event)).content.decode()
    assert "Fremmøde kan krydses af fra den 22.\xa0september." in text
    answer = client.post(url("check-in-tick", event, row.pk), follow=True)
    assert "Fremmøde kan krydses af fra arrangementets dag." in answer.content.decode()
    added = client.post(url("add-participant", event), {"person": people[1].pk}, follow=True)
    assert "Fremmøde kan krydses af fra arrangementets dag." in added.content.decode()
    assert client.post(url("check-in-tick", event, row.pk), headers=HTMX).headers["HX-Redirect"]


def test_add_participant_finds_and_ticks(client_of, coordinator, event, people):
    client = client_of(coordinator)
    page = client.get(url("add-participant", event), {"soeg": "nadia"})
    assert [person.first_name for person in page.context["candidates"]] == ["Nadia"]
    assert "<html" not in client.get(url("add-participant", event), {"soeg": "x"}, headers=HTMX).content.decode()
    answer = client.post(url("add-participant", event), {"person": people[3].pk}, follow=True)
    assert "Nadia Warsame er kommet kl." in answer.content.decode()
    assert event.attendances.get().status == "attended"


def test_add_participant_refuses_foreign_people(client_of, coordinator, event, other_programme):
    foreign = EnrolmentFactory(programme=other_programme).person
    assert client_of(coordinator).post(url("add-participant", event), {"person": foreign.pk}).status_code == 404


@pytest.mark.parametrize(
    ("data", "count"),
    [({"change": "1", "count": "4"}, 5), ({"change": "-1"}, 3), ({"count": "250"}, 250), ({"count": "-1"}, 4), ({}, 4)],
)
def test_guests_without_names_are_counted(client_of, coordinator, event, data, count):
    Event.objects.update(unnamed_guests=4)
    client_of(coordinator).post(url("guest-count", event), data)
    assert Event.objects.get().unnamed_guests == count


def test_guest_count_answers_htmx_with_the_form(client_of, coordinator, event):
    text = client_of(coordinator).post(url("guest-count", event), {"change": "1"}, headers=HTMX).content.decode()
    assert 'id="guest-number" name="count"' in text
    assert 'value="1" data-autosubmit' in text


def test_mark_absent_can_be_undone(client_of, coordinator, event, rows):
    services.tick_attendance(rows[0], by=coordinator)
    client = client_of(coordinator)
    text = client.post(url("mark-absent", event), follow=True).content.decode()
    assert "1 person er registreret som udeblevet." in text
    assert url("undo-absent", event) in text
    client.post(url("undo-absent", event))
    rows[1].refresh_from_db()
    assert rows[1].status == "signed_up"


@pytest.mark.parametrize("number", [1, 50])
def test_check_in_takes_the_same_queries_at_any_size(
    client_of, coordinator, programme, django_assert_num_queries, number
):
    event = EventFactory(programme=programme, starts_at=at(TODAY, 17))
    for _ in range(number):
        AttendanceFactory(event=event, person=EnrolmentFactory(programme=programme).person, status="signed_up")
    client = client_of(coordinator)
    with django_assert_num_queries(BASE_QUERIES + 9):
        assert len(shown(client.get(url("check-in", event)))) == number
