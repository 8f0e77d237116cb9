"""Acts on an import: read a file, choose its columns, apply it, discard it.

An import moves read → staged → applied (or discarded), one way. Applying is one transaction: whole or nothing.
Lock order: the batch, then the branch (two imports into one branch wait for each other), then what the kind takes.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import Branch, User
from accounts.roles import Verb
from accounts.services import record_access
from common import clock
from common.collector import collector_at_rest
from common.spreadsheets import FileRefused, Spreadsheet, read_spreadsheet
from common.templatetags.danish import danish_datetime
from people.enums import ImportStatus, RowState
from people.importing import registry
from people.importing.cells import as_line, as_text
from people.importing.kinds import ACCEPTED, CheckedRow, Kind
from people.importing.recognition import (
    choose_sheet,
    find_header_row,
    make_table,
    recognise_columns,
    recognise_kind,
)
from people.importing.source import Table, pack_spreadsheet, remove_cpr_numbers, unpack_spreadsheet, without_cpr
from people.models import ImportBatch, ImportRow
from programmes.models import Programme

BATCH = 500


class ImportRefused(ValidationError):
    """The act cannot be done with this import now; the sentence says why and what to do."""


@dataclass(frozen=True)
class Upload:
    """A file that was read: its name, its SHA-256, and its sheets without CPR numbers."""

    file_name: str
    digest: str
    spreadsheet: Spreadsheet


def read_upload(file: IO[bytes], file_name: str) -> Upload:
    """Read a file, outside any transaction because that takes its time. Raises FileRefused."""
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    name = without_cpr(as_line(Path(file_name).name))[-255:]
    return Upload(name, digest, remove_cpr_numbers(read_spreadsheet(file)))


@collector_at_rest()
@transaction.atomic
def stage_import(
    upload: Upload, *, programme: Programme, by: User | None, kind: str = "", sheet: str = ""
) -> ImportBatch:
    """Recognise header, kind and columns, and keep what was read until somebody decides.

    When everything is recognised, the rows are checked as well. Raises PermissionDenied, and FileRefused for a
    sheet that is not there or a list without rows; then nothing is stored.
    """
    require_import_in(programme, by)
    batch = ImportBatch(programme=programme, file_name=upload.file_name, digest=upload.digest, created_by=by)
    recognise(batch, upload.spreadsheet, kind=kind, sheet=sheet)
    batch.content = pack_spreadsheet(upload.spreadsheet)
    batch.full_clean()
    batch.save()
    if not missing_columns(batch):
        stage_rows(batch, upload.spreadsheet)
    return batch


def missing_columns(batch: ImportBatch) -> list[str]:
    """What the kind cannot do without and has no column for, in words; the kind itself when it is not known."""
    if not batch.kind:
        return [_("what the list holds")]
    kind = registry.kind_of(batch.kind)
    labels = {field.key: str(field.label) for field in kind.fields}
    return [
        _(" or ").join(labels[key] for key in group)
        for group in kind.required
        if not set(group) & set(batch.mapping["columns"])
    ]


def recognise(batch: ImportBatch, spreadsheet: Spreadsheet, *, kind: str = "", sheet: str = "", header_row: int = 0):
    """Set sheet, header row, kind and columns of a batch; what is named is taken, the rest is recognised.

    Raises FileRefused for a sheet that is not there and for a list without rows below its header.
    """
    kinds = [registry.kind_of(kind)] if kind else registry.kinds()
    chosen, found_row = _named_sheet(spreadsheet, sheet, kinds) if sheet else choose_sheet(spreadsheet, kinds)
    header_row = header_row or found_row or chosen.rows[0][0]
    table = make_table(chosen, header_row, is_text=spreadsheet.format == "csv")
    if not table.rows:
        raise FileRefused("header_only", _("The list has headings but no rows. There is nothing to import."))
    recognised = registry.kind_of(kind) if kind else recognise_kind(table.headers, kinds)
    mapping = recognise_columns(table.headers, recognised.fields if recognised else ())
    batch.kind = recognised.code if recognised else ""
    batch.sheet, batch.header_row, batch.headers = chosen.name[:100], header_row, table.headers
    batch.mapping = {"columns": mapping.columns, "guesses": sorted(mapping.guesses)}


def _named_sheet(spreadsheet: Spreadsheet, name: str, kinds: list[Kind]):
    for sheet in spreadsheet.sheets:
        if sheet.name == name and sheet.rows:
            return sheet, find_header_row(sheet, kinds)
    raise FileRefused("no_sheet", _("The file has no sheet of the name »%(name)s« with rows in it."), name=name)


@collector_at_rest()
@transaction.atomic
def choose_columns(
    batch: ImportBatch, *, by: User | None, kind: str, sheet: str, header_row: int, columns: dict[str, int]
) -> ImportBatch:
    """Take the sheet, the header row and the columns that somebody confirmed, and check every row anew.

    Raises ImportRefused when the import was decided meanwhile, FileRefused when there are no rows to check.
    """
    require_import_in(batch.programme, by)
    batch = _lock_open(batch)
    spreadsheet = unpack_spreadsheet(batch.content)
    recognise(batch, spreadsheet, kind=kind, sheet=sheet, header_row=header_row)
    keys = {field.key for field in registry.kind_of(kind).fields}
    width = len(batch.headers)
    chosen = {key: index for key, index in columns.items() if key in keys and 0 <= index < width}
    batch.mapping = {"columns": chosen, "guesses": []}
    if missing := missing_columns(batch):
        raise ImportRefused(_("Choose a column for: %(missing)s.") % {"missing": ", ".join(missing)})
    stage_rows(batch, spreadsheet)
    return batch


def stage_rows(batch: ImportBatch, spreadsheet: Spreadsheet) -> list[CheckedRow]:
    """Check every row and store the outcome, instead of what was staged before."""
    rows = check_rows(batch, spreadsheet)
    batch.rows.all().delete()
    ImportRow.objects.bulk_create([_staged(batch, row) for row in rows], batch_size=BATCH)
    if any("no_consent" in row.codes for row in rows):
        batch.content = pack_spreadsheet(_without_the_unwilling(batch, spreadsheet, rows))
    batch.counts = figures(rows)
    batch.status = ImportStatus.STAGED
    batch.full_clean()
    batch.save()
    return rows


def check_rows(batch: ImportBatch, spreadsheet: Spreadsheet) -> list[CheckedRow]:
    """The rows of the chosen sheet with their states, against what is stored now."""
    kind = registry.kind_of(batch.kind)
    known = kind.load_known(batch.programme)
    return kind.check(table_of(batch, spreadsheet), batch.mapping["columns"], known, today=clock.today())


def table_of(batch: ImportBatch, spreadsheet: Spreadsheet) -> Table:
    """The chosen sheet from its header row down."""
    sheet = next(s for s in spreadsheet.sheets if s.name[:100] == batch.sheet and s.rows)
    return make_table(sheet, batch.header_row, is_text=spreadsheet.format == "csv")


def _staged(batch: ImportBatch, row: CheckedRow) -> ImportRow:
    return ImportRow(
        batch=batch,
        number=row.number,
        cells=[as_text(cell) for cell in row.cells],
        label=row.label[:200],
        state=row.state,
        findings=[finding.as_json() for finding in row.findings],
    )


def _without_the_unwilling(batch: ImportBatch, spreadsheet: Spreadsheet, rows: list[CheckedRow]) -> Spreadsheet:
    """What was read, with nothing left of the rows of people who said no but the no itself."""
    emptied = {row.number: row.cells for row in rows if "no_consent" in row.codes}
    sheets = [
        replace(sheet, rows=[(number, emptied.get(number, cells)) for number, cells in sheet.rows])
        if sheet.name[:100] == batch.sheet
        else sheet
        for sheet in spreadsheet.sheets
    ]
    return replace(spreadsheet, sheets=sheets)


def figures(rows: list[CheckedRow]) -> dict:
    """The figures of an import: rows by state, errors and warnings by code, and each row that is not clean."""
    states = Counter(str(row.state) for row in rows)
    return {
        "rows": len(rows),
        "clean": states[RowState.CLEAN],
        "warned": states[RowState.WARNED],
        "accepted": sum(states[state] for state in ACCEPTED),
        "error_rows": states[RowState.ERROR],
        "duplicates_in_file": states[RowState.DUPLICATE_IN_FILE],
        "duplicates_existing": states[RowState.DUPLICATE_EXISTING],
        "errors": _codes(row for row in rows if row.state == RowState.ERROR),
        "warnings": _codes(row for row in rows if row.state == RowState.WARNED),
        "row_list": [
            {"row": row.number, "state": str(row.state), "codes": row.codes}
            for row in rows
            if row.state != RowState.CLEAN
        ],
    }


def _codes(rows) -> dict[str, int]:
    return dict(sorted(Counter(code for row in rows for code in row.codes).items()))


@collector_at_rest()
@transaction.atomic
def apply_import(batch: ImportBatch, *, by: User | None) -> ImportBatch:
    """Store every accepted row of a staged import: all of them or none.

    The rows are checked once more against what is stored by now. Raises ImportRefused when somebody else was
    faster, and ImportChanged when a row would come out differently than it was reviewed.
    """
    require_import_in(batch.programme, by)
    batch = _lock_open(batch)
    if batch.status != ImportStatus.STAGED:
        raise ImportRefused(_("Choose the columns first."))
    Branch.objects.select_for_update().get(pk=batch.programme.branch_id)
    rows = check_rows(batch, unpack_spreadsheet(batch.content))
    ids = dict(batch.rows.values_list("number", "pk"))
    if figures(rows) != batch.counts:
        raise ImportChanged
    accepted = [(row, ids[row.number]) for row in rows if row.is_accepted]
    registry.kind_of(batch.kind).apply(batch.programme, accepted, by=by)
    batch.status, batch.applied_by, batch.applied_at = ImportStatus.APPLIED, by, clock.now()
    batch.content = None
    batch.full_clean()
    batch.save()
    record_access(
        by=by,
        kind=AccessKind.IMPORT,
        subject=batch,
        branch=batch.programme.branch_id,
        detail=f"{batch.file_name}: {registry.kind_of(batch.kind).label}",
        count=len(accepted),
    )
    return batch


class ImportChanged(Exception):
    """A row would come out differently than it was reviewed: look through the import again."""


@collector_at_rest()
@transaction.atomic
def check_again(batch: ImportBatch, *, by: User | None) -> ImportBatch:
    """Check a staged import anew, because the network has changed since. Raises ImportRefused."""
    require_import_in(batch.programme, by)
    batch = _lock_open(batch)
    stage_rows(batch, unpack_spreadsheet(batch.content))
    return batch


@transaction.atomic
def discard_import(batch: ImportBatch, *, by: User | None) -> ImportBatch:
    """Put an import aside: what was read of the file is deleted, and nothing of it is stored.

    Raises ImportRefused when it was decided meanwhile.
    """
    require_import_in(batch.programme, by)
    batch = _lock_open(batch)
    batch.rows.all().delete()
    batch.status, batch.content = ImportStatus.DISCARDED, None
    batch.full_clean()
    batch.save()
    return batch


def _lock_open(batch: ImportBatch) -> ImportBatch:
    """The batch as it is now, locked, still undecided. Raises ImportRefused, saying who decided and when."""
    fresh = ImportBatch.objects.select_for_update(of=("self",)).select_related("programme__branch").get(pk=batch.pk)
    if fresh.status == ImportStatus.APPLIED:
        raise ImportRefused(
            _("%(name)s imported this file %(when)s. Nothing was imported twice.")
            % {"name": fresh.applied_by or _("A command"), "when": danish_datetime(fresh.applied_at)}
        )
    if fresh.status == ImportStatus.DISCARDED:
        raise ImportRefused(_("The import was put aside. Choose the file again."))
    return fresh


def require_import_in(programme: Programme, by: User | None) -> None:
    """Raises PermissionDenied unless `by` may import into the programme's branch. None is a command."""
    if by is not None and not by.may(Verb.IMPORT, programme.branch_id):
        raise PermissionDenied
