"""The reader of a row: its cells by field, and the issues found while reading."""

import datetime as dt
from typing import Any

from common.folding import fold
from common.spreadsheets import Cell, column_letters
from imports.engine.cells import Day, as_line, as_text, is_likely, read_day, read_number
from imports.engine.fields import WordList, Words
from imports.engine.issues import ERROR, WARNING, Issue
from imports.engine.table import CPR_MARK, SourceRow, Table
from imports.enums import RowState

SHOWN_VALUE = 200  # characters of a cell that an issue quotes


class RowReader:
    """Reads the cells of a row by field key, and collects issues and notes.

    ``columns`` maps field keys to columns (from 0). ``words`` translates a branch's own words: field → word of the
    branch, folded → our word.
    """

    def __init__(self, table: Table, row: SourceRow, columns: dict[str, int], words: Words | None = None):
        self.table, self.row, self.columns, self.words = table, row, columns, words or {}
        self.issues: list[Issue] = []
        self.notes: list[str] = []
        self._cells = self._filled_cells()
        self._lines: dict[str, str] = {}
        for key in self._cells.keys() & self.words.keys():
            value = self._cells[key]
            self._cells[key] = self.words[key].get(fold(as_line(value)), value)

    def cell(self, key: str) -> Cell:
        """Return the cell of a field; None if it has no column, the row is too short or the cell is blank."""
        return self._cells.get(key)

    def _filled_cells(self) -> dict[str, Cell]:
        """Return the cells that are not blank by field. Does for most of them what ``_read`` does, but faster."""
        cells, filled = self.row.cells, {}
        for key, index in self.columns.items():
            value = cells[index] if index < len(cells) else None
            if isinstance(value, str) and value[:1].isalnum() and CPR_MARK not in value:
                filled[key] = value.strip()
            elif value is not None and (value := self._read(index)) is not None:
                filled[key] = value
        return filled

    def _read(self, index: int) -> Cell:
        if index >= len(self.row.cells):
            return None
        value = self.row.cells[index]
        if not isinstance(value, str):
            return value
        text = (value.replace(CPR_MARK, "") if CPR_MARK in value else value).strip()
        return text if text[:1].isalnum() or as_text(text) else None  # zero-width characters alone count as blank

    def text(self, key: str) -> str:
        """Return the text of a cell with its line breaks."""
        return as_text(self._cells.get(key))

    def line(self, key: str) -> str:
        """Return the text of a cell as one line."""
        if key not in self._cells:
            return ""
        if key not in self._lines:
            self._lines[key] = as_line(self._cells[key])
        return self._lines[key]

    def day(self, key: str) -> Day:
        """Return the day in a cell that is not a birth date. A number read as a count of days is reported."""
        found = read_day(self.cell(key), century=2000)
        self.report_counted(key, found)
        return found

    def report_counted(self, key: str, found: Day) -> None:
        if found.is_counted:
            self.report("day_counted", key, day=f"{found.day:%d-%m-%Y}")

    def date(
        self, key: str, *, is_strict: bool = False, is_needed: bool = False, until: dt.date | None = None
    ) -> dt.date | None:
        """Return the date in a cell, or None.

        Anything but a full date is kept as a note with a warning. With ``is_strict`` it is an error, and so is a year
        before 1900 or after 2100. With ``is_needed`` a blank is an error, and with ``until`` a later day.
        """
        found = self.day(key)
        if found.is_wrong:
            self.report("bad_date", key)
        elif found.year or found.is_unreadable:
            self.report("day_unreadable" if is_strict else "date_unreadable", key)
            if not is_strict:
                self.note(key)
        elif is_needed and not found.day:
            self.report("day_missing", key)
        elif is_strict and found.day and not is_likely(found.day):
            self.report("year_unlikely", key)
            return None
        elif until and found.day and found.day > until:
            self.report("day_ahead", key)
        return found.day

    def number(self, key: str, lowest: int, highest: int, *, unreadable: str = "number_unreadable") -> int | None:
        """Return the whole number in a cell, or None. Anything else is reported as ``unreadable`` and kept as note."""
        if self.cell(key) is None:
            return None
        number = read_number(self.cell(key))
        if number is not None and lowest <= number <= highest:
            return number
        self.report(unreadable, key)
        self.note(key)
        return None

    def note(self, key: str) -> None:
        """Keep the text of a cell as a note under its heading, once."""
        if self.cell(key) is None:
            return
        line = f"{self.title(key)}: {self.text(key)}"
        if line not in self.notes:
            self.notes.append(line)

    def fit(self, text: str, key: str, limit: int, *, may_cut: bool = True) -> str:
        """Return a text that fits into ``limit`` characters.

        A longer text is cut with a warning and kept whole as a note. If the record has no notes (``may_cut`` is
        False), it is an error.
        """
        if len(text) <= limit:
            return text
        if not may_cut:
            self.report("too_long", key, limit=limit)
            return text
        self.report("shortened", key)
        if not any(text in line for line in self.notes):
            self.notes.append(text)
        return text[:limit]

    def title(self, key: str) -> str:
        """Return the heading of a field's column in the file, or the name of the column, such as "Column E"."""
        return self.table.column_name(self.columns[key]) if key in self.columns else ""

    def report(self, code: str, key: str = "", **facts) -> None:
        """Add an issue about the cell of a field, or about the row if the field has no column or ``key`` is blank."""
        index = self.columns.get(key)
        issue = Issue(code, facts=facts)
        if index is not None:
            issue.title = self.table.headers[index]
            issue.cell = f"{column_letters(index)}{self.row.number}"
            issue.value = as_text(self._read(index))[:SHOWN_VALUE]
        self.issues.append(issue)

    def report_stray_cells(self) -> None:
        """Report the cells to the right of the last heading, except in columns that the user mapped."""
        for index in range(self.table.width, len(self.row.cells)):
            if as_text(self.row.cells[index]) and index not in self.columns.values():
                value = as_text(self._read(index))[:SHOWN_VALUE]
                self.issues.append(Issue("too_many_cells", "", f"{column_letters(index)}{self.row.number}", value))

    def report_cpr_marks(self) -> None:
        """Report the cells from which a CPR number was removed, also in columns without a field."""
        for index, value in enumerate(self.row.cells):
            if isinstance(value, str) and CPR_MARK in value:
                title = self.table.headers[index] if index < len(self.table.headers) else ""
                self.issues.append(Issue("cpr_removed", title, f"{column_letters(index)}{self.row.number}"))

    def choice(self, words: WordList, key: str, unknown: str = "word_unknown", *, usual: Any = None) -> Any:
        """Return the value of a cell; ``usual`` for a blank and for an unknown word, which is reported as ``unknown``.

        With a ``usual`` value, the unknown word is kept as a note.
        """
        text = self.line(key)
        value = words.meaning(text) if text else None
        if text and value is None and usual is None:
            self.report(unknown, key, words=words.words)
        elif text and value is None:
            self.report(unknown, key, stored=str(usual.label))
            self.note(key)
        return usual if value is None else value

    def has_error(self) -> bool:
        return any(issue.weight == ERROR for issue in self.issues)

    def state_and_issues(self) -> tuple[str, list[Issue]]:
        """Return the state of the row and the issues to show.

        A row with errors shows its errors and removed CPR numbers only, other rows show all issues.
        """
        if self.has_error():
            said = [issue for issue in self.issues if issue.weight == ERROR or issue.code == "cpr_removed"]
            return RowState.ERROR, said
        is_warned = any(issue.weight == WARNING for issue in self.issues)
        return RowState.WARNED if is_warned else RowState.CLEAN, self.issues
