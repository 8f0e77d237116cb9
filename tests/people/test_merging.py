"""Two stored people made one, and two again. What upper floors add is tested with their rows here as well."""

import datetime as dt
import threading

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts.models import AccessRecord
from demo.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    EventFactory,
    ImportBatchFactory,
    InterviewFactory,
    MatchFactory,
    OrganisationFactory,
    PersonFactory,
    ProgrammeFactory,
    ScreeningCheckFactory,
    TermFactory,
)
from events.models import Attendance
from matching.models import Interview, Match, ScreeningCheck
from people.enums import ConsentKind, LanguageLevel, TermKind
from people.merging import MergeRefused, accounts_of, register_check
from people.merging.journal import unpack
from people.merging.origins import origins_of
from people.models import (
    BranchQuestion,
    Consent,
    DistinctPeople,
    Enrolment,
    ImportRow,
    LanguageSkill,
    Person,
    PersonMerge,
    VolunteerGroup,
)
from people.numbers import address_of
from people.services import update_person
from people.services.merging import _unique_rules, forget_difference, merge_people, tell_apart, undo_merge

BLANK = {
    "first_name": "Hodan", "last_name": "", "gender": "unknown", "birth_date": None, "phones": [], "emails": [],
}  # fmt: skip


@pytest.fixture
def kept(programme):
    return PersonFactory(home_branch=programme.branch, case_number="T-2010-031", phones=["+4550252858"], emails=[])


@pytest.fixture
def other(programme):
    return PersonFactory(
        home_branch=programme.branch,
        case_number="T-2010-012",
        first_name="Hodaan",
        phones=["+4550252859", "+4550252858"],
        emails=["Hodan@example.dk"],
    )


def content() -> dict:
    """Every row of every model of the three floors, but for what marks when it was written."""
    found = {}
    for model in [model for name in ("people", "matching", "events") for model in apps.get_app_config(name).get_models(
        include_auto_created=True
    )]:  # fmt: skip
        if model is not PersonMerge:
            rows = model._base_manager.order_by("pk").values()
            found[model._meta.label] = [{k: v for k, v in row.items() if k != "updated_at"} for row in rows]
    return found


# --- what is known of the person ----------------------------------------------------------------------


def test_blanks_are_filled_and_what_stands_is_kept(kept, other, coordinator):
    Person.objects.filter(pk=other.pk).update(address="Ruten 2", postcode="2700", notes="Taler gerne\nRing aften")
    Person.objects.filter(pk=kept.pk).update(
        gender="unknown", notes="Ring aften", last_contacted_on=dt.date(2011, 1, 2)
    )
    merge = merge_people(kept, other, by=coordinator)
    kept.refresh_from_db()
    assert (kept.name, kept.gender, kept.address, kept.postcode) == ("Hodan Warsame", "woman", "Ruten 2", "2700")
    assert kept.phones == ["+4550252858", "+4550252859"]
    assert kept.emails == ["Hodan@example.dk"]
    assert kept.notes == "Ring aften\nTaler gerne"
    assert kept.last_contacted_on == dt.date(2011, 1, 2)
    assert not Person.objects.filter(pk=other.pk).exists()
    assert (merge.merged_case_number, merge.merged_by, merge.branch) == ("T-2010-012", coordinator, kept.home_branch)


def test_what_is_chosen_wins_and_a_blank_never_erases(kept, other, coordinator, tingbjerg):
    organisation = OrganisationFactory(branch=tingbjerg)
    Person.objects.filter(pk=other.pk).update(last_name="", birth_date=None, origin="Somalia")
    Person.objects.filter(pk=kept.pk).update(
        origin="Kenya", organisation=organisation, birth_date=None, birth_year=1977
    )
    chosen = {"name": "other", "phones": "other", "emails": "other", "origin": "other", "birth": "other",
              "organisation": "other", "gender": "kept"}  # fmt: skip
    merge_people(kept, other, by=coordinator, chosen=chosen)
    kept.refresh_from_db()
    assert (kept.name, kept.origin, kept.organisation, kept.birth_year) == (
        "Hodaan Warsame",
        "Somalia",
        organisation,
        1977,
    )
    assert kept.phones == ["+4550252859", "+4550252858"]


def test_a_birthday_says_more_than_its_year(kept, other, coordinator):
    Person.objects.filter(pk=kept.pk).update(birth_date=None, birth_year=1977)
    merge_people(kept, other, by=coordinator)
    kept.refresh_from_db()
    assert (kept.birth_date, kept.birth_year) == (dt.date(1977, 5, 3), None)


@pytest.mark.parametrize("chosen", [{"case_number": "other"}, {"name": "both"}])
def test_what_cannot_be_chosen_is_an_error(kept, other, coordinator, chosen):
    with pytest.raises(ValueError, match="Not to be chosen"):
        merge_people(kept, other, by=coordinator, chosen=chosen)


def test_the_old_number_still_leads_to_the_person(kept, other, coordinator, other_branch_coordinator):
    merge = merge_people(kept, other, by=coordinator)
    address = f"/personer/{kept.pk}/"
    assert address_of("t-2010-012", coordinator) == address
    assert address_of("T-2010-031", coordinator) == address
    assert address_of("T-2010-012", other_branch_coordinator) is None
    assert list(Person.objects.search("t-2010-012")) == [kept]
    kept.refresh_from_db()
    assert kept.former_numbers == ["T-2010-012"]
    undo_merge(merge, by=coordinator)
    restored = Person.objects.get(pk=other.pk)
    assert address_of("T-2010-012", coordinator) == f"/personer/{restored.pk}/"
    assert list(Person.objects.search("t-2010-012")) == [restored]


def test_a_merge_and_its_undoing_are_logged_on_both_cases(kept, other, coordinator):
    undo_merge(merge_people(kept, other, by=coordinator), by=coordinator)
    rows = AccessRecord.objects.order_by("pk").values_list("subject_id", "case_number", "kind", "detail", "user")
    done, undone = "T-2010-012 lagt sammen med T-2010-031", "Sammenlægning af T-2010-012 med T-2010-031 fortrudt"
    assert list(rows) == [
        (kept.pk, "T-2010-031", "write", done, coordinator.pk),
        (other.pk, "T-2010-012", "write", done, coordinator.pk),
        (kept.pk, "T-2010-031", "write", undone, coordinator.pk),
        (other.pk, "T-2010-012", "write", undone, coordinator.pk),
    ]


# --- what hangs on the person -------------------------------------------------------------------------


@pytest.fixture
def histories(kept, other, programme, coordinator, other_branch_coordinator, koebenhavn):
    """Both are mentors in one programme and stand on the same lists; the other has more of everything."""
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
    for first, second in ((kept, other), (other, third), (kept, third)):
        tell_apart(first, second, by=coordinator)
    for person in (kept, other):
        BranchQuestion.objects.create(
            asking_branch=koebenhavn, asked_branch=programme.branch, person=person, about="Hodan W.",
            asked_by=other_branch_coordinator,
        )  # fmt: skip
    batch = ImportBatchFactory(programme=programme)
    row = ImportRow.objects.create(batch=batch, number=4, state="clean", other_person_id=other.pk)
    Person.objects.filter(pk=other.pk).update(import_row=row)
    return mine, theirs


def test_all_that_refers_to_the_other_moves_and_doubles_are_folded(histories, kept, other, coordinator):
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
    assert DistinctPeople.objects.count() == 1
    assert BranchQuestion.objects.get().person == kept
    row = ImportRow.objects.get()
    kept.refresh_from_db()
    assert (row.other_person_id, kept.import_row) == (kept.pk, row)
    assert kept.notes == "Fra T-2010-012:\nMentor i Mentornetværket Tingbjerg · Har hørt om os gennem: Presse"


def test_both_origins_are_remembered(histories, kept, other, coordinator):
    row = ImportRow.objects.create(batch=ImportBatchFactory(), number=9, state="clean")
    Person.objects.filter(pk=kept.pk).update(import_row=row)
    assert origins_of(kept) == {}
    merge_people(kept, other, by=coordinator)
    kept.refresh_from_db()
    assert kept.import_row == row
    assert {number: origin.number for number, origin in origins_of(kept).items()} == {"T-2010-012": 4}
    ImportRow.objects.filter(number=4).delete()
    assert origins_of(kept) == {}


def test_an_edit_that_was_open_meanwhile_does_not_bring_the_other_back(kept, other, coordinator):
    merge_people(kept, Person.objects.get(pk=other.pk), by=coordinator)
    with pytest.raises(ValidationError):
        update_person(other, by=None, first_name="Hodan")
    assert list(Person.objects.all()) == [kept]


def test_undoing_puts_every_row_back_as_it_was(histories, kept, other, coordinator):
    before = content()
    merge = merge_people(kept, other, by=coordinator)
    assert content() != before
    assert undo_merge(merge, by=coordinator) == []
    assert content() == before
    merge.refresh_from_db()
    assert (merge.undone_by, merge.journal, merge.undone_at is not None) == (coordinator, None, True)


def test_what_was_changed_since_is_left_and_told(histories, kept, other, coordinator):
    mine, theirs = histories
    merge = merge_people(kept, other, by=coordinator)
    kept.refresh_from_db()
    kept.phones = ["+4550252860"]
    kept.notes = "Ny note"
    kept.save()
    Interview.objects.all().delete()
    LanguageSkill.objects.filter(language__name="Dansk").update(level=LanguageLevel.NATIVE)
    later = ScreeningCheckFactory(enrolment=mine)
    told = undo_merge(merge, by=coordinator)
    assert (
        told
        == [
            "Person: telefonnumre og noter er ændret efter sammenlægningen og bliver stående.",
            "Interview: slettet efter sammenlægningen og kommer ikke tilbage.",
            "Sprog: niveau er ændret efter sammenlægningen og bliver stående.",
        ]
        or told
    )
    kept.refresh_from_db()
    assert (kept.phones, kept.notes, kept.emails) == (["+4550252860"], "Ny note", [])
    assert list(Enrolment.objects.get(pk=theirs.pk).checks.all()) == list(ScreeningCheck.objects.exclude(pk=later.pk))
    assert later in mine.checks.all()


def test_answered_questions_and_matches_of_a_mentee_stand_side_by_side(
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


def test_a_place_taken_meanwhile_is_not_taken_back(histories, kept, other, coordinator, programme):
    merge = merge_people(kept, other, by=coordinator)
    attendance = Attendance.objects.get(person=kept, place_number=4)
    Attendance.objects.filter(pk=attendance.pk).update(place_number=5)
    AttendanceFactory(event=attendance.event, status="signed_up", place_number=4)
    undo_merge(merge, by=coordinator)
    places = Attendance.objects.filter(event=attendance.event).order_by("person").values_list("place_number", flat=True)
    assert sorted(place or 0 for place in places) == [1, 4, 5]


def test_a_mentors_place_filled_meanwhile_gives_the_next(histories, kept, other, coordinator, programme):
    merge = merge_people(kept, other, by=coordinator)
    steps = unpack(merge.journal)
    ended = Match.objects.get(status="ended")
    Match.objects.filter(pk=ended.pk).update(status="active", ended_on=None, mentor_place=3)
    open_match = Match.objects.get(mentor_place=2)
    Match.objects.filter(pk=open_match.pk).update(mentor_place=4)
    Match.objects.filter(pk=ended.pk).update(mentor_place=2)
    told = undo_merge(merge, by=coordinator)
    assert sorted(Match.objects.filter(mentor=other.pk).values_list("mentor_place", flat=True)) == [2, 4]
    assert [step["do"] for step in steps].count("remove") == 8
    assert len(told) == 1


def test_what_a_removed_row_pointed_at_may_be_gone(kept, other, coordinator, tingbjerg, programme):
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


def test_a_removed_rows_organisation_may_be_gone(kept, other, coordinator, tingbjerg):
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
def test_a_role_twice_takes_the_further_status(kept, other, coordinator, programme, one, two, expected, lost):
    blank = {"programme": programme, "waiting_since": None, "applied_on": None}
    row = EnrolmentFactory(person=kept, **blank, **one)
    EnrolmentFactory(person=other, **blank, **two)
    merge_people(kept, other, by=coordinator)
    row.refresh_from_db()
    kept.refresh_from_db()
    assert (row.status, row.ended_on, row.ended_reason) == expected
    lines = kept.notes.replace("\xa0", " ").splitlines()
    assert sorted(line.partition(" · ")[2] for line in lines[1:]) == sorted(lost)


def test_a_language_note_that_does_not_fit_goes_to_the_notes(kept, other, coordinator):
    danish = TermFactory(kind=TermKind.LANGUAGE, name="Dansk")
    LanguageSkill.objects.create(person=kept, language=danish, note="a" * 50)
    LanguageSkill.objects.create(person=other, language=danish, note="b" * 50)
    merge_people(kept, other, by=coordinator)
    kept.refresh_from_db()
    assert kept.languages.get().note == "a" * 50
    assert kept.notes == f"Fra T-2010-012:\nDansk: {'b' * 50}"


def test_a_note_at_an_event_that_does_not_fit_goes_to_the_notes(kept, other, coordinator, programme):
    event = EventFactory(programme=programme, title="Sommerfest")
    for person, letter in ((kept, "a"), (other, "b")):
        AttendanceFactory(event=event, person=person, status="cancelled", note=letter * 90)
    merge_people(kept, other, by=coordinator)
    kept.refresh_from_db()
    assert (Attendance.objects.get().note, kept.notes) == ("a" * 90, f"Fra T-2010-012:\nSommerfest: {'b' * 90}")


def test_the_page_is_told_what_follows_along(histories, kept, other, coordinator):
    assert accounts_of(kept, other, coordinator) == [
        "2 match følger med, og det samme gør møder (0), opfølgninger, mål og resultater.",
        "1 interview følger med.",
        "1 tjek følger med.",
        "Linjen på listen til 1 arrangement følger med.",
        "Begge står på listen til 1 arrangement: Det bliver til én linje med det fremmøde, der tæller mest.",
    ]
    kept.enrolments.update(capacity=1)
    assert accounts_of(kept, other, coordinator)[3] == "Mentoren får så 2 åbne match og har plads til 1."
    assert accounts_of(kept, PersonFactory(home_branch=kept.home_branch), coordinator) == []


def test_every_kind_of_unique_rule_is_seen():
    assert list(_unique_rules(EmailAddress)) == [
        (("user", "primary"), EmailAddress._meta.constraints[0].condition),
        (("email",), EmailAddress._meta.constraints[1].condition),
        (("user", "email"), None),
    ]
    assert (("case_number",), None) in list(_unique_rules(Person))


# --- refusals -----------------------------------------------------------------------------------------


def refused(kept, other, by) -> str:
    before = content()
    with pytest.raises(MergeRefused) as refusal:
        merge_people(kept, other, by=by)
    assert content() == before
    return " ".join(refusal.value.messages)


def test_the_same_person_twice_is_refused(kept, coordinator):
    assert refused(kept, kept, coordinator) == "Vælg en anden: Det er den samme person."


def test_people_of_two_branches_are_refused(kept, coordinator, koebenhavn, other_branch_coordinator, outsider):
    foreign = PersonFactory(home_branch=koebenhavn)
    for by in (coordinator, other_branch_coordinator, outsider):
        with pytest.raises(PermissionDenied):
            merge_people(kept, foreign, by=by)
    assert refused(kept, foreign, None) == (
        "De to hører til hver sin afdeling. Kun personer i samme afdeling kan lægges sammen."
    )


def test_the_two_sides_of_a_match_are_two_people(kept, other, coordinator, programme):
    MatchFactory(programme=programme, mentor=kept, mentee=other, number="M-1")
    sentence = "De to er mentor og mentee i match M-1, så de er to personer."
    assert refused(kept, other, coordinator) == sentence
    assert refused(other, kept, coordinator) == sentence


def test_a_second_open_match_of_a_mentee_is_refused(kept, other, coordinator, programme):
    for person, number in ((kept, "M-1"), (other, "M-2")):
        MatchFactory(programme=programme, mentee=person, number=number, status="proposed")
    assert refused(kept, other, coordinator) == (
        "Begge er mentee i et åbent match i samme indsats: M-1 og M-2. Afslut det ene match først."
    )
    Match.objects.filter(number="M-1").update(programme=ProgrammeFactory(branch=programme.branch))
    merge_people(kept, other, by=coordinator)
    assert Match.objects.filter(mentee=kept).count() == 2


def test_a_check_of_a_model_refuses_in_its_own_words(kept, other, coordinator, programme, monkeypatch):
    MatchFactory(programme=programme, mentor=kept, mentee=other)
    monkeypatch.setattr("people.merging.rules._checks", [])
    assert refused(kept, other, coordinator) == "Ingen kan være sin egen mentor."


def test_registering_twice_counts_once():
    from people.merging import rules  # noqa: PLC0415

    count = len(rules._checks)
    for check in list(rules._checks):
        assert register_check(check) is check
    assert len(rules._checks) == count


def test_a_detail_that_does_not_hold_stops_the_merge(kept, other, coordinator):
    Person.objects.filter(pk=other.pk).update(notes="CPR 030577-1234")
    before = content()
    with pytest.raises(ValidationError) as error:
        merge_people(kept, other, by=coordinator)
    assert list(error.value.message_dict) == ["notes"]
    assert content() == before


def test_a_person_merged_meanwhile_is_told(kept, other, coordinator):
    merge_people(kept, other, by=coordinator)
    assert refused(kept, Person(pk=999_999, case_number="T-2010-012", home_branch=kept.home_branch), coordinator) == (
        "T-2010-012 findes ikke længere: En anden har netop lagt sagen sammen eller slettet den. Intet er ændret."
    )


def test_a_merge_of_which_only_the_number_came_along_is_not_undone(kept, coordinator):
    merge = PersonMerge.objects.create(branch=kept.home_branch, kept=kept, merged_case_number="T-2009-001")
    with pytest.raises(MergeRefused, match="kan ikke fortrydes"):
        undo_merge(merge, by=coordinator)
    assert (kept.former_numbers, origins_of(kept)) == (["T-2009-001"], {})


def test_later_merges_are_undone_first(kept, other, coordinator):
    third = PersonFactory(home_branch=kept.home_branch, case_number="T-2010-099")
    first = merge_people(other, third, by=coordinator)
    second = merge_people(kept, other, by=coordinator)
    assert sorted(kept.former_numbers) == ["T-2010-012", "T-2010-099"]
    with pytest.raises(MergeRefused) as refusal:
        undo_merge(first, by=coordinator)
    assert refusal.value.message.startswith("Fortryd først sammenlægningen med T-2010-012 den ")
    undo_merge(second, by=coordinator)
    undo_merge(first, by=coordinator)
    assert Person.objects.filter(pk__in=[kept.pk, other.pk, third.pk]).count() == 3
    with pytest.raises(MergeRefused, match="fortrudt"):
        undo_merge(first, by=coordinator)


def test_undoing_is_for_those_who_work_there(kept, other, coordinator, manager, other_branch_coordinator):
    merge = merge_people(kept, other, by=coordinator)
    for by in (manager, other_branch_coordinator):
        with pytest.raises(PermissionDenied):
            undo_merge(merge, by=by)
    kept.delete()
    with pytest.raises(MergeRefused, match="Personen findes ikke længere"):
        undo_merge(merge, by=coordinator)


def test_what_stands_in_the_way_of_undoing_is_said(kept, other, coordinator):
    merge = merge_people(kept, other, by=coordinator)
    PersonFactory(home_branch=kept.home_branch, case_number="T-2010-012")
    with pytest.raises(MergeRefused, match="står i vejen"):
        undo_merge(merge, by=coordinator)
    assert PersonMerge.objects.get().undone_at is None


# --- two who are two ----------------------------------------------------------------------------------


def test_two_who_are_two_are_remembered_once(kept, other, coordinator, manager):
    pair = tell_apart(other, kept, by=coordinator)
    assert tell_apart(kept, other, by=coordinator) == pair
    assert (pair.first, pair.second, pair.decided_by) == (*sorted([kept, other], key=lambda p: p.pk), coordinator)
    with pytest.raises(PermissionDenied):
        tell_apart(kept, other, by=manager)
    with pytest.raises(PermissionDenied):
        forget_difference(pair, by=manager)
    forget_difference(pair, by=coordinator)
    assert not DistinctPeople.objects.exists()
    assert [row.detail for row in AccessRecord.objects.order_by("pk")] == [
        *["T-2010-031 og T-2010-012 er to personer"] * 2,
        *["T-2010-031 og T-2010-012 kan alligevel være samme person"] * 2,
    ]


# --- two coordinators at once -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_the_same_pair_make_one_merge(kept, other, coordinator, administrator):
    start, told, failed = threading.Barrier(2), [], []

    def press(first, second, by):
        try:
            start.wait()
            merge_people(first, second, by=by)
        except MergeRefused as refusal:
            told.append(refusal.code)
        except Exception as error:  # noqa: BLE001 - whatever else happens is what the test is about
            failed.append(repr(error))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=(kept, other, coordinator)),
        threading.Thread(target=press, args=(other, kept, administrator)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failed, told) == ([], ["gone"])
    assert (PersonMerge.objects.count(), Person.objects.count()) == (1, 1)
