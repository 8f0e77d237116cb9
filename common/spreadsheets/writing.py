"""Writers of xlsx and csv whose cells never become formulas or links; :mod:`.ods` has its own module.

An xlsx file has types: ``=1+1`` and the phone number ``+45 50 25 28 58`` are written as texts. A csv file has none: a
text that a spreadsheet would calculate gets an apostrophe in front, which :mod:`common.spreadsheets.reading` removes
again. Numbers and phone numbers are not changed.
"""

import csv
import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from django.http import FileResponse

from common import clock
from common.lazy import LazyModule
from common.spreadsheets.ods import write_ods
from common.spreadsheets.values import (
    Spool,
    cell_value,
    danish_day,
    danish_time,
    harmless_text,
    plain_text,
    sheet_name,
    with_widths,
)

xlsxwriter = LazyModule("xlsxwriter")


def write_xlsx(title: str, columns: Sequence[object], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """Write a workbook of one sheet and return the open file, rewound.

    ``columns`` are the headings. ``rows`` is any iterable of sequences; it is consumed once and never held in memory.
    Dates, numbers and None keep their type, booleans become words, everything else is text. Raises TooManyRows for more
    than 1,048,575 rows.
    """
    target = Spool()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(target, options)
    workbook.set_properties({"created": clock.now()})
    sheet = workbook.add_worksheet(sheet_name(title))
    formats = {
        "head": workbook.add_format({"bold": True, "bottom": 1}),
        "date": workbook.add_format({"num_format": "dd-mm-yyyy"}),
        "time": workbook.add_format({"num_format": "dd-mm-yyyy hh:mm"}),
        "clock": workbook.add_format({"num_format": "hh:mm"}),
    }
    headings = [plain_text(column) for column in columns]
    widths, rows = with_widths(headings, rows)
    sheet.freeze_panes(1, 0)
    for number, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, heading, formats["head"])
    last_row = 0
    try:
        for last_row, row in enumerate(rows, start=1):
            for number, value in enumerate(row):
                _write_cell(sheet, (last_row, number), value, formats)
        if headings:
            sheet.autofilter(0, 0, last_row, len(headings) - 1)
    finally:
        workbook.close()  # also deletes its temporary file
    target.seek(0)
    return target


def _write_cell(sheet, place: tuple[int, int], value: Any, formats: dict) -> None:
    value = cell_value(value)
    if value is None or value == "":
        return
    if isinstance(value, datetime.datetime):
        sheet.write_datetime(*place, value, formats["time"])
    elif isinstance(value, datetime.date):
        sheet.write_datetime(*place, value, formats["date"])
    elif isinstance(value, datetime.time):
        sheet.write_datetime(*place, value, formats["clock"])
    elif isinstance(value, int | float):
        sheet.write_number(*place, value)
    else:
        sheet.write_string(*place, plain_text(value))


def csv_lines(columns: Sequence[object], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield the lines of a csv file for Danish Excel: UTF-8 with BOM, semicolons, decimal commas, dd-mm-yyyy."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield b"\xef\xbb\xbf" + writer.writerow([harmless_text(column) for column in columns]).encode()
    for row in rows:
        yield writer.writerow([_csv_text(value) for value in row]).encode()


def write_csv(title: str, columns: Sequence[object], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """Write a csv file and return the open file, rewound. ``title`` is not used."""
    target = Spool()
    for line in csv_lines(columns, rows):  # writelines() would check the size only at the end
        target.write(line)
    target.seek(0)
    return target


class _Echo:
    """A file whose ``write`` returns the line, so that ``csv.writer`` produces one at a time."""

    def write(self, line: str) -> str:
        return line


def _csv_text(value: Any) -> str:
    value = cell_value(value)
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return danish_time(value)
    if isinstance(value, datetime.date):
        return danish_day(value)
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    return harmless_text(value)


WRITERS = {
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": (write_ods, "application/vnd.oasis.opendocument.spreadsheet"),
    "csv": (write_csv, "text/csv; charset=utf-8"),
}


def spreadsheet_response(
    name: str, columns: Sequence[object], rows: Iterable[Sequence[Any]], *, kind: str = "xlsx"
) -> FileResponse:
    """Return a list as a download ``name.kind``; the sheet has the same name.

    ``kind`` is xlsx, ods or csv; any other raises KeyError. All rows are written before it returns. Raises TooManyRows
    when they do not fit into a sheet (never for csv).
    """
    write, content_type = WRITERS[kind]
    file = write(name, columns, rows)
    return FileResponse(file, as_attachment=True, filename=f"{name}.{kind}", content_type=content_type)
