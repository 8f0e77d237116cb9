"""Corrections of applications and consents: services and pages."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from common.models import Act
from demo.factories import ConsentFactory, EnrolmentFactory
from people import services
from people.display import days_waited

REASON = "Skemaet lå i bunken."
DECEMBER = dt.date(2010, 12, 28)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture
def enrolment(programme):
    return EnrolmentFactory(programme=programme, applied_on=day("2011-03-10"), waiting_since=day("2011-04-01"))


def test_correct_application_moves_the_day_and_keeps_the_reason(enrolment, coordinator):
    services.correct_application(enrolment, by=coordinator, reason=REASON, applied_on=DECEMBER)
    enrolment.refresh_from_db()
    assert (enrolment.applied_on, enrolment.waiting_since) == (DECEMBER, day("2011-04-01"))
    assert list(Act.objects.values_list("name", "reason")) == [("correct_application", REASON)]


def test_a_wait_that_began_with_the_application_moves_with_it(programme, coordinator):
    enrolment = EnrolmentFactory(programme=programme, applied_on=day("2011-03-10"), waiting_since=day("2011-03-10"))
    services.correct_application(enrolment, by=coordinator, reason=REASON, applied_on=day("2011-03-12"))
    enrolment.refresh_from_db()
    assert (enrolment.applied_on, enrolment.waiting_since) == (day("2011-03-12"), day("2011-03-12"))


@pytest.mark.parametrize(
    ("applied_on", "sentence"),
    [
        ("2011-04-02", "Har stået på venteliste siden 1. april. Dagen kan ikke ligge efter."),
        ("2011-09-16", "Dagen er ikke kommet endnu. Skriv den dag, det skete."),
    ],
)
def test_an_application_is_not_after_the_wait_or_today(enrolment, coordinator, applied_on, sentence):
    with pytest.raises(ValidationError) as caught:
        services.correct_application(enrolment, by=coordinator, reason=REASON, applied_on=day(applied_on))
    assert caught.value.messages[0].replace("\xa0", " ") == sentence


def test_an_application_is_not_after_the_end_of_the_role(programme, coordinator):
    enrolment = EnrolmentFactory(
        programme=programme,
        status="ended",
        ended_on=day("2011-05-01"),
        applied_on=day("2011-03-10"),
        waiting_since=None,
    )
    with pytest.raises(ValidationError) as caught:
        services.correct_application(enrolment, by=coordinator, reason=REASON, applied_on=day("2011-05-02"))
    assert caught.value.messages[0].replace("\xa0", " ") == "Rollen sluttede 1. maj. Dagen kan ikke ligge efter."


def test_correct_consent_changes_answer_and_day(enrolment, coordinator):
    consent = ConsentFactory(person=enrolment.person)
    services.correct_consent(
        consent, by=coordinator, reason=REASON, is_given=False, on=day("2011-03-01"), source="På skema"
    )
    consent.refresh_from_db()
    assert (consent.is_given, consent.on, consent.source) == (False, day("2011-03-01"), "På skema")
    with pytest.raises(ValidationError):
        services.correct_consent(consent, by=coordinator, reason=REASON, is_given=True, on=day("2011-09-16"))


def test_corrections_are_refused_to_users_of_another_branch(enrolment, other_branch_coordinator):
    with pytest.raises(PermissionDenied):
        services.correct_application(enrolment, by=other_branch_coordinator, reason=REASON, applied_on=DECEMBER)
    consent = ConsentFactory(person=enrolment.person)
    with pytest.raises(PermissionDenied):
        services.correct_consent(
            consent, by=other_branch_coordinator, reason=REASON, is_given=True, on=day("2011-03-01")
        )


def test_the_page_corrects_an_application_and_says_where_it_counts(client_of, coordinator, enrolment):
    client, page = client_of(coordinator), reverse("people:application-correct", args=[enrolment.pk])
    assert client.get(page).context["form"]["applied_on"].value() == "10-03-2011"
    response = client.post(page, {"applied_on": "28/12", "reason": REASON}, follow=True)
    assert "Ansøgningsdagen er rettet. Det tæller i 2010 i stedet for 2011." in response.content.decode()
    enrolment.refresh_from_db()
    assert enrolment.applied_on == DECEMBER


def test_the_page_corrects_a_consent(client_of, coordinator, enrolment):
    consent = ConsentFactory(person=enrolment.person)
    client, page = client_of(coordinator), reverse("people:consent-correct", args=[consent.pk])
    assert client.get(page).context["form"]["is_given"].value() == "yes"
    values = {"is_given": "no", "on": "1/3-11", "source": "Sagt i samtalen", "reason": REASON}
    response = client.post(page, values)
    assert response.url == reverse("people:person-detail", args=[enrolment.person_id])
    consent.refresh_from_db()
    assert (consent.is_given, consent.on) == (False, day("2011-03-01"))


# --- the days of pauses and ends ---------------------------------------------------------------------

PAUSED_ON, BACK_ON = day("2011-06-10"), day("2011-08-09")


@pytest.fixture
def paused(enrolment, coordinator):
    services.pause_enrolment(enrolment, by=coordinator, on=PAUSED_ON, reason="rejse", until=day("2011-08-01"))
    return enrolment


@pytest.fixture
def back(paused, coordinator):
    return services.reopen_enrolment(paused, by=coordinator, on=BACK_ON, reason="hjemme")


def spans(enrolment) -> list[tuple]:
    rows = enrolment.periods.order_by("began_on", "pk").values_list("status", "began_on", "ended_on")
    return [(status, str(began_on), str(ended_on)) for status, began_on, ended_on in rows]


def correct_period(period, by, **days):
    return services.correct_period(period, by=by, reason=REASON, **days)


def test_a_corrected_pause_moves_the_waits_around_it_and_the_days_of_waiting(back, coordinator):
    assert days_waited(back) == 70 + 37
    pause = back.periods.get(status="paused")
    correct_period(pause, coordinator, began_on=day("2011-06-15"), ended_on=day("2011-08-01"))
    back.refresh_from_db()
    assert spans(back) == [
        ("waiting", "2011-04-01", "2011-06-15"),
        ("paused", "2011-06-15", "2011-08-01"),
        ("waiting", "2011-08-01", "None"),
    ]
    assert (back.status, back.waiting_since, days_waited(back)) == ("waiting", day("2011-04-01"), 75 + 45)
    pause.refresh_from_db()
    assert (pause.reason, pause.end_reason, pause.expected_on) == ("rejse", "hjemme", None)
    assert Act.objects.values_list("name", "reason").last() == ("correct_period", REASON)


def test_an_open_pause_and_an_open_end_are_copied_to_the_role(paused, coordinator):
    correct_period(paused.periods.get(status="paused"), coordinator, began_on=day("2011-06-01"), expected_on=BACK_ON)
    paused.refresh_from_db()
    assert (paused.status, paused.paused_on, paused.paused_until) == ("paused", day("2011-06-01"), BACK_ON)
    services.end_enrolment(paused, by=coordinator, on=BACK_ON, reason="flyttet")
    correct_period(paused.periods.get(status="ended"), coordinator, began_on=day("2011-08-20"))
    paused.refresh_from_db()
    assert (paused.status, paused.ended_on, paused.ended_reason) == ("ended", day("2011-08-20"), "flyttet")
    assert spans(paused) == [
        ("waiting", "2011-04-01", "2011-06-01"),
        ("paused", "2011-06-01", "2011-08-20"),
        ("ended", "2011-08-20", "None"),
    ]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"began_on": "2011-03-31", "ended_on": "2011-08-09"}, "Dagene passer ikke med ansøgningen"),
        ({"began_on": "2011-06-10", "ended_on": "2011-09-02"}, "Dagene passer ikke med ansøgningen"),
        ({"began_on": "2011-06-10", "ended_on": "2011-06-09"}, "Perioden slutter, før den begynder."),
        ({"began_on": "2011-06-10", "ended_on": "2011-09-16"}, "Dagen er ikke kommet endnu."),
        ({"began_on": "2011-06-10"}, "Sæt rollen på pause, afslut eller genåbn den i stedet."),
        ({"began_on": "2011-06-10", "expected_on": "2011-06-10", "ended_on": "2011-08-09"}, "Pausen slutter, før den"),
    ],
)
def test_days_of_a_pause_out_of_order_change_nothing(back, coordinator, days, sentence):
    services.end_enrolment(back, by=coordinator, on=day("2011-09-01"), reason="flyttet")
    before = spans(back)
    pause, values = back.periods.get(status="paused"), {name: day(text) for name, text in days.items()}
    with pytest.raises(ValidationError) as caught:
        correct_period(pause, coordinator, **values)
    assert caught.value.messages[0].startswith(sentence)
    assert spans(back) == before


def test_the_timeline_leads_to_the_page_that_corrects_a_pause(client_of, coordinator, back):
    client, pause = client_of(coordinator), back.periods.get(status="paused")
    page = reverse("people:period-correct", args=[pause.pk])
    person = reverse("people:person-detail", args=[back.person_id])
    assert client.get(person).content.decode().count(f'href="{page}"') == 2
    assert list(client.get(page).context["form"].fields) == ["began_on", "expected_on", "ended_on", "reason"]
    values = {"began_on": "15/6", "expected_on": "1/8", "ended_on": "9/8", "reason": REASON}
    response = client.post(page, values)
    assert response.url == person
    assert spans(back)[1] == ("paused", "2011-06-15", "2011-08-09")


def test_a_wait_has_no_page_of_its_own(client_of, coordinator, enrolment):
    page = reverse("people:period-correct", args=[enrolment.periods.get().pk])
    assert client_of(coordinator).get(page).status_code == 404


def test_correct_period_is_refused_to_users_of_another_branch(paused, other_branch_coordinator):
    pause = paused.periods.get(status="paused")
    with pytest.raises(PermissionDenied):
        correct_period(pause, other_branch_coordinator, began_on=PAUSED_ON)
