"""Apply an import, all of it or nothing, or discard it."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import lock_branch, record_access
from common import clock
from common.garbage import pause_garbage_collection
from common.journal import act, current_journal
from imports.engine.kind import CheckedRow, ImportChanged, Kind, Store
from imports.engine.table import unpack_spreadsheet
from imports.enums import ImportStatus
from imports.models import ImportBatch
from imports.services.base import ImportRefused, Report, ignore, latest_work, lock_open, require_import_in
from imports.services.checking import check_all, figures, row_list, staged_rows
from tasks.enums import TaskState
from tasks.services import cancel_task


@pause_garbage_collection()
@act
def apply_import(batch: ImportBatch, *, by: User | None, report: Report = ignore) -> ImportBatch:
    """Store every accepted row of a staged import, or none, and write the access log.

    The rows are checked again. Raises ImportRefused if another user applied or discarded the import first, and
    ImportChanged if the outcome of a row differs from the reviewed one.
    """
    require_import_in(batch.programme, by)
    batch = _lock_staged(batch)
    lock_branch(batch.programme.branch_id)
    kind, rows = check_all(batch, unpack_spreadsheet(batch.content), report, asks=False)
    if outcome(rows) != outcome(staged_rows(batch)) or decision_lost(batch, rows):
        raise ImportChanged
    stored = [row for row in rows if row.is_accepted or row.is_merged]
    store_rows(batch, kind, stored, by)
    batch.act = current_journal().begin()
    batch.status, batch.applied_by, batch.applied_at = ImportStatus.APPLIED, by, clock.now()
    batch.content = None
    batch.full_clean()
    batch.save()
    record_access(
        by=by,
        kind=AccessKind.IMPORT,
        subject=batch,
        branch=batch.programme.branch_id,
        code="import_applied",
        values={"file": batch.file_name, "kind": batch.kind},
        count=len(stored),
    )
    return batch


def _lock_staged(batch: ImportBatch) -> ImportBatch:
    batch = lock_open(batch)
    if batch.status != ImportStatus.STAGED:
        raise ImportRefused(_("Choose the columns first."))
    return batch


def store_rows(batch: ImportBatch, kind: Kind, rows: Sequence[CheckedRow], by: User | None) -> None:
    """Store rows with their origins. Raises ImportChanged."""
    ids, store = dict(batch.rows.values_list("number", "pk")), Store(by)
    try:
        kind.apply(batch.programme, [(row, ids[row.number]) for row in rows], by=by, store=store)
        store.store_origins()
    except IntegrityError as error:  # another user stored the same record a moment ago
        raise ImportChanged from error


def outcome(rows: Sequence[CheckedRow]) -> tuple[dict, list[dict]]:
    """Return figures and row list as reviewed. Open questions do not count, because applying asks none."""
    return figures(rows) | {"questions": None}, row_list(rows)


def decision_lost(batch: ImportBatch, rows: Sequence[CheckedRow]) -> bool:
    """Whether a row has a decision whose other person or row no longer exists."""
    decided = set(batch.rows.exclude(decision="").values_list("number", flat=True))
    return any(row.is_accepted and not row.decision and row.number in decided for row in rows)


def discard_import(batch: ImportBatch, *, by: User | None) -> ImportBatch:
    """Discard an import: delete its rows and the content of its file, and store no record.

    Its waiting task is cancelled. Raises ImportRefused if the import was applied or discarded meanwhile, or if it is
    being checked or applied now.
    """
    require_import_in(batch.programme, by)
    work = latest_work(batch)
    if work and work.state == TaskState.RUNNING:  # asked outside the transaction, which would wait for its lock
        raise ImportRefused(_("The file is being worked on just now. Wait until that is done."))
    with transaction.atomic():
        if work and work.is_open:
            cancel_task(work)
        batch = lock_open(batch)
        batch.rows.all().delete()
        batch.status, batch.content = ImportStatus.DISCARDED, None
        batch.full_clean()
        batch.save()
    return batch
