"""A file of a branch, opened with suspicion: sizes before anything is unpacked, sums before anything is stored."""

import csv
import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.spreadsheets import FileRefused
from transfer.packing import COLUMNS, FORMAT, MANIFEST, README, SEPARATOR, VERSION
from transfer.tables import Table

PIECE = 1 << 20
MOST_FILES = 500
MANIFEST_BYTES = 4 << 20
ENCRYPTED = 0x1
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, csv.Error)

DAMAGED = _("The file is damaged or was changed: %(name)s is not as it was written. Use the file as it was downloaded.")


class Archive:
    """The opened file. ``manifest`` is checked: it names a known format, and each table's file is in the zip."""

    def __init__(self, archive: zipfile.ZipFile, manifest: dict):
        self._zip, self.manifest = archive, manifest
        self.tables = {table["name"]: table for table in manifest["tables"]}

    def check_sums(self) -> None:
        """Read every file once. Raises FileRefused when one is not as it was written."""
        for name, digest in self._digests():
            found = hashlib.sha256()
            with _refusing(name), self._zip.open(name) as member:
                while piece := member.read(PIECE):
                    found.update(piece)
            if found.hexdigest() != digest:
                raise FileRefused("damaged", DAMAGED, name=name)

    def _digests(self) -> Iterator[tuple[str, str]]:
        yield from self.manifest["files"].items()
        for table in self.tables.values():
            yield table["file"], table["sha256"]

    def rows(self, table: Table) -> Iterator[list[str]]:
        """The headings of a table, then its rows, one at a time. Raises FileRefused."""
        name = self.tables[table.name]["file"]
        with _refusing(name), self._zip.open(name) as member, _long_cells():
            text = io.TextIOWrapper(member, encoding="utf-8-sig", newline="")
            yield from csv.reader(text, delimiter=SEPARATOR, strict=True)


@contextmanager
def open_archive(file: IO[bytes]) -> Iterator[Archive]:
    """Open a file of a branch. Raises FileRefused when it is something else, too large, or not complete."""
    if file.seek(0, os.SEEK_END) > settings.ARCHIVE_MAX_BYTES:
        raise _too_large()
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (*DAMAGE, ValueError, OSError) as error:
        raise FileRefused("no_archive", _("This is not the file of a branch: it is no zip file.")) from error
    with archive:
        _check_members(archive.infolist())
        manifest = _read_manifest(archive)
        _check_names(archive, manifest)
        yield Archive(archive, manifest)


def _too_large() -> FileRefused:
    return FileRefused("too_large", _("The file is larger than what may be read. See ARCHIVE_MAX_BYTES in README.md."))


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    """Sizes as the zip declares them; more than that is never unpacked."""
    if len(members) > MOST_FILES or sum(info.file_size for info in members) > settings.ARCHIVE_MAX_UNPACKED_BYTES:
        raise _too_large()
    for info in members:
        if info.flag_bits & ENCRYPTED or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise FileRefused(
                "locked", _("The file is protected by a password or packed in a way we do not read. Unlock it first.")
            )


def _read_manifest(archive: zipfile.ZipFile) -> dict:
    """The list of contents, checked in form. Raises FileRefused."""
    refused = FileRefused("no_archive", _("This is not the file of a branch: its list of contents is missing."))
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError as error:
        raise refused from error
    if info.file_size > MANIFEST_BYTES:
        raise _too_large()
    try:
        with _refusing(MANIFEST):
            manifest = json.loads(archive.read(info))
    except (ValueError, RecursionError) as error:
        raise refused from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise refused
    if manifest.get("version") != VERSION:
        raise FileRefused(
            "unknown_version",
            _("The file has format %(version)s; this version of Mentornet reads format %(known)s."),
            version=str(manifest.get("version"))[:20],
            known=VERSION,
        )
    if not _is_well_formed(manifest):
        raise refused
    return manifest


def _is_well_formed(manifest: dict) -> bool:
    return (
        _is_dict_of_texts(manifest.get("branch"), {"slug", "name", "code"})
        and _is_dict_of_texts(manifest.get("migrations"))
        and _is_dict_of_texts(manifest.get("files"), {COLUMNS, README})
        and isinstance(manifest.get("elsewhere"), dict)
        and all(_is_list_of_texts(keys) for keys in manifest["elsewhere"].values())
        and isinstance(manifest.get("tables"), list)
        and all(_describes_a_table(table) for table in manifest["tables"])
    )


def _is_dict_of_texts(value: object, keys: set[str] | None = None) -> bool:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        return False
    return keys is None or set(value) == keys


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _describes_a_table(table: object) -> bool:
    return (
        isinstance(table, dict)
        and all(isinstance(table.get(name), str) for name in ("name", "file", "sha256"))
        and isinstance(table.get("rows"), int)
    )


def _check_names(archive: zipfile.ZipFile, manifest: dict) -> None:
    """The zip holds what its list names, each once, and nothing else."""
    held = archive.namelist()
    named = [MANIFEST, *manifest["files"], *(table["file"] for table in manifest["tables"])]
    for name in named:
        if name not in held:
            raise FileRefused("missing", _("The file is not complete: %(name)s is missing."), name=name)
    if sorted(held) != sorted(named):
        surplus = next((name for name in held if held.count(name) != named.count(name)), MANIFEST)
        raise FileRefused("damaged", DAMAGED, name=surplus[:100])


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    try:
        yield
    except DAMAGE as error:
        raise FileRefused("damaged", DAMAGED, name=name) from error


@contextmanager
def _long_cells() -> Iterator[None]:
    """A sent report is one long cell; the limit is the process's, so it is put back."""
    before = csv.field_size_limit(settings.ARCHIVE_MAX_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)
