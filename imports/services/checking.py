"""Check the rows of an import in chunks. The outcome of each chunk is stored, so that checking can be continued."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.bulk import BATCH, build, store_new
from common.garbage import pause_garbage_collection
from common.spreadsheets import Spreadsheet
from imports.engine.cells import as_text
from imports.engine.issues import Issue
from imports.engine.kind import ACCEPTED, CheckedRow, Kind
from imports.engine.table import Table, pack_spreadsheet, unpack_spreadsheet
from imports.enums import ImportStatus, RowDecision, RowState
from imports.kinds import kind_of
from imports.models import ImportBatch, ImportRow
from imports.services.base import ImportRefused, lock_open, require_import_in, table_with_decisions

CHUNK = 2_000  # rows between two looks at the clock
PAIRED = (RowDecision.SAME, RowDecision.DIFFERENT)
CHECKED_FIELDS = ["cells", "label", "state", "issues", "lesson", "has_question"]


@pause_garbage_collection()
@transaction.atomic
def check_rest(batch: ImportBatch, *, by: User | None, seconds: float | None = None) -> ImportBatch:
    """Check the remaining rows: all of them or, with ``seconds``, chunks for about that time, at least one.

    Raises ImportRefused if the import was applied or discarded meanwhile.
    """
    require_import_in(batch.programme, by)
    batch = lock_open(batch)
    if batch.status == ImportStatus.CHECKING:
        go_on_checking(batch, unpack_spreadsheet(batch.content), seconds=seconds)
    return batch


@pause_garbage_collection()
@transaction.atomic
def check_again(batch: ImportBatch, *, by: User | None, seconds: float | None = None) -> ImportBatch:
    """Check all rows again, because stored records have changed since. Raises ImportRefused."""
    require_import_in(batch.programme, by)
    batch = lock_open(batch)
    if batch.status == ImportStatus.READ:
        raise ImportRefused(_("Choose the columns first."))
    batch.checked_rows = 0
    go_on_checking(batch, unpack_spreadsheet(batch.content), seconds=seconds)
    return batch


def go_on_checking(batch: ImportBatch, spreadsheet: Spreadsheet, *, seconds: float | None = None) -> None:
    """Check from row ``batch.checked_rows`` on and store the outcome, and the figures after the last row."""
    until = None if seconds is None else time.monotonic() + seconds
    check = BatchCheck(batch, table_with_decisions(batch, spreadsheet))
    while check.rows_left and not (check.is_begun and until is not None and time.monotonic() >= until):
        check.next_chunk()
    check.erase_rows_without_consent(spreadsheet)
    if check.rows_left:
        batch.status = ImportStatus.CHECKING
    else:
        batch.status, batch.counts = ImportStatus.STAGED, figures(staged_rows(batch))
    batch.full_clean()
    batch.save()


class BatchCheck:
    """Checks rows of a batch. Facts of the rows that are checked already are added to ``known`` first."""

    def __init__(self, batch: ImportBatch, table: Table):
        self.batch, self.table = batch, table
        batch.row_count = len(table.rows)
        self.kind = kind_of(batch.kind)
        self.known = self.kind.load_known(batch.programme)
        self.emptied: dict[int, list] = {}  # number → cells of rows whose person refused consent
        self.is_begun = False
        self._is_fresh = not batch.rows.exists()
        if batch.checked_rows and self.rows_left:
            self._add_facts_above(table.rows[batch.checked_rows].number)

    @property
    def rows_left(self) -> int:
        return self.batch.row_count - self.batch.checked_rows

    def _add_facts_above(self, first: int) -> None:
        rows = self.batch.rows.filter(number__lt=first, lesson__isnull=False).order_by("number")
        for number, lesson in rows.values_list("number", "lesson").iterator():
            self.kind.replay(self.known, number, lesson)

    def check(self, first: int, last: int) -> list[CheckedRow]:
        """Return the outcome of the rows with index ``first`` up to ``last`` in the table, and store nothing."""
        mapping = self.batch.mapping
        rows = self.table.rows[first:last]
        return list(
            self.kind.check_rows(
                self.table, rows, mapping["columns"], self.known, today=clock.today(), words=mapping.get("words")
            )
        )

    def next_chunk(self) -> None:
        """Check the next rows and store their outcome."""
        first = self.batch.checked_rows
        rows = self.check(first, first + CHUNK)
        self.store(rows)
        self.batch.checked_rows = first + len(rows)
        self.is_begun = True

    def store(self, rows: Sequence[CheckedRow]) -> None:
        """Store the outcome of rows. Their corrections and decisions stay."""
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
            self._remove_stale_decisions(rows)

    def _remove_stale_decisions(self, rows: Sequence[CheckedRow]) -> None:
        """Remove decisions about rows whose other person or row no longer exists."""
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

    def erase_rows_without_consent(self, spreadsheet: Spreadsheet) -> None:
        """Erase the cells and corrections of rows whose person refused consent."""
        if self.emptied:
            self.batch.content = pack_spreadsheet(without_cells(self.batch, spreadsheet, self.emptied))
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
    """Check every row against the stored records, without hints that ask for a decision. Stores nothing."""
    check = BatchCheck(batch, table_with_decisions(batch, spreadsheet))
    check.kind.stop_asking(check.known)
    batch.checked_rows = 0
    return check.kind, check.check(0, batch.row_count)


def without_cells(batch: ImportBatch, spreadsheet: Spreadsheet, emptied: dict[int, list]) -> Spreadsheet:
    """Return the spreadsheet with the cells of some rows of the chosen sheet replaced; ``emptied``: number → cells."""
    sheets = [
        replace(sheet, rows=[(number, emptied.get(number, cells)) for number, cells in sheet.rows])
        if sheet.name == batch.sheet
        else sheet
        for sheet in spreadsheet.sheets
    ]
    return replace(spreadsheet, sheets=sheets)


# ---------------------------------------------------------------- figures


def staged_rows(batch: ImportBatch) -> list[CheckedRow]:
    """Return the stored outcome of all rows in order, without cells and records. One query."""
    rows = batch.rows.order_by("number").values_list("number", "state", "issues", "decision")
    return [
        CheckedRow(number, [], state, issues=[Issue(issue["code"]) for issue in issues], decision=decision)
        for number, state, issues, decision in rows
    ]


def figures(rows: Sequence[CheckedRow]) -> dict:
    """Return the figures of an import: rows by state, errors and warnings by code.

    ``skipped``, ``merged`` and ``questions`` (rows that wait for a decision) are left out if they are 0.
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


def row_list(rows: Sequence[CheckedRow]) -> list[dict]:
    """Return number, state and codes of each row that is not clean."""
    return [
        {"row": row.number, "state": str(row.state), "codes": row.codes} for row in rows if row.state != RowState.CLEAN
    ]


def _codes(rows: Iterable[CheckedRow]) -> dict[str, int]:
    return dict(sorted(Counter(code for row in rows for code in row.codes).items()))
