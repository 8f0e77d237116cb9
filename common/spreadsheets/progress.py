"""How far the reading of a file is, told beside the request that reads it.

Nothing of the file may be stored before CPR numbers are out, so only figures are told, and they stand in the cache:
another request of the same user asks for them while the first one still reads.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from django.core.cache import cache

PACE = 0.3  # seconds between two tellings
FORGOTTEN_AFTER = 300  # seconds


class Stage(StrEnum):
    """What is being done to the rows."""

    LOOKED_THROUGH = "looked_through"  # before anything is unpacked to memory; how many there are is not known yet
    READ = "read"
    SEARCHED = "searched"  # for CPR numbers
    KEPT = "kept"


# Stage, rows done, of rows (0: not known yet).
Tell = Callable[[Stage, int, int], None]


def tell_nobody(_stage: Stage, _done: int, _total: int = 0) -> None:
    """For those who read without anybody waiting."""


@dataclass(frozen=True)
class Progress:
    """`done` of `total` rows are through the stage; `total` is 0 while it is not known."""

    stage: Stage
    done: int
    total: int = 0

    SHARES = {Stage.READ: (0, 70), Stage.SEARCHED: (70, 25), Stage.KEPT: (95, 0)}  # of the whole: from, and how much

    @property
    def share(self) -> int | None:
        """Per cent of the whole reading, or None while nobody can say."""
        if self.stage not in self.SHARES or not self.total:
            return None
        start, part = self.SHARES[self.stage]
        return start + part * min(self.done, self.total) // self.total


class KeptProgress:
    """Tells whoever asks :func:`progress_of` with the same key, from the begin of a ``with`` block on.

    What was told last stays for a while: the page that waits still asks until the next one has come.
    """

    def __init__(self, key: str):
        self.key = key
        self._stage, self._next = None, 0.0

    def __enter__(self):
        cache.delete(self.key)
        return self

    def __exit__(self, error, *_place):
        if error:
            cache.delete(self.key)

    def __call__(self, stage: Stage, done: int, total: int = 0) -> None:
        now = time.monotonic()
        if stage == self._stage and done != total and now < self._next:
            return
        self._stage, self._next = stage, now + PACE
        cache.set(self.key, (stage.value, done, total), FORGOTTEN_AFTER)


def progress_of(key: str) -> Progress | None:
    """How far the reading with this key is; None before it began and when the file was refused."""
    told = cache.get(key)
    return Progress(Stage(told[0]), *told[1:]) if told else None


def is_on_the_way(value: list | dict) -> bool:
    """Whether a line of the worker only says how far it is."""
    return isinstance(value, dict) and ("looked" in value or "of" in value)


class Watch:
    """Looks at what the worker has written so far, and tells how far it is."""

    def __init__(self, result: IO[bytes], tell: Tell):
        self.result, self.tell = result, tell
        self.total = 0
        self._place = 0  # in the result; all before it was looked at
        self._looked_through = self._number = self._rows_above = 0

    def look(self) -> None:
        """Beside the worker, which writes on: the file's own position is shared with it, and left alone."""
        new = os.pread(self.result.fileno(), os.fstat(self.result.fileno()).st_size - self._place, self._place)
        lines = new[: new.rfind(b"\n") + 1]
        self._place += len(lines)
        for line in lines.splitlines():
            self._take(line)
        if self.total:
            self.tell(Stage.READ, min(self._rows_above + self._number, self.total), self.total)
        else:
            self.tell(Stage.LOOKED_THROUGH, self._looked_through, 0)

    def _take(self, line: bytes) -> None:
        if line.startswith(b"["):
            self._number = int(line[1 : line.index(b",")])
        elif line.startswith(b'{"sheet"'):
            self._rows_above, self._number = self._rows_above + self._number, 0
        elif line.startswith(b'{"looked"'):
            self._looked_through = json.loads(line)["looked"]
        elif line.startswith(b'{"of"'):
            self.total = json.loads(line)["of"]
