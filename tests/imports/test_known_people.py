"""Whom a row takes for a person who is known: in the file, in the branch, and in other branches."""

import datetime as dt

import pytest

from demo.factories import EnrolmentFactory, MentorFactory, PersonFactory
from imports import services
from people.models import Person
from tests.imports.samples import codes, import_list, stage_list, states

pytestmark = pytest.mark.django_db


# ---------------------------------------------------------------- one name, two people

MOTHER, DAUGHTER = "Amina Ali|50505050|9/3-1948|It", "Amina Ali|50505050|2/11-1980|It"


def test_mother_and_daughter_with_one_name_and_phone_stay_two(programme):
    batch = stage_list("Navn|Mobil|Født|Branche", MOTHER, DAUGHTER, programme=programme)
    asked = ("warned", "probable_duplicate", "same_name")
    assert codes(batch) == {2: ("clean",), 3: asked}
    [issue] = [issue for issue in batch.rows.get(number=3).issues if issue["code"] == "probable_duplicate"]
    assert (issue["facts"]["row"], issue["facts"]["same"]) == (2, ["name", "phone"])
    services.apply_import(batch, by=None)
    births = Person.objects.order_by("birth_date").values_list("birth_date", flat=True)
    assert list(births) == [dt.date(1948, 3, 9), dt.date(1980, 11, 2)]
    again = stage_list("Navn|Mobil|Født|Branche", DAUGHTER, MOTHER, programme=programme)
    assert states(again) == ["duplicate_existing"] * 2


def test_a_row_that_gives_the_birth_date_makes_the_next_another_person(programme):
    EnrolmentFactory(
        programme=programme, role="contact", person__first_name="Amina", person__last_name="Ali",
        person__phones=["+4550505050"], person__emails=[], person__birth_date=None,
    )  # fmt: skip
    batch = import_list("Navn|Mobil|Født|Branche", MOTHER, DAUGHTER, MOTHER, programme=programme)
    assert codes(batch) == {
        2: ("warned", "known_person_other_role"),
        3: ("warned", "probable_duplicate", "same_name"),
        4: ("duplicate_in_file", "duplicate_in_file"),
    }
    births = Person.objects.order_by("birth_date").values_list("birth_date", flat=True)
    assert list(births) == [dt.date(1948, 3, 9), dt.date(1980, 11, 2)]


def test_two_men_born_on_1_january_stay_two(programme):
    rows = ["Ali Farah|50505050|1/1-1980|It", "Ali Farah|60606060|1/1-1980|It", "Ali Farah||1/1-1980|It"]
    batch = stage_list("Navn|Mobil|Født|Branche", *rows, programme=programme)
    asked = ("probable_duplicate", "same_name")
    assert codes(batch) == {2: ("clean",), 3: ("warned", *asked), 4: ("warned", "no_contact", *asked)}
    services.apply_import(batch, by=None)
    assert Person.objects.count() == 3
    assert states(stage_list("Navn|Mobil|Født|Branche", *rows, programme=programme)) == ["duplicate_existing"] * 3


# ---------------------------------------------------------------- other branches


def test_only_the_name_of_another_branch_is_shown(programme, other_programme):
    MentorFactory(
        programme=other_programme, person__case_number="K-7", person__phones=["+4550505050"], person__emails=["x@y.dk"]
    )
    batch = stage_list("Navn|Mobil|E-mail|Branche", "Birgitte Holm|50505050|ny@b.dk|It", programme=programme)
    [issue] = batch.rows.get().issues
    assert issue == {
        "code": "known_elsewhere", "title": "", "cell": "", "value": "",
        "facts": {"branch_id": other_programme.branch_id, "branch": "København"},
    }  # fmt: skip
    assert "x@y.dk" not in str(batch.rows.values())


def test_a_relative_in_another_branch_is_not_reported(programme, other_programme):
    for day in (dt.date(1948, 3, 9), dt.date(1960, 1, 1)):
        MentorFactory(
            programme=other_programme, person__birth_date=day, person__phones=["+4550505050"], person__emails=[]
        )
    rows = ["Birgitte Holm|50505050|2/11-1980|It", "Birgitte Holm|60606060|1/1-1960|It", "Birgitte Holm|50505050||It"]
    found = []
    for row in rows:
        batch = stage_list("Navn|Mobil|Født|Branche", row, programme=programme)
        found.append(codes(batch)[2])
        services.discard_import(batch, by=None)
    assert found == [("clean",), ("clean",), ("clean", "known_elsewhere")]


def test_people_enrolled_in_the_branch_are_not_reported_as_known_elsewhere(programme, other_programme):
    guest = MentorFactory(
        programme=other_programme, person__case_number="K-7", person__phones=["+4550505050"], person__emails=[]
    ).person
    EnrolmentFactory(programme=programme, person=guest, role="contact")
    batch = stage_list("Navn|Mobil|Branche", "Birgitte Holm|50505050|It", programme=programme)
    assert codes(batch) == {2: ("warned", "known_person_other_role")}
    own = PersonFactory(
        home_branch=programme.branch, case_number="K-8", first_name="Ib", last_name="Krag", phones=["+4560606060"]
    )
    EnrolmentFactory(programme=other_programme, person=own, role="mentor")
    batch = stage_list("Navn|Mobil|Branche", "Ib Krag|60606060|It", programme=programme)
    assert codes(batch) == {2: ("warned", "known_person_other_programme")}
