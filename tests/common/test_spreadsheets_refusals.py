"""Refusals name the place if it is known; files with small damage are read."""

import io
import json
import signal
import struct
import sys
import zipfile

import pytest
from django.utils import translation

from common.spreadsheets import FileRefused, read_spreadsheet, reading, remark_sentence
from common.spreadsheets.worker import archives, broken, files, process, xls
from common.spreadsheets.worker.refusals import Refused
from tests.common import spreadsheet_bombs as bombs
from tests.common.test_spreadsheets_reading import SAMPLES
from tests.common.test_spreadsheets_worker import LIMITS, run_worker


def read(data: bytes):
    return read_spreadsheet(io.BytesIO(data))


def refusal(data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(data)
    return caught.value


# ---------------------------------------------------------------- zeros in a text

LONG_LIST = "".join(f"Åse {number};Ærø\n" for number in range(1000))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("place", ["", LONG_LIST])
def test_a_few_zeros_are_removed_anywhere(place, encoding):
    found = read(f"Navn;By\r\n{place}An\0na;Han\0sen\r\nÅ\0se;Ærø\r\n".encode(encoding))
    rows = [cells for _number, cells in found.sheets[0].rows]
    assert (found.encoding, rows[0], rows[-2:]) == (
        encoding.removesuffix("-sig"), ["Navn", "By"], [["Anna", "Hansen"], ["Åse", "Ærø"]],
    )  # fmt: skip
    line = 2 + place.count("\n")
    remark = {"code": "stray_zeros", "count": 2, "lines": [str(line), str(line + 1)]}
    assert found.sheets[0].remarks == [remark]
    with translation.override("en"):
        assert remark_sentence(remark) == (
            f"2 lines hold characters without meaning (NUL), which are removed: look at the lines {line}, {line + 1}."
        )


def test_one_zero_does_not_make_a_short_text_utf_16():
    found = read(b"A\0nna;b\n")
    assert (found.encoding, found.sheets[0].rows) == ("utf-8", [(1, ["Anna", "b"])])


@pytest.mark.parametrize(
    "data", [b"Navn;By\nAnna\0\0\0;x\n" * 50, b"\1\2\3\0\0\0\4\5\6" * 30, b"ab\0\0\0\0" * 3 + b"\0"]
)
def test_binary_files_are_refused(data):
    assert refusal(data).code == "wrong_type"


# ---------------------------------------------------------------- the code page of an old Excel file

OLD_FILES = ["kontaktpersoner", "matches_2010", "mentorbank_pilot_2009", "marked/marked"]
CODE_PAGE = b"\x42\0\x02\0\xb0\x04"


@pytest.mark.parametrize("code_page", [10000, 12345, 1252, 65001])
@pytest.mark.parametrize("name", OLD_FILES)
def test_code_page_of_an_excel_97_file_is_ignored(name, code_page):
    data = (SAMPLES / f"{name}.xls").read_bytes()
    place = data.index(CODE_PAGE)
    assert data.count(CODE_PAGE) == 1
    changed = data[: place + 4] + struct.pack("<H", code_page) + data[place + 6 :]
    assert read(changed) == read(data)


def test_code_page_of_an_older_file_is_used():
    """Excel 5 and 95 store bytes in that code page; the file is not changed."""
    data = (SAMPLES / "matches_2010.xls").read_bytes()
    older = data.replace(b"\x09\x08\x10\0\0\x06", b"\x09\x08\x10\0\0\x05", 1).replace(
        CODE_PAGE, b"\x42\0\x02\0\x10\x27"
    )
    assert older.count(b"\x42\0\x02\0\x10\x27") == 1
    assert xls.without_code_page(older) is older
    assert xls.without_code_page(older.replace(b"\x09\x08\x10\0\0\x05", b"\x09\x08\x10\0\0\x06")) == data


def small_file(stream: bytes) -> bytes:
    """Return an xls file so small that its workbook is in the stream of the root, in sectors of 64 bytes."""

    def entry(name, kind, first, size):
        text = name.encode("utf-16-le")
        return text.ljust(64, b"\0") + struct.pack("<HB49xII4x", len(text) + 2, kind, first, size)

    def table(*numbers):
        return struct.pack("<128I", *numbers, *[0xFFFFFFFF] * (128 - len(numbers)))

    last = 0xFFFFFFFE
    minis = len(stream) // 64 + 1
    head = files.OLE_MAGIC + struct.pack("<16x5H10x8I", 0x3E, 3, 0xFFFE, 9, 6, 1, 1, 0, 4096, 2, 1, last, 0)
    directory = entry("Root Entry", 5, 3, minis * 64) + entry("Workbook", 2, 0, len(stream))
    return b"".join(
        [
            head + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108),
            table(0xFFFFFFFD, last, last, last),
            directory.ljust(512, b"\0"),
            table(*range(1, minis), last),
            stream.ljust(512, b"\0"),
        ]
    )


def test_code_page_is_found_in_small_sectors_and_across_their_edge():
    begin = struct.pack("<3H14x", 0x809, 16, 0x600)
    for filling in range(34, 46):
        stream, strange = (
            begin + struct.pack(f"<HH{filling}x", 0x5C, filling) + struct.pack("<5H", 0x42, 2, code_page, 0x0A, 0)
            for code_page in (1200, 10000)
        )
        assert xls.without_code_page(small_file(strange)) == small_file(stream)
    assert xls.without_code_page(small_file(strange)[:1500]) == small_file(strange)[:1500]


# ---------------------------------------------------------------- where


def in_utf_16(content: bytes) -> bytes:
    return content.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


def zipped(**members) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def bad(part: str) -> bytes:
    return bombs.changed(part, lambda content: content.replace(b">", b" x=>", 1))


def old_file(pattern: bytes, change: bytes) -> bytes:
    """Return an xls file of two sheets with the first match of a pattern changed."""
    data = (SAMPLES / "marked/marked.xls").read_bytes()
    assert pattern in data
    return data.replace(pattern, change, 1)


def spaces(count: int) -> str:
    return bombs.ods_cell().replace("x<", f'<text:s text:c="{count}"/><')


MANY_CELLS = "<row>" + "<c><v>1</v></c>" * 190 + "</row>"
WIDE_ROW = "<row>" + "<c><v>1</v></c>" * 16_384 + "</row>"
REFUSALS = {
    "a zip bomb": (
        lambda: bombs.xlsx(bombs.text_cells(1000, "a" * 1000) for _number in range(100)),
        ("unpacks_too_large", {"megabytes": 103, "place": "sheet1.xml"}),
    ),
    "spaces beyond counting": (
        lambda: bombs.ods(bombs.ods_row(bombs.ods_cell() + spaces(999_999_999))),
        ("long_cell", {"cell": "B1", "place": "A"}),
    ),
    "many spaces many times": (
        lambda: bombs.ods(bombs.ods_row(spaces(99_999)) * 201),
        ("unpacks_too_large", {"megabytes": 20, "place": "A"}),
    ),
    "a grid without references": (
        lambda: bombs.xlsx([MANY_CELLS, '<row r="49999">', "<c><v>1</v></c>" * 16_384, "</row>"]),
        ("unpacks_too_large", {"place": "Ark"}),
    ),
    "too many cells": (
        lambda: bombs.xlsx(MANY_CELLS for _number in range(5_500)),
        ("too_many_cells_in_file", {"limit": 1_000_000, "place": "Ark"}),
    ),
    "csv: too many columns": (
        lambda: b"Navn;By\n" * 2 + b'"x\ny";2\n' + b"a;" * 201 + b"\n", ("too_many_columns", {"limit": 200, "line": 5})
    ),
    "csv: too many rows": (lambda: b"a\n" * 60_000, ("too_many_rows", {"limit": 50_000, "line": 50_001})),
    "a sheet in UTF-16": (
        lambda: bombs.changed(bombs.SHEET, in_utf_16), ("strange_letters", {"place": "sheet1.xml"})
    ),
    "a list of sheets in UTF-16": (
        lambda: bombs.changed("xl/workbook.xml", in_utf_16), ("strange_letters", {"place": "workbook.xml"})
    ),
    "ods: encrypted as a whole": (
        lambda: zipped(**{"mimetype": bombs.ODS_TYPE, "encrypted-package": "x"}),
        ("password", {}),
    ),
    "ods: without its content": (lambda: zipped(mimetype=bombs.ODS_TYPE), ("damaged", {"place": "content.xml"})),
    "xlsx: without its list of sheets": (
        lambda: zipped(**{bombs.SHEET: "<worksheet/>"}), ("damaged", {"place": "workbook.xml"})
    ),
    "xlsx: the shared texts are no XML": (
        lambda: bad("xl/sharedStrings.xml"), ("damaged", {"place": "sharedStrings.xml"})
    ),
    "xlsx: the relations are no XML": (
        lambda: bad("xl/_rels/workbook.xml.rels"), ("damaged", {"place": "workbook.xml.rels"})
    ),
    "xlsx: packed with an unknown method": (
        lambda: bombs.with_directory_value(10, b"\x0c"), ("damaged", {"place": "sheet1.xml"})
    ),
    "ods: an invalid number": (
        lambda: bombs.ods(
            bombs.ods_row(bombs.ods_cell(), 'table:number-rows-repeated="2"')
            + bombs.ods_row(bombs.ods_cell('table:number-columns-repeated="2"') + NO_NUMBER)
        ),
        ("damaged", {"place": "A", "cell": "C3"}),
    ),
    "ods: no XML in the middle of a cell": (
        lambda: bombs.ods(bombs.ods_row(bombs.ods_cell()) + bombs.ods_row(bombs.ods_cell() + bombs.ods_cell() + "<x")),
        ("damaged", {"place": "A", "cell": "B2"}),
    ),
    "ods: no XML before any sheet": (
        lambda: zipped(**{"mimetype": bombs.ODS_TYPE, "content.xml": "<x"}), ("damaged", {"place": "content.xml"})
    ),
    "xls: a record that reaches too far": (
        lambda: old_file(b"\xfd\0\x0a\0", b"\xfd\0\xff\xff"), ("damaged", {"place": "Folk & fæ"})
    ),
    "xls: a record that reaches too far before any sheet": (
        lambda: old_file(CODE_PAGE, b"\x42\0\xff\xff\xb0\x04"), ("damaged", {"place": "Workbook"})
    ),
    "xls: invalid shared texts": (
        lambda: old_file(b"\x06\0\0Navn 2", b"\xff\xff\0Navn 2"), ("damaged", {"place": "Workbook"})
    ),
    "xls: without its directory": (
        lambda: old_file("Workbook".encode("utf-16-le"), b"\0" * 16), ("damaged", {})
    ),
    "xls: a strange column": (
        lambda: old_file(b"\xfd\0\x0a\0\0\0\0\0", b"\xfd\0\x0a\0\0\0\xff\xff"),
        ("damaged", {"place": "Folk & fæ", "cell": "CRXP1"}),
    ),
    "a zip without its directory": (lambda: bombs.workbook()[:2000], ("damaged", {})),
}  # fmt: skip
NO_NUMBER = '<table:table-cell office:value-type="float" office:value="1x"/>'


@pytest.mark.parametrize("name", REFUSALS)
def test_refusal_names_code_and_facts(name):
    make, (code, facts) = REFUSALS[name]
    found = refusal(make())
    assert (found.code, found.facts) == (code, facts)
    assert all(str(value) in str(found) for key, value in facts.items() if key != "megabytes")


@pytest.mark.parametrize("name", [name for name in REFUSALS if name != "a grid without references"])
def test_worker_itself_names_the_place(name):
    make, expected = REFUSALS[name]
    with pytest.raises(Refused) as caught:
        files.read_file(io.BytesIO(make()), reading.reading_limits(), [].append)
    assert (caught.value.code, caught.value.facts) == expected


def test_broken_place_of_unreadable_files():
    assert broken.broken_place(io.BytesIO(b"PK"), "xlsx") == {}
    assert broken.broken_place(io.BytesIO(bombs.workbook()), "xlsx") == {}
    without = zipped(**{"_rels/.rels": "<x/>"})
    assert broken.broken_place(io.BytesIO(without), "xlsx") == {"place": "workbook.xml.rels"}
    book = struct.pack("<3H14x", 0x809, 16, 0x600) + struct.pack("<3H", 0x85, 2, 0) + struct.pack("<2H", 0x0A, 0)
    assert broken.broken_place(io.BytesIO(small_file(book)), "xls") == {"place": "Workbook"}
    for sheets, place in ((1, "A"), (2, "content.xml")):
        whole = bombs.ods("</table:table><table:table>" * (sheets - 1))
        assert broken.broken_place(io.BytesIO(whole), "ods") == {"place": place}
    assert broken.broken_place(io.BytesIO(bombs.ods("<x")), "ods") == {"place": "A"}


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("600 MB unpacked", {"megabytes": 622, "place": "sheet1.xml"}),
        ("a long text a million times", {"place": "Ark"}),
        ("shared texts beyond counting", {"place": "sharedStrings.xml"}),
        ("ods: many cells many times", {"limit": 1_000_000, "place": "A"}),
        ("ods: rows never closed", {"place": "A", "cell": "A200000"}),
    ],
)
def test_too_large_part_is_named(name, facts):
    make, code = bombs.HOSTILE[name]
    found = refusal(make())
    assert (found.code, found.facts) == (code, facts)


@pytest.mark.parametrize(
    ("returncode", "code"), [(-signal.SIGABRT, "unpacks_too_large"), (-signal.SIGXCPU, "too_slow"), (1, "unreadable")]
)
@pytest.mark.parametrize(
    ("written", "facts"),
    [
        (b'{"format":"xlsx","at":"styles.xml"}\n{"she', {"place": "styles.xml"}),
        (b'{"format":"xlsx","at":"a"}\n{"sheet":"Ark\\u0007"}\n[1,["x"]]\n[2,["{"', {"place": "Ark"}),
        (b'{"format":"xlsx","at":"a"}\n{"sheet":"Ark 010175-1234"}\n', {}),
        (b'{"format":"csv"}\n{"sheet":""}\n[1,["x"]]\n', {}),
    ],
)
def test_last_place_of_a_killed_worker_is_named(written, facts, returncode, code):
    with pytest.raises(FileRefused) as caught:
        reading.refuse_unfinished(io.BytesIO(written), returncode)
    assert (caught.value.code, caught.value.facts) == (code, facts)


def test_place_where_memory_ran_out_is_named(monkeypatch, capsys):
    def swell(file, limits, emit):
        emit({"format": "ods", "at": "content.xml"})
        raise MemoryError

    monkeypatch.setattr(sys, "argv", ["worker.py", json.dumps(LIMITS)])
    monkeypatch.setattr(process, "limit_this_process", lambda limits: None)
    monkeypatch.setattr(process, "read_file", swell)
    process.main()
    last = capsys.readouterr().out.splitlines()[-1]
    assert json.loads(last) == {"refused": "unpacks_too_large", "megabytes": 10, "place": "content.xml"}
    monkeypatch.setattr(
        archives.ArchiveScanner, "_read", lambda scanner, name, stream: swell(stream, scanner.limits, [].append)
    )
    with pytest.raises(Refused) as caught:
        run_worker(bombs.workbook())
    assert (caught.value.code, caught.value.facts) == (
        "unpacks_too_large",
        {"megabytes": 10, "place": "[Content_Types].xml"},
    )
