"""Bulk services: many people, organisations, groups and terms in few queries, with their changes in the journal."""

import pytest
from django.core.exceptions import ValidationError

from common.bulk import build
from common.journal import recording
from demo.factories import EnrolmentFactory, OrganisationFactory, PersonFactory
from people.enums import TermKind
from people.models import DistinctPeople, Enrolment, LanguageSkill, Organisation, Person, Term, VolunteerGroup
from people.services import bulk
from tests.journal_entries import changed, made

pytestmark = pytest.mark.django_db


@pytest.fixture
def journal():
    with recording("bulk", by=None) as journal:
        yield journal


def test_new_people_get_case_numbers_and_search_texts(tingbjerg, administrator, journal):
    people = [build(Person, first_name=name, phones=["+4550505050"]) for name in ("Åse", "Bo")]
    bulk.bulk_create_people(people, branch=tingbjerg, by=administrator)
    stored = list(Person.objects.order_by("pk"))
    assert stored == people
    assert [person.case_number for person in stored] == ["T-2011-001", "T-2011-002"]
    assert {(person.home_branch, person.created_by) for person in stored} == {(tingbjerg, administrator)}
    assert stored[0].search_text == stored[0].build_search_text()
    assert made(journal) == {"people.person": 2}


def test_an_invalid_value_is_refused(tingbjerg, journal):
    people = [build(Person, first_name="x" * 101)]
    with pytest.raises(ValidationError):
        bulk.bulk_create_people(people, branch=tingbjerg, by=None)


def test_known_people_are_completed_and_not_overwritten(journal):
    known = PersonFactory(first_name="Åse", last_name="Møller", town="", occupation="Lærer", notes="")
    same = PersonFactory(first_name="Bo", last_name="Dam", town="Brønshøj", notes="Ny")
    addition = build(Person, first_name="Åse", last_name="Møller", town="Husum", occupation="Pilot", notes="Ny")
    nothing = build(Person, first_name="Bo", last_name="Dam", town="Brønshøj", notes="Ny")
    before = known.updated_at
    bulk.bulk_complete_people([(known, addition, []), (same, nothing, [])])
    stored = Person.objects.get(pk=known.pk)
    assert (stored.town, stored.occupation, stored.notes, stored.updated_at > before) == ("Husum", "Lærer", "Ny", True)
    (((_model, pk), values),) = changed(journal).items()
    assert (pk, sorted(values)) == (known.pk, ["notes", "town", "updated_at"])


def test_a_chosen_value_wins(journal):
    known = PersonFactory(occupation="Lærer")
    addition = build(Person, first_name=known.first_name, last_name=known.last_name, occupation="Pilot")
    bulk.bulk_complete_people([(known, addition, ["occupation"])])
    assert Person.objects.get(pk=known.pk).occupation == "Pilot"


def test_distinct_people_are_marked_once(administrator, journal):
    one, other = PersonFactory(), PersonFactory()
    for _time in range(2):
        bulk.bulk_mark_distinct([(other.pk, one.pk, True), (one.pk, other.pk, True)], by=administrator)
    pair = DistinctPeople.objects.get()
    assert (pair.first, pair.second, pair.decided_by) == (one, other, administrator)
    assert made(journal) == {"people.distinctpeople": 1}


def test_organisations_are_found_by_name_or_created(tingbjerg, journal):
    known = OrganisationFactory(branch=tingbjerg, name="Café Ruten")
    found, new = bulk.find_or_create_organisations(["cafe ruten", "VIDIT", "Vidit"], branch=tingbjerg)
    assert [organisation.name for organisation in new] == ["VIDIT"]
    assert found == {"cafe ruten": known, "VIDIT": new[0], "Vidit": new[0]}
    assert Organisation.objects.count() == 2
    assert bulk.find_or_create_organisations([], branch=tingbjerg) == ({}, [])


def test_groups_are_found_or_created_and_people_added_once(programme, journal):
    known = VolunteerGroup.objects.create(programme=programme, name="Ruten")
    enrolment = EnrolmentFactory(programme=programme, role="volunteer")
    enrolment.groups.add(known)
    groups, new = bulk.find_or_create_groups(["RUTEN", "Pigerne"], programme=programme)
    assert (groups["ruten"], [(group.name, group.status) for group in new]) == (known, [("Pigerne", "established")])
    links = [(enrolment.pk, group.pk) for group in groups.values()]
    bulk.bulk_add_to_groups(links, programme=programme)
    assert sorted(group.name for group in enrolment.groups.all()) == ["Pigerne", "Ruten"]
    assert made(journal) == {"people.volunteergroup": 1, "people.enrolment_groups": 1}


def test_languages_are_stored_once_for_each_person(journal):
    danish = Term.objects.create(kind=TermKind.LANGUAGE, name="Dansk", name_en="Danish")
    known, new = PersonFactory(), PersonFactory()
    LanguageSkill.objects.create(person=known, language=danish)
    terms = bulk.TermIndex()
    terms.create_missing(TermKind.LANGUAGE, ["dansk", "somali", ""])
    spoken = [(known.pk, "dansk", ""), (new.pk, "dansk", "lidt"), (new.pk, "danish", ""), (new.pk, "somali", "")]
    bulk.bulk_add_languages(spoken, known_people={known.pk}, terms=terms)
    assert sorted(new.languages.values_list("language__name", "note")) == [("Dansk", "lidt"), ("Somali", "")]
    assert made(journal) == {"people.term": 1, "people.languageskill": 2}


def test_terms_are_added_to_enrolments(programme, administrator, journal):
    term = Term.objects.create(kind=TermKind.TOPIC, name="Lektier")
    person = PersonFactory(home_branch=programme.branch)
    enrolment = build(Enrolment, person_id=person.pk, programme_id=programme.pk, role="mentor", status="waiting")
    bulk.bulk_enrol_people([enrolment], by=administrator)
    words = [(enrolment.pk, TermKind.TOPIC, word) for word in ("lektier", "LEKTIER", "ukendt")]
    bulk.bulk_add_terms(words, terms=bulk.TermIndex())
    stored = Enrolment.objects.get()
    assert (stored.created_by, list(stored.terms.all())) == (administrator, [term])
