"""How the rows of all apps follow a merge, and how undoing restores them."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from demo.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    EventFactory,
    ImportBatchFactory,
    InterviewFactory,
    MatchFactory,
    OrganisationFactory,
    PersonFactory,
    ScreeningCheckFactory,
    TermFactory,
)
from events.models import Attendance
from imports.models import ImportRow
from matching.models import Interview, Match, ScreeningCheck
from people.enums import ConsentKind, LanguageLevel, TermKind
from people.merging import merge_consequences
from people.models import BranchQuestion, Consent, DistinctPeople, Enrolment, LanguageSkill, Person, VolunteerGroup
from people.services import update_person
from people.services.merging import _unique_constraints, mark_distinct, merge_people, undo_merge
from people.views.detail import origins_on_page
from tests.imports.samples import came_from
from tests.imports.stored_rows import content


@pytest.fixture
def histories(kept, other, programme, coordinator, other_branch_coordinator, koebenhavn):
    """Two mentors in one programme, on the lists of the same events; the other has more rows of each kind."""
    danish, arabic, somali = (TermFactory(kind=TermKind.LANGUAGE, name=name) for name in ("Dansk", "Arabisk", "Somali"))
    job, school = TermFactory(name="Job"), TermFactory(name="Skole")
    group = VolunteerGroup.objects.create(programme=programme, name="Lektiecafé")
    mine = EnrolmentFactory(
        person=kept, programme=programme, role="mentor", status="applied", applied_on=dt.date(2011, 5, 1),
        waiting_since=None, terms=[job], recruited_via="Oplæg", capacity=2, wish="Gåture",
    )  # fmt: skip
    theirs = EnrolmentFactory(
        person=other, programme=programme, role="mentor", status="matched", applied_on=dt.date(2011, 2, 1),
        waiting_since=dt.date(2011, 2, 9), terms=[job, school], recruited_via="Presse", wish="Madlavning",
        min_age=20, max_age=30,
    )  # fmt: skip
    theirs.groups.add(group)
    EnrolmentFactory(person=other, programme=programme, role="contact", status="applied")
    LanguageSkill.objects.create(person=kept, language=danish, level=LanguageLevel.SOME, note="kursus")
    LanguageSkill.objects.create(person=other, language=danish, level=LanguageLevel.GOOD, note="Prøve i Dansk 2")
    LanguageSkill.objects.create(person=other, language=arabic)
    LanguageSkill.objects.create(person=kept, language=somali, level=LanguageLevel.NATIVE)
    Consent.objects.create(person=other, kind=ConsentKind.STORE, is_given=True, on=dt.date(2011, 2, 1))
    InterviewFactory(enrolment=theirs)
    ScreeningCheckFactory(enrolment=theirs)
    running = {"proposed_on": None, "started_on": dt.date(2011, 4, 1)}
    MatchFactory(programme=programme, mentor=kept, mentor_place=1, status="active", **running)
    MatchFactory(programme=programme, mentor=other, mentor_place=1, status="active", **running)
    MatchFactory(
        programme=programme, mentor=other, mentor_place=None, status="ended", started_on=dt.date(2010, 4, 1),
        proposed_on=None, ended_on=dt.date(2010, 9, 1),
    )  # fmt: skip
    both, alone = EventFactory(programme=programme, capacity=9), EventFactory(programme=programme)
    AttendanceFactory(event=both, person=kept, status="invited", place_number=None, note="vegetar")
    AttendanceFactory(event=both, person=other, status="signed_up", place_number=4, note="kommer senere")
    AttendanceFactory(event=alone, person=other, status="attended")
    third = PersonFactory(home_branch=programme.branch)
    for first, second, is_household in ((kept, other, False), (other, third, True), (kept, third, False)):
        mark_distinct(first, second, by=coordinator, is_household=is_household)
    for person in (kept, other):
        BranchQuestion.objects.create(
            asking_branch=koebenhavn, asked_branch=programme.branch, person=person, about="Hodan W.",
            asked_by=other_branch_coordinator,
        )  # fmt: skip
    batch = ImportBatchFactory(programme=programme)
    row = ImportRow.objects.create(batch=batch, number=4, state="clean", other_person_id=other.pk)
    came_from(other, row)
    return mine, theirs


def test_all_references_move_and_duplicate_rows_are_folded(histories, kept, other, coordinator):
    mine, theirs = histories
    merge_people(kept, other, by=coordinator)
    assert sorted(kept.enrolments.values_list("role", flat=True)) == ["contact", "mentor"]
    mine.refresh_from_db()
    assert (mine.status, mine.applied_on, mine.waiting_since) == ("matched", dt.date(2011, 2, 1), dt.date(2011, 2, 9))
    assert (mine.wish, mine.recruited_via, mine.min_age, mine.max_age) == ("Gåture\nMadlavning", "Oplæg", 20, 30)
    assert sorted(term.name for term in mine.terms.all()) == ["Job", "Skole"]
    assert [group.name for group in mine.groups.all()] == ["Lektiecafé"]
    assert [Interview.objects.get().enrolment, ScreeningCheck.objects.get().enrolment] == [mine, mine]
    assert not Enrolment.objects.filter(pk=theirs.pk).exists()
    skills = kept.languages.order_by("language__name").values_list("language__name", "level", "note")
    assert list(skills) == [
        ("Arabisk", "unknown", ""), ("Dansk", "good", "kursus, Prøve i Dansk 2"), ("Somali", "native", ""),
    ]  # fmt: skip
    assert kept.consents.count() == 1
    matches = Match.objects.order_by("pk").values_list("mentor", "mentor_place", "status")
    assert list(matches) == [(kept.pk, 1, "active"), (kept.pk, 2, "active"), (kept.pk, None, "ended")]
    attendances = Attendance.objects.order_by("pk").values_list("person", "status", "place_number", "note")
    assert list(attendances) == [
        (kept.pk, "signed_up", 4, "vegetar, kommer senere"), (kept.pk, "attended", None, ""),
    ]  # fmt: skip
    assert DistinctPeople.objects.get().is_household is True
    assert BranchQuestion.objects.get().person == kept
    row = ImportRow.objects.get()
    kept.refresh_from_db()
    assert row.other_person_id == kept.pk
    assert kept.notes == "Fra T-2010-012:\nMentor i Mentornetværket Tingbjerg · Har hørt om os gennem: Presse"


def test_both_origins_are_kept(histories, kept, other, coordinator):
    came_from(kept, ImportRow.objects.create(batch=ImportBatchFactory(), number=9, state="clean"))
    assert origins_on_page(kept, None, coordinator)["merged_origins"] == {}
    merge_people(kept, other, by=coordinator)
    kept = Person.objects.get(pk=kept.pk)
    origins = origins_on_page(kept, None, coordinator)
    assert origins["origin"].row == 9
    assert {number: origin.row for number, origin in origins["merged_origins"].items()} == {"T-2010-012": 4}
    ImportRow.objects.filter(number=4).delete()
    assert origins_on_page(kept, None, coordinator)["merged_origins"] == {}


def test_saving_an_edit_of_a_merged_person_is_refused(kept, other, coordinator):
    merge_people(kept, Person.objects.get(pk=other.pk), by=coordinator)
    with pytest.raises(ValidationError):
        update_person(other, by=None, first_name="Hodan")
    assert list(Person.objects.all()) == [kept]


def test_undoing_restores_every_row(histories, kept, other, coordinator):
    before = content()
    merge = merge_people(kept, other, by=coordinator)
    assert content() != before
    assert undo_merge(merge, by=coordinator) == []
    assert content() == before
    merge.refresh_from_db()
    assert (merge.undone_by, merge.act.undone_by.name, merge.undone_at is not None) == (coordinator, "undo_merge", True)


def test_later_changes_are_kept_and_reported(histories, kept, other, coordinator):
    mine, theirs = histories
    merge = merge_people(kept, other, by=coordinator)
    kept.refresh_from_db()
    kept.phones = ["+4550252860"]
    kept.notes = "Ny note"
    kept.save()
    Interview.objects.all().delete()
    LanguageSkill.objects.filter(language__name="Dansk").update(level=LanguageLevel.NATIVE)
    later = ScreeningCheckFactory(enrolment=mine)
    assert undo_merge(merge, by=coordinator) == [
        "Person: telefonnumre og noter er ændret efter sammenlægningen og bliver stående.",
        "Interview: slettet efter sammenlægningen og kommer ikke tilbage.",
        "Sprog: niveau er ændret efter sammenlægningen og bliver stående.",
    ]
    kept.refresh_from_db()
    assert (kept.phones, kept.notes, kept.emails) == (["+4550252860"], "Ny note", [])
    assert list(Enrolment.objects.get(pk=theirs.pk).checks.all()) == list(ScreeningCheck.objects.exclude(pk=later.pk))
    assert later in mine.checks.all()


def test_answered_questions_and_matches_of_a_mentee_both_remain(
    kept, other, coordinator, other_branch_coordinator, programme, koebenhavn
):
    for person in (kept, other):
        BranchQuestion.objects.create(
            asking_branch=koebenhavn, asked_branch=programme.branch, person=person, about="Hodan W.", answer="yes",
            asked_by=other_branch_coordinator,
        )  # fmt: skip
        MatchFactory(programme=programme, mentee=person, status="declined", mentor_place=None)
    row = ImportRow.objects.create(
        batch=ImportBatchFactory(programme=programme), number=4, state="clean", other_person_id=other.pk
    )
    merge = merge_people(kept, other, by=coordinator)
    assert (kept.matches_as_mentee.count(), BranchQuestion.objects.filter(person=kept).count()) == (2, 2)
    ImportRow.objects.filter(pk=row.pk).update(other_person_id=None)
    told = "Importrække: sammenlignet med person er ændret efter sammenlægningen og bliver stående."
    assert [line.split(":")[1] for line in undo_merge(merge, by=coordinator)] == [told.split(":")[1]]
    assert (kept.matches_as_mentee.count(), BranchQuestion.objects.filter(person=kept).count()) == (1, 1)


def test_undoing_leaves_a_place_taken_meanwhile(histories, kept, other, coordinator, programme):
    merge = merge_people(kept, other, by=coordinator)
    attendance = Attendance.objects.get(person=kept, place_number=4)
    Attendance.objects.filter(pk=attendance.pk).update(place_number=5)
    AttendanceFactory(event=attendance.event, status="signed_up", place_number=4)
    undo_merge(merge, by=coordinator)
    places = Attendance.objects.filter(event=attendance.event).order_by("person").values_list("place_number", flat=True)
    assert sorted(place or 0 for place in places) == [1, 4, 5]


def test_undoing_uses_the_next_free_place_of_a_mentor(histories, kept, other, coordinator, programme):
    merge = merge_people(kept, other, by=coordinator)
    ended = Match.objects.get(status="ended")
    Match.objects.filter(pk=ended.pk).update(status="active", ended_on=None, mentor_place=3)
    open_match = Match.objects.get(mentor_place=2)
    Match.objects.filter(pk=open_match.pk).update(mentor_place=4)
    Match.objects.filter(pk=ended.pk).update(mentor_place=2)
    told = undo_merge(merge, by=coordinator)
    assert sorted(Match.objects.filter(mentor=other.pk).values_list("mentor_place", flat=True)) == [2, 4]
    assert merge.act.changes.filter(kind="removed").count() == 8
    assert len(told) == 1


def test_undoing_without_the_target_of_a_removed_row(kept, other, coordinator, tingbjerg, programme):
    organisation, second = OrganisationFactory(branch=tingbjerg), OrganisationFactory(branch=tingbjerg)
    Person.objects.filter(pk=other.pk).update(organisation=organisation)
    Person.objects.filter(pk=kept.pk).update(organisation=second)
    event = EventFactory(programme=programme)
    for person in (kept, other):
        AttendanceFactory(event=event, person=person)
    merge = merge_people(kept, other, by=coordinator, chosen={"organisation": "other"})
    Person.objects.filter(pk=kept.pk).update(organisation=organisation)
    second.delete()
    event.delete()
    assert undo_merge(merge, by=coordinator) == [
        "Person: organisation er ændret efter sammenlægningen og bliver stående.",
        "Fremmøde: slettet efter sammenlægningen og kommer ikke tilbage.",
    ]
    assert Person.objects.get(pk=other.pk).organisation == organisation


def test_undoing_without_the_organisation_of_a_removed_person(kept, other, coordinator, tingbjerg):
    organisation = OrganisationFactory(branch=tingbjerg)
    Person.objects.filter(pk=other.pk).update(organisation=organisation)
    merge = merge_people(kept, other, by=coordinator)
    organisation.delete()
    assert len(undo_merge(merge, by=coordinator)) == 1
    assert Person.objects.get(pk=other.pk).organisation is None


@pytest.mark.parametrize(
    ("one", "two", "expected", "lost"),
    [
        (
            {"status": "ended", "ended_on": dt.date(2010, 5, 3), "ended_reason": "Flyttet"},
            {"status": "applied"},
            ("applied", None, ""),
            ["Afsluttet: 3. maj 2010", "Hvorfor det sluttede: Flyttet"],
        ),
        (
            {"status": "paused", "paused_on": dt.date(2010, 5, 3), "paused_reason": "Rejse"},
            {"status": "ended", "ended_on": dt.date(2010, 4, 3)},
            ("paused", None, ""),
            ["Afsluttet: 3. april 2010"],
        ),
        (
            {"status": "declined", "ended_on": dt.date(2010, 5, 3), "preferred_gender": "man"},
            {"status": "ended", "ended_on": dt.date(2010, 4, 3), "ended_reason": "Færdig", "preferred_gender": "woman",
             "gender_is_required": True},
            ("ended", dt.date(2010, 4, 3), "Færdig"),
            ["Afsluttet: 3. maj 2010", "Foretrækker: Kvinde"],
        ),
    ],
)  # fmt: skip
def test_folded_enrolments_take_the_furthest_status(kept, other, coordinator, programme, one, two, expected, lost):
    blank = {"programme": programme, "waiting_since": None, "applied_on": None}
    row = EnrolmentFactory(person=kept, **blank, **one)
    EnrolmentFactory(person=other, **blank, **two)
    merge_people(kept, other, by=coordinator)
    row.refresh_from_db()
    kept.refresh_from_db()
    assert (row.status, row.ended_on, row.ended_reason) == expected
    lines = kept.notes.replace("\xa0", " ").splitlines()
    assert sorted(line.partition(" · ")[2] for line in lines[1:]) == sorted(lost)


def test_a_language_note_that_is_too_long_goes_to_the_notes(kept, other, coordinator):
    danish = TermFactory(kind=TermKind.LANGUAGE, name="Dansk")
    LanguageSkill.objects.create(person=kept, language=danish, note="a" * 50)
    LanguageSkill.objects.create(person=other, language=danish, note="b" * 50)
    merge_people(kept, other, by=coordinator)
    kept.refresh_from_db()
    assert kept.languages.get().note == "a" * 50
    assert kept.notes == f"Fra T-2010-012:\nDansk: {'b' * 50}"


def test_an_attendance_note_that_is_too_long_goes_to_the_notes(kept, other, coordinator, programme):
    event = EventFactory(programme=programme, title="Sommerfest")
    for person, letter in ((kept, "a"), (other, "b")):
        AttendanceFactory(event=event, person=person, status="cancelled", note=letter * 90)
    merge_people(kept, other, by=coordinator)
    kept.refresh_from_db()
    assert (Attendance.objects.get().note, kept.notes) == ("a" * 90, f"Fra T-2010-012:\nSommerfest: {'b' * 90}")


def test_merge_consequences_in_sentences(histories, kept, other, coordinator):
    assert merge_consequences(kept, other, coordinator) == [
        "2 match følger med, og det samme gør møder (0), opfølgninger, mål og resultater.",
        "1 interview følger med.",
        "1 tjek følger med.",
        "Linjen på listen til 1 arrangement følger med.",
        "Begge står på listen til 1 arrangement: Det bliver til én linje med det fremmøde, der tæller mest.",
    ]
    kept.enrolments.update(capacity=1)
    assert merge_consequences(kept, other, coordinator)[3] == "Mentoren får så 2 åbne match og har plads til 1."
    assert merge_consequences(kept, PersonFactory(home_branch=kept.home_branch), coordinator) == []


def test_all_kinds_of_unique_constraints_are_found():
    assert list(_unique_constraints(EmailAddress)) == [
        (("user", "primary"), EmailAddress._meta.constraints[0].condition),
        (("email",), EmailAddress._meta.constraints[1].condition),
        (("user", "email"), None),
    ]
    assert (("case_number",), None) in list(_unique_constraints(Person))
