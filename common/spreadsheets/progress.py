"""Progress of reading a file, shown to the user while the request that reads it is still running.

The progress is kept in the cache, where another request of the same user finds it. It consists of figures only: nothing
of the file may be stored before CPR numbers are removed.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from django.core.cache import cache

REPORT_INTERVAL = 0.3  # seconds between two reports
CACHE_SECONDS = 300


class ReadingStep(StrEnum):
    """A step of reading a file."""

    SCANNED = "scanned"  # checked before it is unpacked to memory; the number of rows is not known yet
    READ = "read"
    SEARCHED = "searched"  # for CPR numbers
    STORED = "stored"


# Called with the step, the rows that are done, and the rows in all (0 while unknown).
ReportProgress = Callable[[ReadingStep, int, int], None]


def ignore_progress(_step: ReadingStep, _done: int, _total: int = 0) -> None:
    """Report to no one, such as from the command line."""


@dataclass(frozen=True)
class Progress:
    """Rows that a step has done, of ``total`` rows (0 while unknown)."""

    step: ReadingStep
    done: int
    total: int = 0

    # start and length of each step, in per cent of the whole
    SHARES = {ReadingStep.READ: (0, 70), ReadingStep.SEARCHED: (70, 25), ReadingStep.STORED: (95, 0)}

    @property
    def share(self) -> int | None:
        """Per cent of the whole that is done, or None while the number of rows is unknown."""
        if self.step not in self.SHARES or not self.total:
            return None
        start, length = self.SHARES[self.step]
        return start + length * min(self.done, self.total) // self.total


class CachedProgress:
    """Reports progress to :func:`progress_of` under a cache key, within a ``with`` block.

    The last report stays in the cache after the block, because the waiting page asks until the next page has come.
    It is deleted when the block ends with an exception.
    """

    def __init__(self, key: str):
        self.key = key
        self._step, self._next_report = None, 0.0

    def __enter__(self):
        cache.delete(self.key)
        return self

    def __exit__(self, error, *_details):
        if error:
            cache.delete(self.key)

    def __call__(self, step: ReadingStep, done: int, total: int = 0) -> None:
        now = time.monotonic()
        if step == self._step and done != total and now < self._next_report:
            return
        self._step, self._next_report = step, now + REPORT_INTERVAL
        cache.set(self.key, (step.value, done, total), CACHE_SECONDS)


def progress_of(key: str) -> Progress | None:
    """Return the progress reported under a key; None before the first report and after a refusal."""
    reported = cache.get(key)
    return Progress(ReadingStep(reported[0]), *reported[1:]) if reported else None


def is_progress_line(value: list | dict) -> bool:
    """Return whether a line of the worker only reports its progress."""
    return isinstance(value, dict) and ("scanned" in value or "total" in value)


class ProgressReader:
    """Reads the worker's output while the worker still writes it, and reports the progress found there."""

    def __init__(self, result: IO[bytes], report: ReportProgress):
        self.result, self.report = result, report
        self.total = 0
        self._position = 0  # end of the lines that were read
        self._scanned = self._row_number = self._rows_above = 0

    def update(self) -> None:
        """Read the new lines. Uses ``pread``, because worker and reader share the file's position."""
        size = os.fstat(self.result.fileno()).st_size
        new = os.pread(self.result.fileno(), size - self._position, self._position)
        lines = new[: new.rfind(b"\n") + 1]
        self._position += len(lines)
        for line in lines.splitlines():
            self._take_line(line)
        if self.total:
            self.report(ReadingStep.READ, min(self._rows_above + self._row_number, self.total), self.total)
        else:
            self.report(ReadingStep.SCANNED, self._scanned, 0)

    def _take_line(self, line: bytes) -> None:
        if line.startswith(b"["):
            self._row_number = int(line[1 : line.index(b",")])
        elif line.startswith(b'{"sheet"'):
            self._rows_above, self._row_number = self._rows_above + self._row_number, 0
        elif line.startswith(b'{"scanned"'):
            self._scanned = json.loads(line)["scanned"]
        elif line.startswith(b'{"total"'):
            self.total = json.loads(line)["total"]
