"""One row while it is read: its cells by meaning, and the remarks made on the way."""

from common.folding import fold
from common.spreadsheets import Cell, column_letters
from people.enums import RowState
from people.importing.cells import as_line, as_text
from people.importing.findings import ERROR, WARNING, Finding
from people.importing.source import CPR_MARK, SourceRow, Table

SHOWN_VALUE = 200  # characters of a cell that a remark quotes


class RowReader:
    """A row under a mapping (field key → column). Collects findings; the caller decides what they mean.

    `words` says what a branch's own words mean in ours: field → their word, folded → our word.
    """

    def __init__(
        self, table: Table, row: SourceRow, columns: dict[str, int], words: dict[str, dict[str, str]] | None = None
    ):
        self.table, self.row, self.columns, self.words = table, row, columns, words or {}
        self.findings: list[Finding] = []
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

    def title(self, key: str) -> str:
        """The heading of a field's column as it stands in the file."""
        return self.table.headers[self.columns[key]] if key in self.columns else ""

    def find(self, code: str, key: str = "", **facts) -> None:
        """Remark on the field's cell; without a column (or key), on the row."""
        index = self.columns.get(key)
        finding = Finding(code, facts=facts)
        if index is not None:
            finding.title = self.table.headers[index]
            finding.cell = f"{column_letters(index)}{self.row.number}"
            finding.value = as_text(self._read(index))[:SHOWN_VALUE]
        self.findings.append(finding)

    def find_cpr_marks(self) -> None:
        """Say where a CPR number was taken out, whether the column is mapped or not."""
        for index, value in enumerate(self.row.cells):
            if isinstance(value, str) and CPR_MARK in value:
                title = self.table.headers[index] if index < len(self.table.headers) else ""
                self.findings.append(Finding("cpr_removed", title, f"{column_letters(index)}{self.row.number}"))

    def has_error(self) -> bool:
        return any(finding.weight == ERROR for finding in self.findings)

    def state_and_findings(self) -> tuple[str, list[Finding]]:
        """The row's one state, and the findings that explain it: of an error row the errors, else all the others."""
        errors = [finding for finding in self.findings if finding.weight == ERROR]
        if errors:
            return RowState.ERROR, errors
        is_warned = any(finding.weight == WARNING for finding in self.findings)
        return RowState.WARNED if is_warned else RowState.CLEAN, self.findings
