"""Shared by the services of imports: permission, locks, tasks, the table of a batch."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Verb
from common.spreadsheets import Spreadsheet
from common.templatetags.danish import danish_datetime
from imports.engine.kind import ImportRefused
from imports.engine.recognition import make_table
from imports.engine.table import Decision, Table
from imports.enums import ImportStatus
from imports.kinds import kind_of
from imports.models import ImportBatch
from programmes.models import Programme
from tasks.models import Task
from tasks.services import latest_task

Report = Callable[[int, int, str], object]  # rows that are done, all rows, "check" or "store"


def ignore(*_progress) -> None:
    """Report no progress."""


def require_import_in(programme: Programme, by: User | None) -> None:
    """Raise PermissionDenied unless ``by`` may import into the programme's branch. None means a command."""
    if by is not None and not by.may(Verb.IMPORT, programme.branch_id):
        raise PermissionDenied


def read_batch(batch: ImportBatch) -> ImportBatch:
    """Return the batch read again."""
    return ImportBatch.objects.select_related("programme__branch").get(pk=batch.pk)


def lock_batch(batch: ImportBatch) -> ImportBatch:
    """Return the batch read again and locked."""
    return ImportBatch.objects.select_for_update(of=("self",)).select_related("programme__branch").get(pk=batch.pk)


def lock_open(batch: ImportBatch) -> ImportBatch:
    """Return the batch read again and locked. Raises ImportRefused if it is applied, undone or discarded."""
    return require_open(lock_batch(batch))


def require_open(fresh: ImportBatch) -> ImportBatch:
    """Return the batch. Raises ImportRefused if it is applied, undone or discarded."""
    if fresh.status in (ImportStatus.APPLIED, ImportStatus.UNDONE):
        raise ImportRefused(
            _("%(name)s imported this file %(when)s. Nothing was imported twice.")
            % {"name": fresh.applied_by or _("A command"), "when": danish_datetime(fresh.applied_at)}
        )
    if fresh.status == ImportStatus.DISCARDED:
        raise ImportRefused(_("The import was discarded. Choose the file again."))
    return fresh


def missing_columns(batch: ImportBatch) -> list[str]:
    """Return the required columns that are not mapped, in words. Without a kind, the kind is what is missing."""
    if not batch.kind:
        return [_("what the list holds")]
    kind = kind_of(batch.kind)
    labels = {field.key: str(field.label) for field in kind.fields}
    return [
        _(" or ").join(labels[key] for key in group)
        for group in kind.required
        if not set(group) & set(batch.mapping["columns"])
    ]


def work_key(batch: ImportBatch) -> str:
    """Return the key of the tasks of an import."""
    return f"import-{batch.pk}"


def latest_work(batch: ImportBatch) -> Task | None:
    """Return the newest task of an import, which may have ended."""
    return latest_task(work_key(batch))


def table_of(batch: ImportBatch, spreadsheet: Spreadsheet) -> Table:
    """Return the table of the chosen sheet, without corrections and decisions."""
    sheet = next(s for s in spreadsheet.sheets if s.name == batch.sheet and s.rows)
    return make_table(sheet, batch.header_row, with_hidden_rows=batch.with_hidden_rows)


def table_with_decisions(batch: ImportBatch, spreadsheet: Spreadsheet) -> Table:
    """Return the table of the chosen sheet with corrected cells and the decisions about its rows."""
    table, touched = table_of(batch, spreadsheet), touched_rows(batch)
    for row in table.rows if touched else ():
        if row.number in touched:
            corrections, kind, person_id, other_row, chosen = touched[row.number]
            row.cells = corrected(row.cells, corrections)
            row.decision = Decision(kind, person_id, other_row, tuple(chosen)) if kind else None
    return table


def touched_rows(batch: ImportBatch) -> dict[int, list]:
    """Return number → corrections and decision of the rows that have any."""
    rows = batch.rows.filter(~Q(corrections={}) | ~Q(decision=""))
    names = "number", "corrections", "decision", "other_person_id", "other_row", "chosen"
    return {number: values for number, *values in rows.values_list(*names)}


def corrected(cells: list, corrections: dict[str, str]) -> list:
    """Return the cells with the corrections (column as text → text) in place."""
    cells = list(cells)
    for column, text in corrections.items():
        index = int(column)
        cells += [None] * (index + 1 - len(cells))
        cells[index] = text or None
    while cells and cells[-1] is None:
        cells.pop()
    return cells
