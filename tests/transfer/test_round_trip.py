"""A branch out of one database and into another is the same branch."""

import io
import json
from dataclasses import replace

import pytest
from django.db import DataError

from accounts.models import AccessRecord, Branch, Membership
from common.models import NumberSeries
from common.numbering import take_numbers
from demo.factories import BranchFactory, EnrolmentFactory, PersonFactory, UserFactory
from demo.services import load_demo
from events.models import Attendance, Event
from matching.models import FollowUp, Match
from people.models import DistinctPeople, Enrolment, Organisation, Person, PersonMerge, Term
from programmes.models import Programme
from reporting.models import StatusReport
from tests.transfer.conftest import file_of, members, rows_of, tables
from tests.transfer.world import AWKWARD, empty_tables
from transfer.cells import kind_of
from transfer.packing import MANIFEST
from transfer.places import Place
from transfer.services import export_branch, import_branch
from transfer.services.references import References
from transfer.services.storing import explain_clash
from transfer.tables import branch_tables

pytestmark = pytest.mark.django_db
COME_BACK = ["accounts.branch", "people.person", "matching.match"]


def test_the_world_says_something_in_every_column(exported):
    """A model that is added later must be planted in tests/transfer/world.py, or the round trip says nothing of it."""
    silent = []
    for table in branch_tables():
        rows = rows_of(exported, table.name)[1:]
        for place, column in enumerate(table.columns, start=1):
            if not any(row[place] for row in rows):
                silent.append(f"{table.name}.{column.name}")
    assert silent == []


def test_the_world_comes_back_byte_for_byte(world, exported):
    empty_tables()
    BranchFactory(name="København", slug="koebenhavn", code="K")
    read = import_branch(io.BytesIO(exported), by=None)
    again = tables(file_of(Branch.objects.get(slug="tingbjerg")))
    before = tables(exported)
    differing = [name for name in before if again[name] != before[name]]
    # Only what names a branch that is empty here differs; the next test has it filled.
    assert differing == [
        "tabeller/people.person.csv",
        "tabeller/matching.match.csv",
        "tabeller/matching.meeting.csv",
        "tabeller/events.programmeinvitation.csv",
        "tabeller/events.attendance.csv",
    ]
    assert read.left_out == {
        "matching.match": 1,
        "matching.meeting": 1,
        "events.programmeinvitation": 1,
        "events.attendance": 1,
    }
    assert (read.moved_home, read.unknown_users, read.emptied, read.known) == (1, {}, {}, {})


def test_the_world_comes_back_beside_the_other_branch(world, exported):
    """The other branch's people are not stored twice: they are known again by their case numbers."""
    empty_tables(world.branch)
    read = import_branch(io.BytesIO(exported), by=None)
    assert read.is_new is False
    assert tables(file_of(world.branch)) == tables(exported)
    assert read.left_out == {}
    assert read.known == {
        "people.person": 1,
        "people.languageskill": 1,
        "people.consent": 1,
        "people.term": 5,
        "programmes.funder": 1,
        "programmes.policyarea": 1,
    }
    assert Person.objects.filter(case_number="K-2010-005").count() == 1


def test_values_are_the_same_objects_again(world, exported):
    def facts():
        person = Person.objects.get(case_number="T-2011-038")
        match = Match.objects.get(number="M-2011-021")
        report = StatusReport.objects.get(status="sent")
        return (
            [getattr(person, field.name) for field in Person._meta.concrete_fields if not field.is_relation][1:],
            [getattr(match, field.name) for field in Match._meta.concrete_fields if not field.is_relation][1:],
            (report.frozen, report.sent_at, report.created_at),
            (person.organisation.name, person.created_by, match.mentor.case_number, match.mentee.case_number),
            sorted(term.name for term in Enrolment.objects.get(person=person).terms.all()),
            list(FollowUp.objects.order_by("pk").values_list("step__days_after_start", "match__number")),
        )

    before, ids = facts(), set(Person.objects.values_list("pk", flat=True))
    empty_tables()
    read = import_branch(io.BytesIO(exported), by=None)
    assert facts() == before
    assert read.branch == Branch.objects.get()
    assert (read.branch.name, read.branch.code, read.is_new) == ("Tingbjerg", "T", True)
    assert ids.isdisjoint(Person.objects.values_list("pk", flat=True))


def test_every_text_comes_back(world):
    texts = [*AWKWARD, "", "x" * 200_000, "=" * 40_000]
    for number, text in enumerate(texts):
        PersonFactory(home_branch=world.branch, case_number=f"T-1999-{number}", notes=text)
    file = file_of(world.branch)
    empty_tables()
    import_branch(io.BytesIO(file), by=None)
    found = Person.objects.filter(case_number__startswith="T-1999").order_by("pk")
    assert list(found.values_list("notes", flat=True)) == texts


def test_an_export_of_the_same_content_is_the_same_file(world, exported):
    both = [members(data) for data in (exported, file_of(world.branch))]
    manifests = [json.loads(contents.pop(MANIFEST)) for contents in both]
    assert both[0] == both[1]
    for manifest in manifests:
        del manifest["made_at"]
    assert manifests[0] == manifests[1]


@pytest.mark.no_cover  # much work on lines that others measure
def test_the_demo_comes_back_byte_for_byte():
    load_demo(size=0.01)
    files = {branch.slug: file_of(branch) for branch in Branch.objects.order_by("slug")}
    people = set(Person.objects.values_list("case_number", "search_text"))
    empty_tables()
    # Tingbjerg first: it names nobody of the other branch; København invites Tingbjerg to its events.
    read = [import_branch(io.BytesIO(files[slug]), by=None) for slug in ("tingbjerg", "koebenhavn")]
    assert {slug: tables(file_of(Branch.objects.get(slug=slug))) for slug in files} == {
        slug: tables(data) for slug, data in files.items()
    }
    assert [(one.left_out, one.unknown_users, one.moved_home) for one in read] == [({}, {}, 0)] * 2
    assert set(Person.objects.values_list("case_number", "search_text")) == people
    assert Branch.objects.filter(is_demo=True).count() == 2


def test_numbers_go_on_after_the_highest(exported):
    empty_tables()
    NumberSeries.objects.create(key="K-2010", last=9)
    import_branch(io.BytesIO(exported), by=None)
    programme = Programme.objects.get()
    assert dict(NumberSeries.objects.values_list("key", "last")) == {
        "T-2011": 1003,
        "K-2010": 9,
        f"M-{programme.pk}-2011": 21,
        f"M-{programme.pk}-2010": 3,
    }
    assert list(take_numbers("T-2011")) == [1004]


def test_users_are_known_by_email_and_unknown_ones_are_told(world, exported):
    world.user.email = "somebody.else@example.net"
    world.user.save()
    empty_tables()
    UserFactory(email="new@example.net")
    read = import_branch(io.BytesIO(exported), by=None)
    assert list(read.unknown_users) == ["hanne@example.net"]
    assert read.unknown_users["hanne@example.net"] > 20
    assert set(Person.objects.values_list("created_by", flat=True)) == {None}
    assert not Membership.objects.exists()


def test_who_is_known_only_to_another_branch_stays_out_of_the_file(world, exported):
    """The stranger was at our event and is in one match; nothing else of theirs may leave with us."""
    contents = members(exported)
    holding = [name for name, content in contents.items() if b"K-2010-006" in content]
    assert holding == ["tabeller/matching.match.csv", "tabeller/events.attendance.csv", MANIFEST]
    manifest = json.loads(contents[MANIFEST])
    assert manifest["held_by_others"] == {"people.distinctpeople": 1, "events.event": 1, "events.attendance": 1}
    assert manifest["elsewhere"] == {
        "accounts.branch": ["koebenhavn"],
        "accounts.user": ["hanne@example.net"],
        "people.person": ["K-2010-006"],
        "programmes.programme": ["koebenhavn"],
    }
    assert len(rows_of(exported, "events.event")) == 2
    assert [row[2] for row in rows_of(exported, "events.attendance")[1:]] == ["T-2011-038", "K-2010-006"]


def test_pairs_of_people_are_in_order_whatever_ids_they_get(world, exported):
    """The other branch's person was stored before ours in one database and after in the next."""
    DistinctPeople.objects.all().delete()
    pair = {"first": world.guest, "second": world.mentor}
    world.plant(DistinctPeople, **pair)
    file = file_of(world.branch)
    empty_tables()
    import_branch(io.BytesIO(file), by=None)
    stored = DistinctPeople.objects.get()
    assert stored.first_id < stored.second_id
    assert {stored.first.case_number, stored.second.case_number} == {"K-2010-005", "T-2011-038"}
    assert PersonMerge.objects.get().journal is None


def test_reading_is_logged_with_who_and_how_many(exported):
    empty_tables()
    by = UserFactory()
    read = import_branch(io.BytesIO(exported), by=by)
    record = AccessRecord.objects.get()
    assert (record.kind, record.subject, record.user, record.branch) == ("import", "accounts.branch", by, read.branch)
    assert record.count == sum(read.rows.values())
    assert (Term.objects.count(), Event.objects.count(), Attendance.objects.count()) == (5, 1, 1)


def test_references_to_later_rows_are_filled_in_at_the_end(world, exported, monkeypatch):
    """No model of ours needs it yet: here the steps of the follow-up plan are taken for rows that come later."""
    late = [
        replace(
            table,
            columns=tuple(
                replace(column, is_late=True) if column.place == "matching.FollowUp.step" else column
                for column in table.columns
            ),
        )
        for table in branch_tables()
    ]
    empty_tables()
    monkeypatch.setattr("transfer.services.importing.branch_tables", lambda: tuple(late))
    import_branch(io.BytesIO(exported), by=None)
    assert list(FollowUp.objects.order_by("pk").values_list("step__days_after_start", flat=True)) == [1, None]


def test_references_to_rows_that_were_left_out_become_empty(world):
    tables_by_model = {table.model: table for table in branch_tables()}
    references = References(world.branch, branch_tables(), {})
    references.forget(tables_by_model[Organisation], 1)
    place = Place(tables_by_model[Person], row=3)
    column = next(column for column in place.table.columns if column.name == "organisation")
    assert references.find(place, column, "1") is None
    assert references.emptied == {"people.person.organisation": 1}


def test_a_clash_nobody_foresaw_is_told_all_the_same(world):
    place = Place(next(table for table in branch_tables() if table.model is Organisation), row=1)
    refusal = explain_clash(place, Organisation(branch=world.other, name="Ny"), DataError("out of range"))
    assert str(refusal) == "Organisationer (tabeller/people.organisation.csv), række 1: en værdi passer ikke."


def test_an_export_that_cannot_be_logged_is_none(world, monkeypatch):
    def broken(**facts):
        raise OSError("disk full")

    monkeypatch.setattr("transfer.services.exporting.record_access", broken)
    with pytest.raises(OSError, match="disk full"):
        export_branch(world.branch, by=None)
    assert not AccessRecord.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_export_outside_a_transaction_sees_one_moment(programme):
    """PostgreSQL is asked for a snapshot; SQLite's transactions are one by themselves."""
    EnrolmentFactory(programme=programme)
    assert len(rows_of(file_of(programme.branch), "people.person")) == 2
    assert AccessRecord.objects.get().count == 4


def test_every_column_is_read_by_the_kind_that_wrote_it():
    assert [c.place for t in branch_tables() for c in t.columns if c.target is None and not kind_of(c.field)] == []
