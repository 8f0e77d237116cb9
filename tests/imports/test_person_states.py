"""Rows about people who have died, moved away or want no contact."""

import datetime as dt

import pytest

from demo.factories import EnrolmentFactory, MentorFactory
from imports.services import apply_import
from people.models import Enrolment
from people.services import set_person_state
from tests.imports.samples import codes, stage_list

pytestmark = pytest.mark.django_db
DAY = dt.date(2011, 5, 3)


@pytest.fixture
def dead(programme, administrator):
    enrolment = EnrolmentFactory(
        programme=programme,
        person__first_name="Ida",
        person__last_name="Dam",
        person__phones=["+4550505050"],
        person__case_number="T-2010-001",
    )
    set_person_state(enrolment.person, by=administrator, kind="died", on=DAY)
    return enrolment.person


def test_a_new_role_is_an_error_and_is_not_stored(programme, dead, administrator):
    batch = stage_list(
        "Fornavn|Efternavn|Mobil|Branche", "Ida|Dam|50 50 50 50|It", programme=programme, by=administrator
    )
    assert codes(batch) == {2: ("error", "person_is_closed")}
    issue = batch.rows.get().issues[0]
    assert issue["facts"]["case_number"] == "T-2010-001"
    apply_import(batch, by=administrator)
    assert Enrolment.objects.filter(person=dead).count() == 1


@pytest.mark.parametrize(
    ("headings", "row", "found"),
    [
        ("Navn|Rolle|Planlagt til|Interviewdato|Vurdering", "Ida Dam|||01-02-2011|", "person_has_state"),
        ("Navn|Rolle|Planlagt til|Interviewdato|Vurdering", "Ida Dam||20-09-2011||", "person_is_closed"),
        ("Arrangement|Dato|Navn|Status", "Sommerfest|01-02-2011|Ida Dam|deltog", "person_has_state"),
        ("Arrangement|Dato|Navn|Status", "Julefest|01-12-2011|Ida Dam|tilmeldt", "person_is_closed"),
    ],
)
def test_a_row_about_the_person_has_a_warning_and_something_new_an_error(programme, dead, headings, row, found):
    state, *issues = codes(stage_list(headings, row, programme=programme))[2]
    assert (state, found in issues) == ("error" if found == "person_is_closed" else "warned", True)


def test_an_open_match_with_the_person_is_not_accepted(programme, dead):
    MentorFactory(programme=programme, person__first_name="Per", person__last_name="Holm")
    batch = stage_list("Mentor|Mentee|Startdato", "Per Holm|Ida Dam|01-06-2011", programme=programme)
    assert codes(batch) == {2: ("error", "role_has_ended")}
    assert batch.counts["accepted"] == 0
