"""Columns and words that a branch chose are offered for its next list with the same headings."""

import io

import pytest
from django.core.exceptions import ValidationError

from common.spreadsheets import write_xlsx
from imports.engine.fields import normal
from imports.models import KnownWord, SavedMapping
from people.models import Person
from tests.imports.samples import choose_and_check, codes, import_list, stage_and_check, stage_list, upload_of

pytestmark = pytest.mark.django_db
ODD = "Kaldes|Slægt|Tlf 1|Hvor"
ROW = "Åse|Møller|50505050|Valby"
CHOSEN = {"first_name": 0, "last_name": 1, "phone": 2, "town": 3}


def choose(batch, columns=CHOSEN, kind="mentor", **options):
    values = {"sheet": batch.sheet, "header_row": batch.header_row, "is_remembered": True} | options
    return choose_and_check(batch, by=None, kind=kind, columns=columns, **values)


def chosen_of(batch) -> dict[str, str]:
    """Return field → heading."""
    return {key: batch.headers[index] for key, index in batch.mapping["columns"].items()}


@pytest.fixture
def remembered(programme, administrator):
    batch = stage_list(ODD, ROW, programme=programme)
    assert (batch.kind, batch.status) == ("", "read")
    choose(batch)
    return SavedMapping.objects.get()


WANTED = {"first_name": "Kaldes", "last_name": "Slægt", "phone": "Tlf 1", "town": "Hvor"}


@pytest.mark.parametrize("headings", [ODD, "Hvor|tlf.  1|SLÆGT|Kaldes"], ids=["as before", "another order"])
def test_the_same_headings_get_the_same_columns(programme, remembered, headings):
    batch = stage_list(headings, ROW, programme=programme)
    assert (batch.kind, batch.status) == ("mentor", "staged")
    assert {key: normal(heading) for key, heading in chosen_of(batch).items()} == {
        key: normal(heading) for key, heading in WANTED.items()
    }
    assert batch.mapping["remembered"] == remembered.saved_at.isoformat()


def test_remembered_headings_are_found_below_titles_and_on_another_sheet(programme, remembered):
    rows = [["Foreningens liste", "", "", ""], ["", "", "", ""], ODD.split("|"), ROW.split("|")]
    file = write_xlsx("Et andet ark", ["2011", "udkast", "", ""], rows)
    batch = stage_and_check(upload_of(file.read(), "liste.xlsx"), programme=programme, by=None)
    assert (batch.kind, batch.header_row, chosen_of(batch)) == ("mentor", 4, WANTED)
    named = stage_and_check(
        upload_of(io.BytesIO(write_xlsx("Ark", ODD.split("|"), [ROW.split("|")]).read()).read(), "l.xlsx"),
        programme=programme, by=None, sheet="Ark",
    )  # fmt: skip
    assert (named.kind, named.header_row) == ("mentor", 1)


def test_repeated_headings_are_distinguished(programme):
    headings, row = "Kaldes|Slægt|Nr|Nr", "Åse|Møller|50505050|60606060"
    choose(stage_list(headings, row, programme=programme), {"first_name": 0, "last_name": 1, "phone": 3})
    batch = stage_list(headings, row, programme=programme)
    assert (batch.kind, batch.mapping["columns"]) == ("mentor", {"first_name": 0, "last_name": 1, "phone": 3})
    under_a_title = stage_list("En liste|||", "Kaldes|Slægt|Nr|Nr", row, programme=programme)
    assert (under_a_title.kind, under_a_title.header_row) == ("mentor", 2)


def test_another_branch_gets_no_remembered_columns(programme, other_programme, remembered):
    assert stage_list(ODD, ROW, programme=other_programme).kind == ""


def test_another_kind_and_other_headings_get_no_remembered_columns(programme, remembered):
    batch = stage_list(ODD, ROW, programme=programme, kind="mentee")
    assert (batch.kind, "remembered" in batch.mapping) == ("mentee", False)
    assert stage_list(ODD + "|Mere", ROW + "|x", programme=programme).kind == ""


def test_only_a_saved_choice_replaces_the_remembered_columns(programme, administrator, remembered):
    batch = stage_list(ODD, ROW, programme=programme)
    choose_and_check(
        batch, by=administrator, kind="mentee", sheet=batch.sheet, header_row=1, columns={"full_name": 0},
        is_remembered=True,
    )  # fmt: skip
    saved = SavedMapping.objects.get()
    assert (saved.kind, saved.columns, saved.saved_by) == ("mentee", {"full_name": ["kaldes", 0]}, administrator)
    choose(stage_list(ODD, ROW, programme=programme), kind="contact", is_remembered=False)
    assert SavedMapping.objects.get().kind == "mentee"


def test_columns_of_an_unknown_kind_are_not_offered(programme, remembered):
    SavedMapping.objects.update(kind="gone")
    assert stage_list(ODD, ROW, programme=programme).kind == ""


def test_one_heading_is_too_few_to_remember_columns(programme):
    batch = stage_list("Hvem", "Åse Møller", programme=programme)
    choose(batch, {"full_name": 0})
    assert SavedMapping.objects.count() == 0


# ---------------------------------------------------------------- words

MENTEE = "Navn|E-mail|Status|Interviewdato"
THEIRS = "Åse Møller|a@b.dk|På Listen|1/6-2010"


def test_words_are_remembered_by_kind_and_field_and_issues_quote_the_original(programme, administrator):
    batch = stage_list(MENTEE, THEIRS, programme=programme)
    assert codes(batch) == {2: ("error", "unknown_status")}
    words = {"status": {"på listen": "venteliste"}}
    options = {"kind": "mentee", "columns": batch.mapping["columns"], "words": words}
    batch = choose_and_check(batch, by=administrator, sheet=batch.sheet, header_row=1, **options)
    assert (codes(batch), batch.mapping["words"]) == ({2: ("clean",)}, {"status": {"pa listen": "venteliste"}})
    known = KnownWord.objects.get()
    assert (known.kind, known.field, known.word, known.saved_by) == ("mentee", "status", "pa listen", administrator)
    again = import_list(MENTEE, THEIRS.replace("1/6-2010", ""), programme=programme)
    assert codes(again) == {2: ("warned", "not_interviewed")}
    assert Person.objects.get().enrolments.get().status == "waiting"
    changed = stage_list(MENTEE, "Bo Dam|b@b.dk|på listen|", programme=programme)
    options["words"] = {"status": {"på listen": "ukendt"}}
    changed = choose_and_check(changed, by=None, sheet=changed.sheet, header_row=1, **options)
    [issue] = changed.rows.get().issues
    assert (issue["code"], issue["value"], KnownWord.objects.get().meaning) == (
        "unknown_status",
        "på listen",
        "ukendt",
    )


def test_a_word_with_a_blank_meaning_is_deleted(programme, administrator):
    KnownWord.objects.create(
        branch=programme.branch, kind="mentee", field="status", word="pa listen", meaning="venteliste"
    )
    batch = stage_list(MENTEE, THEIRS, programme=programme)
    assert codes(batch) == {2: ("clean",)}
    batch = choose_and_check(
        batch, by=administrator, kind="mentee", sheet=batch.sheet, header_row=1, columns=batch.mapping["columns"],
        words={"status": {"pa listen": "", "hvad": ""}},
    )  # fmt: skip
    assert (codes(batch), batch.mapping["words"]) == ({2: ("error", "unknown_status")}, {"status": {}})
    assert KnownWord.objects.count() == 0


def test_words_of_another_branch_or_kind_are_not_used(programme, other_programme):
    KnownWord.objects.create(
        branch=programme.branch, kind="mentor", field="status", word="pa listen", meaning="venteliste"
    )
    for at in (programme, other_programme):
        assert codes(stage_list(MENTEE, THEIRS, programme=at)) == {2: ("error", "unknown_status")}


def test_a_cpr_number_is_not_stored_as_a_word(programme):
    batch = stage_list(MENTEE, THEIRS, programme=programme)
    for words in ({"030968-1234": "venteliste"}, {"vl": "030968-1234"}):
        with pytest.raises(ValidationError):
            choose_and_check(
                batch, by=None, kind="mentee", sheet=batch.sheet, header_row=1, columns=batch.mapping["columns"],
                words={"status": words},
            )  # fmt: skip
    assert KnownWord.objects.count() == 0
