"""One row while it is read: its cells by meaning, and the remarks made on the way."""

from django.utils.translation import gettext as _

from common.folding import fold
from common.spreadsheets import Cell, column_letters
from imports.engine.cells import Day, as_line, as_text, read_day
from imports.engine.issues import ERROR, WARNING, Issue
from imports.engine.table import CPR_MARK, SourceRow, Table
from imports.enums import RowState

SHOWN_VALUE = 200  # characters of a cell that a remark quotes


class RowReader:
    """A row under a mapping (field key → column). Collects issues; the caller decides what they mean.

    `words` says what a branch's own words mean in ours: field → their word, folded → our word.
    """

    def __init__(
        self, table: Table, row: SourceRow, columns: dict[str, int], words: dict[str, dict[str, str]] | None = None
    ):
        self.table, self.row, self.columns, self.words = table, row, columns, words or {}
        self.issues: list[Issue] = []
        self._cells = {key: value for key, index in columns.items() if (value := self._read(index)) is not None}
        self._lines: dict[str, str] = {}
        for key in self._cells.keys() & self.words.keys():
            value = self._cells[key]
            self._cells[key] = self.words[key].get(fold(as_line(value)), value)

    def cell(self, key: str) -> Cell:
        """The cell of a field; None when its column is not mapped, the row too short or the cell blank."""
        return self._cells.get(key)

    def _read(self, index: int) -> Cell:
        if index >= len(self.row.cells):
            return None
        value = self.row.cells[index]
        if not isinstance(value, str):
            return value
        text = value.replace(CPR_MARK, "").strip()
        return text if text[:1].isalnum() or as_text(text) else None  # of signs without width nothing is left

    def text(self, key: str) -> str:
        return as_text(self._cells.get(key))

    def line(self, key: str) -> str:
        if key not in self._cells:
            return ""
        if key not in self._lines:
            self._lines[key] = as_line(self._cells[key])
        return self._lines[key]

    def day(self, key: str) -> Day:
        """The day in a cell that is no birth date; it is said when the cell held a mere count of days."""
        found = read_day(self.cell(key), century=2000)
        self.say_counted(key, found)
        return found

    def say_counted(self, key: str, found: Day) -> None:
        if found.is_counted:
            self.report("day_counted", key, day=f"{found.day:%d-%m-%Y}")

    def title(self, key: str) -> str:
        """The heading of a field's column as it stands in the file, or which column it is."""
        if key not in self.columns:
            return ""
        index = self.columns[key]
        return self.table.headers[index] or _("Column %(letters)s") % {"letters": column_letters(index)}

    def report(self, code: str, key: str = "", **facts) -> None:
        """Remark on the field's cell; without a column (or key), on the row."""
        index = self.columns.get(key)
        issue = Issue(code, facts=facts)
        if index is not None:
            issue.title = self.table.headers[index]
            issue.cell = f"{column_letters(index)}{self.row.number}"
            issue.value = as_text(self._read(index))[:SHOWN_VALUE]
        self.issues.append(issue)

    def report_stray_cells(self) -> None:
        """Say what stands to the right of the last heading, unless somebody said what the column holds."""
        for index in range(self.table.width, len(self.row.cells)):
            if as_text(self.row.cells[index]) and index not in self.columns.values():
                value = as_text(self._read(index))[:SHOWN_VALUE]
                self.issues.append(Issue("too_many_cells", "", f"{column_letters(index)}{self.row.number}", value))

    def report_cpr_marks(self) -> None:
        """Say where a CPR number was taken out, whether the column is mapped or not."""
        for index, value in enumerate(self.row.cells):
            if isinstance(value, str) and CPR_MARK in value:
                title = self.table.headers[index] if index < len(self.table.headers) else ""
                self.issues.append(Issue("cpr_removed", title, f"{column_letters(index)}{self.row.number}"))

    def has_error(self) -> bool:
        return any(issue.weight == ERROR for issue in self.issues)

    def state_and_issues(self) -> tuple[str, list[Issue]]:
        """The row's one state, and the issues that explain it.

        Of an error row the errors, and where a CPR number was taken out; of the others all.
        """
        if self.has_error():
            said = [issue for issue in self.issues if issue.weight == ERROR or issue.code == "cpr_removed"]
            return RowState.ERROR, said
        is_warned = any(issue.weight == WARNING for issue in self.issues)
        return RowState.WARNED if is_warned else RowState.CLEAN, self.issues
