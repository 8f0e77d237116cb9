"""The progress of a running task, in the cache.

A thread writes it, because a row in the open transaction of the task would be seen by no one. On SQLite the cache
is a folder (see ``settings.CACHES``), because the transaction keeps all others from writing to the database.
"""

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import astuple, dataclass

from django.core.cache import cache
from django.db import connections

INTERVAL = 1.0  # seconds between two reports
CACHE_SECONDS = 60 * 60

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TaskProgress:
    """What is done, of ``total`` (0 while unknown), in a step (a few words for the user)."""

    done: int
    total: int = 0
    step: str = ""

    @property
    def percent(self) -> int | None:
        return 100 * min(self.done, self.total) // self.total if self.total else None


def progress_of(task_id: int) -> TaskProgress | None:
    """Return the progress that a running task reported last, or None."""
    reported = cache.get(_key(task_id))
    return TaskProgress(*reported) if reported else None


class ProgressWriter:
    """Reports the progress of a task within a ``with`` block, at most once a second."""

    def __init__(self, task_id: int):
        self._key = _key(task_id)
        self._thread: ThreadPoolExecutor | None = None
        self._writing: Future | None = None
        self._step, self._next_report = None, 0.0

    def __enter__(self):
        return self

    def __exit__(self, *_details):
        if self._thread:
            self._thread.submit(self._delete)
            self._thread.shutdown()

    def write(self, progress: TaskProgress) -> None:
        now = time.monotonic()
        if progress.step == self._step and now < self._next_report:
            return
        if self._writing and not self._writing.done():
            return
        self._step, self._next_report = progress.step, now + INTERVAL
        self._thread = self._thread or ThreadPoolExecutor(1)
        self._writing = self._thread.submit(self._store, progress)

    def _store(self, progress: TaskProgress) -> None:
        try:
            cache.set(self._key, astuple(progress), CACHE_SECONDS)
        except Exception:  # the work does not depend on its progress being shown
            logger.warning("The progress of %s is not stored", self._key, exc_info=True)

    def _delete(self) -> None:
        try:
            cache.delete(self._key)
        finally:
            connections.close_all()  # this thread's


def _key(task_id: int) -> str:
    return f"task-{task_id}"
