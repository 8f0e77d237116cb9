"""What a row says about a person, from the file to what is stored."""

import pytest

from people.importing import registry
from people.models import Person
from tests.people.importing_samples import codes, import_list, stage_list

pytestmark = pytest.mark.django_db

MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
SIGN_UP = "Navn|E-mail|Rolle|Samtykke"


def test_both_phones_of_a_cell_are_stored_and_the_words_kept(programme):
    batch = import_list(
        MENTOR,
        "Åse|Møller|1968|22334457 og 33445566|a@b.dk|It",
        "Bo|Dam|03091968|22334482 (mand 33445582)|b@b.dk|It",
        "Ib|Krag|030968|Privat: 22334483 Arb: 33445583|i@b.dk|It",
        "Per|Holm|3-sep-1968|22334484 og 2233|p@b.dk|It",
        programme=programme,
    )
    assert codes(batch) == {2: ("warned", "year_only"), 3: ("warned", "phone_says_more"), 4: ("clean",), 5: ("clean",)}
    stored = {person.first_name: (person.phones, person.notes) for person in Person.objects.all()}
    assert stored == {
        "Åse": (["+4522334457", "+4533445566"], ""),
        "Bo": (["+4522334482", "+4533445582"], "Mobil: 22334482 (mand 33445582)"),
        "Ib": (["+4522334483", "+4533445583"], "Mobil: Privat: 22334483 Arb: 33445583"),
        "Per": (["+4522334484"], "Mobil: 22334484 og 2233"),
    }


def test_an_answer_with_both_roles_is_asked_about_and_held_back(programme):
    rows = ("Ida Dam|i@b.dk|Begge dele: mentor og mentee|ja", "Bo Dam|b@b.dk|Mentee i mentornetværket|ja")
    batch = stage_list(SIGN_UP, *rows, programme=programme)
    assert codes(batch) == {2: ("error", "both_roles"), 3: ("clean",)}
    role = next(field for field in registry.kind_of("signup").fields if field.key == "role")
    assert [choice.word for choice in role.choices if choice.covers("Begge dele: mentor og mentee")] == []
    assert [choice.word for choice in role.choices if choice.covers("Mentee i mentornetværket")] == ["mentee"]


def test_a_google_form_tells_its_own_day(programme):
    batch = stage_list(
        f"Tidsstempel|{SIGN_UP}", "2010/03/04 10:11:12 AM CET|Ida Dam|i@b.dk|Mentor|Ja",
        "2010/03/04 10.11.12 AM EET|Bo Dam|b@b.dk|Mentee|Ja", "04/03/2010 10.11.12|Ib Krag|k@b.dk|Mentor|Ja",
        programme=programme,
    )  # fmt: skip
    assert codes(batch) == {2: ("clean",), 3: ("clean",), 4: ("clean",)}
