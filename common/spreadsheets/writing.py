"""Writers of xlsx and csv whose cells can never run as a formula or turn into a link.

In an xlsx file a string is written as a string, so `=1+1` stays text and a phone number `+45 50 25 28 58`
is left alone. A csv file has no types: there a text that a spreadsheet would calculate gets an apostrophe
in front, which :mod:`common.spreadsheets.reading` takes off again; numbers and phones are left alone.
"""

import csv
import datetime
import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
MAX_CELL_TEXT = 32_767  # Excel's own limit
EXACT_DIGITS = 15  # a longer whole number loses its last digits in a spreadsheet
SPOOL_BYTES = 2 * 1024 * 1024
COLUMN_WIDTHS = (10, 44)  # characters, narrowest and widest

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
STARTS_A_FORMULA = re.compile(r"^[\s'\ufeff]*[=+\-@|%\t\r\n]|^[\t\r\n]")
NUMBER_OR_PHONE = re.compile(r"^[+-]?\d[\d .,]*$|^\+\d[\d ().]*$")


def plain_text(value: object) -> str:
    """Return a text without the control characters that a spreadsheet cannot hold, at most Excel's 32,767 long."""
    return UNPRINTABLE.sub("", str(value))[:MAX_CELL_TEXT]


def harmless_text(value: object) -> str:
    """Return a text for a csv cell: an apostrophe in front of what a spreadsheet would take for a formula."""
    text = plain_text(value)
    if STARTS_A_FORMULA.match(text) and not NUMBER_OR_PHONE.match(text):
        return f"'{text}"
    return text


class _Spool(tempfile.SpooledTemporaryFile):
    """In memory while it is small, then on disk. Closed without a word when nobody reads the download to its end."""

    def __init__(self):
        super().__init__(max_size=SPOOL_BYTES)

    def __del__(self):
        self.close()


def write_xlsx(title: str, columns: Sequence[object], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """Return an open file holding a workbook of one sheet, read from its start.

    `columns` are the headings, `rows` any iterable of sequences: it is consumed once and never held in memory.
    Dates, numbers and None keep their type; booleans become words; everything else is text.
    """
    import xlsxwriter  # noqa: PLC0415 - 60 ms that only an export should pay

    target = _Spool()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(target, options)
    sheet = workbook.add_worksheet(sheet_name(title))
    formats = {
        "head": workbook.add_format({"bold": True, "bottom": 1}),
        "date": workbook.add_format({"num_format": "dd-mm-yyyy"}),
        "time": workbook.add_format({"num_format": "dd-mm-yyyy hh:mm"}),
    }
    headings = [plain_text(column) for column in columns]
    sheet.freeze_panes(1, 0)
    for number, heading in enumerate(headings):
        sheet.set_column(number, number, min(max(len(heading) + 2, COLUMN_WIDTHS[0]), COLUMN_WIDTHS[1]))
        sheet.write_string(0, number, heading, formats["head"])
    last_row = 0
    for last_row, row in enumerate(rows, start=1):
        for number, value in enumerate(row):
            _write_cell(sheet, (last_row, number), value, formats)
    if headings:
        sheet.autofilter(0, 0, last_row, len(headings) - 1)
    workbook.close()
    target.seek(0)
    return target


def sheet_name(title: object) -> str:
    """Return a name Excel accepts for a sheet: at most 31 characters, none of []:*?/\\, no apostrophe at an end."""
    return re.sub(r"[\[\]:*?/\\]", " ", plain_text(title))[:31].strip("' ") or "1"


def _write_cell(sheet, place: tuple[int, int], value: Any, formats: dict) -> None:
    value = _spreadsheet_value(value)
    if value is None or value == "":
        return
    if isinstance(value, datetime.datetime):
        sheet.write_datetime(*place, value, formats["time"])
    elif isinstance(value, datetime.date):
        sheet.write_datetime(*place, value, formats["date"])
    elif isinstance(value, int | float):
        sheet.write_number(*place, value)
    else:
        sheet.write_string(*place, plain_text(value))


def _spreadsheet_value(value: Any) -> Any:
    """Return None, a number, a date (1900 or later), a naive local datetime or a text."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, int):
        return value if len(str(abs(value))) <= EXACT_DIGITS else str(value)
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else ""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, datetime.date) and value.year < 1900:  # before Excel's first day
        return _danish_day(value)
    return value


def csv_lines(columns: Sequence[object], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield the lines of a csv file for a Danish Excel: UTF-8 with BOM, semicolons, decimal commas, dd-mm-yyyy."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield b"\xef\xbb\xbf" + writer.writerow([harmless_text(column) for column in columns]).encode()
    for row in rows:
        yield writer.writerow([_csv_text(value) for value in row]).encode()


def write_csv(title: str, columns: Sequence[object], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """Return an open file holding the csv, read from its start; `title` is there to match :func:`write_xlsx`."""
    target = _Spool()
    target.writelines(csv_lines(columns, rows))
    target.seek(0)
    return target


class _Echo:
    """A file whose write() returns the line, so that csv.writer makes one at a time."""

    def write(self, line: str) -> str:
        return line


def _danish_day(day: datetime.date) -> str:
    return f"{day.day:02}-{day.month:02}-{day.year:04}"


def _csv_text(value: Any) -> str:
    value = _spreadsheet_value(value)
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return f"{_danish_day(value)} {value:%H:%M}"
    if isinstance(value, datetime.date):
        return _danish_day(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    return harmless_text(value)


def spreadsheet_response(
    name: str, columns: Sequence[object], rows: Iterable[Sequence[Any]], *, kind: str = "xlsx"
) -> FileResponse:
    """Return a download called `name`.xlsx or `name`.csv; the sheet of the xlsx carries the same name."""
    if kind == "csv":
        return FileResponse(
            write_csv(name, columns, rows), as_attachment=True, filename=f"{name}.csv", content_type=CSV_TYPE
        )
    return FileResponse(
        write_xlsx(name, columns, rows), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX_TYPE
    )
