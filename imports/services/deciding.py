"""What somebody does to single rows before an import: correct a cell, decide whether two are one, skip a row."""

from bisect import bisect_left
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import cpr
from common.garbage import pause_garbage_collection
from common.spreadsheets.worker.refusals import MAX_CELL_TEXT
from imports.engine.issues import COMPARING
from imports.engine.table import unpack_spreadsheet, without_cpr
from imports.enums import ImportStatus, RowDecision
from imports.models import ImportBatch, ImportRow
from imports.services.base import ImportRefused, lock_open, require_import_in, table_with_decisions
from imports.services.checking import PAIRED, Check, figures, go_on_checking, staged_rows
from people.details import GROUP_KEYS

RECHECK_SECONDS = 2.0


@pause_garbage_collection()
@transaction.atomic
def correct_cells(batch: ImportBatch, *, by: User | None, number: int, cells: dict[int, str | None]) -> ImportBatch:
    """Write something else in cells of a row (None: as it stood in the file), and check what hangs on it anew.

    `cells`: column from 0 → text. Raises ValidationError for a CPR number and too long a text, ImportRefused for a
    cell that is not there or a decided import; then nothing is changed.
    """
    batch, row = _lock_row(batch, by, number)
    width = max(len(batch.headers), len(row.cells), *(int(column) + 1 for column in row.corrections), 0)
    for column, text in cells.items():
        if not 0 <= column < width:
            raise ImportRefused(_("The file has no such cell."))
        if text is None:
            row.corrections.pop(str(column), None)
        else:
            require_cell_text(text)
            row.corrections[str(column)] = text.strip()
    row.save(update_fields=["corrections"])
    check_from(batch, row)
    return batch


def require_cell_text(text: str) -> None:
    """Raises ValidationError for what no cell may hold: a CPR number, or more text than is read of a cell."""
    MaxLengthValidator(MAX_CELL_TEXT)(text)
    if without_cpr(text) != text:
        raise ValidationError(cpr.REFUSAL, code="cpr")


@pause_garbage_collection()
@transaction.atomic
def decide_row(
    batch: ImportBatch,
    *,
    by: User | None,
    number: int,
    decision: str,
    person_id: int | None = None,
    other_row: int | None = None,
    chosen: Sequence[str] = (),
) -> ImportBatch:
    """Say of a row: the same person as somebody the checks named, two people, later, skipped; or blank: undecided.

    Raises ImportRefused when the row was not compared with that person, or the import was decided meanwhile.
    """
    batch, row = _lock_row(batch, by, number)
    is_pair = decision in PAIRED
    if is_pair and (person_id, other_row) not in compared_with(row):
        raise ImportRefused(_("The row looks different by now. Look at it again."))
    row.decision = decision
    row.other_person_id, row.other_row = (person_id, other_row) if is_pair else (None, None)
    row.chosen = sorted(set(chosen) & set(GROUP_KEYS)) if decision == RowDecision.SAME else []
    row.decided_by = by if decision else None
    row.full_clean(exclude=["batch", "decided_by"])
    row.save(update_fields=["decision", "other_person_id", "other_row", "chosen", "decided_by"])
    check_from(batch, row)
    return batch


def compared_with(row: ImportRow) -> set[tuple[int | None, int | None]]:
    """Whom a row's remarks name, or named when it was decided: (person, None) when stored, else (None, row)."""
    named = {(row.other_person_id, row.other_row)} if row.other_person_id or row.other_row else set()
    for issue in row.issues:
        if issue["code"] in COMPARING:
            facts = issue["facts"]
            person_id = facts.get("person_id")
            named.add((person_id, None) if person_id else (None, facts.get("row")))
    return named


def _lock_row(batch: ImportBatch, by: User | None, number: int) -> tuple[ImportBatch, ImportRow]:
    require_import_in(batch.programme, by)
    batch = lock_open(batch)
    if batch.status != ImportStatus.STAGED:
        raise ImportRefused(_("The rows are still being checked. Wait a moment."))
    row = batch.rows.filter(number=number).first()
    if row is None:
        raise ImportRefused(_("The file has no row %(row)s.") % {"row": number})
    return batch, row


def check_from(batch: ImportBatch, row: ImportRow) -> None:
    """Check a row anew; when it teaches something else than before, also all the rows below it."""
    spreadsheet = unpack_spreadsheet(batch.content)
    table = table_with_decisions(batch, spreadsheet)
    batch.checked_rows = bisect_left(table.rows, row.number, key=lambda source: source.number)
    check = Check(batch, table)
    [checked] = check.check(batch.checked_rows, batch.checked_rows + 1)
    if checked.lesson == row.lesson:
        check.store([checked])
        check.forget_the_unwilling(spreadsheet)
        batch.checked_rows = batch.row_count
        batch.counts = figures(staged_rows(batch))
        batch.full_clean()
        batch.save()
    else:
        go_on_checking(batch, spreadsheet, seconds=RECHECK_SECONDS)
