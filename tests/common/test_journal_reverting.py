"""Undoing an act restores what it changed and deleted, deletes what it created, and reports what remains."""

import pytest
from django.utils import timezone

from common.journal import Remaining, Reversal, delete, recording, save, set_related
from common.journal.reverting import as_read
from common.models import Act, Change
from common.record_values import mark_of, values_of
from demo.factories import EnrolmentFactory, InterviewFactory, OrganisationFactory, PersonFactory, TermFactory
from people.models import Enrolment, Organisation, Person
from tests.journal_entries import change, undo

pytestmark = pytest.mark.django_db


def remove(record) -> Act:
    with recording("remove", by=None) as journal:
        delete(record)
        return journal.begin()


def stored(record) -> dict:
    return values_of(type(record).objects.get(pk=record.pk))


def test_former_values_return_with_the_time_of_the_last_change():
    person = PersonFactory(town="Valby")
    before = stored(person)
    done = change(person, town="Herlev", notes="Ny")
    assert undo(done) == []
    assert stored(person) == before


def test_undoing_is_an_act_itself_and_can_be_undone():
    person = PersonFactory(town="Valby")
    done = change(person, town="Herlev")
    after = stored(person)
    undo(done)
    undone = Act.objects.get(undoes=done)
    assert (undone.name, done.undone_by) == ("undo", undone)
    assert undo(undone) == []
    assert stored(person) == after


def test_a_value_that_was_changed_since_remains():
    person = PersonFactory(town="Valby", occupation="Lærer")
    done = change(person, town="Herlev", occupation="Pilot")
    change(person, town="Husum")
    edited = person.updated_at
    remaining = undo(done)
    assert [(left.model, left.pk, left.why, left.names) for left in remaining] == [
        (Person, person.pk, "changed", ("town",))
    ]
    person.refresh_from_db()
    assert (person.town, person.occupation, person.updated_at > edited) == ("Husum", "Lærer", True)


def test_a_changed_record_that_was_deleted_since_is_reported():
    organisation = OrganisationFactory(name="VIDIT")
    done = change(organisation, name="Netto")
    pk = organisation.pk
    Organisation.objects.all().delete()
    assert undo(done) == [Remaining(Organisation, pk, "deleted")]


def test_a_deleted_record_returns_under_its_id_with_what_depended_on_it():
    person = PersonFactory()
    enrolment = EnrolmentFactory(person=person)
    enrolment.terms.set([TermFactory(kind="topic", name="Fodbold")])
    before = (stored(person), stored(enrolment))
    done = remove(person)
    assert undo(done) == []
    enrolment = Enrolment.objects.get()
    assert (stored(Person.objects.get()), stored(enrolment)) == before
    assert [term.name for term in enrolment.terms.all()] == ["Fodbold"]


def test_a_reference_to_a_record_that_is_deleted_since_is_emptied_or_the_record_remains_deleted():
    organisation = OrganisationFactory()
    person = PersonFactory(organisation=organisation)
    enrolment = EnrolmentFactory(person=person, status="applied")
    pk, enrolment_gone = enrolment.pk, remove(enrolment)
    person_gone = remove(Person.objects.get())
    assert undo(enrolment_gone) == [Remaining(Enrolment, pk, "deleted")]
    organisation.delete()
    assert undo(person_gone) == []
    assert Person.objects.get().organisation is None


def test_a_reference_that_a_deletion_emptied_is_restored():
    organisation = OrganisationFactory()
    pk, person = organisation.pk, PersonFactory(organisation=organisation)
    assert undo(remove(organisation)) == []
    assert Person.objects.get(pk=person.pk).organisation_id == pk


def test_a_created_record_is_deleted_without_its_values(tingbjerg):
    with recording("create", by=None) as journal:
        save(Organisation(branch=tingbjerg, name="VIDIT"))
        done = journal.begin()
    assert undo(done) == []
    assert Organisation.objects.count() == 0
    assert [(row.kind, row.before, row.after) for row in Change.objects.filter(act__undoes=done)] == [
        ("removed", None, None)
    ]


def test_a_created_record_that_is_in_use_remains_with_what_it_needs(programme):
    with recording("create", by=None) as journal:
        person = PersonFactory.build(home_branch=programme.branch, case_number="T-2011-900")
        save(person)
        enrolment = EnrolmentFactory.build(person=person, programme=programme)
        save(enrolment)
        done = journal.begin()
    InterviewFactory(enrolment=enrolment)
    assert {(left.model, left.why) for left in undo(done)} == {(Enrolment, "used"), (Person, "needed")}
    assert (Person.objects.count(), Enrolment.objects.count()) == (1, 1)


def test_terms_that_were_added_and_removed_are_restored():
    enrolment = EnrolmentFactory()
    old, new = (TermFactory(kind="topic", name=name) for name in ("Fodbold", "It"))
    enrolment.terms.set([old])
    with recording("change_terms", by=None) as journal:
        set_related(enrolment, "terms", [new])
        done = journal.begin()
    assert undo(done) == []
    assert list(enrolment.terms.all()) == [old]


def test_a_preview_reads_only(django_assert_num_queries):
    person = PersonFactory(town="Valby")
    done = change(person, town="Herlev")
    Person.objects.update(town="Husum", updated_at=timezone.now())
    with django_assert_num_queries(2):  # the changes, the person
        reversal = Reversal(done, as_read)
    assert [(left.pk, left.names) for left in reversal.remaining()] == [(person.pk, ("town",))]
    assert Change.objects.filter(act__undoes=done).count() == 0


def test_a_field_that_the_model_gained_or_lost_since_does_not_hinder_undoing(tingbjerg):
    with recording("create", by=None) as journal:
        organisation = Organisation(branch=tingbjerg, name="VIDIT")
        save(organisation)
        made = journal.begin()
    changed = change(OrganisationFactory(name="Netto"), name="Føtex")
    removed = remove(OrganisationFactory(name="Irma"))
    entry = Change.objects.get(act=made)
    old = tuple(name for name in entry.marked_fields if name != "notes")  # *notes* came later
    entry.marked_fields, entry.marks = list(old), mark_of(organisation, bytes(entry.salt), old)
    entry.save()
    Change.objects.filter(act=changed).update(field="nickname")
    entry = Change.objects.get(act=removed)
    entry.before["nickname"] = "I"
    entry.save()
    assert [left for done in (made, changed, removed) for left in undo(done)] == []
    assert set(Organisation.objects.values_list("name", flat=True)) == {"Føtex", "Irma"}


def test_a_created_record_that_can_no_longer_be_compared_remains(tingbjerg):
    with recording("create", by=None) as journal:
        save(Organisation(branch=tingbjerg, name="VIDIT"))
        done = journal.begin()
    entry = Change.objects.get()
    entry.marked_fields = [*entry.marked_fields, "nickname"]
    entry.save()
    assert [left.why for left in undo(done)] == ["changed"]
