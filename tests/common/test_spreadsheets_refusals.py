"""What is refused says where, as far as anything is known of it; what can be read all the same is read."""

import io
import struct

import pytest
from django.utils import translation

from common.spreadsheets import FileRefused, read_spreadsheet, remark_sentence
from common.spreadsheets.worker import files, xls
from tests.common.test_spreadsheets_reading import SAMPLES


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
def test_a_few_zeros_are_taken_out_wherever_they_stand(place, encoding):
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
            f"2 lines hold characters without meaning (NUL), which are taken out: look at the lines {line}, {line + 1}."
        )


def test_one_zero_does_not_make_a_short_text_utf_16():
    found = read(b"A\0nna;b\n")
    assert (found.encoding, found.sheets[0].rows) == ("utf-8", [(1, ["Anna", "b"])])


@pytest.mark.parametrize(
    "data", [b"Navn;By\nAnna\0\0\0;x\n" * 50, b"\1\2\3\0\0\0\4\5\6" * 30, b"ab\0\0\0\0" * 3 + b"\0"]
)
def test_what_is_not_text_stays_refused(data):
    assert refusal(data).code == "wrong_type"


# ---------------------------------------------------------------- the code page of an old Excel file

OLD_FILES = ["kontaktpersoner", "matches_2010", "mentorbank_pilot_2009", "marked/marked"]
CODE_PAGE = b"\x42\0\x02\0\xb0\x04"


@pytest.mark.parametrize("code_page", [10000, 12345, 1252, 65001])
@pytest.mark.parametrize("name", OLD_FILES)
def test_the_code_page_of_an_excel_97_file_does_not_count(name, code_page):
    data = (SAMPLES / f"{name}.xls").read_bytes()
    place = data.index(CODE_PAGE)
    assert data.count(CODE_PAGE) == 1
    changed = data[: place + 4] + struct.pack("<H", code_page) + data[place + 6 :]
    assert read(changed) == read(data)


def test_the_code_page_of_an_older_file_counts():
    """Excel 5 and 95 store bytes of that very code page; the file is handed on as it is."""
    data = (SAMPLES / "matches_2010.xls").read_bytes()
    older = data.replace(b"\x09\x08\x10\0\0\x06", b"\x09\x08\x10\0\0\x05", 1).replace(
        CODE_PAGE, b"\x42\0\x02\0\x10\x27"
    )
    assert older.count(b"\x42\0\x02\0\x10\x27") == 1
    assert xls.without_code_page(older) is older
    assert xls.without_code_page(older.replace(b"\x09\x08\x10\0\0\x05", b"\x09\x08\x10\0\0\x06")) == data


def small_file(stream: bytes) -> bytes:
    """An old Excel file so small that its book stands among the small things, 64 bytes a sector of the root's."""

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


def test_the_code_page_is_found_among_small_things_and_across_their_edge():
    begin = struct.pack("<3H14x", 0x809, 16, 0x600)
    for filling in range(34, 46):
        stream, strange = (
            begin + struct.pack(f"<HH{filling}x", 0x5C, filling) + struct.pack("<5H", 0x42, 2, code_page, 0x0A, 0)
            for code_page in (1200, 10000)
        )
        assert xls.without_code_page(small_file(strange)) == small_file(stream)
    assert xls.without_code_page(small_file(strange)[:1500]) == small_file(strange)[:1500]
