"""Migrations of the people app that carry data over."""

import importlib

import pytest
from django.db.migrations.loader import MigrationLoader

from common.journal import recording, revert
from common.models import Act
from demo.factories import PersonFactory
from people import services
from people.models import Person
from people.services.merging import merge_people

pytestmark = pytest.mark.django_db
NAME = "0005_fold_search_texts"
build_search_texts = importlib.import_module(f"people.migrations.{NAME}").build_search_texts
OLD = "anne-marie o'brien t-2011-001 4520123456"


@pytest.fixture
def migrate():
    """The data step, with the models as they were then."""
    state = MigrationLoader(None).project_state(("people", NAME))
    return lambda: build_search_texts(state.apps, None)


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
