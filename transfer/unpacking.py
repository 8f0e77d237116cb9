"""Reading the zip of a branch file: sizes are checked before unpacking, and checksums before anything is stored."""

import csv
import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from common.spreadsheets import FileRefused
from transfer.packing import COLUMNS, FORMAT, MANIFEST, README, SEPARATOR, VERSION
from transfer.tables import BranchTable

CHUNK_BYTES = 1 << 20
MAX_FILES = 500
MAX_MANIFEST_BYTES = 4 << 20
ENCRYPTED = 0x1  # flag bit of a zip member
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, csv.Error)

DAMAGED = gettext_lazy(
    "The file is damaged or was changed: %(name)s is not as it was written. Use the file as it was downloaded."
)


@dataclass
class FilePosition:
    """A table, a row and a column of a branch file. Rows count from 1 without the headings; the column may be blank."""

    table: BranchTable
    row: int = 0
    column: str = ""

    def refusal(self, code: str, reason: object, **facts) -> FileRefused:
        """Return the exception for the position, with a sentence that begins with it."""
        sentence = gettext("%(table)s (%(file)s), row %(row)s, column %(column)s: %(reason)s")
        if not self.column:
            sentence = gettext("%(table)s (%(file)s), row %(row)s: %(reason)s")
        return FileRefused(
            code,
            sentence,
            table=self.table.title,
            file=self.table.file,
            row=self.row,
            column=self.column,
            reason=str(reason) % facts if facts else str(reason),
        )


class Archive:
    """An open branch file. Its ``manifest`` is checked: the format is known, and the zip has the file of each table."""

    def __init__(self, archive: zipfile.ZipFile, manifest: dict):
        self._zip, self.manifest = archive, manifest
        self.tables = {table["name"]: table for table in manifest["tables"]}

    def check_checksums(self) -> None:
        """Read every file once. Raises FileRefused when a file does not have its checksum."""
        for name, checksum in self._checksums():
            computed = hashlib.sha256()
            with _refuse_damage(name), self._zip.open(name) as member:
                while chunk := member.read(CHUNK_BYTES):
                    computed.update(chunk)
            if computed.hexdigest() != checksum:
                raise FileRefused("damaged", DAMAGED, name=name)

    def _checksums(self) -> Iterator[tuple[str, str]]:
        yield from self.manifest["files"].items()
        for table in self.tables.values():
            yield table["file"], table["sha256"]

    def rows(self, table: BranchTable) -> Iterator[list[str]]:
        """Yield the headings of a table, then its rows. Raises FileRefused."""
        name = self.tables[table.name]["file"]
        with _refuse_damage(name), self._zip.open(name) as member, _long_cells_allowed():
            text = io.TextIOWrapper(member, encoding="utf-8-sig", newline="")
            yield from csv.reader(text, delimiter=SEPARATOR, strict=True)


@contextmanager
def open_archive(file: IO[bytes]) -> Iterator[Archive]:
    """Open a branch file. Raises FileRefused when it has another format, is too large, or not complete."""
    if file.seek(0, os.SEEK_END) > settings.ARCHIVE_MAX_BYTES:
        raise _size_refusal()
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (*DAMAGE, ValueError, OSError) as error:
        raise FileRefused("no_archive", gettext("This is not a branch file: it is not a zip file.")) from error
    with archive:
        _check_members(archive.infolist())
        manifest = _read_manifest(archive)
        _check_names(archive, manifest)
        yield Archive(archive, manifest)


def _size_refusal() -> FileRefused:
    sentence = gettext("The file is larger than the limit. See ARCHIVE_MAX_BYTES in README.md.")
    return FileRefused("too_large", sentence)


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    """Check the sizes that the zip declares; zipfile never unpacks more than these."""
    if len(members) > MAX_FILES or sum(info.file_size for info in members) > settings.ARCHIVE_MAX_UNPACKED_BYTES:
        raise _size_refusal()
    for info in members:
        if info.flag_bits & ENCRYPTED or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise FileRefused(
                "locked",
                gettext("The file has a password or a compression that Mentornet does not read. Unlock it first."),
            )


def _read_manifest(archive: zipfile.ZipFile) -> dict:
    """Return the manifest after checking its form. Raises FileRefused."""
    refusal = FileRefused("no_archive", gettext("This is not a branch file: its list of contents is missing."))
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError as error:
        raise refusal from error
    if info.file_size > MAX_MANIFEST_BYTES:
        raise _size_refusal()
    try:
        with _refuse_damage(MANIFEST):
            manifest = json.loads(archive.read(info))
    except (ValueError, RecursionError) as error:
        raise refusal from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise refusal
    if manifest.get("version") != VERSION:
        raise FileRefused(
            "unknown_version",
            gettext("The file has format %(version)s; this version of Mentornet reads format %(known)s."),
            version=str(manifest.get("version"))[:20],
            known=VERSION,
        )
    if not _is_well_formed(manifest):
        raise refusal
    return manifest


def _is_well_formed(manifest: dict) -> bool:
    return (
        _is_dict_of_texts(manifest.get("branch"), {"slug", "name", "code"})
        and _is_dict_of_texts(manifest.get("migrations"))
        and _is_dict_of_texts(manifest.get("files"), {COLUMNS, README})
        and isinstance(manifest.get("elsewhere"), dict)
        and all(_is_list_of_texts(keys) for keys in manifest["elsewhere"].values())
        and isinstance(manifest.get("tables"), list)
        and all(_is_table(table) for table in manifest["tables"])
    )


def _is_dict_of_texts(value: object, keys: set[str] | None = None) -> bool:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        return False
    return keys is None or set(value) == keys


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _is_table(table: object) -> bool:
    return (
        isinstance(table, dict)
        and all(isinstance(table.get(name), str) for name in ("name", "file", "sha256"))
        and isinstance(table.get("rows"), int)
    )


def _check_names(archive: zipfile.ZipFile, manifest: dict) -> None:
    """Check that the zip has exactly the files of its manifest, each once."""
    present = archive.namelist()
    named = [MANIFEST, *manifest["files"], *(table["file"] for table in manifest["tables"])]
    for name in named:
        if name not in present:
            raise FileRefused("missing", gettext("The file is not complete: %(name)s is missing."), name=name)
    if sorted(present) != sorted(named):
        surplus = next((name for name in present if present.count(name) != named.count(name)), MANIFEST)
        raise FileRefused("damaged", DAMAGED, name=surplus[:100])


@contextmanager
def _refuse_damage(name: str) -> Iterator[None]:
    """Turn the errors of reading a damaged file into FileRefused."""
    try:
        yield
    except DAMAGE as error:
        raise FileRefused("damaged", DAMAGED, name=name) from error


@contextmanager
def _long_cells_allowed() -> Iterator[None]:
    """Raise the CSV field limit of the process for the block, as a sent report is one long cell."""
    before = csv.field_size_limit(settings.ARCHIVE_MAX_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)
