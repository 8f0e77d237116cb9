"""Decisions about rows: the same person, two people, later, skipped."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from demo.factories import EnrolmentFactory, MentorFactory, PersonFactory
from imports import services
from imports.kinds import people as people_kind
from imports.models import ImportBatch
from people.models import DistinctPeople, Enrolment, Organisation, Person
from tests.imports.samples import codes, import_list, stage_and_check, stage_list, states, upload_of

pytestmark = pytest.mark.django_db
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
PLAIN = "Åse|Møller|3/9-1968|50 50 50 50|ase@example.dk|Sundhed"
SUM = ("clean", "warned", "error_rows", "duplicates_in_file", "duplicates_existing")


def correct(batch, number, **cells):
    """Correct cells: ``c0="x"`` writes x in the first column."""
    return services.correct_cells(
        batch, by=None, number=number, cells={int(name[1:]): text for name, text in cells.items()}
    )


def decide(batch, number, decision, **values):
    return services.decide_row(batch, by=None, number=number, decision=decision, **values)


@pytest.fixture
def known(programme):
    """Jens Hansen, a mentor with many values."""
    person = PersonFactory(
        home_branch=programme.branch, case_number="K-1", first_name="Jens", last_name="Hansen", gender="man",
        birth_date=dt.date(1970, 5, 3), phones=["+4550505050"], emails=["jens@example.dk"], town="Valby", address="",
        occupation="Lærer", notes="Kendt",
    )  # fmt: skip
    MentorFactory(programme=programme, person=person)
    return person


LIKE = "Navn|Født|Mobil|E-mail|By|Stilling|Branche|Adresse"
ALIKE = "Jens Hanssen|3/5-1970|50505050|jens@ny.dk|Herlev|Rektor|It|Ruten 1"


# ---------------------------------------------------------------- the same person


def test_a_probable_duplicate_waits_for_a_decision_and_is_counted(programme, known):
    batch = stage_list(LIKE, ALIKE, "Bo Dam|||bo@b.dk|||It|", programme=programme)
    assert codes(batch) == {2: ("warned", "probable_duplicate", "shared_contact"), 3: ("clean",)}
    batch = stage_list("Navn|Født|Branche|Mobil", "Jens Hanssen|3/5-1970|It|60606060", programme=programme)
    assert codes(batch) == {2: ("clean", "probable_duplicate")}
    assert (batch.counts["questions"], batch.rows.get().has_question) == (1, True)
    batch = decide(batch, 2, "later")
    assert ("questions" in batch.counts, batch.rows.get().decision) == (False, "later")
    batch = decide(batch, 2, "")
    assert (batch.counts["questions"], batch.rows.get().decided_by) == (1, None)


def test_a_namesake_with_more_in_common_waits_for_a_decision(programme):
    people = ("Ali Pham|3/5-1970|2700", "Ali Pham|1970|2700", "Ali Pham|1980|2200")
    batch = stage_list("Navn|Født|Postnr|Branche|Mobil", *(f"{who}|It|5050505{n}" for n, who in enumerate(people)),
                       programme=programme)  # fmt: skip
    assert codes(batch) == {
        2: ("clean",),
        3: ("warned", "probable_duplicate", "same_name", "year_only"),
        4: ("warned", "same_name", "year_only"),
    }
    asked = [issue for issue in batch.rows.get(number=3).issues if issue["code"] == "probable_duplicate"]
    assert asked[0]["facts"]["same"] == ["name", "birth_year", "postcode"]


def test_the_same_person_gets_the_chosen_values_and_keeps_the_others(programme, known):
    batch = stage_list(LIKE, ALIKE, programme=programme)
    batch = decide(batch, 2, "same", person_id=known.pk, chosen=["name", "address", "phones"])
    assert (states(batch), batch.counts["merged"], batch.counts["accepted"]) == (["duplicate_existing"], 1, 0)
    services.apply_import(batch, by=None)
    known.refresh_from_db()
    assert (known.name, known.town, known.address, known.occupation) == ("Jens Hanssen", "Herlev", "Ruten 1", "Lærer")
    assert (known.emails, known.birth_date) == (["jens@example.dk", "jens@ny.dk"], dt.date(1970, 5, 3))
    assert (Person.objects.count(), Enrolment.objects.count()) == (1, 1)
    assert known.search_text == known.build_search_text()


def test_a_blank_cell_erases_no_value(programme, known):
    everything = ["name", "gender", "birth", "phones", "emails", "address", "occupation", "organisation"]
    batch = stage_list(LIKE, "Jens|||jens@example.dk||||", programme=programme)
    batch = decide(batch, 2, "same", person_id=known.pk, chosen=everything)
    before = Person.objects.values().get()
    services.apply_import(batch, by=None)
    assert Person.objects.values().get() == before


@pytest.mark.parametrize(
    ("stored", "row", "chosen", "wanted"),
    [
        (("Ruten 14", ""), "Vesterbrogade 3|1620 København V", [], ("Ruten 14", "", "")),
        (("Ruten 14", ""), "Vesterbrogade 3|1620 København V", ["address"], ("Vesterbrogade 3", "1620", "København V")),
        (("Ruten 14", ""), "RUTEN 14|2700 Brønshøj", [], ("Ruten 14", "2700", "Brønshøj")),
        (("Ruten 14", "2700"), "|2700 Brønshøj", [], ("Ruten 14", "2700", "Brønshøj")),
        (("", ""), "Vesterbrogade 3|1620 København V", [], ("Vesterbrogade 3", "1620", "København V")),
    ],
)
def test_a_street_never_gets_the_postcode_or_town_of_another(programme, known, stored, row, chosen, wanted):
    Person.objects.filter(pk=known.pk).update(address=stored[0], postcode=stored[1], town="")
    headings = "Navn|E-mail|Adresse|Postnr. og by|Branche"
    batch = stage_list(headings, f"Jens Hansen|jens@example.dk|{row}|It", programme=programme)
    decide(batch, 2, "same", person_id=known.pk, chosen=chosen)
    services.apply_import(batch, by=None)
    assert Person.objects.values_list("address", "postcode", "town").get() == wanted


def test_a_known_person_who_gets_another_role_keeps_the_address(programme, known):
    """The comparison offers the address of the row, which stays in the row."""
    Person.objects.filter(pk=known.pk).update(address="Ruten 14", town="")
    cells = ["Jens Hansen", "jens@example.dk", "Vesterbrogade 3", "1620 København V", "VL"]
    batch = stage_list("Navn|E-mail|Adresse|Postnr. og by|Status", "|".join(cells), programme=programme)
    assert "known_person_other_role" in codes(batch)[2]
    services.apply_import(batch, by=None)
    assert Person.objects.values_list("address", "postcode", "town").get() == ("Ruten 14", "", "")
    assert batch.rows.get().cells == cells


def test_the_main_email_is_the_chosen_one(programme, known):
    batch = stage_list(LIKE, ALIKE.replace("50505050", "60606060 / 50505050"), programme=programme)
    decide(batch, 2, "same", person_id=known.pk, chosen=["emails", "phones"])
    services.apply_import(batch, by=None)
    known.refresh_from_db()
    assert known.emails == ["jens@ny.dk", "jens@example.dk"]
    assert known.phones == ["+4560606060", "+4550505050"]


@pytest.mark.parametrize(
    ("stored", "row", "chosen", "wanted"),
    [
        ((None, 1970), "3/5-1970", [], (dt.date(1970, 5, 3), None)),
        ((None, 1971), "3/5-1970", [], (None, 1971)),
        ((None, 1971), "3/5-1970", ["birth"], (dt.date(1970, 5, 3), None)),
        ((dt.date(1970, 5, 3), None), "1970", [], (dt.date(1970, 5, 3), None)),
        ((dt.date(1970, 5, 3), None), "1971", ["birth"], (None, 1971)),
        ((None, None), "1971", [], (None, 1971)),
        ((None, 1971), "", ["birth"], (None, 1971)),
    ],
)
def test_a_date_and_a_year_of_birth_do_not_contradict_each_other(programme, known, stored, row, chosen, wanted):
    Person.objects.filter(pk=known.pk).update(birth_date=stored[0], birth_year=stored[1])
    batch = stage_list("Navn|Født|Mobil|Branche", f"Jens Hansen|{row}|50505050|It", programme=programme)
    decide(batch, 2, "same", person_id=known.pk, chosen=chosen)
    services.apply_import(batch, by=None)
    known.refresh_from_db()
    assert (known.birth_date, known.birth_year) == wanted


def test_the_organisation_of_the_row_is_stored_if_chosen(programme, known):
    old = Organisation.objects.create(branch=programme.branch, name="Gammel")
    Person.objects.filter(pk=known.pk).update(organisation=old)
    Enrolment.objects.update(role="contact")
    for chosen, wanted in (([], "Gammel"), (["organisation"], "VIDIT")):
        batch = stage_list("Navn|E-mail|Organisation", "Jens Hansen|jens@example.dk|VIDIT", programme=programme)
        decide(batch, 2, "same", person_id=known.pk, chosen=chosen)
        services.apply_import(batch, by=None)
        known.refresh_from_db()
        assert known.organisation.name == wanted


def test_an_exact_duplicate_can_be_merged(programme, known):
    batch = stage_list("Navn|E-mail|Mobil|Branche", "Jens Hansen|jens@example.dk|60606060|It", programme=programme)
    assert states(batch) == ["duplicate_existing"]
    batch = decide(batch, 2, "same", person_id=known.pk)
    assert batch.counts["merged"] == 1
    services.apply_import(batch, by=None)
    known.refresh_from_db()
    assert known.phones == ["+4550505050", "+4560606060"]


def test_the_same_person_gets_the_role_of_the_row(programme, known):
    batch = stage_list("Navn|Født|Status|E-mail", "Jens Hanssen|3/5-1970|VL|ny@b.dk", programme=programme)
    batch = decide(batch, 2, "same", person_id=known.pk)
    assert codes(batch) == {2: ("warned", "known_person_other_role", "not_interviewed")}
    services.apply_import(batch, by=None)
    assert sorted(known.enrolments.values_list("role", flat=True)) == ["mentee", "mentor"]


def test_two_rows_of_the_file_can_be_one_person(programme):
    rows = ["Jens Hansen|3/5-1970|It|50505050", "Jens Hanssen|3/5-1970|It|60606060", "Jens Hanssen||It|60606060"]
    batch = stage_list("Navn|Født|Branche|Mobil", *rows, programme=programme)
    assert states(batch) == ["clean", "clean", "duplicate_in_file"]
    batch = decide(batch, 3, "same", other_row=2)
    assert states(batch) == ["clean", "duplicate_in_file", "warned"]
    services.apply_import(batch, by=None)
    assert Person.objects.get(first_name="Jens", last_name="Hansen").phones == ["+4550505050", "+4560606060"]


def test_a_row_is_merged_with_the_row_that_gave_the_role(programme):
    rows = ["Åse Møller|mentor|a@b.dk|50505050", "Åse Møller|mentee|a@b.dk|", "Åse Møller|mentee|a@b.dk|60606060"]
    batch = stage_list("Navn|Rolle|E-mail|Mobil", *rows, programme=programme)
    assert states(batch) == ["clean", "warned", "duplicate_in_file"]
    batch = decide(batch, 4, "same", other_row=3)
    assert batch.counts["merged"] == 1
    services.apply_import(batch, by=None)
    assert Person.objects.get().phones == ["+4550505050", "+4560606060"]


# ---------------------------------------------------------------- two people, later, skipped


def test_two_different_people_are_remembered(programme, administrator, known):
    headings, row = "Navn|Født|Branche|Mobil", "Jens Hanssen|3/5-1970|It|60606060"
    batch = stage_list(headings, row, programme=programme, by=administrator)
    batch = services.decide_row(batch, by=administrator, number=2, decision="different", person_id=known.pk)
    assert (codes(batch), "questions" in batch.counts) == ({2: ("clean",)}, False)
    assert DistinctPeople.objects.count() == 0
    services.apply_import(batch, by=administrator)
    pair = DistinctPeople.objects.get()
    assert (pair.first, pair.second.name, pair.decided_by) == (known, "Jens Hanssen", administrator)
    again = stage_list(headings, row, programme=programme)
    assert (states(again), "questions" in again.counts) == (["duplicate_existing"], False)
    corrected = stage_list("Navn|E-mail|Branche|Mobil", "Jens Hanssen|j@b.dk|It|60606060", programme=programme)
    assert (states(corrected), "questions" in corrected.counts) == (["duplicate_existing"], False)


def test_a_row_can_be_of_the_same_household(programme, administrator, known):
    headings, row = "Navn|Født|Branche|Mobil", "Jens Hanssen|3/5-1970|It|60606060"
    batch = stage_list(headings, row, programme=programme, by=administrator)
    batch = services.decide_row(batch, by=administrator, number=2, decision="household", person_id=known.pk)
    assert (codes(batch), "questions" in batch.counts) == ({2: ("clean",)}, False)
    services.apply_import(batch, by=administrator)
    pair = DistinctPeople.objects.get()
    assert (pair.first, pair.second.name, pair.is_household) == (known, "Jens Hanssen", True)


def test_people_who_share_all_identifiers_can_be_different_people(programme, known):
    row = "Jens Hansen|3/5-1970|It|50505050"
    batch = stage_list("Navn|Født|Branche|Mobil", row, row, programme=programme)
    assert states(batch) == ["duplicate_existing", "duplicate_existing"]
    batch = decide(batch, 2, "different", person_id=known.pk)
    assert states(batch)[0] == "warned"
    batch = decide(batch, 3, "different", person_id=known.pk)
    services.apply_import(batch, by=None)
    assert Person.objects.filter(last_name="Hansen").count() == 2
    assert DistinctPeople.objects.count() == 1


def test_two_rows_of_a_file_can_be_different_people(programme):
    batch = stage_list(
        "Navn|Født|Branche|Mobil", "Jens Hansen|3/5-1970|It|50505050", "Jens Hanssen|3/5-1970|It|60606060",
        programme=programme,
    )  # fmt: skip
    decide(batch, 3, "different", other_row=2)
    services.apply_import(batch, by=None)
    pair = DistinctPeople.objects.get()
    assert {pair.first.name, pair.second.name} == {"Jens Hansen", "Jens Hanssen"}


def test_a_skipped_row_is_not_stored_and_does_not_affect_other_rows(programme):
    batch = stage_list(MENTOR, PLAIN, PLAIN, "Bo|Dam|||bo@b.dk|It", programme=programme)
    batch = decide(batch, 2, "skip")
    assert states(batch) == ["skipped", "clean", "clean"]
    counts = batch.counts
    assert (counts["skipped"], counts["rows"]) == (1, 3)
    assert counts["rows"] == sum(counts[name] for name in SUM) + counts["skipped"]
    assert batch.rows.get(number=2).label == "Åse Møller"
    batch = decide(batch, 2, "")
    assert states(batch) == ["clean", "duplicate_in_file", "clean"]
    decide(batch, 4, "skip")
    services.apply_import(batch, by=None)
    assert Person.objects.get().first_name == "Åse"


# ---------------------------------------------------------------- refusals, and what changed meanwhile


def test_a_row_is_compared_only_with_people_that_its_issues_name(programme, other_programme, known, coordinator):
    stranger = MentorFactory(
        programme=other_programme, person__case_number="K-7", person__phones=["+4560606060"]
    ).person
    batch = stage_list("Navn|Født|Branche|Mobil", "Jens Hanssen|3/5-1970|It|60606060", programme=programme)
    for values in ({"person_id": stranger.pk}, {"other_row": 2}, {"person_id": known.pk, "other_row": 2}, {}):
        with pytest.raises(services.ImportRefused) as caught:
            decide(batch, 2, "same", **values)
        assert caught.value.messages == ["Rækken ser anderledes ud nu. Se på den igen."]
    with pytest.raises(ValidationError):
        decide(batch, 2, "nonsense")
    with pytest.raises(PermissionDenied):
        services.decide_row(batch, by=coordinator, number=2, decision="skip")
    assert batch.rows.get().decision == ""


@pytest.mark.parametrize("decision", ["same", "different"])
def test_a_decision_about_a_deleted_person_is_removed(programme, known, decision):
    batch = stage_list("Navn|Født|Branche|Mobil", "Jens Hanssen|3/5-1970|It|60606060", programme=programme)
    decide(batch, 2, decision, person_id=known.pk, chosen=["name"])
    twin = PersonFactory(
        home_branch=programme.branch, case_number="K-2", first_name="Jens", last_name="Hansen",
        birth_date=dt.date(1970, 5, 3), phones=[], emails=[],
    )  # fmt: skip
    EnrolmentFactory(programme=programme, person=twin, role="mentor")
    known.delete()
    with pytest.raises(services.ImportChanged):
        services.apply_import(batch, by=None)
    batch = services.check_import(batch, by=None)
    row = batch.rows.get()
    assert (row.decision, row.other_person_id, row.chosen, row.has_question) == ("", None, [], True)
    assert row.issues[0]["facts"]["person_id"] == twin.pk
    services.apply_import(batch, by=None)
    assert Person.objects.count() == 2


def test_an_import_with_a_stale_decision_can_be_applied(programme, known):
    """The other person is deleted and the row duplicates a third one: no merge, and the import can be applied."""
    twin = PersonFactory(
        home_branch=programme.branch, case_number="K-2", first_name="Jens", last_name="Hansen", phones=["+4560606060"],
        emails=[], birth_date=None,
    )  # fmt: skip
    EnrolmentFactory(programme=programme, person=twin, role="mentor")
    batch = stage_list("Navn|Branche|Mobil", "Jens Hansen|It|50505050 / 60606060", programme=programme)
    assert decide(batch, 2, "same", person_id=known.pk).counts["merged"] == 1
    known.delete()
    with pytest.raises(services.ImportChanged):
        services.apply_import(batch, by=None)
    batch = services.check_import(batch, by=None)
    assert (states(batch), "merged" in batch.counts) == (["duplicate_existing"], False)
    assert services.apply_import(batch, by=None).status == "applied"


def test_a_person_deleted_at_the_last_moment_refuses_the_import(programme, known, monkeypatch):
    batch = stage_list("Navn|E-mail|Status", "Jens Hansen|jens@example.dk|VL", programme=programme)
    organisations = people_kind.store_organisations_named

    def delete_first(*args, **options):
        Enrolment.objects.all().delete()
        Person.objects.all().delete()
        return organisations(*args, **options)

    monkeypatch.setattr(people_kind, "store_organisations_named", delete_first)
    with pytest.raises(services.ImportRefused, match="slået sammen eller slettet"):
        services.apply_import(batch, by=None)
    assert (ImportBatch.objects.get().status, Person.objects.count()) == ("staged", 1)


def test_a_decision_on_a_row_with_an_error_waits_for_its_correction(programme, known):
    batch = stage_list("Navn|Født|Branche|Mobil", "Jens Hanssen|3/5-1970|It|60606060", programme=programme)
    decide(batch, 2, "same", person_id=known.pk)
    batch = correct(batch, 2, c1="31/2-1970")
    assert (states(batch), batch.rows.get().decision, "merged" in batch.counts) == (["error"], "same", False)
    batch = correct(batch, 2, c1=None)
    assert (states(batch), batch.counts["merged"]) == (["duplicate_existing"], 1)


# ---------------------------------------------------------------- figures


def test_figures_add_up_for_all_decisions(programme, known):
    rows = [ALIKE, ALIKE, "||||||It|", "Bo Dam|||bo@b.dk|||It|", "Bo Dam|||bo@b.dk|||It|", "Ib Krag|||||||"]
    batch = stage_list(LIKE, *rows, programme=programme)
    decide(batch, 5, "skip")
    batch = decide(batch, 2, "same", person_id=known.pk)
    counts = batch.counts
    assert counts["rows"] == sum(counts[name] for name in SUM) + counts.get("skipped", 0) == 6
    assert counts["accepted"] == counts["clean"] + counts["warned"]
    services.apply_import(batch, by=None)


def test_a_decided_list_imported_again_adds_nothing(programme):
    import_list(MENTOR, PLAIN, programme=programme)
    batch = stage_and_check(
        upload_of("Fornavn;Efternavn;Mobil;Branche\r\nÅse;Møller;50505050;It\r\n".encode()),
        programme=programme,
        by=None,
    )
    assert states(batch) == ["duplicate_existing"]
