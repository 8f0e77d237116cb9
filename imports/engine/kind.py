"""Kinds of lists: which columns they may have, and how their rows are checked.

A kind is registered in :mod:`imports.kinds.registry`. Lists of people stand in :mod:`imports.kinds.people`.
Checking is pure: it asks what is known and stores nothing. What an accepted row taught the checks of the rows below
it is kept as its *lesson*, so that checking can stop after any row and go on in another request.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from accounts.models import User
from common.spreadsheets import Cell
from imports.engine.fields import Field, in_language, load_data, load_fields
from imports.engine.issues import ASKING, ERROR, KINDS, WARNING, Issue
from imports.engine.reader import RowReader
from imports.engine.store import Store
from imports.engine.table import SourceRow, Table
from imports.enums import RowDecision, RowState
from programmes.models import Programme

ACCEPTED = (RowState.CLEAN, RowState.WARNED)
DUPLICATES = (RowState.DUPLICATE_IN_FILE, RowState.DUPLICATE_EXISTING)
Words = dict[str, dict[str, str]]  # field → their word, folded → our word


def state_codes(state: str, codes: Iterable[str]) -> list[str]:
    """Of the codes of a row's issues those that make its state, in the order of the alphabet."""
    weight = ERROR if state == RowState.ERROR else WARNING
    return sorted({code for code in codes if KINDS[code].weight == weight})


@dataclass
class CheckedRow:
    """A row with its one state, the issues that explain it, and what would be stored.

    `lesson` is what the row teaches, as JSON; None when it teaches nothing. `told_from`: of whom somebody said that
    the row is not the same person. `chosen`: the fields taken from the row where a known person has them too.
    """

    number: int
    cells: list[Cell]
    state: str
    label: str = ""
    issues: list[Issue] = field(default_factory=list)
    record: Any = None
    known: Any = None
    lesson: dict | None = None
    chosen: Sequence[str] = ()
    told_from: Any = None
    decision: str = ""  # a RowDecision

    @property
    def is_accepted(self) -> bool:
        return self.state in ACCEPTED

    @property
    def is_merged(self) -> bool:
        """A duplicate that somebody wants to be laid together with the person it is."""
        return self.decision == RowDecision.SAME and self.state in DUPLICATES

    @property
    def codes(self) -> list[str]:
        """Codes that make the row's state, in the order of the alphabet: of an error row its errors, else warnings."""
        return state_codes(self.state, (issue.code for issue in self.issues))

    @property
    def has_question(self) -> bool:
        """Whether somebody is asked to decide: it looks like a person known already."""
        return not self.decision and any(issue.code in ASKING for issue in self.issues)


Rows = Sequence[tuple[CheckedRow, int]]  # checked row, id of its ImportRow


class Kind(ABC):
    """A kind of list."""

    code: str

    def __init__(self):
        data = load_data(f"kinds/{self.code}.toml")
        self.label: Promise = in_language(**data["label"])
        self.singular: Promise = in_language(**data["singular"])  # what one row becomes
        self.required: Sequence[Sequence[str]] = data["required"]  # one field of each group must have a column
        self.fields: Sequence[Field] = load_fields(self.code)

    @abstractmethod
    def load_known(self, programme: Programme) -> Any:
        """What is stored already, in a constant number of queries."""

    def stop_asking(self, known: Any) -> None:  # noqa: B027 - most kinds ask nothing
        """The rows were looked through: leave out what changes no state and only asks somebody to decide."""

    @abstractmethod
    def check_row(self, reader: RowReader, known: Any, *, today: dt.date) -> CheckedRow:
        """Give one row its state. `known` learns from a row that is accepted, and the row carries the lesson."""

    @abstractmethod
    def replay(self, known: Any, number: int, lesson: dict) -> None:
        """Teach `known` what an earlier row of this file taught, when it was checked before."""

    @abstractmethod
    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        """Store accepted rows (and merged ones, where the kind has them), each with the id of its ImportRow.

        Runs inside the caller's transaction and tells the journal all that it makes and changes.
        """

    @abstractmethod
    def list_url(self) -> str:
        """Address of the list in which what was imported is found."""

    @abstractmethod
    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        """Address of what each ImportRow (by id) became, in one query. Rows that became nothing are left out."""

    def after_undo(self, changed: Iterable[tuple[type, int]]) -> None:  # noqa: B027 - most kinds have nothing to do
        """Bring in line again the records (model, id) whose values were set back, in the undo's transaction."""

    def check_rows(
        self,
        table: Table,
        rows: Iterable[SourceRow],
        columns: dict[str, int],
        known: Any,
        *,
        today: dt.date,
        words: Words | None = None,
    ) -> Iterator[CheckedRow]:
        """Some rows of the table, in order, each with its state."""
        for row in rows:
            reader = RowReader(table, row, columns, words)
            if row.decision and row.decision.kind == RowDecision.SKIP:
                label = self.label_of(reader)
                yield CheckedRow(row.number, row.cells, RowState.SKIPPED, label, decision=RowDecision.SKIP)
            else:
                yield self.check_row(reader, known, today=today)

    def label_of(self, reader: RowReader) -> str:
        """What a row is called in the review."""
        return next((line for field in self.fields if (line := reader.line(field.key))), "")


class RecordKind(Kind):
    """A list whose rows become one record each, known again by a key: the same key is never stored twice.

    What is known has a dict `seen`: key (a tuple of what JSON can hold) → the row of this file, or None if stored.
    """

    duplicate_codes = ("record_in_file", "record_existing")

    @abstractmethod
    def read(self, reader: RowReader, known: Any, *, today: dt.date) -> Any:
        """All that the row says, with the issues left in the reader."""

    @abstractmethod
    def key_of(self, record: Any) -> tuple:
        """What tells the record from all others of the programme; asked only of rows without errors."""

    def check_row(self, reader: RowReader, known: Any, *, today: dt.date) -> CheckedRow:
        row = CheckedRow(reader.row.number, reader.row.cells, RowState.ERROR, self.label_of(reader))
        row.record = self.read(reader, known, today=today)
        reader.report_stray_cells()
        reader.report_cpr_marks()
        key = None if reader.has_error() else self.key_of(row.record)
        if key is not None and key in known.seen:
            return self._as_duplicate(row, known.seen[key])
        row.state, row.issues = reader.state_and_issues()
        if row.is_accepted:
            row.lesson = {"key": list(key)}
            known.seen[key] = row.number
        return row

    def replay(self, known: Any, number: int, lesson: dict) -> None:
        known.seen[tuple(lesson["key"])] = number

    def _as_duplicate(self, row: CheckedRow, first: int | None) -> CheckedRow:
        in_file, existing = self.duplicate_codes
        if first is None:
            row.state, row.issues = RowState.DUPLICATE_EXISTING, [Issue(existing)]
        else:
            row.state, row.issues = RowState.DUPLICATE_IN_FILE, [Issue(in_file, facts={"row": first})]
        return row
