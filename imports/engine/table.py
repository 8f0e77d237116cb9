"""The table of a list: the rows of a sheet below its header, with all CPR numbers removed."""

import datetime as dt
import json
import re
import zlib
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from common.cpr import DIGITS as CPR_DIGITS
from common.cpr import find_cpr_numbers
from common.spreadsheets import Cell, Sheet, Spreadsheet, column_letters
from common.spreadsheets.progress import ReadingStep, ReportProgress, ignore_progress
from imports.engine.cells import as_line, as_text
from imports.engine.fields import normal

CPR_MARK = "[CPR]"
FOUR_DIGITS = re.compile(r"\d{4}")
CPR_HEADINGS = frozenset(
    {"cpr", "cpr nr", "cprnr", "cpr nummer", "cprnummer", "cpr no", "cpr number", "person nr", "personnr",
     "personnummer", "civil registration number"}
)  # fmt: skip
HEADER_WITHIN = 100  # rows in which a header is searched for
LONGEST_SHEET_NAME = 100
SEARCHED_AT_ONCE = 1_000  # rows between two reports of progress
SHEET_MARKS = ("hidden_rows", "hidden_columns", "merges", "remarks")


@dataclass(frozen=True)
class Decision:
    """A user's decision about a row: ``kind`` is a RowDecision, ``person_id`` or ``row`` what it was compared with.

    ``chosen``: keys of the fields that are taken from the row although the known person has a value.
    """

    kind: str
    person_id: int | None = None
    row: int | None = None
    chosen: tuple[str, ...] = ()


@dataclass
class SourceRow:
    """A row below the header: its number in the sheet, its cells, and the user's decision about it, if any."""

    number: int
    cells: list[Cell]
    decision: Decision | None = None


@dataclass
class Table:
    """The rows of a sheet below its header, without blank rows and repeated headers, which are counted.

    ``hidden_rows``: numbers of the rows below the header that are hidden in the sheet; ``rows`` has them only if the
    user chose to read them. ``hidden_columns``: columns (from 0) that are hidden. ``remarks``: warnings about the
    sheet, as :mod:`common.spreadsheets.remarks` makes them.
    """

    sheet: str
    header_row: int
    headers: list[str]
    rows: list[SourceRow] = field(default_factory=list)
    blank_rows: int = 0
    repeated_header_rows: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    remarks: list[dict] = field(default_factory=list)

    @cached_property
    def width(self) -> int:
        """The number of columns up to the last heading."""
        return max((index + 1 for index, header in enumerate(self.headers) if header), default=0)

    def column_name(self, index: int) -> str:
        """Return the heading of a column, or its letters if it has none."""
        return self.headers[index] or _("Column %(letters)s") % {"letters": column_letters(index)}


def without_cpr(cell: Cell) -> Cell:
    """Return the cell with CPR numbers replaced by ``[CPR]``, also where a number cell lost its leading zero."""
    if isinstance(cell, int) and cell >= 10 ** (CPR_DIGITS - 2):
        return CPR_MARK if find_cpr_numbers(str(cell).zfill(CPR_DIGITS)) else cell
    if not isinstance(cell, str) or len(cell) < CPR_DIGITS - 1:
        return cell
    text = as_text(cell)
    if not FOUR_DIGITS.search(text):  # the end of every CPR number; most texts have none
        return cell
    if len(text) == CPR_DIGITS - 1 and text.isdecimal():
        return CPR_MARK if find_cpr_numbers(f"0{text}") else cell
    for spelling in dict.fromkeys((text, as_line(text))):  # blanks or a line break may split a number
        if numbers := find_cpr_numbers(spelling):
            for number in numbers:
                spelling = spelling.replace(number, CPR_MARK)  # noqa: PLW2901 - the same cell, number by number
            return without_cpr(spelling)
    return cell


def remove_cpr_numbers(spreadsheet: Spreadsheet, report: ReportProgress = ignore_progress) -> Spreadsheet:
    """Remove every CPR number from all sheets, before anything is stored or shown.

    Below a heading such as ``CPR`` every cell with a digit is replaced, because numbers may be written in any way.
    """
    done, total = 0, sum(len(sheet.rows) for sheet in spreadsheet.sheets)
    for sheet in spreadsheet.sheets:
        sheet.name = without_cpr(sheet.name)[:LONGEST_SHEET_NAME]
        _empty_cpr_columns(sheet)
        for first in range(0, len(sheet.rows), SEARCHED_AT_ONCE):
            report(ReadingStep.SEARCHED, done, total)
            some = sheet.rows[first : first + SEARCHED_AT_ONCE]
            sheet.rows[first : first + SEARCHED_AT_ONCE] = [
                (number, [without_cpr(cell) for cell in cells]) for number, cells in some
            ]
            done += len(some)
    report(ReadingStep.SEARCHED, done, total)
    return spreadsheet


def is_cpr_heading(cell: Cell) -> bool:
    return isinstance(cell, str) and normal(cell) in CPR_HEADINGS


def _empty_cpr_columns(sheet: Sheet) -> None:
    columns: dict[int, int] = {}  # → the row of its heading
    for number, cells in sheet.rows[:HEADER_WITHIN]:
        for index, cell in enumerate(cells):
            if is_cpr_heading(cell):
                columns.setdefault(index, number)
    for index, heading in columns.items():
        for number, cells in sheet.rows:
            if number > heading and index < len(cells) and _has_digit(cells[index]):
                cells[index] = CPR_MARK


def _has_digit(cell: Cell) -> bool:
    return any(letter.isdigit() for letter in cell) if isinstance(cell, str) else cell is not None


def pack_spreadsheet(spreadsheet: Spreadsheet) -> bytes:
    """Return the sheets as compressed JSON, which the batch keeps until it is applied or discarded."""
    sheets = [[sheet.name, sheet.is_hidden, sheet.rows, _marks_of(sheet)] for sheet in spreadsheet.sheets]
    content = {
        "format": spreadsheet.format,
        "encoding": spreadsheet.encoding,
        "separator": spreadsheet.separator,
        "sheets": sheets,
    }
    return zlib.compress(json.dumps(content, default=_tag_day, separators=(",", ":")).encode(), level=1)


def _marks_of(sheet: Sheet) -> dict:
    return {name: value for name in SHEET_MARKS if (value := getattr(sheet, name))}


def unpack_spreadsheet(content: bytes) -> Spreadsheet:
    """Return the spreadsheet that :func:`pack_spreadsheet` packed."""
    values = json.loads(zlib.decompress(content), object_hook=_untag_day)
    sheets = [
        Sheet(name, is_hidden, [(number, cells) for number, cells in rows], **(marks[0] if marks else {}))
        for name, is_hidden, rows, *marks in values["sheets"]
    ]
    return Spreadsheet(values["format"], sheets, values.get("encoding", ""), values.get("separator", ""))


def _tag_day(value: dt.date) -> dict:
    return {"time" if isinstance(value, dt.datetime) else "day": value.isoformat()}


def _untag_day(value: dict):
    if "day" in value:
        return dt.date.fromisoformat(value["day"])
    return dt.datetime.fromisoformat(value["time"]) if "time" in value else value  # naive, as in the sheet
