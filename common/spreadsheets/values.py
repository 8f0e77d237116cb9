"""Cell values for all writers, and the temporary file that a writer fills."""

import datetime
import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from common.spreadsheets.worker.cells import STARTS_A_FORMULA

MAX_CELL_TEXT = 32_767  # Excel's own limit
EXACT_DIGITS = 15  # spreadsheets lose the last digits of longer whole numbers
SPOOL_BYTES = 256 * 1024
COLUMN_WIDTHS = (10, 44)  # characters, narrowest and widest
MEASURED_ROWS = 100  # rows that decide the width of a column
MAX_ROWS = 1_048_575  # below the headings, in Excel and in LibreOffice

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
NUMBER_OR_PHONE = re.compile(r"^[+-]?\d[\d .,]*$|^\+\d[\d ().]*$")


class TooManyRows(Exception):
    """Raised when a list has more rows than a sheet can hold. A csv file holds any number."""


class Spool(tempfile.SpooledTemporaryFile):
    """A temporary file, in memory while it is small, then on disk; closed also when a download is aborted."""

    def __init__(self):
        super().__init__(max_size=SPOOL_BYTES)

    def __del__(self):
        # The web server has replaced ``close`` by that of the response. Called by the garbage collector, that one
        # would end the request that runs at the moment, and close its database connection.
        super().close()


def plain_text(value: object) -> str:
    """Return a text without control characters, cut after 32,767 characters, which is the limit of Excel."""
    return UNPRINTABLE.sub("", str(value))[:MAX_CELL_TEXT]


def harmless_text(value: object) -> str:
    """Return a text for a csv cell, with an apostrophe before anything a spreadsheet would take for a formula."""
    text = plain_text(value)
    if STARTS_A_FORMULA.match(text) and not NUMBER_OR_PHONE.match(text):
        return f"'{text}"
    return text


def sheet_name(title: object) -> str:
    """Return a name Excel accepts for a sheet: at most 31 characters, none of []:*?/\\, no apostrophe at an end."""
    return re.sub(r"[\[\]:*?/\\]", " ", plain_text(title))[:31].strip("' ") or "1"


def cell_value(value: Any) -> Any:
    """Return None, a number, a date (1900 or later), a naive local datetime, a time of the day or a text."""
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, int):
        return value if len(str(abs(value))) <= EXACT_DIGITS else str(value)
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else ""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, datetime.date) and value.year < 1900:  # before Excel's first day
        return danish_day(value)
    return value


def danish_day(day: datetime.date) -> str:
    return f"{day.day:02}-{day.month:02}-{day.year:04}"


def danish_time(value: datetime.datetime) -> str:
    return f"{danish_day(value)} {value:%H:%M}"


def with_widths(columns: Sequence[object], rows: Iterable[Sequence[Any]]) -> tuple[list[int], Iterator[Sequence[Any]]]:
    """Return the width of each column in characters, from heading and first rows, and an iterator of all rows.

    The iterator raises TooManyRows after the last row that a sheet can hold.
    """
    rest = iter(rows)
    first = list(islice(rest, MEASURED_ROWS))
    widths = [len(str(column)) + 2 for column in columns]
    for row in first:
        for place, value in enumerate(row[: len(widths)]):
            widths[place] = max(widths[place], _shown_length(value) + 1)
    narrowest, widest = COLUMN_WIDTHS
    return [min(max(width, narrowest), widest) for width in widths], _within_a_sheet(chain(first, rest))


def _within_a_sheet(rows: Iterable) -> Iterator:
    for number, row in enumerate(rows):
        if number == MAX_ROWS:
            raise TooManyRows
        yield row


def _shown_length(value: Any) -> int:
    if isinstance(value, datetime.datetime):
        return len("dd-mm-yyyy hh:mm")
    return 0 if value is None else len(str(value))
