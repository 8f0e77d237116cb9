"""Corrected cells: the row and the rows that depend on it are checked again."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from common.spreadsheets import Sheet, Spreadsheet
from imports import services
from imports.engine.table import unpack_spreadsheet
from imports.models import ImportBatch
from imports.services.reading import Upload
from people.models import Person
from tests.imports.samples import choose_and_check, codes, stage_and_check, stage_list

pytestmark = pytest.mark.django_db
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
PLAIN = "Åse|Møller|3/9-1968|50 50 50 50|ase@example.dk|Sundhed"


def correct(batch, number, **cells):
    """Correct cells: ``c0="x"`` writes x in the first column."""
    return services.correct_cells(
        batch, by=None, number=number, cells={int(name[1:]): text for name, text in cells.items()}
    )


def states(batch) -> list[str]:
    return list(batch.rows.order_by("number").values_list("state", flat=True))


# ---------------------------------------------------------------- corrections


def test_a_corrected_cell_is_checked_and_can_be_reset(programme):
    batch = stage_list(MENTOR, "Åse|Møller|31/2-1968||ase@b.dk|It", programme=programme)
    assert codes(batch) == {2: ("error", "bad_date")}
    batch = correct(batch, 2, c2="3/9-1968", c3=" 50505050 ")
    assert (codes(batch), batch.counts["clean"]) == ({2: ("clean",)}, 1)
    row = batch.rows.get()
    assert (row.corrections, row.cells[2:4]) == ({"2": "3/9-1968", "3": "50505050"}, ["3/9-1968", "50505050"])
    batch = correct(batch, 2, c2=None)
    assert (codes(batch), batch.rows.get().corrections) == ({2: ("error", "bad_date")}, {"3": "50505050"})
    correct(batch, 2, c2="4/9-1968")
    services.apply_import(batch, by=None)
    person = Person.objects.get()
    assert (person.birth_date, person.phones) == (dt.date(1968, 9, 4), ["+4550505050"])


def test_rows_that_depend_on_a_corrected_row_are_checked_again(programme):
    batch = stage_list(MENTOR, PLAIN, PLAIN.replace("Åse", "Aase"), "Bo|Dam|||bo@b.dk|It", programme=programme)
    assert states(batch) == ["clean", "warned", "clean"]
    batch = correct(batch, 2, c0="Aase")
    assert states(batch) == ["clean", "duplicate_in_file", "clean"]
    assert batch.rows.get(number=3).issues[0]["facts"]["row"] == 2
    batch = correct(batch, 2, c0=None)
    assert states(batch) == ["clean", "warned", "clean"]
    assert (batch.status, batch.counts["warnings"]) == ("staged", {"shared_contact": 1})


def test_an_extra_cell_can_be_cleared(programme):
    batch = stage_list("Fornavn|Efternavn|Branche", "Åse|Møller|It|for meget", programme=programme)
    batch = correct(batch, 2, c3="")
    assert codes(batch) == {2: ("warned", "no_contact")}
    assert codes(correct(batch, 2, c3=None)) == {2: ("error", "too_many_cells")}


@pytest.mark.parametrize(
    "text",
    ["kaldes 030968-1234", "0309681234", "030968\n1234", "030968   1234"],
    ids=["dash", "digits", "break", "runs"],
)
def test_a_cpr_number_in_a_correction_is_refused(programme, text):
    batch = stage_list(MENTOR, PLAIN, programme=programme)
    with pytest.raises(ValidationError) as caught:
        correct(batch, 2, c0="Bo", c5=text)
    assert "CPR" in caught.value.messages[0]
    assert (batch.rows.get().corrections, batch.rows.get().label) == ({}, "Åse Møller")


def test_missing_cells_and_rows_cannot_be_corrected(programme, coordinator):
    batch = stage_list(MENTOR, PLAIN, programme=programme)
    for number, cells, said in ((2, {6: "x"}, "celle"), (2, {-1: "x"}, "celle"), (9, {0: "x"}, "række 9")):
        with pytest.raises(services.ImportRefused, match=said):
            services.correct_cells(batch, by=None, number=number, cells=cells)
    with pytest.raises(PermissionDenied):
        services.correct_cells(batch, by=coordinator, number=2, cells={0: "x"})
    services.apply_import(batch, by=None)
    with pytest.raises(services.ImportRefused):
        correct(batch, 2, c0="Bo")


def choose(batch, **options):
    values = {
        "kind": "mentor", "sheet": batch.sheet, "header_row": batch.header_row, "columns": batch.mapping["columns"],
    }  # fmt: skip
    return choose_and_check(batch, by=None, **(values | options))


def test_corrections_survive_other_columns_and_another_header(programme):
    batch = stage_list(MENTOR, PLAIN, "Bo|Dam|||bo@b.dk|It", "Ib|Krag|||ib@b.dk|It", programme=programme)
    correct(batch, 3, c0="Bodil")
    services.decide_row(batch, by=None, number=4, decision="skip")
    batch = choose(batch, columns={"first_name": 0, "last_name": 1, "occupation": 5})
    assert [row.label for row in batch.rows.all()] == ["Åse Møller", "Bodil Dam", "Ib Krag"]
    assert states(batch) == ["warned", "warned", "skipped"]
    batch = choose(batch, header_row=2, columns={"first_name": 0, "last_name": 1})
    assert {row.number: (row.label, row.corrections, row.decision) for row in batch.rows.all()} == {
        3: ("Bodil Dam", {"0": "Bodil"}, ""), 4: ("Ib Krag", {}, "skip")
    }  # fmt: skip


def test_corrections_survive_hidden_rows_but_not_another_sheet(programme):
    rows = [(1, ["Navn", "Branche"]), (2, ["Åse Møller", "It"]), (3, ["Bo Dam", "It"]), (4, ["Ib Krag", "It"])]
    sheets = [Sheet("Nye", rows=rows, hidden_rows=[3]), Sheet("Gamle", rows=rows)]
    batch = stage_and_check(Upload("l.xlsx", "0" * 64, Spreadsheet("xlsx", sheets)), programme=programme, by=None)
    correct(batch, 2, c0="Åse Ny")
    services.decide_row(batch, by=None, number=4, decision="skip")
    batch = choose(batch, with_hidden_rows=True)
    assert [(row.number, row.label, row.decision) for row in batch.rows.all()] == [
        (2, "Åse Ny", ""), (3, "Bo Dam", ""), (4, "Ib Krag", "skip")
    ]  # fmt: skip
    batch = choose(batch)
    assert [(row.number, row.label) for row in batch.rows.all()] == [(2, "Åse Ny"), (4, "Ib Krag")]
    batch = choose(batch, sheet="Gamle")
    assert [(row.number, row.label, row.decision) for row in batch.rows.all()] == [
        (2, "Åse Møller", ""), (3, "Bo Dam", ""), (4, "Ib Krag", "")
    ]  # fmt: skip


def test_a_correction_checks_all_rows_and_stores_those_with_another_outcome(programme):
    rows = [f"Anna{n}|Prøve{n}|||a{n}@b.dk|It" for n in range(1_500)]
    batch = stage_list(MENTOR, *rows, programme=programme)
    before = {row.number: row.cells for row in batch.rows.all()}
    batch = correct(batch, 800, c4="a1000@b.dk")
    assert (batch.status, batch.counts["clean"], batch.counts["warned"]) == ("staged", 1_499, 1)
    changed = {row.number: row.cells for row in batch.rows.all() if row.cells != before[row.number]}
    assert changed == {800: ["Anna798", "Prøve798", "", "", "a1000@b.dk", "It"]}
    assert codes(batch)[1_002] == ("warned", "shared_contact")


SIGN_UP = "Navn|Rolle|E-mail|Samtykke"


def test_a_corrected_row_with_refused_consent_is_erased(programme):
    batch = stage_list(SIGN_UP, "Tanja Berg|mentor|t@b,dk|Ja", "Bo Dam|mentor|b@b.dk|Ja", programme=programme)
    correct(batch, 2, c0="Tanja Bergmann")
    batch = correct(batch, 2, c3="Nej")
    row = batch.rows.get(number=2)
    assert (row.state, row.label, row.cells, row.corrections) == ("error", "", ["", "", "", "Nej"], {})
    batch.refresh_from_db()
    content = str(unpack_spreadsheet(batch.content))
    assert ("Tanja" in content, "t@b,dk" in content, "Bo Dam" in content) == (False, False, True)
    batch = correct(batch, 3, c3="Nej")
    assert "Bo Dam" not in str(unpack_spreadsheet(ImportBatch.objects.get().content))
