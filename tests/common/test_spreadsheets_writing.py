"""Writers of xlsx, ods and csv: types are kept, no formula is written, phone numbers are unchanged."""

import csv
import datetime
import gc
import io
import tracemalloc
import zipfile
from decimal import Decimal

import pytest
from django.core.signals import request_finished
from python_calamine import CalamineWorkbook

from common.spreadsheets import csv_lines, read_spreadsheet, spreadsheet_response, write_csv, write_ods, write_xlsx

PHONE = "+45 50 25 28 58"
FORMULAS = [
    "=1+1", "==1+1", "+1+1", "-1-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\x00=1+1", "  =1+1", "\n=1+1", "'=1+1",
    "\ufeff=1+1", " \ufeff'+1+1", "\uff1d1+1", "\uff20SUM(A1)",
]  # fmt: skip
TEXTS = [
    "a  b",
    " x ",
    "a\tb",
    "to\nlinjer",
    "to\r\nlinjer",
    "<b>&\"'</b>",
    "'a",
    "+4550252858",
    PHONE,
    "_x0041_",
    "%1",
    "|x",
]
WRITERS = {"xlsx": write_xlsx, "ods": write_ods, "csv": write_csv}
INSTANT = datetime.datetime(2011, 3, 1, 12, 30, tzinfo=datetime.UTC)


def cells_of(file):
    return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()


def csv_cells(lines):
    return list(csv.reader(io.StringIO(b"".join(lines).decode("utf-8-sig"), newline=""), delimiter=";"))


def test_xlsx_keeps_types_and_texts():
    day = datetime.date(2011, 9, 15)
    rows = [["Åse Møller", 5, Decimal("1.5"), day, INSTANT, None, True, PHONE, 12345678901234567890, float("nan")]]
    file = write_xlsx("Personer/2011: alle [mentorer] i hele netværket", list("abcdefghij"), rows)
    assert CalamineWorkbook.from_filelike(file).sheet_names == ["Personer 2011  alle  mentorer"]
    file.seek(0)
    local = datetime.datetime(2011, 3, 1, 13, 30)
    assert cells_of(file)[1] == [
        "Åse Møller", 5.0, 1.5, day, local, "", "Ja", PHONE, "12345678901234567890", ""
    ]  # fmt: skip


def test_xlsx_writes_an_old_date_as_text():
    assert cells_of(write_xlsx("x", ["Født"], [[datetime.date(1899, 5, 1)]]))[1] == ["01-05-1899"]


def test_xlsx_holds_no_formula_and_no_link():
    values = [*FORMULAS, "https://example.org", "javascript:alert(1)"]
    file = write_xlsx("x", values, [[value] for value in values])
    with zipfile.ZipFile(file) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert (b"<f>" in sheet, b"hyperlink" in sheet) == (False, False)


def test_xlsx_cuts_too_long_texts():
    assert len(cells_of(write_xlsx("x", ["a"], [["x" * 40_000]]))[1][0]) == 32_767  # Excel's own limit


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_puts_an_apostrophe_before_a_formula(text):
    (cell,) = csv_cells(csv_lines(["a"], [[text]]))[1]
    assert cell == "'" + text.replace("\x00", "")


def test_csv_is_read_back_unchanged():
    """The reader removes the apostrophe that the writer put before a formula."""
    texts = [text.replace("\x00", "") for text in FORMULAS] + [PHONE, "-5", "Jens-Ole", "'citat'"]
    data = b"".join(csv_lines(["Navn"], [[text] for text in texts]))
    rows = read_spreadsheet(io.BytesIO(data)).sheets[0].rows
    assert [cells for _number, cells in rows] == [["Navn"], *([text] for text in texts)]


@pytest.mark.parametrize("text", [PHONE, "+4550252858", "-5", "-5,25", "+45 (50) 25.28.58", "Jens-Ole", "a=b", ""])
def test_csv_does_not_change_phones_and_numbers(text):
    assert csv_cells(csv_lines(["a"], [[text, "x"]]))[1] == [text, "x"]


def test_csv_opens_in_danish_excel():
    row = ["Åse; »Ås«", 1234.5, 2.0, datetime.date(2011, 9, 5), INSTANT, False, None]
    assert b"".join(csv_lines(["Navn", "=x"], [row])).decode("utf-8") == (
        '\ufeffNavn;\'=x\r\n"Åse; »Ås«";1234,5;2;05-09-2011;01-03-2011 13:30;Nej;\r\n'
    )
    assert write_csv("x", ["Navn"], []).read() == "\ufeffNavn\r\n".encode()


@pytest.mark.parametrize(("kind", "ending"), [("xlsx", "xlsx"), ("ods", "ods"), ("csv", "csv")])
def test_response_is_a_named_download(kind, ending):
    response = spreadsheet_response("Mentorer på venteliste", ["Navn"], [["Åse"]], kind=kind)
    assert response["Content-Disposition"] == (f"attachment; filename*=utf-8''Mentorer%20p%C3%A5%20venteliste.{ending}")
    assert len(b"".join(response.streaming_content)) > 0


@pytest.mark.parametrize("kind", WRITERS)
def test_texts_are_read_back_unchanged(kind):
    texts = [*FORMULAS, *TEXTS]
    file = WRITERS[kind]("Åse's 'liste' & <mere>", ["=Nr.", "Tekst"], [[n, text] for n, text in enumerate(texts)])
    rows = [cells for _number, cells in read_spreadsheet(file).sheets[0].rows]
    assert rows[0] == ["=Nr.", "Tekst"]
    assert [row[1] for row in rows[1:]] == [text.replace("\x00", "") for text in texts]
    assert [row[0] for row in rows[1:]] == [str(n) if kind == "csv" else n for n in range(len(texts))]


@pytest.mark.parametrize(("kind", "member"), [("xlsx", "xl/worksheets/sheet1.xml"), ("ods", "content.xml")])
def test_no_text_is_written_as_a_formula_or_a_link(kind, member):
    values = [*FORMULAS, "https://example.org", "javascript:alert(1)"]
    with zipfile.ZipFile(WRITERS[kind]("x", values, [[value] for value in values])) as archive:
        sheet = archive.read(member)
    assert [mark for mark in (b"<f>", b"<f ", b"table:formula", b"hyperlink", b"xlink") if mark in sheet] == []


def test_ods_keeps_types_and_texts():
    day, clock = datetime.date(2011, 9, 15), datetime.time(16, 30)
    cells = [5, -5, Decimal("1.5"), day, INSTANT, clock, None, True, PHONE, 12345678901234567890, float("nan")]
    file = write_ods("Personer", list("abcdefghijk"), [cells, [], ["sidst"]])
    assert CalamineWorkbook.from_filelike(file).sheet_names == ["Personer"]
    file.seek(0)
    local = datetime.datetime(2011, 3, 1, 13, 30)
    assert cells_of(file)[1] == [
        5.0, -5.0, 1.5, day, local, clock, "", "Ja", PHONE, "12345678901234567890", ""
    ]  # fmt: skip
    file.seek(0)
    assert [number for number, _cells in read_spreadsheet(file).sheets[0].rows] == [1, 2, 4]


def test_ods_begins_with_its_mimetype_and_has_frozen_headings_with_filters():
    file = write_ods("Møder", ["a"] * 28, [["x"]] * 3)
    assert file.read(85)[30:] == b"mimetypeapplication/vnd.oasis.opendocument.spreadsheetP"
    with zipfile.ZipFile(file) as archive:
        content, settings = archive.read("content.xml").decode(), archive.read("settings.xml").decode()
    assert "target-range-address=\"'Møder'.A1:'Møder'.AB4\"" in content
    assert 'number:language="da" number:country="DK"' in content
    assert 'config:name="Møder"' in settings
    assert cells_of(write_ods("tom", [], [])) == []


@pytest.mark.parametrize("kind", WRITERS)
def test_time_of_day_is_written(kind):
    rows = read_spreadsheet(WRITERS[kind]("x", ["Kl."], [[datetime.time(16, 30)]])).sheets[0].rows
    assert rows[1] == (2, ["16:30" if kind == "csv" else "16:30:00"])


@pytest.mark.parametrize("kind", WRITERS)
def test_memory_does_not_grow_with_the_rows(kind):
    WRITERS[kind]("x", ["a"], [["warm"]]).close()
    peaks = []
    for count in (1_000, 8_000):
        tracemalloc.start()
        WRITERS[kind]("x", ["a", "b"], ([f"{n} " * 50, n] for n in range(count))).close()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 400_000, peaks  # the longer csv has two megabytes


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_download_ends_its_own_request_once(kind):
    """A web server with a file wrapper replaces ``close``; the garbage collector must not call that one later."""
    ended = []

    def count_end(**_kwargs):
        ended.append(kind)

    response = spreadsheet_response("Liste", ["Navn"], [["Åse"]], kind=kind)
    response.file_to_stream.close = response.close  # as django.core.handlers.wsgi does
    request_finished.connect(count_end)
    try:
        response.close()
        del response
        gc.collect()
    finally:
        request_finished.disconnect(count_end)
    assert ended == [kind]
