"""Checking the rows of an import, a chunk at a time: what is checked is stored, and checking goes on from there."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.bulk import BATCH, build, store_new
from common.garbage import pause_garbage_collection
from common.spreadsheets import Spreadsheet
from imports.engine.cells import as_text
from imports.engine.kind import ACCEPTED, DUPLICATES, CheckedRow, Kind, state_codes
from imports.engine.table import Table, pack_spreadsheet, unpack_spreadsheet
from imports.enums import ImportStatus, RowDecision, RowState
from imports.kinds import registry
from imports.models import ImportBatch, ImportRow
from imports.services.base import ImportRefused, lock_open, require_import_in, table_with_decisions

CHUNK = 2_000  # rows between two looks at the clock
PAIRED = (RowDecision.SAME, RowDecision.DIFFERENT)
CHECKED_FIELDS = ["cells", "label", "state", "issues", "lesson", "has_question"]


@pause_garbage_collection()
@transaction.atomic
def check_rest(batch: ImportBatch, *, by: User | None, seconds: float | None = None) -> ImportBatch:
    """Check the rows that are not checked yet, all of them or for about so many seconds (a chunk at least).

    Raises ImportRefused when the import was decided meanwhile.
    """
    require_import_in(batch.programme, by)
    batch = lock_open(batch)
    if batch.status == ImportStatus.CHECKING:
        go_on_checking(batch, unpack_spreadsheet(batch.content), seconds=seconds)
    return batch


@pause_garbage_collection()
@transaction.atomic
def check_again(batch: ImportBatch, *, by: User | None, seconds: float | None = None) -> ImportBatch:
    """Check an import from its first row, because the network has changed since. Raises ImportRefused."""
    require_import_in(batch.programme, by)
    batch = lock_open(batch)
    if batch.status == ImportStatus.READ:
        raise ImportRefused(_("Choose the columns first."))
    batch.checked_rows = 0
    go_on_checking(batch, unpack_spreadsheet(batch.content), seconds=seconds)
    return batch


def go_on_checking(batch: ImportBatch, spreadsheet: Spreadsheet, *, seconds: float | None = None) -> None:
    """Check from row `batch.checked_rows` on and store the outcome; count the figures when no row is left."""
    until = None if seconds is None else time.monotonic() + seconds
    check = Check(batch, table_with_decisions(batch, spreadsheet))
    while check.rows_left and not (check.is_begun and until is not None and time.monotonic() >= until):
        check.next_chunk()
    check.forget_the_unwilling(spreadsheet)
    if check.rows_left:
        batch.status = ImportStatus.CHECKING
    else:
        batch.status, batch.counts = ImportStatus.STAGED, figures(staged_rows(batch))
    batch.full_clean()
    batch.save()


class Check:
    """A check under way: the rows above the first unchecked one have taught it what they had to teach."""

    def __init__(self, batch: ImportBatch, table: Table):
        self.batch, self.table = batch, table
        batch.row_count = len(table.rows)
        self.kind = registry.kind_of(batch.kind)
        self.known = self.kind.load_known(batch.programme)
        self.emptied: dict[int, list] = {}  # rows of people who said no: all that may stay of them
        self.is_begun = False
        self._is_fresh = not batch.rows.exists()
        if batch.checked_rows and self.rows_left:
            self._replay(table.rows[batch.checked_rows].number)

    @property
    def rows_left(self) -> int:
        return self.batch.row_count - self.batch.checked_rows

    def _replay(self, first: int) -> None:
        lessons = self.batch.rows.filter(number__lt=first, lesson__isnull=False).order_by("number")
        for number, lesson in lessons.values_list("number", "lesson").iterator():
            self.kind.replay(self.known, number, lesson)

    def check(self, first: int, last: int) -> list[CheckedRow]:
        """Rows by their place in the table, from `first` up to `last`, checked but not stored."""
        mapping = self.batch.mapping
        rows = self.table.rows[first:last]
        return list(
            self.kind.check_rows(
                self.table, rows, mapping["columns"], self.known, today=clock.today(), words=mapping.get("words")
            )
        )

    def next_chunk(self) -> None:
        first = self.batch.checked_rows
        rows = self.check(first, first + CHUNK)
        self.store(rows)
        self.batch.checked_rows = first + len(rows)
        self.is_begun = True

    def store(self, rows: Sequence[CheckedRow]) -> None:
        """Keep the outcome. What was decided and corrected on a row stays with it."""
        self.emptied |= {row.number: row.cells for row in rows if "no_consent" in row.codes}
        records = [_staged(self.batch, row) for row in rows]
        if self._is_fresh:
            store_new(ImportRow, records)
        else:
            ImportRow.objects.bulk_create(
                records,
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=["batch", "number"],
                update_fields=CHECKED_FIELDS,
            )
            self._take_back_decisions(rows)

    def _take_back_decisions(self, rows: Sequence[CheckedRow]) -> None:
        """Somebody with whom a row was compared is gone or was never there: nothing is decided any more."""
        decided = {row.number for row in self.table.rows if row.decision and row.decision.kind in PAIRED}
        stale = [
            row.number
            for row in rows
            if row.number in decided and row.decision not in PAIRED and row.state != RowState.ERROR
        ]
        if stale:
            self.batch.rows.filter(number__in=stale).update(
                decision="", other_person_id=None, other_row=None, chosen=[], decided_by=None
            )

    def forget_the_unwilling(self, spreadsheet: Spreadsheet) -> None:
        """Of people who said no nothing stays, neither in what was read nor in what was corrected."""
        if self.emptied:
            self.batch.content = pack_spreadsheet(without_the_unwilling(self.batch, spreadsheet, self.emptied))
            self.batch.rows.filter(number__in=self.emptied).update(corrections={})


def _staged(batch: ImportBatch, row: CheckedRow) -> ImportRow:
    return build(
        ImportRow,
        batch_id=batch.pk,
        number=row.number,
        cells=[as_text(cell) for cell in row.cells],
        label=row.label[:200],
        state=row.state,
        issues=[issue.as_json() for issue in row.issues],
        lesson=row.lesson,
        has_question=row.has_question,
    )


def check_all(batch: ImportBatch, spreadsheet: Spreadsheet) -> tuple[Kind, list[CheckedRow]]:
    """Every row anew, against what is stored now, asking nobody anything more. Nothing of it is kept."""
    check = Check(batch, table_with_decisions(batch, spreadsheet))
    check.kind.stop_asking(check.known)
    batch.checked_rows = 0
    return check.kind, check.check(0, batch.row_count)


def without_the_unwilling(batch: ImportBatch, spreadsheet: Spreadsheet, emptied: dict[int, list]) -> Spreadsheet:
    """What was read, with nothing left of the rows of people who said no but the no itself."""
    sheets = [
        replace(sheet, rows=[(number, emptied.get(number, cells)) for number, cells in sheet.rows])
        if sheet.name == batch.sheet
        else sheet
        for sheet in spreadsheet.sheets
    ]
    return replace(spreadsheet, sheets=sheets)


# ---------------------------------------------------------------- figures


@dataclass(frozen=True)
class StagedRow:
    """What the figures ask of a stored row; a CheckedRow answers the same."""

    number: int
    state: str
    codes: list[str]
    has_question: bool
    is_merged: bool


def staged_rows(batch: ImportBatch) -> list[StagedRow]:
    """The rows as they are stored, in order. One query."""
    rows = batch.rows.order_by("number").values_list("number", "state", "issues", "has_question", "decision")
    return [
        StagedRow(
            number,
            state,
            state_codes(state, (issue["code"] for issue in issues)),
            has_question,
            decision == RowDecision.SAME and state in DUPLICATES,
        )
        for number, state, issues, has_question, decision in rows
    ]


def figures(rows: Sequence[Any]) -> dict:
    """The figures of an import: rows by state, errors and warnings by code.

    `skipped`, `merged` and `questions` (rows that wait for a decision) are there when they are not 0.
    """
    states = Counter(str(row.state) for row in rows)
    decisions = {
        "skipped": states[RowState.SKIPPED],
        "merged": sum(row.is_merged for row in rows),
        "questions": sum(row.has_question for row in rows),
    }
    return {name: count for name, count in decisions.items() if count} | {
        "rows": len(rows),
        "clean": states[RowState.CLEAN],
        "warned": states[RowState.WARNED],
        "accepted": sum(states[state] for state in ACCEPTED),
        "error_rows": states[RowState.ERROR],
        "duplicates_in_file": states[RowState.DUPLICATE_IN_FILE],
        "duplicates_existing": states[RowState.DUPLICATE_EXISTING],
        "errors": _codes(row for row in rows if row.state == RowState.ERROR),
        "warnings": _codes(row for row in rows if row.state == RowState.WARNED),
    }


def row_list(rows: Sequence[Any]) -> list[dict]:
    """Each row that is not clean: its number, its state, and the codes that make it."""
    return [
        {"row": row.number, "state": str(row.state), "codes": row.codes} for row in rows if row.state != RowState.CLEAN
    ]


def _codes(rows: Iterable[Any]) -> dict[str, int]:
    return dict(sorted(Counter(code for row in rows for code in row.codes).items()))
