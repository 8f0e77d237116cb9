"""Migrations of the people app that carry data over."""

import importlib

import pytest
from django.db.migrations.loader import MigrationLoader

from common.journal import recording, revert
from common.models import Act, Change
from demo.factories import OrganisationFactory, PersonFactory
from people import services
from people.models import Draft, Organisation, Person
from people.services.merging import merge_people

pytestmark = pytest.mark.django_db
NAME = "0005_fold_search_texts"
build_search_texts = importlib.import_module(f"people.migrations.{NAME}").build_search_texts
CLEANING = "0008_clean_stored_texts"
clean_stored_texts = importlib.import_module(f"people.migrations.{CLEANING}").clean_stored_texts
ONE_PAGE = "0013_drafts_of_one_page"
OLD = "anne-marie o'brien t-2011-001 4520123456"


@pytest.fixture
def migrate():
    """The data step, with the models as they were then."""
    state = MigrationLoader(None).project_state(("people", NAME))
    return lambda: build_search_texts(state.apps, None)


@pytest.fixture
def clean():
    """The data step that cleans stored texts, with the models as they were then."""
    state = MigrationLoader(None).project_state(("people", CLEANING))
    state.remove_model("people", "intakedraft")  # its table has another name since
    return lambda: clean_stored_texts(state.apps, None)


def as_before(*people):
    """Give people the search text of the former folding."""
    Person.objects.filter(pk__in=[person.pk for person in people]).update(search_text=OLD)


def test_search_texts_are_built_again(migrate, tingbjerg, coordinator):
    kept, merged, other = (
        PersonFactory(home_branch=tingbjerg, first_name="Anne-Marie", last_name="O\u2019Brien") for _number in range(3)
    )
    merge_people(kept, merged, by=coordinator)
    as_before(kept, other)
    migrate()
    for person in Person.objects.all():
        assert person.search_text == person.build_search_text()
    assert Person.objects.search("Anne Marie OBrien").count() == 2
    assert Person.objects.search(merged.case_number).get() == kept


def test_what_was_made_or_changed_before_can_still_be_undone(migrate, tingbjerg, coordinator):
    made = services.create_person(by=coordinator, branch=tingbjerg, first_name="Anne-Marie", last_name="Koed")
    touched = services.create_person(by=coordinator, branch=tingbjerg, first_name="Ida", last_name="Koed")
    changed = PersonFactory(home_branch=tingbjerg, last_name="Dam")
    services.update_person(changed, by=coordinator, last_name="Koed")
    as_before(made, touched, changed)
    Person.objects.filter(pk=touched.pk).update(town="Valby")
    migrate()
    with recording("undo", by=None):
        remaining = [left.pk for act in Act.objects.order_by("pk") for left in revert(act)]
    assert remaining == [touched.pk]
    changed.refresh_from_db()
    assert (changed.last_name, changed.search_text) == ("Dam", changed.build_search_text())
    assert set(Person.objects.all()) == {touched, changed}


def test_stored_texts_and_phones_are_cleaned(clean, tingbjerg):
    names = {"first_name": "Andre\u0301\u200b", "last_name": "\u202aKoed\x07\u202c", "notes": "En\nto"}
    phones = ["20 12 34 56", "tlf. 0045 20123456", "+4511111111", "20 12 34 57 (datter)"]
    person = PersonFactory(home_branch=tingbjerg, office_phone="38 20 10 30, lokal 4", **names)
    Person.objects.filter(pk=person.pk).update(phones=phones, emails=["Andre@B.dk\u200e"], search_text=OLD, **names)
    clean()
    person.refresh_from_db()
    assert (person.first_name, person.last_name, person.notes) == ("Andr\xe9", "Koed", "En\nto")
    assert person.phones == ["+4520123456", "+4511111111", "20 12 34 57 (datter)"]
    assert (person.emails, person.office_phone) == (["andre@b.dk"], "38 20 10 30, lokal 4")
    assert person.search_text == person.build_search_text()
    assert Person.objects.search("38201030").get() == person
    assert Person.objects.search("+45 20 12 34 57").get() == person


def test_a_name_that_another_record_has_already_stays(clean, tingbjerg):
    kept, other = OrganisationFactory(branch=tingbjerg, name="Caf\xe9"), OrganisationFactory(branch=tingbjerg)
    Organisation.objects.filter(pk=other.pk).update(name="Cafe\u0301", address="Ruten\u200b 12")
    clean()
    assert set(Organisation.objects.values_list("pk", "name")) == {(kept.pk, "Caf\xe9"), (other.pk, "Cafe\u0301")}


def test_cleaning_leaves_the_journal_alone(clean, tingbjerg, coordinator):
    person = services.create_person(by=coordinator, branch=tingbjerg, first_name="Anne", last_name="Koed")
    clean_one = services.create_person(by=coordinator, branch=tingbjerg, first_name="Ida", last_name="Koed")
    Person.objects.filter(pk=person.pk).update(first_name="An\u200bne")
    before = list(Change.objects.order_by("pk").values())
    clean()
    assert list(Change.objects.order_by("pk").values()) == before
    with recording("undo", by=None):
        assert [left for act in Act.objects.order_by("pk") for left in revert(act)] == []
    assert not Person.objects.filter(pk__in=[person.pk, clean_one.pk]).exists()


def test_steps_of_a_draft_become_one_page(coordinator, tingbjerg):
    typed = {"who": {"first_name": ["Fatma"]}, "role": {"role": ["mentee"]}}
    draft = Draft.objects.create(branch=tingbjerg, created_by=coordinator, typed=typed)
    state = MigrationLoader(None).project_state(("people", ONE_PAGE))
    importlib.import_module(f"people.migrations.{ONE_PAGE}").join_steps(state.apps, None)
    draft.refresh_from_db()
    assert draft.typed == {"first_name": ["Fatma"], "role": ["mentee"]}
