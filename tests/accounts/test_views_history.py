"""The history of a record: who may open it, and what it shows."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessRecord
from accounts.roles import VERBS_OF_ROLE
from common.history import RECORD_WORDS
from common.journal import recording, save
from demo.factories import (
    EventFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    TargetFactory,
    UserFactory,
    VolunteerGroupFactory,
)

pytestmark = pytest.mark.django_db

# Written by hand, like tests/access_table.py: who may read the records of a model may read their history.
VERBS = {
    "people.person": "read_cases",
    "people.organisation": "read_cases",
    "people.volunteergroup": "read_cases",
    "matching.match": "read_cases",
    "events.event": "read_events",
    "programmes.programme": "see_programmes",
    "reporting.target": "see_figures",
}


def records_of(programme) -> dict:
    made = [
        PersonFactory(home_branch=programme.branch),
        OrganisationFactory(branch=programme.branch),
        VolunteerGroupFactory(programme=programme),
        MatchFactory(programme=programme),
        EventFactory(programme=programme),
        TargetFactory(programme=programme),
        programme,
    ]
    return {record._meta.label_lower: record for record in made}


def address(record) -> str:
    return reverse("history", args=[record._meta.app_label, record._meta.model_name, record.pk])


def change(record, **values) -> None:
    with recording("update_person", by=None):
        for name, value in values.items():
            setattr(record, name, value)
        save(record)


def test_the_models_with_a_history_are_those_of_this_table():
    assert {model._meta.label_lower for model in RECORD_WORDS.keys() if RECORD_WORDS[model].url} == set(VERBS)  # noqa: SIM118


@pytest.mark.parametrize("role", Role.values)
def test_who_may_read_a_record_may_read_its_history(role, client_of, programme, other_programme):
    client = client_of(MembershipFactory(branch=programme.branch, role=role, user=UserFactory()).user)
    own, others = records_of(programme), records_of(other_programme)
    statuses = {label: (client.get(address(own[label])).status_code, client.get(address(others[label])).status_code)
                for label in VERBS}  # fmt: skip
    may = VERBS_OF_ROLE[role]
    assert statuses == {label: (200, 404) if verb in may else (403, 403) for label, verb in VERBS.items()}


@pytest.mark.parametrize("place", ["accounts/user", "people/enrolment", "people/term", "people/unicorn", "x/y"])
def test_models_without_a_page_have_no_history_of_their_own(place, client_of, administrator):
    assert client_of(administrator).get(f"/historik/{place}/1/").status_code == 404


def test_a_role_on_the_other_side_of_a_person_sees_the_person_only_when_the_person_is_enrolled(
    client_of, other_branch_coordinator, tingbjerg
):
    person = PersonFactory(home_branch=tingbjerg)
    assert client_of(other_branch_coordinator).get(address(person)).status_code == 404


def test_a_record_without_changes_says_so(client_of, coordinator, tingbjerg):
    page = client_of(coordinator).get(address(PersonFactory(home_branch=tingbjerg)))
    assert "Ingen ændringer er registreret." in page.content.decode()


def test_opening_the_history_is_logged(client_of, coordinator, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg, case_number="T-2011-001")
    client_of(coordinator).get(address(person))
    record = AccessRecord.objects.get()
    assert (record.kind, record.subject, record.subject_id, record.case_number, record.detail, record.user) == (
        "read", "people.person", person.pk, "T-2011-001", "Historik", coordinator,
    )  # fmt: skip


def test_the_page_of_a_person_loads_the_history_when_it_is_opened(client_of, coordinator, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg)
    page = client_of(coordinator).get(reverse("people:person-detail", args=[person.pk])).content.decode()
    assert f'hx-get="/historik/personer/person/{person.pk}/"' in page
    assert f'<a href="/historik/personer/person/{person.pk}/">Vis historikken</a>' in page


def test_earlier_addresses_of_a_history_are_understood(client_of, coordinator, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg, first_name="Zehra")
    page = client_of(coordinator).get(f"/historik/people/person/{person.pk}/")
    assert (page.status_code, page.context["record"]) == (200, person)


def test_the_page_links_back_and_the_part_is_a_fragment(client_of, coordinator, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg, town="Valby")
    change(person, town="Herlev")
    client = client_of(coordinator)
    whole = client.get(address(person)).content.decode()
    part = client.get(address(person), headers={"HX-Request": "true"}).content.decode()
    assert f'<a href="/personer/{person.pk}/">' in whole
    assert ("<html" in whole, "<html" in part) == (True, False)
    assert [text.count("Herlev") for text in (whole, part)] == [1, 1]


def test_many_acts_are_shown_in_parts(client_of, coordinator, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg, town="Valby")
    for number in range(21):
        change(person, occupation=f"Stilling {number}")
    client = client_of(coordinator)
    first = client.get(address(person), headers={"HX-Request": "true"}).content.decode()
    second = client.get(f"{address(person)}?side=2", headers={"HX-Request": "true"}).content.decode()
    assert (first.count("history-act"), second.count("history-act")) == (20, 1)
    assert f'hx-get="{address(person)}?side=2"' in first
    assert "?side=" not in second


def test_a_long_text_is_shortened_with_the_full_text_on_demand(client_of, coordinator, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg)
    change(person, notes="Langt " * 40)
    page = client_of(coordinator).get(address(person)).content.decode()
    assert page.count('<details class="history-long">') == 1


def test_history_is_in_the_language_of_the_reader(client_of, coordinator, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg, town="Valby")
    change(person, town="Herlev")
    coordinator.language = "en"
    coordinator.save()
    page = client_of(coordinator).get(address(person)).content.decode()
    assert ("Details corrected" in page, "a command on the server" in page) == (True, True)
