import datetime as dt

import pytest

from demo.factories import EnrolmentFactory, PersonFactory
from imports.services import undo_import
from people import duplicates
from people.duplicates import LikePair, count_pairs, like_pairs, people_like, people_named_like
from people.models import Person
from people.services.merging import mark_distinct
from tests.imports.samples import import_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(tingbjerg):
    """Four people: two spellings of one name, the same name with a phone, and another person."""
    known = {"home_branch": tingbjerg, "birth_date": None, "gender": "unknown"}
    return [
        PersonFactory(**known, first_name="Marie", last_name="Hansen", birth_year=1960),
        PersonFactory(**known, first_name="Maria", last_name="Hansen", birth_year=1960, phones=["+4550252858"]),
        PersonFactory(**known, first_name="Maria", last_name="Hanssen", birth_year=1960, phones=["+4550252858"]),
        PersonFactory(**known, first_name="Bo", last_name="Friis", birth_year=1960),
    ]


def test_pairs_are_sorted_by_score_with_the_older_case_first(people, django_assert_num_queries):
    marie, maria, again, _bo = (person.pk for person in people)
    with django_assert_num_queries(2):
        pairs = like_pairs(Person.objects.all())
    assert pairs == [
        LikePair(maria, again, 91, ("name", "phone", "birth_year")),
        LikePair(marie, maria, 66, ("birth_year",)),
        LikePair(marie, again, 65, ("birth_year",)),
    ]
    assert pairs[0].words == "navn, telefon og fødselsår"


def test_exact_duplicates_are_found_and_distinct_people_are_not(tingbjerg, coordinator):
    one, other = (PersonFactory(home_branch=tingbjerg, birth_date=dt.date(1977, 5, 3)) for _n in range(2))
    assert like_pairs(Person.objects.all()) == [LikePair(one.pk, other.pk, 80, ("name", "birth"))]
    mark_distinct(one, other, by=coordinator)
    assert like_pairs(Person.objects.all()) == []
    assert people_like(one, Person.objects.all()) == []


def test_mother_and_daughter_with_one_name_and_phone_are_a_probable_pair(tingbjerg):
    one, other = (
        PersonFactory(home_branch=tingbjerg, phones=["+4550252858"], birth_date=day, first_name="Amina")
        for day in (dt.date(1948, 3, 9), dt.date(1980, 11, 2))
    )
    assert like_pairs(Person.objects.all()) == [LikePair(one.pk, other.pk, 65, ("name", "phone"))]


def test_only_the_newest_of_a_large_branch_are_compared(people, monkeypatch):
    monkeypatch.setattr(duplicates, "MOST_COMPARED", 3)
    assert [(pair.first, pair.second) for pair in like_pairs(Person.objects.all())] == [(people[1].pk, people[2].pk)]


def test_count_is_cached_until_a_person_changes(people, tingbjerg, coordinator, monkeypatch):
    assert count_pairs(Person.objects.all(), tingbjerg.pk) == 3
    calls = []
    monkeypatch.setattr(duplicates, "like_pairs", lambda rows: calls.append(rows) or [None])
    assert (count_pairs(Person.objects.all(), tingbjerg.pk), len(calls)) == (3, 0)
    mark_distinct(people[0], people[1], by=coordinator)
    assert (count_pairs(Person.objects.all(), tingbjerg.pk), len(calls)) == (1, 1)
    people[3].first_name = "Boe"
    people[3].save()
    assert (count_pairs(Person.objects.all(), tingbjerg.pk), len(calls)) == (1, 2)


def test_count_changes_after_an_import_and_its_undoing(people, tingbjerg, programme, monkeypatch):
    """An import changes known people, and undoing it restores their ``updated_at``."""
    bo, calls = people[3], []
    monkeypatch.setattr(duplicates, "like_pairs", lambda rows: calls.append(rows) or [])

    def is_counted_anew() -> bool:
        calls.clear()
        count_pairs(Person.objects.all(), tingbjerg.pk)
        return bool(calls)

    bo.phones, bo.emails = ["+4540404040"], []
    bo.save()
    EnrolmentFactory(programme=programme, person=bo, role="contact")
    assert [is_counted_anew(), is_counted_anew()] == [True, False]
    before = bo.updated_at
    headings = "Fornavn|Efternavn|Mobil|E-mail|Branche"
    batch = import_list(headings, "Bo|Friis|40404040|bo@b.dk|It", programme=programme)
    bo.refresh_from_db()
    assert (bo.emails, bo.updated_at > before) == (["bo@b.dk"], True)
    assert [is_counted_anew(), is_counted_anew()] == [True, False]
    people[0].save()  # another person was changed last
    assert [is_counted_anew(), is_counted_anew()] == [True, False]
    undo_import(batch, by=None)
    bo.refresh_from_db()
    assert (bo.emails, bo.updated_at) == ([], before)
    assert [is_counted_anew(), is_counted_anew()] == [True, False]


def test_people_like_one_person(people, django_assert_num_queries):
    with django_assert_num_queries(3):
        found = people_like(people[2], Person.objects.all())
    assert found == [(people[1], "navn, telefon og fødselsår"), (people[0], "fødselsår")]


def test_a_person_merged_meanwhile_is_left_out(people, monkeypatch):
    facts_of = duplicates.facts_from

    def merged_meanwhile(rows):
        yield from facts_of(rows)
        Person.objects.filter(pk=people[1].pk).delete()

    monkeypatch.setattr(duplicates, "facts_from", merged_meanwhile)
    assert people_like(people[2], Person.objects.all()) == [(people[0], "fødselsår")]


def test_people_named_like_have_every_word_and_the_most_alike_come_first(people, django_assert_num_queries):
    marie, maria, again, _bo = people
    rows = Person.objects.all()
    with django_assert_num_queries(2):
        assert people_named_like("Maria Hansen", rows, 9) == [maria, again, marie]
    assert people_named_like("Maria Hansen", rows, 1) == [maria]
    for name in ("Maria Friis", "M", "", "…"):
        assert people_named_like(name, rows, 9) == []
