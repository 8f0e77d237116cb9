"""Check all rows of an import, and store the outcome of those that have another than before."""

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
from imports.engine.table import pack_spreadsheet, unpack_spreadsheet
from imports.enums import ImportStatus, RowDecision, RowState
from imports.kinds import kind_of
from imports.models import ImportBatch, ImportRow
from imports.services.base import (
    ImportRefused,
    Report,
    ignore,
    lock_open,
    missing_columns,
    read_batch,
    require_import_in,
    require_open,
    table_with_decisions,
    touched_rows,
)

PAIRED = (RowDecision.SAME, RowDecision.DIFFERENT, RowDecision.HOUSEHOLD)
CHECKED_FIELDS = ["cells", "label", "state", "issues", "has_question"]


@pause_garbage_collection()
def check_import(batch: ImportBatch, *, by: User | None, report: Report = ignore) -> ImportBatch:
    """Check all rows, so that the import can be reviewed.

    Only storing the outcome is a transaction, because a transaction keeps all others from writing to an SQLite
    database. Raises ImportRefused if a required column is missing, or if the import was applied or discarded meanwhile.
    """
    require_import_in(batch.programme, by)
    batch = require_open(read_batch(batch))
    if missing_columns(batch):
        raise ImportRefused(_("Choose the columns first."))
    checked, spreadsheet = inputs_of(batch), unpack_spreadsheet(batch.content)
    _kind, rows = check_all(batch, spreadsheet, report)
    with transaction.atomic():
        batch = lock_open(batch)
        if inputs_of(batch) == checked:
            store_check(batch, spreadsheet, rows)
            return batch
    return check_import(batch, by=by, report=report)  # another user chose or corrected something meanwhile


def inputs_of(batch: ImportBatch) -> tuple:
    """Return what users chose for an import and its rows, and the cells."""
    choices = batch.kind, batch.sheet, batch.header_row, batch.with_hidden_rows, batch.mapping
    return *choices, bytes(batch.content), touched_rows(batch)


def check_rows(batch: ImportBatch) -> None:
    """Check all rows of a locked batch and store their outcome and the figures."""
    spreadsheet = unpack_spreadsheet(batch.content)
    _kind, rows = check_all(batch, spreadsheet)
    store_check(batch, spreadsheet, rows)


def store_check(batch: ImportBatch, spreadsheet: Spreadsheet, rows: Sequence[CheckedRow]) -> None:
    """Store the outcome of the rows of a locked batch, and the figures."""
    store_outcome(batch, rows)
    remove_stale_decisions(batch, rows)
    erase_rows_without_consent(batch, spreadsheet, rows)
    batch.status, batch.row_count, batch.counts = ImportStatus.STAGED, len(rows), figures(rows)
    batch.full_clean()
    batch.save()


def check_all(
    batch: ImportBatch, spreadsheet: Spreadsheet, report: Report = ignore, *, asks: bool = True
) -> tuple[Kind, list[CheckedRow]]:
    """Check every row against the stored records and the rows above it. Stores nothing.

    ``asks``: with the hints that ask for a decision.
    """
    table, kind = table_with_decisions(batch, spreadsheet), kind_of(batch.kind)
    known = kind.load_known(batch.programme)
    if not asks:
        kind.stop_asking(known)
    columns, words = batch.mapping["columns"], batch.mapping.get("words")
    rows: list[CheckedRow] = []
    for row in kind.check_rows(table, table.rows, columns, known, today=clock.today(), words=words):
        rows.append(row)
        report(len(rows), len(table.rows), "check")
    report(len(rows), len(rows), "store")
    return kind, rows


def store_outcome(batch: ImportBatch, rows: Sequence[CheckedRow]) -> None:
    """Store the outcome of rows that are new or have another outcome. Their corrections and decisions stay."""
    stored = {number: values for number, *values in batch.rows.values_list("number", *CHECKED_FIELDS)}
    new, changed = [], []
    for row in rows:
        record = _staged(batch, row)
        if row.number not in stored:
            new.append(record)
        elif stored[row.number] != [getattr(record, name) for name in CHECKED_FIELDS]:
            changed.append(record)
    store_new(ImportRow, new)
    ImportRow.objects.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["batch", "number"],
        update_fields=CHECKED_FIELDS,
    )


def _staged(batch: ImportBatch, row: CheckedRow) -> ImportRow:
    return build(
        ImportRow,
        batch_id=batch.pk,
        number=row.number,
        cells=[as_text(cell) for cell in row.cells],
        label=row.label[:200],
        state=row.state,
        issues=[issue.as_json() for issue in row.issues],
        has_question=row.has_question,
    )


def remove_stale_decisions(batch: ImportBatch, rows: Sequence[CheckedRow]) -> None:
    """Remove decisions about rows whose other person or row no longer exists."""
    decided = set(batch.rows.filter(decision__in=PAIRED).values_list("number", flat=True))
    stale = [
        row.number
        for row in rows
        if row.number in decided and row.decision not in PAIRED and row.state != RowState.ERROR
    ]
    for start in range(0, len(stale), BATCH):
        batch.rows.filter(number__in=stale[start : start + BATCH]).update(
            decision="", other_person_id=None, other_row=None, chosen=[], decided_by=None
        )


def erase_rows_without_consent(batch: ImportBatch, spreadsheet: Spreadsheet, rows: Sequence[CheckedRow]) -> None:
    """Erase the cells and corrections of rows whose person refused consent."""
    emptied = {row.number: row.cells for row in rows if "no_consent" in row.codes}
    if emptied:
        batch.content = pack_spreadsheet(without_cells(batch, spreadsheet, emptied))
        batch.rows.filter(number__in=emptied).update(corrections={})


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
