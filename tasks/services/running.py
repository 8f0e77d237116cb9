"""Run tasks: one at a time in a process, each at most once at a time, with retries."""

import datetime as dt
import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, models, transaction
from django.db.models import F
from django.utils import timezone, translation

from tasks.enums import TaskError, TaskState
from tasks.locks import WORKER, held, lock_of
from tasks.models import Task
from tasks.progress import ProgressWriter, TaskProgress
from tasks.registry import TASKS, TaskBlocked, TaskKind, TaskRefused, TaskStopped

# Pauses before the second, third … try; the last one is used for all further tries.
PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (0.25, 1, 5, 30, 2 * 60, 6 * 60, 12 * 60))
LONGEST_BLOCK = dt.timedelta(minutes=5)  # for the other tasks of a kind after TaskBlocked
FINISH_SECONDS = 600  # as long as another process may keep an SQLite database locked
CANDIDATES = 20  # tasks that a worker looks at before it waits

logger = logging.getLogger(__name__)


class TaskLost(Exception):
    """Another process has taken over the task, so the work of this one must not be stored."""


class Job:
    """A running task, as its function sees it."""

    def __init__(self, task: Task, writer: ProgressWriter, must_stop: Callable[[], bool]):
        self.task, self._writer, self._must_stop = task, writer, must_stop

    @property
    def by(self) -> models.Model | None:
        """The user who enqueued the task."""
        return self.task.by

    def progress(self, done: int, total: int = 0, step: str = "") -> None:
        """Report progress; cheap enough to call for each row. Raises TaskStopped when the worker must end."""
        if self._must_stop():
            raise TaskStopped
        self._writer.write(TaskProgress(done, total, str(step)))


def worker_is_running() -> bool:
    """Return whether a worker process (``manage.py run_tasks``) is running."""
    return lock_of(WORKER).is_held()


def run_next(must_stop: Callable[[], bool] = lambda: False) -> bool:
    """Run the first task that is due and that no other process runs; return whether there was one."""
    due = Task.objects.due(timezone.now()).values_list("pk", flat=True)[:CANDIDATES]
    return any(_take_and_run(pk, must_stop) for pk in list(due))


def run_here(task: Task) -> Task:
    """Run a waiting task in this process, and return it as it is then. For a page while no worker is running.

    An error is not tried again: the task fails, and the exception is passed on. If a worker has taken the task in the
    meantime, it is returned as it is.
    """
    try:
        _take_and_run(task.pk, lambda: False, is_final=True)
    finally:
        task.refresh_from_db()
    return task


def recover_tasks() -> int:
    """Put the tasks back whose process died, or let them fail after their last try; return how many."""
    return sum(_recover(pk) for pk in list(Task.objects.running().values_list("pk", flat=True)))


def _recover(pk: int) -> bool:
    with held(pk) as is_free:
        task = Task.objects.running().filter(pk=pk).first() if is_free else None
        if task is None:
            return False
        logger.warning("Task %s: its worker died", task)
        if task.tries < _max_tries(task):
            _change(task, state=TaskState.WAITING, error=TaskError.WORKER_DIED)
        else:
            _change(task, state=TaskState.FAILED, error=TaskError.WORKER_DIED, ended_at=timezone.now())
        return True


def _max_tries(task: Task) -> int:
    kind = TASKS.get(task.name)
    return kind.max_tries if kind else 1


def _take_and_run(pk: int, must_stop: Callable[[], bool], *, is_final: bool = False) -> bool:
    with held(pk) as is_free:
        taken = is_free and Task.objects.waiting().filter(pk=pk).update(
            state=TaskState.RUNNING, tries=F("tries") + 1, started_at=timezone.now(), ended_at=None, error=""
        )
        if taken:
            _run(Task.objects.select_related("by").get(pk=pk), must_stop, is_final=is_final)
        return bool(taken)


def _run(task: Task, must_stop: Callable[[], bool], *, is_final: bool) -> None:
    """Run a task that this process has taken, and store how it ended."""
    kind = TASKS.get(task.name)
    if kind is None:
        _change(task, state=TaskState.FAILED, error=TaskError.UNKNOWN, ended_at=timezone.now())
        return
    try:
        _work(task, kind, must_stop)
    except TaskRefused as refusal:
        _change(task, state=TaskState.FAILED, error=str(refusal)[:500], ended_at=timezone.now())
    except TaskStopped:
        _change(task, state=TaskState.WAITING, tries=F("tries") - 1)
    except TaskLost:
        logger.warning("Task %s: another process has taken it over", task)
    except Exception as error:  # of any kind: the worker goes on with the next task
        logger.exception("Task %s: try %s failed", task, task.tries)
        _store_error(task, kind, error, is_final=is_final)
        if is_final:
            raise


def _work(task: Task, kind: TaskKind, must_stop: Callable[[], bool]) -> None:
    """Call the function of a task and change its state to done, in one transaction if the kind is atomic."""
    language = getattr(task.by, "language", settings.LANGUAGE_CODE)
    with translation.override(language), ProgressWriter(task.pk) as writer:
        job = Job(task, writer, must_stop)
        if kind.is_atomic:
            with transaction.atomic():
                _finish(task, kind.run(job, **task.arguments, **task.private))
        else:
            _finish_surely(task, kind.run(job, **task.arguments, **task.private))


def _finish_surely(task: Task, result: dict | None) -> None:
    """Store the end of work that cannot be undone (a sent e-mail), also while the database is busy or restarts."""
    last_try = time.monotonic() + FINISH_SECONDS
    while True:
        try:
            return _finish(task, result)
        except (InterfaceError, OperationalError):
            if time.monotonic() > last_try:
                raise
            connection.close()
            time.sleep(1)


def _finish(task: Task, result: dict | None) -> None:
    _change(task, state=TaskState.DONE, result=result or {}, private={}, error="", ended_at=timezone.now())


def _store_error(task: Task, kind: TaskKind, error: Exception, *, is_final: bool) -> None:
    """Store the name of the error, which holds no personal data, and plan the next try if there is one."""
    now, name = timezone.now(), type(error).__name__
    pause = PAUSES[min(task.tries, len(PAUSES)) - 1]
    if is_final or task.tries >= kind.max_tries:
        _change(task, state=TaskState.FAILED, error=name, ended_at=now)
    else:
        _change(task, state=TaskState.WAITING, error=name, not_before=now + pause)
    if isinstance(error, TaskBlocked):
        until = now + min(pause, LONGEST_BLOCK)
        others = Task.objects.waiting().filter(name=task.name, not_before__lt=until)
        others.update(not_before=until, error=name)


def _change(task: Task, **values) -> None:
    """Change a task that this process runs. Raises TaskLost if another process has taken it over."""
    if not Task.objects.running().filter(pk=task.pk, tries=task.tries).update(**values):
        raise TaskLost
