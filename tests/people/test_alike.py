"""The people of whom an intake asks, with the reasons."""

import datetime as dt

import pytest

from demo.factories import EnrolmentFactory, PersonFactory
from people.alike import branches_that_know, facts_of_details, known_facts, people_alike, with_facts
from people.models import Person

pytestmark = pytest.mark.django_db
PHONES = ["+4557269617"]
HODAN = {
    "first_name": "Hodan",
    "last_name": "Warsame",
    "phones": PHONES,
    "emails": ["hodan@example.dk"],
    "birth_date": dt.date(1977, 5, 3),
    "postcode": "2700",
    "gender": "woman",
}
NOTHING = {"phones": [], "emails": [], "birth_date": None, "birth_year": None, "postcode": "", "gender": "unknown"}


@pytest.fixture
def hodan(tingbjerg):
    return PersonFactory(home_branch=tingbjerg, **HODAN)


def found(**details):
    """Return the reasons and doubts of each person found, without hard blanks."""
    rows = people_alike(facts_of_details(NOTHING | details), Person.objects.all())
    return [
        tuple(tuple(words.replace("\xa0", " ") for words in part) for part in (row.reasons, row.doubts)) for row in rows
    ]


@pytest.mark.parametrize(
    ("details", "reasons", "doubts"),
    [
        (
            {"first_name": "Hoden", "last_name": "Warsame", "phones": PHONES},
            ("Samme telefon: 57 26 96 17", "Navnet ligner: Hoden, Hodan"),
            ("Fødselsdag er ikke oplyst endnu",),
        ),
        (
            {"first_name": "Hodaan", "last_name": "Varsame", "emails": ["HODAN@example.dk"], "birth_year": 1977},
            ("Samme e-mail: hodan@example.dk", "Samme fødselsår: 1977",
             "Navnet lyder ens: Varsame, Warsame"),
            (),
        ),
        (
            {"first_name": "Hodan", "last_name": "Nur", "birth_date": dt.date(1977, 5, 3), "phones": PHONES},
            ("Samme telefon: 57 26 96 17", "Samme fødselsdag: 3. maj 1977", "Andet efternavn: Nur, Warsame"),
            (),
        ),
        (
            {"first_name": "Hodan", "last_name": "WARSAME", "birth_date": dt.date(2001, 9, 8), "phones": PHONES},
            ("Samme telefon: 57 26 96 17", "Samme navn"),
            ("Anden fødselsdag: 3. maj 1977",),
        ),
        (
            {"first_name": "Hodan", "last_name": "Warsame", "birth_year": 1980, "phones": PHONES, "gender": "man"},
            ("Samme telefon: 57 26 96 17", "Samme navn"),
            ("Andet fødselsår: 1977", "Andet køn"),
        ),
        (
            {"first_name": "Warsame", "last_name": "Hodan", "postcode": "2700"},
            ("Samme postnummer: 2700", "Navnet lyder ens: Warsame Hodan, Hodan Warsame"),
            ("Fødselsdag er ikke oplyst endnu",),
        ),
    ],
)  # fmt: skip
def test_people_alike_have_reasons_and_doubts(hodan, details, reasons, doubts):
    assert found(**details) == [(reasons, doubts)]


@pytest.mark.parametrize(
    "details",
    [
        {"first_name": "Hodan", "last_name": "Warsame"},
        {"first_name": "Bo", "last_name": "Dam", "phones": PHONES},
        {"first_name": "Hodan", "last_name": "Warsame", "birth_date": dt.date(1966, 1, 2), "postcode": "2700"},
        {"phones": PHONES},
    ],
)
def test_other_people_are_not_alike(hodan, details):
    assert found(**details) == []


def test_the_name_and_any_attribute_are_enough(tingbjerg):
    """The cases of the exact rule, whose spelling of a name does not matter."""
    person = PersonFactory(home_branch=tingbjerg, **HODAN | {"first_name": "Anne-Marie", "last_name": "Kjærgaard"})
    name = {"first_name": "ANNE MARIE ", "last_name": " KJÆRGÅRD"}
    for same in (
        {"phones": person.phones},
        {"emails": [person.email.upper()]},
        {"birth_date": person.birth_date},
    ):
        assert len(found(**name | same)) == 1, same
    assert found(**name) == []
    assert len(found(first_name="Anne", phones=person.phones)) == 1


def test_the_most_alike_come_first_and_few(tingbjerg, hodan, django_assert_num_queries):
    for _number in range(5):
        PersonFactory(home_branch=tingbjerg, **HODAN | {"first_name": "Hoden", "emails": [], "birth_date": None})
    with django_assert_num_queries(2):
        rows = people_alike(facts_of_details(HODAN), Person.objects.all())
    assert (rows[0].person, len(rows)) == (hodan, 4)


def test_a_person_merged_meanwhile_is_left_out(hodan, monkeypatch):
    monkeypatch.setattr(Person.objects.none().__class__, "in_bulk", lambda *_args: {})
    assert people_alike(facts_of_details(HODAN), Person.objects.all()) == []


def test_another_branch_is_named_only_if_it_knows_exactly_this_person(coordinator, koebenhavn, tingbjerg):
    PersonFactory(home_branch=koebenhavn, **HODAN)
    own = Person.objects.visible_to(coordinator)
    assert branches_that_know(facts_of_details(HODAN), own) == ["København"]
    assert branches_that_know(facts_of_details(HODAN | {"first_name": "Hoden"}), own) == []
    assert branches_that_know(facts_of_details(HODAN | {"birth_date": dt.date(2001, 9, 8)}), own) == []
    assert branches_that_know(facts_of_details(NOTHING | {"first_name": "Hodan"}), own) == []
    PersonFactory(home_branch=tingbjerg, **HODAN)
    assert branches_that_know(facts_of_details(HODAN), Person.objects.all()) == []


def test_known_facts_are_of_visible_roles(coordinator, programme, other_programme, hodan):
    [person] = with_facts(Person.objects.filter(pk=hodan.pk), coordinator)
    assert known_facts(person) == [hodan.case_number, "Født 3.\xa0maj 1977", "Tingbjerg"]
    EnrolmentFactory(person=hodan, programme=programme, status="waiting", waiting_since=dt.date(2011, 9, 1))
    EnrolmentFactory(person=hodan, programme=other_programme, role="mentor")
    [person] = with_facts(Person.objects.filter(pk=hodan.pk), coordinator)
    assert known_facts(person)[1] == "Mentee, på venteliste"
    Person.objects.filter(pk=hodan.pk).update(birth_date=None, birth_year=1977)
    contact = EnrolmentFactory(programme=programme, role="contact", status="applied", waiting_since=None).person
    rows = list(with_facts(Person.objects.filter(pk__in=[hodan.pk, contact.pk]).order_by("pk"), coordinator))
    assert known_facts(rows[0])[1:3] == ["Mentee, på venteliste", "Født 1977"]
    assert known_facts(rows[1])[1] == "Kontaktperson"
