"""Merging two people and undoing it: values, rights, refusals, simultaneous merges."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts.models import AccessRecord
from demo.factories import (
    MatchFactory,
    MentorFactory,
    OrganisationFactory,
    PersonFactory,
    ProgrammeFactory,
)
from matching.models import Match
from people.case_numbers import number_url
from people.duplicates import like_pairs
from people.merging import MERGE_CHECKS, MergeRefused
from people.models import (
    DistinctPeople,
    Person,
    PersonMerge,
)
from people.services.merging import mark_distinct, merge_people, undo_merge, unmark_distinct
from people.views.detail import merged_ids
from tests.imports.stored_rows import content

# --- details ------------------------------------------------------------------------------------------


def test_blanks_are_filled_and_values_are_kept(kept, other, coordinator):
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


def test_the_chosen_value_wins_and_a_blank_never_erases(kept, other, coordinator, tingbjerg):
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


HOME = ("Ruten 14", "", "")
AWAY = ("Vesterbrogade 3", "1620", "København V")


@pytest.mark.parametrize(
    ("stored", "theirs", "chosen", "wanted"),
    [
        (HOME, AWAY, "kept", HOME),
        (HOME, AWAY, None, HOME),
        (HOME, AWAY, "other", AWAY),
        (("Ruten 14", "2700", "Brønshøj"), ("Vesterbrogade 3", "", ""), "other", ("Vesterbrogade 3", "", "")),
        (HOME, ("ruten  14", "2700", "Brønshøj"), "kept", ("Ruten 14", "2700", "Brønshøj")),
        (HOME, ("", "2700", "Brønshøj"), None, ("Ruten 14", "2700", "Brønshøj")),
        (("", "2700", "Brønshøj"), ("Ruten 14", "2700", "Tingbjerg"), None, ("Ruten 14", "2700", "Brønshøj")),
        (("", "2700", "Brønshøj"), AWAY, None, ("", "2700", "Brønshøj")),
        (("", "", "Brønshøj"), ("Vesterbrogade 3", "", "København"), None, ("", "", "Brønshøj")),
        (("", "", ""), AWAY, None, AWAY),
        (AWAY, ("", "", ""), "other", AWAY),
    ],
)
def test_an_address_never_mixes_two_homes(kept, other, coordinator, stored, theirs, chosen, wanted):
    names = ("address", "postcode", "town")
    for person, said in ((kept, stored), (other, theirs)):
        Person.objects.filter(pk=person.pk).update(**dict(zip(names, said, strict=True)))
    merge_people(kept, other, by=coordinator, chosen={"address": chosen} if chosen else None)
    assert Person.objects.values_list(*names).get(pk=kept.pk) == wanted


@pytest.mark.parametrize(
    ("stored", "theirs", "chosen", "wanted"),
    [
        (("Warsame", ""), ("Hodan", "Farah"), "kept", ("Warsame", "")),
        (("Hodan", ""), ("hodan", "Warsame"), None, ("Hodan", "Warsame")),
        (("", "Warsame"), ("Warsame", ""), None, ("", "Warsame")),
        (("Hodan", "Warsame"), ("Hodaan", ""), "other", ("Hodaan", "Warsame")),
    ],
)
def test_a_kept_name_takes_no_part_of_another_name(kept, other, coordinator, stored, theirs, chosen, wanted):
    for person, (first, last) in ((kept, stored), (other, theirs)):
        Person.objects.filter(pk=person.pk).update(first_name=first, last_name=last)
    merge_people(kept, other, by=coordinator, chosen={"name": chosen} if chosen else None)
    assert Person.objects.values_list("first_name", "last_name").get(pk=kept.pk) == wanted


def test_notes_are_unchanged_when_there_is_nothing_to_add(kept, other, coordinator):
    Person.objects.filter(pk=kept.pk).update(notes="Ring aften\n\n")
    merge_people(kept, other, by=coordinator)
    assert Person.objects.get(pk=kept.pk).notes == "Ring aften\n\n"


def test_a_birth_date_wins_over_its_year(kept, other, coordinator):
    Person.objects.filter(pk=kept.pk).update(birth_date=None, birth_year=1977)
    merge_people(kept, other, by=coordinator)
    kept.refresh_from_db()
    assert (kept.birth_date, kept.birth_year) == (dt.date(1977, 5, 3), None)


@pytest.mark.parametrize("chosen", [{"case_number": "other"}, {"name": "both"}])
def test_an_invalid_choice_raises(kept, other, coordinator, chosen):
    with pytest.raises(ValueError, match="Not a choice"):
        merge_people(kept, other, by=coordinator, chosen=chosen)


def test_the_old_number_still_finds_the_person(kept, other, coordinator, other_branch_coordinator):
    merge = merge_people(kept, other, by=coordinator)
    address = f"/personer/{kept.pk}/"
    assert number_url("t-2010-012", coordinator) == address
    assert number_url("T-2010-031", coordinator) == address
    assert number_url("T-2010-012", other_branch_coordinator) is None
    assert list(Person.objects.search("t-2010-012")) == [kept]
    kept.refresh_from_db()
    assert kept.former_numbers == ["T-2010-012"]
    undo_merge(merge, by=coordinator)
    restored = Person.objects.get(pk=other.pk)
    assert number_url("T-2010-012", coordinator) == f"/personer/{restored.pk}/"
    assert list(Person.objects.search("t-2010-012")) == [restored]


def test_a_merge_and_its_undoing_are_logged_on_both_cases(kept, other, coordinator):
    undo_merge(merge_people(kept, other, by=coordinator), by=coordinator)
    rows = AccessRecord.objects.order_by("pk")
    done, undone = "T-2010-012 lagt sammen med T-2010-031", "Sammenlægning af T-2010-012 med T-2010-031 fortrudt"
    assert [(row.subject_id, row.case_number, row.kind, row.detail, row.user_id) for row in rows] == [
        (kept.pk, "T-2010-031", "write", done, coordinator.pk),
        (other.pk, "T-2010-012", "write", done, coordinator.pk),
        (kept.pk, "T-2010-031", "write", undone, coordinator.pk),
        (other.pk, "T-2010-012", "write", undone, coordinator.pk),
    ]


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


def test_mentor_and_mentee_of_a_match_are_refused(kept, other, coordinator, programme):
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


def test_a_broken_check_constraint_refuses_with_its_message(kept, other, coordinator, programme, monkeypatch):
    MatchFactory(programme=programme, mentor=kept, mentee=other)
    monkeypatch.setattr(MERGE_CHECKS, "_entries", {})
    assert refused(kept, other, coordinator) == "Ingen kan være sin egen mentor."


def test_a_check_added_twice_counts_once():
    checks = list(MERGE_CHECKS)
    for check in checks:
        assert MERGE_CHECKS.add(check) is check
    assert list(MERGE_CHECKS) == checks


def test_an_invalid_detail_stops_the_merge(kept, other, coordinator):
    Person.objects.filter(pk=other.pk).update(notes="CPR 030577-1234")
    before = content()
    with pytest.raises(ValidationError) as error:
        merge_people(kept, other, by=coordinator)
    assert list(error.value.message_dict) == ["notes"]
    assert content() == before


def test_a_person_merged_meanwhile_is_refused(kept, other, coordinator):
    merge_people(kept, other, by=coordinator)
    assert refused(kept, Person(pk=999_999, case_number="T-2010-012", home_branch=kept.home_branch), coordinator) == (
        "T-2010-012 findes ikke længere: En anden har netop lagt sagen sammen eller slettet den. Intet er ændret."
    )


def test_a_merge_without_journal_cannot_be_undone(kept, coordinator):
    merge = PersonMerge.objects.create(branch=kept.home_branch, kept=kept, merged_case_number="T-2009-001")
    with pytest.raises(MergeRefused, match="kan ikke fortrydes"):
        undo_merge(merge, by=coordinator)
    assert (kept.former_numbers, merged_ids(kept)) == (["T-2009-001"], {})


def test_later_merges_must_be_undone_first(kept, other, coordinator):
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


def test_undoing_needs_the_right_to_work_with_cases(kept, other, coordinator, manager, other_branch_coordinator):
    merge = merge_people(kept, other, by=coordinator)
    for by in (manager, other_branch_coordinator):
        with pytest.raises(PermissionDenied):
            undo_merge(merge, by=by)
    kept.delete()
    with pytest.raises(MergeRefused, match="Personen findes ikke længere"):
        undo_merge(merge, by=coordinator)


def test_a_conflict_stops_undoing_with_a_message(kept, other, coordinator):
    merge = merge_people(kept, other, by=coordinator)
    PersonFactory(home_branch=kept.home_branch, case_number="T-2010-012")
    with pytest.raises(MergeRefused, match="står i vejen"):
        undo_merge(merge, by=coordinator)
    assert PersonMerge.objects.get().undone_at is None


# --- distinct people ----------------------------------------------------------------------------------


def test_distinct_people_are_stored_once(kept, other, coordinator, manager):
    pair = mark_distinct(other, kept, by=coordinator)
    assert mark_distinct(kept, other, by=coordinator) == pair
    assert (pair.first, pair.second, pair.decided_by) == (*sorted([kept, other], key=lambda p: p.pk), coordinator)
    with pytest.raises(PermissionDenied):
        mark_distinct(kept, other, by=manager)
    with pytest.raises(PermissionDenied):
        unmark_distinct(pair, by=manager)
    unmark_distinct(pair, by=coordinator)
    assert not DistinctPeople.objects.exists()
    assert [row.detail for row in AccessRecord.objects.order_by("pk")] == [
        *["T-2010-031 og T-2010-012 er to personer"] * 2,
        *["T-2010-031 og T-2010-012 kan alligevel være samme person"] * 2,
    ]


def test_two_people_of_a_household_are_distinct(kept, other, coordinator):
    mark_distinct(kept, other, by=coordinator)
    pair = mark_distinct(other, kept, by=coordinator, is_household=True)
    assert DistinctPeople.objects.get() == pair
    assert (pair.is_household, like_pairs(Person.objects.all())) == (True, [])
    sentence = "T-2010-031 og T-2010-012 er to personer i samme husstand"
    assert [row.detail for row in AccessRecord.objects.order_by("pk")][2:] == [sentence] * 2
    assert mark_distinct(kept, other, by=coordinator, is_household=False).is_household is False


# --- two coordinators at once -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_users_merging_the_same_pair_make_one_merge(kept, other, coordinator, administrator):
    start, told, failed = threading.Barrier(2), [], []

    def press(first, second, by):
        try:
            start.wait()
            merge_people(first, second, by=by)
        except MergeRefused as refusal:
            told.append(refusal.code)
        except Exception as error:  # noqa: BLE001 - any other error fails the test below
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


def test_undoing_a_merge_is_refused_while_a_match_made_since_needs_the_role(kept, other, coordinator, programme):
    mentor = MentorFactory(programme=programme, person=other, capacity=2)
    merge = merge_people(kept, other, by=coordinator)
    match = MatchFactory(programme=programme, mentor=kept)
    before = content()
    with pytest.raises(MergeRefused, match="Afslut først matchet"):
        undo_merge(merge, by=coordinator)
    assert content() == before
    Match.objects.filter(pk=match.pk).update(status="ended", mentor_place=None, ended_on=dt.date(2011, 9, 1))
    undo_merge(merge, by=coordinator)
    assert mentor.person.enrolments.get().role == "mentor"
