"""Removing a person who was created by mistake."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AccessRecord
from common import clock
from common.models import Act
from demo.factories import AttendanceFactory, InterviewFactory, MembershipFactory, PersonFactory, TermFactory
from people import services
from people.models import Consent, DistinctPeople, Enrolment, LanguageSkill, Person
from people.services.merging import mark_distinct
from people.services.removing import RemovalRefused, is_own_of_today
from tests.journal_entries import deleted

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(coordinator, programme):
    """A person as the intake of the coordinator made them a moment ago."""
    somali = TermFactory(kind="language", name="Somali")
    enrolment = services.complete_intake(
        by=coordinator,
        person={"first_name": "Hodan", "last_name": "Warsame"},
        enrolment={"programme": programme, "role": "mentee", "terms": [TermFactory()]},
        languages=[services.Skill(somali, "native")],
        consents=[{"kind": "store", "is_given": True, "on": clock.today()}],
    )
    return enrolment.person


def test_the_creator_removes_a_person_with_what_the_intake_made(person, coordinator, tingbjerg):
    mark_distinct(person, PersonFactory(home_branch=tingbjerg), by=coordinator)
    services.remove_person(person, by=coordinator)
    assert [model.objects.count() for model in (Person, Enrolment, LanguageSkill, Consent, DistinctPeople)] == [
        1, 0, 0, 0, 0,
    ]  # fmt: skip
    act = Act.objects.latest("pk")
    assert (act.name, act.by) == ("remove_person", coordinator)
    assert person.case_number in [row.get("case_number") for row in deleted("remove_person")]
    record = AccessRecord.objects.latest("pk")
    assert (record.detail, record.case_number) == ("Person oprettet ved en fejl og slettet", person.case_number)
    again = services.create_person(by=coordinator, branch=tingbjerg, first_name="Ny")
    assert again.case_number != person.case_number


def test_only_the_creator_removes_a_person_on_the_same_day(person, coordinator, tingbjerg, manager):
    colleague = MembershipFactory(branch=tingbjerg).user
    assert is_own_of_today(person, coordinator)
    with pytest.raises(RemovalRefused, match="Kun den, der har oprettet en person"):
        services.remove_person(person, by=colleague)
    with pytest.raises(PermissionDenied):
        services.remove_person(person, by=manager)
    Person.objects.filter(pk=person.pk).update(created_at=clock.now() - dt.timedelta(days=1))
    with pytest.raises(RemovalRefused, match="kun samme dag"):
        services.remove_person(person, by=coordinator)
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda person: AttendanceFactory(person=person), "Der er registreret: Fremmøde."),
        (lambda person: InterviewFactory(enrolment=person.enrolments.get()), "Der er registreret: Interview."),
    ],
)
def test_a_person_with_a_record_stays(person, coordinator, make, words):
    make(person)
    with pytest.raises(RemovalRefused, match=words):
        services.remove_person(person, by=coordinator)
    assert Person.objects.filter(pk=person.pk).exists()


def test_removing_twice_is_refused(person, coordinator):
    same = Person.objects.get(pk=person.pk)
    services.remove_person(person, by=coordinator)
    with pytest.raises(RemovalRefused, match="Personen er allerede slettet"):
        services.remove_person(same, by=coordinator)


def test_the_page_offers_the_removal_to_the_creator(client_of, coordinator, person, tingbjerg):
    address = f"/personer/{person.pk}/slet/"
    client = client_of(coordinator)
    assert address in client.get(f"/personer/{person.pk}/").text
    assert "Er Hodan Warsame oprettet ved en fejl?" in client.get(address).text
    response = client.post(address, follow=True)
    assert response.redirect_chain == [("/personer/", 302)]
    assert "Hodan Warsame er slettet." in response.text


def test_the_page_explains_why_a_person_stays(client_of, coordinator, person):
    AttendanceFactory(person=person)
    client = client_of(coordinator)
    assert f"/personer/{person.pk}/slet/" not in client.get(f"/personer/{person.pk}/").text
    sentence = "Hodan Warsame kan ikke slettes længere. Der er registreret: Fremmøde."
    assert sentence in client.get(f"/personer/{person.pk}/slet/").text
    assert sentence in client.post(f"/personer/{person.pk}/slet/", follow=True).text
    assert Person.objects.filter(pk=person.pk).exists()
