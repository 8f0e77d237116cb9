"""Corrections of applications and consents: services and pages."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from common.models import Act
from demo.factories import ConsentFactory, EnrolmentFactory
from people import services

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
