"""Export a branch to a branch file."""

import json
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader

from accounts.enums import AccessKind
from accounts.models import Branch, User
from accounts.services import record_access
from common import clock
from common.spreadsheets.values import Spool
from transfer.cells import codec_of, write_cell
from transfer.exclusions import CROSS_BRANCH_REFERENCES
from transfer.packing import COLUMNS, FORMAT, MANIFEST, README, VERSION, write_table, write_text
from transfer.readme import column_list, readme_text
from transfer.tables import BranchColumn, BranchRows, BranchTable, branch_tables

ROWS_AT_ONCE = 2000


@dataclass(frozen=True)
class ExportedBranch:
    """The open file, at its start, and its manifest."""

    file: IO[bytes]
    manifest: dict

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.manifest["tables"])


def count_rows(branch: Branch) -> list[tuple[BranchTable, int]]:
    """Return the number of rows of each table that the file would hold, without empty tables."""
    rows = BranchRows(branch)
    counted = [(table, rows.of(table).count()) for table in rows.tables]
    return [(table, count) for table, count in counted if count]


def export_branch(branch: Branch, *, by: User | None) -> ExportedBranch:
    """Write everything that a branch has into a zip file, from one snapshot of the database, and log the export.

    The export is logged even when the file is not downloaded in the end. Memory use grows only with the row numbers
    and keys by which rows refer to each other.
    """
    is_outermost = not connection.in_atomic_block
    file = Spool()
    try:
        with transaction.atomic():
            if is_outermost and connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            manifest = _Export(branch, by).write(file)
            exported = ExportedBranch(file, manifest)
            record_access(
                by=by,
                kind=AccessKind.EXPORT,
                subject=branch,
                branch=branch,
                code="branch_exported",
                values={"branch": branch.name},
                count=exported.rows,
            )
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return exported


def migration_state() -> dict[str, str]:
    """Return the last migration of each app in the code, which determines the tables and columns."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {table.model._meta.app_label for table in branch_tables()}
    return {app: name for app, name in sorted(loader.graph.leaf_nodes()) if app in ours}


class _Export:
    """One export, with the keys and numbers of the rows in the file."""

    def __init__(self, branch: Branch, by: User | None):
        self.branch, self.by = branch, by
        self.rows = BranchRows(branch)
        self._numbers: dict[type[models.Model], dict[int, int]] = {}
        self._keys: dict[type[models.Model], set] = defaultdict(set)
        self._named: dict[type[models.Model], set] = defaultdict(set)
        self._emptied: Counter = Counter()

    def write(self, file: IO[bytes]) -> dict:
        tables = self.rows.tables
        self._collect_keys()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            described = [self._write_table(archive, table) for table in tables]
            manifest = self._manifest(described)
            files = {
                COLUMNS: write_text(archive, COLUMNS, column_list(tables)),
                README: write_text(archive, README, readme_text(self._facts(manifest))),
            }
            manifest["files"] = files
            write_text(archive, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder))
        return manifest

    def _collect_keys(self) -> None:
        """Collect the key or the number by which other rows refer to each row of the file."""
        by_number = {column.target for table in self.rows.tables for column in table.columns if not column.key}
        for table in self.rows.tables:
            if table.key:
                self._keys[table.model] = set(self.rows.of(table).order_by().values_list(table.key.name, flat=True))
            if table.model in by_number:
                ids = (row[0] for row in self._ordered(table, []))
                self._numbers[table.model] = {pk: number for number, pk in enumerate(ids, start=1)}

    def _ordered(self, table: BranchTable, paths: list[str]) -> Iterator[tuple]:
        """Yield rows by id, so that a restored branch gives the same file; shared rows by their key columns."""
        rows = self.rows.of(table)
        if not table.matched_by:
            return rows.order_by("pk").values_list("pk", *paths).iterator(chunk_size=ROWS_AT_ONCE)
        width = len(table.matched_by)
        found = sorted(rows.order_by().values_list(*table.matched_by, "pk", *paths), key=lambda row: row[:width])
        return iter([row[width:] for row in found])

    def _write_table(self, archive: zipfile.ZipFile, table: BranchTable) -> dict:
        names = [column.name for column in table.columns]
        count, digest = write_table(archive, table.file, names, self._cells(table))
        return {"name": table.name, "file": table.file, "rows": count, "sha256": digest, "columns": names}

    def _cells(self, table: BranchTable) -> Iterator[list[str]]:
        writers = [self._writer(column) for column in table.columns]
        for _pk, *values in self._ordered(table, [column.path for column in table.columns]):
            yield [write(value) for write, value in zip(writers, values, strict=True)]

    def _writer(self, column: BranchColumn) -> Callable[[object], str]:
        if column.target is None:
            codec = codec_of(column.field)
            return lambda value: write_cell(codec, value)
        if column.key is None:
            numbers = self._numbers[column.target]
            return lambda pk: "" if pk is None else str(numbers.get(pk) or self._outside_key(column, pk))
        codec, keys = codec_of(column.key), self._keys[column.target]
        return lambda key: write_cell(codec, key if key is None or key in keys else self._outside_key(column, key))

    def _outside_key(self, column: BranchColumn, key: object) -> object:
        """Return the cell for a row outside the file: a user's e-mail, a key where allowed, or an empty value."""
        if column.target is User or column.label in CROSS_BRANCH_REFERENCES:
            self._named[column.target].add(key)
            return key
        self._emptied[f"{column.field.model._meta.label_lower}.{column.name}"] += 1
        return None if column.key else ""

    def _manifest(self, described: list[dict]) -> dict:
        elsewhere = {
            model._meta.label_lower: sorted(str(key) for key in named)
            for model, named in sorted(self._named.items(), key=lambda item: item[0]._meta.label_lower)
        }
        held = {table.name: self.rows.held_by_others(table) for table in self.rows.tables}
        return {
            "format": FORMAT,
            "version": VERSION,
            "made_at": clock.now().isoformat(timespec="seconds"),
            "made_by": self.by.email if self.by else "",
            "migrations": migration_state(),
            "branch": {"slug": self.branch.slug, "name": self.branch.name, "code": self.branch.code},
            "tables": described,
            "elsewhere": elsewhere,
            "emptied": dict(self._emptied),
            "held_by_others": {name: count for name, count in held.items() if count},
        }

    def _facts(self, manifest: dict) -> dict:
        titles = {table.name: table for table in self.rows.tables}
        return {
            "branch": self.branch,
            "by": self.by,
            "day": clock.today(),
            "tables": [(titles[row["name"]], row["rows"]) for row in manifest["tables"]],
            "held": [(titles[name], count) for name, count in manifest["held_by_others"].items()],
        }
