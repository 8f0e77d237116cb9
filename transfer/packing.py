"""The zip file of a branch: its tables one after another, what explains them, and a list of contents with sums."""

import csv
import hashlib
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from typing import IO

FORMAT, VERSION = "mentornet-branch", 1
MANIFEST, COLUMNS, README = "manifest.json", "kolonner.csv", "LÆSMIG.txt"
SEPARATOR = ";"
BOM = "\ufeff"
STAMP = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes
PIECE = 64 * 1024


class Member:
    """A file inside the zip while it is written: collects small pieces and sums what it holds."""

    def __init__(self, target: IO[bytes]):
        self._target, self._pieces, self._length = target, [], 0
        self._sum = hashlib.sha256()

    def write(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)
        if self._length >= PIECE:
            self.flush()

    def flush(self) -> None:
        data = "".join(self._pieces).encode()
        self._pieces, self._length = [], 0
        self._sum.update(data)
        self._target.write(data)

    @property
    def digest(self) -> str:
        return self._sum.hexdigest()


@contextmanager
def open_member(archive: zipfile.ZipFile, name: str):
    """A new file in the zip, to be written from start to end."""
    info = zipfile.ZipInfo(name, STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    with archive.open(info, "w") as target:
        member = Member(target)
        yield member
        member.flush()


def write_text(archive: zipfile.ZipFile, name: str, text: str) -> str:
    """Add a file; returns its sum."""
    with open_member(archive, name) as member:
        member.write(text)
    return member.digest


def write_table(
    archive: zipfile.ZipFile, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> tuple[int, str]:
    """Add a csv of cells that are text already, each row with its number in front; returns rows and sum."""
    number = 0
    with open_member(archive, name) as member:
        member.write(BOM)
        writer = csv.writer(member, delimiter=SEPARATOR, lineterminator="\r\n")
        writer.writerow(["nr", *columns])
        for number, cells in enumerate(rows, start=1):
            writer.writerow([number, *cells])
    return number, member.digest
