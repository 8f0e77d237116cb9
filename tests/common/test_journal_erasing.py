"""Erasing the values of records from the journal leaves its digests."""

import pytest

from common.journal import delete, erase_values, recording, save, set_related
from common.models import Act, Change
from common.record_values import MARK_LENGTH
from demo.factories import EnrolmentFactory, OrganisationFactory, PersonFactory, TermFactory
from people.models import Organisation, Person
from tests.journal_entries import change, undo

pytestmark = pytest.mark.django_db


def digests() -> list[tuple[int, bytes]]:
    return [(pk, bytes(digest)) for pk, digest in Change.objects.order_by("pk").values_list("pk", "digest")]


def values_of(entry) -> tuple:
    return entry.before, entry.after, entry.marks, entry.salt


def test_values_marks_and_salts_are_emptied_and_digests_stay(tingbjerg):
    with recording("create", by=None):
        organisation = Organisation(branch=tingbjerg, name="VIDIT")
        save(organisation)
    change(organisation, name="Netto")
    with recording("remove", by=None):
        delete(Organisation.objects.get())
    before = digests()
    assert erase_values([organisation]) == 3
    assert [values_of(entry) for entry in Change.objects.all()] == [(None, None, None, None)] * 3
    assert digests() == before
    assert all(len(digest) == 32 for _pk, digest in before)


def test_entries_of_other_records_keep_their_values():
    person, other = PersonFactory(town="Valby"), PersonFactory(town="Valby")
    change(person, town="Herlev")
    change(other, town="Herlev")
    erase_values([person])
    assert list(Change.objects.filter(field="town").order_by("pk").values_list("before", "after")) == [
        (None, None),
        ("Valby", "Herlev"),
    ]
    assert erase_values([]) == 0


def test_records_created_together_keep_the_marks_of_the_others(tingbjerg):
    with recording("create", by=None) as journal:
        stored = journal.create(Organisation, [Organisation(branch=tingbjerg, name=name) for name in ("A", "B", "C")])
    marks = bytes(Change.objects.get().marks)
    with recording("create", by=None):
        save(Organisation(branch=tingbjerg, name="D"))
    assert erase_values([stored[1]]) == 1
    entry = Change.objects.first()
    erased = bytes(MARK_LENGTH)
    assert bytes(entry.marks) == marks[:MARK_LENGTH] + erased + marks[2 * MARK_LENGTH :]
    assert entry.salt is not None
    assert erase_values([stored[0], stored[2]]) == 1
    assert values_of(Change.objects.first()) == (None, None, None, None)
    assert Change.objects.last().salt is not None


def test_an_act_whose_values_were_erased_leaves_the_record_as_it_is():
    person = PersonFactory(town="Valby")
    done = change(person, town="Herlev")
    erase_values([person])
    assert undo(done) == []
    assert Person.objects.get().town == "Herlev"


def test_creations_of_many_to_many_rows_hold_no_values_and_stay():
    enrolment = EnrolmentFactory()
    with recording("wish", by=None):
        set_related(enrolment, "terms", [TermFactory(kind="topic", name="Skak")])
    row = enrolment.terms.through.objects.get()
    assert erase_values([row]) == 0
    assert Change.objects.get().salt is not None


def test_an_erased_creation_is_not_undone():
    organisation = OrganisationFactory()
    with recording("create", by=None) as journal:
        new = Organisation(branch=organisation.branch, name="Ny")
        save(new)
        done = journal.begin()
    erase_values([new])
    undo(done)
    assert Organisation.objects.filter(pk=new.pk).exists()


def test_the_reasons_of_the_acts_are_emptied():
    person, other = PersonFactory(town="Valby"), PersonFactory(town="Valby")
    for record, reason in ((person, "Hun er flyttet."), (other, "Han er flyttet.")):
        with recording("correct", by=None, reason=reason):
            record.town = "Herlev"
            save(record)
    erase_values([person])
    assert list(Act.objects.order_by("pk").values_list("reason", flat=True)) == ["", "Han er flyttet."]
