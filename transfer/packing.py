"""Writing the zip of a branch file: CSV tables and texts, with a SHA-256 checksum of each."""

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
TIMESTAMP = (1980, 1, 1, 0, 0, 0)  # of every file, so that the same content gives the same bytes
BUFFER_LENGTH = 64 * 1024  # characters


class ZipMember:
    """A file inside the zip while it is written. Buffers small texts and computes the checksum."""

    def __init__(self, target: IO[bytes]):
        self._target, self._pieces, self._length = target, [], 0
        self._hash = hashlib.sha256()

    def write(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)
        if self._length >= BUFFER_LENGTH:
            self.flush()

    def flush(self) -> None:
        data = "".join(self._pieces).encode()
        self._pieces, self._length = [], 0
        self._hash.update(data)
        self._target.write(data)

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()


@contextmanager
def open_member(archive: zipfile.ZipFile, name: str):
    """Open a new file in the zip for writing."""
    info = zipfile.ZipInfo(name, TIMESTAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    with archive.open(info, "w") as target:
        member = ZipMember(target)
        yield member
        member.flush()


def write_text(archive: zipfile.ZipFile, name: str, text: str) -> str:
    """Add a text file and return its checksum."""
    with open_member(archive, name) as member:
        member.write(text)
    return member.digest


def write_table(
    archive: zipfile.ZipFile, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> tuple[int, str]:
    """Add a CSV of text cells, with a first column that numbers the rows. Return the row count and the checksum."""
    number = 0
    with open_member(archive, name) as member:
        member.write(BOM)
        writer = csv.writer(member, delimiter=SEPARATOR, lineterminator="\r\n")
        writer.writerow(["nr", *columns])
        for number, cells in enumerate(rows, start=1):
            writer.writerow([number, *cells])
    return number, member.digest
