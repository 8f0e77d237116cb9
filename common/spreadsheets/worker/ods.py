"""Scans the content of an ods file for the marks of its sheets and for repetitions that would expand too far."""

import html
import re

from .cells import cell_name
from .marks import PROGRESS_ROWS, SheetMarks
from .refusals import MAX_CELL_TEXT, Refused, refuse_beyond, refuse_sheets

TAG_REST = rb"""(?:[^>"']|"[^"]*"|'[^']*')*>"""
ODS_TAG = re.compile(
    rb"<(/?table:table-row|table:covered-table-cell|table:table-cell|table:table-column|table:table|text:s)\b(?!-)"
    + TAG_REST
)
ROWS_REPEATED = re.compile(rb"""number-rows-repeated\s*=\s*["'](\d+)["']""")
COLUMNS_REPEATED = re.compile(rb"""number-columns-repeated\s*=\s*["'](\d+)["']""")
ROWS_SPANNED = re.compile(rb"""number-rows-spanned\s*=\s*["'](\d{1,7})["']""")
SPACES = re.compile(rb"""text:c\s*=\s*["'](\d+)["']""")
TABLE_NAME = re.compile(rb"""table:name\s*=\s*(?:"([^"]*)"|'([^']*)')""")
MOST_DIGITS = 18
HIDDEN = re.compile(rb"""table:visibility\s*=\s*["'](?:collapse|filter)["']""")


def read_marks(content, limits, emit):
    """Return sheet name → marks. Raises Refused when repeated cells or spaces exceed the limits.

    Repeated blanks at the edge of a sheet are usual and cost nothing.
    """
    scanner = OdsScanner(limits, emit)
    for tag in ODS_TAG.finditer(content):
        scanner.take_tag(tag.group(1), tag.group(0))
    return scanner.sheets


class OdsScanner:
    """Takes the tags of an ods file one by one. Rows count from 1, columns from 0."""

    def __init__(self, limits, emit):
        self.limits, self.emit = limits, emit
        self.sheets = {}
        self.marks, self.place = SheetMarks(), ""
        self.spaces = 0  # in all texts, as far as they are given by a number
        self.rows = self.cells = 0  # not blank, with repetitions: rows of the sheet, cells of the file
        self.row = self.row_times = self.filled = self.position = self.width = self.column = 0
        self.following = 1  # number of the next row

    def take_tag(self, name, tag):
        if name == b"table:table":
            self._open_table(tag)
        elif name == b"table:table-column":
            self._take_column(tag)
        elif name == b"table:table-row":
            self._open_row(tag)
        elif name == b"/table:table-row":
            self._close_row()
        elif name == b"text:s":
            self._take_spaces(tag)
        else:
            self._take_cell(tag)

    def _open_table(self, tag):
        found = TABLE_NAME.search(tag)
        name = (found.group(1) or found.group(2) or b"") if found else b""
        self.place = html.unescape(name.decode(errors="replace"))
        self.marks = self.sheets[self.place] = SheetMarks()
        refuse_sheets(len(self.sheets))
        self.rows, self.row, self.following, self.column = 0, 0, 1, 0

    def _take_column(self, tag):
        times = repeated(COLUMNS_REPEATED, tag)
        if HIDDEN.search(tag):
            last = min(self.column + times, self.limits["columns"]) - 1
            if last >= self.column:
                self.marks.hide_columns(self.column, last)
        self.column += times

    def _open_row(self, tag):
        self.row, self.row_times = self.following, repeated(ROWS_REPEATED, tag)
        self.following = self.row + self.row_times
        self.filled = self.position = self.width = 0
        if HIDDEN.search(tag) and self.row <= self.limits["rows"]:
            self.marks.hide_rows(self.row, min(self.row + self.row_times - 1, self.limits["rows"]))

    def _close_row(self):
        if self.filled:
            self.rows += self.row_times
            self.marks.rows = min(self.following - 1, self.limits["rows"])
            if self.row % PROGRESS_ROWS == 0:
                self.emit({"scanned": sum(marks.rows for marks in self.sheets.values())})
        self.cells += self.filled * self.row_times
        refuse_beyond(self.rows, self.cells, self.width, self.limits, self.place)

    def _take_cell(self, tag):
        times = repeated(COLUMNS_REPEATED, tag)
        if b"rows-spanned" in tag and (over := repeated(ROWS_SPANNED, tag)) > 1:
            last = min(self.row + over - 1, self.limits["rows"])
            self.marks.merge(self.row, last, self.position)
        if b"table:formula" in tag and b"value-type" not in tag:
            self.marks.formulas.add(cell_name(self.row, self.position))
        if b'value-type="error"' in tag:
            self.marks.add_error(self.row, self.position)
        self.position += times
        if not tag.endswith(b"/>") or b"office:value" in tag:
            self.filled, self.width = self.filled + times, self.position

    def _take_spaces(self, tag):
        """Raise Refused when the spaces, which are given by a number, would fill the memory."""
        spaces = repeated(SPACES, tag)
        self.spaces += spaces * self.row_times
        if spaces > MAX_CELL_TEXT:
            raise Refused("long_cell", cell=cell_name(self.row, max(0, self.position - 1)), place=self.place)
        if self.spaces > self.limits["text"]:
            raise Refused("unpacks_too_large", megabytes=self.limits["text"] // 1_000_000, place=self.place)


def repeated(pattern, attributes):
    """Return how often something is repeated, by the first 18 digits of the number."""
    found = pattern.search(attributes)
    return int(found.group(1).lstrip(b"0")[:MOST_DIGITS] or b"0") if found else 1
