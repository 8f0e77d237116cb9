"""Locks that end with the process that holds them, also by ``kill -9``: so a dead worker is seen at once.

On PostgreSQL a lock is a session's advisory lock; it needs connections that last, so no pooling by transaction. On
SQLite, which one machine uses, it is a lock of the operating system on a file next to the database.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from django.db import Error, connection

WORKER = 0  # the number of the worker's lock; the lock of a task has the number of the task
ADVISORY_CLASS = 73_110  # apart from other advisory locks in the database
ID_BITS = 0x7FFF_FFFF  # an advisory lock has 32 bits for its number


class PostgresLock:
    """An advisory lock of the thread's database connection."""

    def __init__(self, number: int):
        self._key = (ADVISORY_CLASS, number & ID_BITS)
        self._session = None

    def take(self) -> bool:
        """Take the lock unless another session holds it; return whether it is held now."""
        if not self.is_mine:
            taken = _ask("SELECT pg_try_advisory_lock(%s, %s)", self._key)
            self._session = connection.connection if taken else None
        return self.is_mine

    @property
    def is_mine(self) -> bool:
        """Whether the session that took the lock is still connected."""
        return self._session is not None and self._session is connection.connection and not self._session.closed

    def release(self) -> None:
        if self.is_mine:
            with contextlib.suppress(Error):  # a lost connection has released it
                _ask("SELECT pg_advisory_unlock(%s, %s)", self._key)
        self._session = None

    def is_held(self) -> bool:
        """Return whether any session holds the lock."""
        return _ask(
            "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND objsubid = 2 AND granted"
            " AND classid::bigint = %s AND objid::bigint = %s)",
            self._key,
        )


class FileLock:
    """A lock on a file next to the SQLite database."""

    def __init__(self, number: int):
        self._path = Path(f"{connection.settings_dict['NAME']}-task-{number}")
        self._file = None

    def take(self) -> bool:
        """Take the lock unless another process or thread holds it; return whether it is held now."""
        while self._file is None:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
                return False
            if self._is_same(file):
                self._file = file
            else:  # the holder has deleted it in between
                os.close(file)
        return True

    @property
    def is_mine(self) -> bool:
        return self._file is not None

    def release(self) -> None:
        if self._file is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._file)
        self._file = None

    def is_held(self) -> bool:
        """Return whether any process or thread holds the lock."""
        try:
            file = os.open(self._path, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(file)
        return False

    def _is_same(self, file: int) -> bool:
        try:
            return self._path.stat().st_ino == os.fstat(file).st_ino
        except FileNotFoundError:
            return False


def lock_of(number: int) -> PostgresLock | FileLock:
    """Return the lock with a number, which is not taken yet."""
    return PostgresLock(number) if connection.vendor == "postgresql" else FileLock(number)


@contextlib.contextmanager
def held(number: int) -> Iterator[bool]:
    """Hold a lock in a ``with`` block; its value is whether the lock was free."""
    lock = lock_of(number)
    taken = lock.take()
    try:
        yield taken
    finally:
        if taken:
            lock.release()


def _ask(sql: str, parameters: tuple):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]
