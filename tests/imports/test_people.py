"""Rows of lists of people, from the file to the stored person."""

import pytest

from imports.kinds import kind_of
from people.models import Person
from tests.imports.samples import codes, import_list, stage_list

pytestmark = pytest.mark.django_db

MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
SIGN_UP = "Navn|E-mail|Rolle|Samtykke"
CIVICRM = "Contact ID|Contact Type|Display Name|First Name|Middle Name|Last Name|Email|Is Deceased"


def test_both_phones_of_a_cell_are_stored_and_other_words_kept(programme):
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


def test_an_answer_with_both_roles_is_an_error(programme):
    rows = ("Ida Dam|i@b.dk|Begge dele: mentor og mentee|ja", "Bo Dam|b@b.dk|Mentee i mentornetværket|ja")
    batch = stage_list(SIGN_UP, *rows, programme=programme)
    assert codes(batch) == {2: ("error", "both_roles"), 3: ("clean",)}
    role = next(field for field in kind_of("signup").fields if field.key == "role")
    assert [choice.word for choice in role.choices if choice.covers("Begge dele: mentor og mentee")] == []
    assert [choice.word for choice in role.choices if choice.covers("Mentee i mentornetværket")] == ["mentee"]


def test_a_middle_name_is_joined_to_the_first(programme):
    batch = import_list(
        "Fornavn|Mellemnavn|Efternavn|E-mail|Branche",
        "Gitte|Marie|Googlesen|g@b.dk|It",
        "Anne Sofie|Sofie|Lund|a@b.dk|It",
        "|Karl|Holm|k@b.dk|It",
        "Bo|?se|Dam|b@b.dk|It",
        programme=programme,
    )
    assert codes(batch) == {2: ("clean",), 3: ("clean",), 4: ("clean",), 5: ("warned", "lost_character")}
    assert list(Person.objects.order_by("pk").values_list("first_name", "last_name")) == [
        ("Gitte Marie", "Googlesen"), ("Anne Sofie", "Lund"), ("Karl", "Holm"), ("Bo ?se", "Dam"),
    ]  # fmt: skip


def test_a_middle_name_in_the_full_name_is_not_repeated(programme):
    batch = import_list(
        "Navn|Mellemnavn|E-mail|Branche", "Gitte Marie Googlesen|Marie|g@b.dk|It", "Ib Dam|Ole|i@b.dk|It",
        programme=programme,
    )  # fmt: skip
    assert codes(batch) == {2: ("clean",), 3: ("clean",)}
    assert list(Person.objects.order_by("pk").values_list("first_name", "last_name")) == [
        ("Gitte", "Marie Googlesen"), ("Ib Ole", "Dam"),
    ]  # fmt: skip


def test_organisations_and_dead_people_of_an_address_book_are_rejected(programme):
    batch = import_list(
        CIVICRM,
        "1|Individual|Gitte Googlesen|Gitte|Marie|Googlesen|g@b.dk|0",
        "2|Organization|Biblioteket||||b@b.dk|",
        "3|Household|Familien Dam||||f@b.dk|",
        "4|Individual|Ib Dam|Ib||Dam|i@b.dk|1",
        "5|Individual|Per Holm|Per||Holm|p@b.dk|Nej",
        programme=programme, kind="mentor",
    )  # fmt: skip
    assert codes(batch) == {
        2: ("clean",), 3: ("error", "no_person"), 4: ("error", "no_person"), 5: ("error", "deceased"), 6: ("clean",),
    }  # fmt: skip
    assert sorted(person.name for person in Person.objects.all()) == ["Gitte Marie Googlesen", "Per Holm"]


def test_the_time_of_a_google_form_is_read(programme):
    batch = stage_list(
        f"Tidsstempel|{SIGN_UP}", "2010/03/04 10:11:12 AM CET|Ida Dam|i@b.dk|Mentor|Ja",
        "2010/03/04 10.11.12 AM EET|Bo Dam|b@b.dk|Mentee|Ja", "04/03/2010 10.11.12|Ib Krag|k@b.dk|Mentor|Ja",
        programme=programme,
    )  # fmt: skip
    assert codes(batch) == {2: ("clean",), 3: ("clean",), 4: ("clean",)}
