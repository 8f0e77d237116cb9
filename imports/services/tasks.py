"""Checking, applying and undoing as background tasks, so that the page need not stay open.

They have one key, so at most one of them is open for an import. A short list is done in the request, and so is any list
while no worker is running. The commands call the services directly.
"""

import contextlib
from collections.abc import Iterable, Iterator

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from imports.engine.kind import ImportChanged
from imports.models import ImportBatch
from imports.services.applying import apply_import
from imports.services.base import latest_work, require_import_in, work_key
from imports.services.checking import check_import
from imports.services.undoing import undo_import
from tasks.enums import TaskState
from tasks.locks import lock_of
from tasks.models import Task
from tasks.registry import task
from tasks.services import Job, TaskRefused, enqueue_task, recover_tasks, run_here, worker_is_running

SHORT_ROWS = 1_000  # applying so many rows takes about half a second
CHECK, APPLY, UNDO = "check_import", "apply_import", "undo_import"


@task(CHECK, title=_("Check an import"), is_atomic=False)
def run_check(job: Job, *, batch_id: int) -> None:
    with refusals_of(job):
        check_import(_batch(batch_id), by=job.by, report=job.progress)


@task(APPLY, title=_("Apply an import"))
def run_apply(job: Job, *, batch_id: int) -> dict | None:
    """Apply the import or, if the outcome of a row differs from the reviewed one, check it again (``is_changed``)."""
    with refusals_of(job):
        try:
            apply_import(_batch(batch_id), by=job.by, report=job.progress)
        except ImportChanged:
            check_import(_batch(batch_id), by=job.by, report=job.progress)
            return {"is_changed": True}


@task(UNDO, title=_("Undo an import"))
def run_undo(job: Job, *, batch_id: int) -> None:
    with refusals_of(job):
        undo_import(_batch(batch_id), by=job.by)


def _batch(pk: int) -> ImportBatch:
    return ImportBatch.objects.select_related("programme").defer("content").get(pk=pk)


@contextlib.contextmanager
def refusals_of(job: Job) -> Iterator[None]:
    """Let the task fail with a sentence if its user may not import any more, or if the service refuses."""
    try:
        if job.by is None or not job.by.is_active:
            raise PermissionDenied
        yield
    except PermissionDenied as error:
        raise TaskRefused(gettext("The user who began this may not import into the branch any more.")) from error
    except ValidationError as error:
        raise TaskRefused(" ".join(error.messages)) from error


def start_work(name: str, batch: ImportBatch, *, by: User) -> Task:
    """Enqueue a task of an import, and run it here if it is short or if no worker is running.

    Returns the open task of the import if there is one. Raises PermissionDenied.
    """
    require_import_in(batch.programme, by)
    earlier = latest_work(batch)
    if earlier and earlier.state == TaskState.RUNNING:  # does not wait for its lock on an SQLite database
        return earlier
    arguments, branch = {"batch_id": batch.pk}, batch.programme.branch_id
    started = enqueue_task(name, by=by, branch=branch, arguments=arguments, key=work_key(batch))
    return run_here(started) if is_short(batch) or not worker_is_running() else started


def open_works(batches: Iterable[ImportBatch]) -> dict[int, Task]:
    """Return import id → its open task. One query."""
    keys = {work_key(batch): batch.pk for batch in batches}
    return {keys[work.key]: work for work in Task.objects.open().filter(key__in=keys)}


def is_short(batch: ImportBatch) -> bool:
    """Return whether the tasks of an import take so little time that they run in the request."""
    return batch.row_count <= SHORT_ROWS


def must_stay_open(batch: ImportBatch) -> bool:
    """Return whether a page must stay open while it checks, applies or undoes the import."""
    return not is_short(batch) and not worker_is_running()


def is_left(started: Task) -> bool:
    """Return whether nothing runs an open task: no worker is running, and no request."""
    return started.is_open and not worker_is_running() and not lock_of(started.pk).is_held()


def go_on_here(batch: ImportBatch, *, by: User) -> Task | None:
    """Run the open task of an import here if nothing else runs it, and return it. Raises PermissionDenied."""
    require_import_in(batch.programme, by)
    left = latest_work(batch)
    if left and is_left(left):
        recover_tasks()
        return run_here(left)
    return left
