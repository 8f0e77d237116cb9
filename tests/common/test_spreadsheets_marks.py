"""Marks of sheets in xlsx, xls and ods: hidden, merged, never calculated, in error."""

import datetime as dt
import io
import struct
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from django.utils import translation

from common.spreadsheets import read_spreadsheet, remark_sentence
from common.spreadsheets.worker import cells, files, xls, xlsx
from common.spreadsheets.worker.marks import SheetMarks
from tests.common import spreadsheet_bombs as bombs
from tests.common.test_spreadsheets_worker import LIMITS, run_worker

MARKED = Path(__file__).resolve().parent.parent / "samples" / "marked"
FORMATS = ("xlsx", "xls", "ods")


def read(data: bytes):
    return read_spreadsheet(io.BytesIO(data)).sheets


def marks_of(data: bytes, name="Ark"):
    (head,) = [line for line in run_worker(data) if isinstance(line, dict) and line.get("sheet") == name]
    return {key: value for key, value in head.items() if key not in ("sheet", "hidden")}


# ---------------------------------------------------------------- the same list from Excel and LibreOffice


@pytest.mark.parametrize("extension", FORMATS)
def test_hidden_merged_and_invalid_cells_are_reported(extension):
    """Row 6 is hidden by hand, row 9 by a filter, column D is hidden, B2:B4 merged, F3 divided by zero."""
    sheet, hidden = read((MARKED / f"marked.{extension}").read_bytes())
    assert (sheet.name, sheet.is_hidden, hidden.name, hidden.is_hidden) == ("Folk & fæ", False, "Gemt", True)
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.merges) == ([6, 9], [3], [[2, 4, 1]])
    assert sheet.remarks == [
        {"code": "hidden_rows", "count": 2, "rows": [6, 9]},
        {"code": "hidden_columns", "count": 1, "columns": ["D"]},
        {"code": "merged_cells", "count": 1, "cells": ["B2"]},
        {"code": "error_cells", "count": 1, "cells": ["F3"]},
    ]
    assert dict(sheet.rows)[3][:3] == ["Navn 2", "Org", dt.date(1968, 9, 2)]
    assert dict(sheet.rows)[4][6] == 3  # a formula's value
    assert hidden.remarks == []


@pytest.mark.parametrize("extension", FORMATS)
def test_worker_emits_ranges(extension):
    data = (MARKED / f"marked.{extension}").read_bytes()
    marks = {"hidden_rows": [[6, 6], [9, 9]], "hidden_columns": [[3, 3]], "merges": [[2, 4, 1]]}
    assert marks_of(data, "Folk & fæ") == marks
    assert marks_of(data, "Gemt") == {}
    assert {"errors": {"count": 1, "cells": ["F3"]}} in run_worker(data)


def test_worker_counts_a_zero_formula_as_blank():
    data = bombs.workbook(lambda sheet: [sheet.write(0, 0, "Navn"), sheet.write_formula(0, 1, "=1+1")])
    assert run_worker(data)[1:] == [
        {"sheet": "Ark", "hidden": False, "formulas": {"count": 1, "cells": ["B1"]}},
        [1, ["Navn"]],
    ]


def test_worker_emits_errors_and_swallowed_rows_of_a_text():
    assert run_worker(b'Navn;By;A;B\n#N/A;"x\n1;2;3;4";a;b\n')[-2:] == [
        {"errors": {"count": 1, "cells": ["A2"]}},
        {"swallowed": {"count": 1, "lines": ["2"]}},
    ]


@pytest.mark.parametrize("extension", ["xlsx", "xls"])
def test_dates_counted_from_1904_are_read(extension):
    sheet = read((MARKED / f"from_1904.{extension}").read_bytes())[0]
    assert [cells[2] for _number, cells in sheet.rows[1:4]] == [dt.date(1968, 9, day) for day in (1, 2, 3)]


# ---------------------------------------------------------------- xlsx


def test_formulas_that_were_never_calculated_are_named():
    book = openpyxl.Workbook()
    book.active.append(["Navn", "=1+1", '="x"'])
    for row in range(2, 15):
        book.active.append([f"Navn {row}", f"=A{row}"])
    target = io.BytesIO()
    book.save(target)
    (sheet,) = read(target.getvalue())
    (remark,) = sheet.remarks
    assert (remark["code"], remark["count"], remark["cells"][:3]) == ("formulas_without_value", 15, ["B1", "C1", "B2"])
    assert len(remark["cells"]) == 10
    assert sheet.rows[0] == (1, ["Navn"])


def test_zeros_of_a_file_that_was_never_calculated_are_blank():
    """xlsxwriter stores 0 for the value of a formula and tells Excel to calculate on opening."""

    def fill(sheet):
        sheet.write(0, 0, "Navn")
        sheet.write_formula(0, 1, "=1+1")
        sheet.write(0, 2, 0)
        sheet.write_formula(0, 3, "=1+1", None, 2)

    (sheet,) = read(bombs.workbook(fill))
    assert sheet.rows == [(1, ["Navn", None, 0, 2])]
    assert sheet.remarks == [{"code": "formulas_without_value", "count": 1, "cells": ["B1"]}]


@pytest.mark.parametrize(
    ("xml", "marks"),
    [
        ('<row r="2"><c r="A2"><f>1</f><v></v></c></row>', {"formulas": {"count": 1, "cells": ["A2"]}}),
        ('<row r="2"><c r="A2"><f t="shared" si="0"/></c></row>', {"formulas": {"count": 1, "cells": ["A2"]}}),
        ("<row><c><f>1</f></c></row>", {"formulas": {"count": 1, "cells": []}}),
        ('<row r="2"><c r="A2" t="str"><f>A1</f><v></v></c></row>', {}),
        ('<row r="2"><c r="A2"><f>A1</f><v>5</v></c></row>', {}),
        ("<row/><row/><row hidden='true'/><row ht=\"0\"/>", {"hidden_rows": [[3, 4]]}),
        ('<row r="7" hidden="1"/><row r="9" hidden="0"/>', {"hidden_rows": [[7, 7]]}),
        ('<row r="7000" hidden="1"/>', {}),
    ],
)
def test_marks_of_rows_and_cells(xml, marks):
    assert marks_of(bombs.xlsx(xml)) == marks


@pytest.mark.parametrize(
    ("columns", "hidden"),
    [
        ('<col min="2" max="3" width="0" customWidth="1"/>', [[1, 2]]),
        ("<col min='2' max='16384' hidden='1'/>", [[1, 49]]),
        ('<col min="2" max="3" width="9"/><col hidden="1"/>', None),
    ],
)
def test_marks_of_columns(columns, hidden):
    head = bombs.SHEET_HEAD.replace("<sheetData>", f"<cols>{columns}</cols><sheetData>")
    assert marks_of(bombs.xlsx(head=head)).get("hidden_columns") == hidden


def test_element_names_with_prefixes_are_found():
    xml = '<x:row r="2" hidden="1"><x:c r="A2" t="e"><x:v>#N/A</x:v></x:c></x:row>'
    scanner = xlsx.SheetScanner(LIMITS)
    for letter in xml.encode():
        scanner.feed(bytes([letter]))
    scanner.close()
    assert (scanner.marks.hidden_rows, scanner.marks.errors) == ([[2, 2]], {(2, 0)})


def test_row_split_between_chunks_is_scanned():
    scanner = xlsx.SheetScanner(LIMITS)
    for piece in (b'<row r="1"><c r="A1">', b"<f>1</f>", b"</c></row>", b'<row r="2" hidden="1">'):
        scanner.feed(piece)
    scanner.close()
    assert (scanner.marks.formulas.count, scanner.marks.hidden_rows) == (1, [[2, 2]])


def test_cells_merged_across_columns_only_are_no_merges():
    def fill(sheet):
        sheet.merge_range("A1:F1", "Mentorbank")
        sheet.merge_range("A3:B4", "x")

    assert marks_of(bombs.workbook(fill)) == {"merges": [[3, 4, 0]]}


def test_sheet_without_a_part_has_unknown_marks():
    data = bombs.changed("xl/_rels/workbook.xml.rels", lambda content: content.replace(b"Target=", b"target="))
    relations = {"xl/workbook.xml": b'<sheet name="A" r:id="x"/>', "xl/_rels/workbook.xml.rels": data}
    assert xlsx.marks_by_sheet(relations, {}) == {}
    (sheet,) = read(bombs.xlsx('<row r="1"><c r="A1"><v>1</v></c></row>'))
    assert sheet.remarks == []
    other = bombs.changed("xl/workbook.xml", lambda content: content.replace(b'name="Ark"', b'name="A>k"'))
    assert [remark["code"] for remark in read(other)[0].remarks] == ["hidden_unknown"]


# ---------------------------------------------------------------- ods


def test_marks_of_an_ods():
    columns = '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    rows = (
        bombs.ods_row(bombs.ods_cell('table:number-rows-spanned="3"')),
        bombs.ods_row(bombs.ods_cell(), 'table:visibility="filter" table:number-rows-repeated="2"'),
        bombs.ods_row('<table:table-cell table:formula="of:=1"/><table:table-cell calcext:value-type="error"/>'),
    )
    assert marks_of(bombs.ods(columns + "".join(rows)), "A") == {
        "hidden_columns": [[1, 2]],
        "hidden_rows": [[2, 3]],
        "merges": [[1, 3, 0]],
        "formulas": {"count": 1, "cells": ["A4"]},
    }


# ---------------------------------------------------------------- xls


def test_damaged_xls_has_no_marks():
    assert xls.read_marks(files.OLE_MAGIC + b"\0" * 2000, LIMITS, [].append) == {}
    data = (MARKED / "marked.xls").read_bytes()
    for place in (30, 48, 68, 76):
        broken = data[:place] + b"\x07\x07\x07\x07" + data[place + 4 :]
        assert isinstance(xls.read_marks(broken, LIMITS, [].append), dict)
    assert xls.read_marks(data[:2000], LIMITS, [].append) == {}


def test_looping_chain_of_sectors_is_refused():
    with pytest.raises(ValueError, match="1"):
        list(xls.chain((1, 0), 0))


def test_errors_in_xls_cells_are_found():
    marks = SheetMarks()
    place = struct.pack("<3H", 4, 2, 0)
    xls.add_error(xls.BOOL_OR_ERROR, place + b"\x07\x01", marks)
    xls.add_error(xls.BOOL_OR_ERROR, struct.pack("<3H", 5, 2, 0) + b"\x01\x00", marks)
    xls.add_error(xls.FORMULA, struct.pack("<3H", 6, 2, 0) + b"\x02\0\x07\0\0\0\xff\xff", marks)
    assert marks.errors == {(5, 2), (7, 2)}


# ---------------------------------------------------------------- text


def test_excel_errors_in_two_languages_are_blank():
    (sheet,) = read("Navn;Alder\nÅse;#REFERENCE!\nBo;#N/A\nIda;#1\nEa;Err:502\n".encode())
    assert sheet.rows[1:] == [(2, ["Åse"]), (3, ["Bo"]), (4, ["Ida", "#1"]), (5, ["Ea"])]
    assert sheet.remarks == [{"code": "error_cells", "count": 3, "cells": ["B2", "B3", "B5"]}]


def test_lost_letters_are_counted():
    (sheet,) = read("Navn\nÅse Møller\nØgø\n".encode() + b"K\xe6re Bo\n" + "Ærø Åå ØØ ææ\n".encode() * 3)
    assert sheet.remarks == [{"code": "lost_letters", "count": 1}]
    assert sheet.rows[3][1] == ["K\ufffdre Bo"]


def test_rows_inside_a_quoted_cell_are_reported():
    text = 'Navn;By;Note\nÅse;"Ærø;x\nBo;Ribe;y\nIda;Vejle";z\nEa;Lund;"ét; to\nlinjer"\n'
    (sheet,) = read(text.encode())
    assert [number for number, _cells in sheet.rows] == [1, 2, 3]
    assert sheet.remarks == []
    text = 'Navn;By;Note;Tlf\nÅse;"Ærø;x\nBo;Ribe;y;1\nIda;Vejle;z;2";z;3\n'
    assert read(text.encode())[0].remarks == [{"code": "swallowed_rows", "count": 1, "lines": ["2"]}]


def test_text_that_looks_like_a_day_stays_text():
    def fill(sheet):
        sheet.write_string(0, 0, "03-09-1968")
        sheet.write_string(0, 1, "26762697")

    assert read(bombs.workbook(fill))[0].rows == [(1, ["03-09-1968", "26762697"])]


def test_impossible_dates_are_read_as_numbers_or_times():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd-mm-yyyy"})
    for column, value in enumerate((0, -5, 60, 3_000_000, 1e300, 0.5)):
        sheet.write_number(0, column, value, day)
    sheet.write_number(0, 6, 0.5, book.add_format({"num_format": "0%"}))
    book.close()
    assert read(target.getvalue())[0].rows[0][1] == [
        "00:00:00", "00:00:00", dt.date(1900, 2, 28), 3_000_000, 1e300, "12:00:00", 0.5,
    ]  # fmt: skip


# ---------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    ("remark", "sentence"),
    [
        (
            {"code": "hidden_rows", "count": 12, "rows": [6, 9]},
            "12 rows with something in them are hidden in the sheet: 6, 9 ….",
        ),
        (
            {"code": "merged_cells", "count": 1, "cells": ["B2"]},
            "1 merged cell reaches over several rows: B2. Its value counts for each of them.",
        ),
        ({"code": "lost_letters", "count": 1}, "1 letter in the file cannot be read and shows as \ufffd."),
        (
            {"code": "hidden_unknown", "count": 0},
            "We cannot see whether the sheet has hidden rows, merged cells or formulas without a value.",
        ),
    ],
)
def test_remark_sentence_names_the_places(remark, sentence):
    with translation.override("en"):
        assert remark_sentence(remark) == sentence


def test_column_letters():
    assert [cells.column_letters(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
