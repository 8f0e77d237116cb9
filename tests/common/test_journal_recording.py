"""The journal records what an act created, changed and deleted, in the transaction of the act."""

import datetime as dt
import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation

from common.journal import act, current_journal, delete, recording, save, set_related, update
from common.models import Act, Change
from common.record_values import digest_of, mark_of, marked_fields
from demo.factories import EnrolmentFactory, OrganisationFactory, PersonFactory, TermFactory
from people.models import LanguageSkill, Organisation, Person, Term

pytestmark = pytest.mark.django_db


@act
def rename(organisation, *, by, name):
    organisation.name = name
    save(organisation)


@act
def rename_twice(organisation, *, by):
    rename(organisation, by=by, name="Første")
    rename(Organisation.objects.get(pk=organisation.pk), by=by, name="Anden")


def entries(name=None) -> list[tuple]:
    """Return model, kind, field, before and after of all changes, without times of change."""
    changes = Change.objects.filter(act__name=name) if name else Change.objects.all()
    rows = changes.exclude(field="updated_at").values_list("model", "kind", "field", "before", "after")
    return list(rows)


def test_a_change_has_its_act_user_time_and_values(administrator):
    organisation = OrganisationFactory(name="VIDIT")
    rename(organisation, by=administrator, name="Netto")
    change = Change.objects.get()
    assert (change.model, change.record_id, change.kind, change.field, change.before, change.after) == (
        "people.organisation", organisation.pk, "changed", "name", "VIDIT", "Netto",
    )  # fmt: skip
    assert (change.act.name, change.act.by, change.act.reason, timezone.localdate(change.act.at)) == (
        "rename", administrator, "", dt.date(2011, 9, 15),
    )  # fmt: skip


def test_a_service_that_calls_others_is_one_act_with_one_change_a_field():
    organisation = OrganisationFactory(name="VIDIT")
    rename_twice(organisation, by=None)
    assert Act.objects.get().name == "rename_twice"
    assert entries() == [("people.organisation", "changed", "name", "VIDIT", "Anden")]


def test_an_act_that_changes_nothing_leaves_no_trace():
    rename(OrganisationFactory(name="VIDIT"), by=None, name="VIDIT")
    assert (Act.objects.count(), Change.objects.count()) == (0, 0)


def test_a_new_record_is_recorded_without_values(tingbjerg):
    with recording("create", by=None):
        save(Organisation(branch=tingbjerg, name="VIDIT"))
    change = Change.objects.get()
    assert (change.kind, change.field, change.before, change.after) == ("made", "", None, None)
    assert bytes(change.marks) == mark_of(Organisation.objects.get(), bytes(change.salt), marked_fields(Organisation))


def test_a_new_record_that_is_changed_in_the_same_act_is_recorded_as_new(tingbjerg):
    with recording("create", by=None):
        organisation = Organisation(branch=tingbjerg, name="VIDIT")
        save(organisation)
        rename(Organisation.objects.get(), by=None, name="Netto")
    change = Change.objects.get()
    assert change.kind == "made"
    assert bytes(change.marks) == mark_of(Organisation.objects.get(), bytes(change.salt), marked_fields(Organisation))


def test_a_new_record_that_is_read_again_and_updated_is_recorded_as_new(tingbjerg):
    with recording("create", by=None):
        save(Organisation(branch=tingbjerg, name="VIDIT"))
        update(Organisation.objects.all(), name="Netto")
    change = Change.objects.get()
    assert change.kind == "made"
    assert bytes(change.marks) == mark_of(Organisation.objects.get(), bytes(change.salt), marked_fields(Organisation))


def test_a_new_time_of_change_alone_is_no_change():
    person = PersonFactory()
    with recording("save", by=None):
        save(person)
    assert (Act.objects.count(), Change.objects.count()) == (0, 0)


def test_deleting_records_all_values_and_what_depended_on_the_record():
    person = PersonFactory(first_name="Åse")
    EnrolmentFactory(person=person, status="applied")
    with recording("remove", by=None):
        assert delete(person) == 1
    kinds = {(change.model, change.kind): change.before for change in Change.objects.all()}
    assert set(kinds) == {("people.enrolment", "removed"), ("people.person", "removed")}
    assert kinds["people.person", "removed"]["first_name"] == "Åse"
    assert list(Change.objects.values_list("model", flat=True))[-1] == "people.person"


def test_deleting_can_leave_the_values_out():
    with recording("erase", by=None):
        delete(PersonFactory(), keeps_values=False)
    assert [(change.kind, change.before) for change in Change.objects.all()] == [("removed", None)]


def test_references_that_a_deletion_empties_are_changes():
    organisation = OrganisationFactory()
    pk, person = organisation.pk, PersonFactory(organisation=organisation)
    with recording("remove", by=None):
        delete(organisation)
    assert Person.objects.get(pk=person.pk).organisation is None
    assert ("people.person", "changed", "organisation_id", pk, None) in entries()


def test_a_record_made_and_deleted_in_one_act_is_not_recorded(tingbjerg):
    with recording("nothing", by=None):
        organisation = Organisation(branch=tingbjerg, name="VIDIT")
        save(organisation)
        delete(organisation)
    assert (Act.objects.count(), Change.objects.count()) == (0, 0)


def test_many_rows_are_updated_and_recorded():
    person = PersonFactory()
    for name in ("Dansk", "Somali"):
        term = TermFactory(kind="language", name=name)
        LanguageSkill.objects.create(person=person, language=term, level="some")
    with recording("improve", by=None):
        assert update(person.languages.all(), level="good") == 2
    assert set(person.languages.values_list("level", flat=True)) == {"good"}
    assert entries() == [("people.languageskill", "changed", "level", "some", "good")] * 2


def test_rows_of_a_many_to_many_field_are_made_and_removed():
    enrolment = EnrolmentFactory()
    old, kept, new = (TermFactory(kind="topic", name=name) for name in ("Fodbold", "It", "Job"))
    enrolment.terms.set([old, kept])
    with recording("change_terms", by=None):
        set_related(enrolment, "terms", [kept, new])
    removed, made = Change.objects.order_by("kind").all()[::-1]
    assert set(enrolment.terms.all()) == {kept, new}
    assert (removed.kind, removed.before["term_id"], removed.before["enrolment_id"]) == (
        "removed",
        old.pk,
        enrolment.pk,
    )
    assert (made.kind, made.model) == ("made", "people.enrolment_terms")


def test_an_act_that_fails_stores_nothing():
    organisation = OrganisationFactory(name="VIDIT")

    @act
    def rename_badly(*, by):
        rename(organisation, by=by, name="Netto")
        rename(organisation, by=by, name="")

    with pytest.raises(ValidationError):
        rename_badly(by=None)
    assert (Organisation.objects.get().name, Change.objects.count()) == ("VIDIT", 0)


def test_a_caught_failure_leaves_only_what_was_stored_before():
    organisation = OrganisationFactory(name="VIDIT", phone="")
    with recording("outer", by=None):
        organisation.phone = "+4550505050"
        save(organisation)
        with pytest.raises(ValidationError):
            rename(organisation, by=None, name="")
    assert entries() == [("people.organisation", "changed", "phone", "", "+4550505050")]


def test_a_record_that_was_deleted_meanwhile_is_not_created_again():
    organisation = OrganisationFactory()
    Organisation.objects.all().delete()
    with pytest.raises(ValidationError, match="slettet"):
        rename(organisation, by=None, name="Netto")
    assert Organisation.objects.count() == 0


def test_writing_outside_of_an_act_is_an_error(tingbjerg):
    with pytest.raises(RuntimeError, match="within an act"):
        save(Organisation(branch=tingbjerg, name="VIDIT"))
    with pytest.raises(RuntimeError):
        current_journal()


def test_another_argument_can_name_the_user(administrator):
    @act(by="user")
    def create_term(user, *, name):
        save(Term(kind="topic", name=name))

    create_term(administrator, name="Fodbold")
    assert (Act.objects.get().by, Act.objects.get().name) == (administrator, "create_term")


def test_the_digest_outlives_erased_values():
    rename(OrganisationFactory(name="VIDIT"), by=None, name="Netto")
    change = Change.objects.get()
    assert bytes(change.digest) == digest_of(bytes(change.salt), "VIDIT", "Netto", None)
    assert bytes(change.digest) != hashlib.sha256(b'["VIDIT","Netto"]').digest()
    Change.objects.update(before=None, after=None, salt=None)
    assert bytes(Change.objects.get().digest) == bytes(change.digest)


def test_changes_are_found_by_model_field_and_day_in_the_database(administrator):
    organisation = OrganisationFactory(name="VIDIT")
    rename(organisation, by=administrator, name="Netto")
    day = {"act__at__date": dt.date(2011, 9, 15), "act__by": administrator}
    assert Change.objects.filter(model="people.organisation", field="name", before="VIDIT", **day).count() == 1
    assert Change.objects.filter(model="people.organisation", field="name", before="Netto", **day).count() == 0


def test_the_open_transaction_is_rolled_back_with_its_entries():
    organisation = OrganisationFactory(name="VIDIT")
    with transaction.atomic():
        rename(organisation, by=None, name="Netto")
        transaction.set_rollback(True)
    assert Change.objects.count() == 0


def test_records_created_together_share_an_entry_for_consecutive_ids(tingbjerg):
    with recording("create", by=None) as journal:
        names = [str(number) for number in range(1_203)]
        made = journal.create(Organisation, [Organisation(branch=tingbjerg, name=name) for name in names])
        journal.delete(made[1:2])
    first = made[0].pk
    assert list(Change.objects.values_list("record_id", "last_id")) == [
        (first, first), (first + 2, first + 1_001), (first + 1_002, first + 1_202),
    ]  # fmt: skip
    for change in Change.objects.all():
        records = Organisation.objects.filter(pk__range=(change.record_id, change.last_id)).order_by("pk")
        marks = [mark_of(record, bytes(change.salt), marked_fields(Organisation)) for record in records]
        assert bytes(change.marks) == b"".join(marks)
        assert len(set(marks)) == len(marks)


@act(reason="why")
def correct_name(organisation, *, by, why, name):
    rename(organisation, by=by, name=name)


def test_an_act_keeps_the_reason_of_a_correction(administrator):
    organisation = OrganisationFactory(name="VIDIT")
    correct_name(organisation, by=administrator, why="  Den hedder noget andet. ", name="Netto")
    assert list(Act.objects.values_list("name", "reason")) == [("correct_name", "Den hedder noget andet.")]


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        (" ", "Skriv hvorfor, med få ord."),
        ("x" * 501, "Skriv højst 500 tegn."),
        (
            "Hun sagde 010180-1234",
            "Teksten indeholder noget, der ligner et CPR-nummer. Fjern det: vi gemmer aldrig CPR-numre.",
        ),
    ],
)
def test_a_correction_without_a_proper_reason_is_refused(why, sentence):
    organisation = OrganisationFactory(name="VIDIT")
    with translation.override("da"), pytest.raises(ValidationError) as caught:
        correct_name(organisation, by=None, why=why, name="Netto")
    assert caught.value.message_dict == {"why": [sentence]}
    assert (Act.objects.count(), Organisation.objects.get().name) == (0, "VIDIT")
