"""Migrations of the people app that carry data over."""

import importlib

import pytest
from django.db.migrations.loader import MigrationLoader

from common.models import Act, Change
from common.record_values import digest_of, mark_of
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
    """Give people, the marks of the created ones and their changes the search text of the former folding."""
    Person.objects.filter(pk__in=[person.pk for person in people]).update(search_text=OLD)
    for person in people:
        person.refresh_from_db()
        Change.objects.filter(model="people.person", record_id=person.pk, field="search_text").update(after=OLD)
        for entry in Change.objects.filter(model="people.person", record_id=person.pk, kind="made"):
            entry.marks = mark_of(person, bytes(entry.salt))
            entry.save()


def entry_of(person, **values) -> Change:
    return Change.objects.get(model="people.person", record_id=person.pk, **values)


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
    changed = PersonFactory(home_branch=tingbjerg)
    services.update_person(changed, by=coordinator, last_name="Koed")
    as_before(made, touched, changed)
    Person.objects.filter(pk=touched.pk).update(town="Valby")
    migrate()
    for person, is_unchanged in ((made, True), (touched, False)):
        person.refresh_from_db()
        entry = entry_of(person, kind="made")
        assert (mark_of(person, bytes(entry.salt)) == bytes(entry.marks)) is is_unchanged
    for entry in (entry_of(made, kind="made"), entry_of(changed, field="search_text")):
        marks = bytes(entry.marks) if entry.marks else None
        assert bytes(entry.digest) == digest_of(bytes(entry.salt), entry.before, entry.after, marks)
    assert entry_of(changed, field="search_text").after == Person.objects.get(pk=changed.pk).search_text
    assert Act.objects.count() == 3


def test_erased_entries_stay_erased(migrate, tingbjerg, coordinator):
    made = services.create_person(by=coordinator, branch=tingbjerg, first_name="Anne-Marie", last_name="Koed")
    as_before(made)
    Change.objects.update(before=None, after=None, marks=None, salt=None)
    migrate()
    assert list(Change.objects.values_list("after", "marks", "salt").distinct()) == [(None, None, None)]
    assert Person.objects.get().search_text == Person.objects.get().build_search_text()
