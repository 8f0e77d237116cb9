"""The worker: a process that runs tasks until it is stopped."""

import logging
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from tasks.locks import WORKER, lock_of
from tasks.services import enqueue_daily_tasks, recover_tasks, run_next

IDLE_SECONDS = 1.0  # between two looks at an empty queue
SCHEDULE_SECONDS = 60.0  # between two looks at the daily tasks
LOST_SECONDS = 5.0  # before the next try to reach the database
GRACE_SECONDS = 10.0  # after the signal to stop, a task that reports progress is given back

logger = logging.getLogger(__name__)


class Worker:
    """Runs tasks one after the other, enqueues the daily ones, and recovers those whose process died.

    Several workers may run at the same time. ``lives`` returns False when the worker must stop for another reason than
    a signal.
    """

    def __init__(self, lives: Callable[[], bool] = lambda: True):
        self._lives = lives
        self._lock = lock_of(WORKER)
        self._stopped_at: float | None = None
        self._next_schedule = 0.0

    def stop(self, *_signal) -> None:
        """End after the current task, or give it back when it takes too long. A second call gives it back at once."""
        self._stopped_at = time.monotonic() - (GRACE_SECONDS if self._stopped_at else 0.0)

    @property
    def is_stopping(self) -> bool:
        return self._stopped_at is not None or not self._lives()

    def must_stop(self) -> bool:
        """Return whether the current task must be given back."""
        return self._stopped_at is not None and time.monotonic() >= self._stopped_at + GRACE_SECONDS

    def run(self) -> None:
        """Run until ``stop``."""
        logger.info("The worker is running")
        try:
            while not self.is_stopping:
                self._turn()
        finally:
            self._lock.release()
            logger.info("The worker has ended")

    def run_until_idle(self) -> None:
        """Run all tasks that are due now."""
        enqueue_daily_tasks(timezone.now())
        recover_tasks()
        while not self.is_stopping and run_next(self.must_stop):
            pass

    def _turn(self) -> None:
        try:
            self._lock.take()  # again after a lost connection, or when the other worker that held it has ended
            self._schedule()
            recover_tasks()
            if not run_next(self.must_stop):
                time.sleep(IDLE_SECONDS)
        except (InterfaceError, OperationalError):
            logger.warning("The worker cannot use the database; it tries again", exc_info=True)
            connection.close()
            time.sleep(LOST_SECONDS)

    def _schedule(self) -> None:
        if time.monotonic() >= self._next_schedule:
            enqueue_daily_tasks(timezone.now())
            self._next_schedule = time.monotonic() + SCHEDULE_SECONDS
