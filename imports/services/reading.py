"""Read a file, recognise its header, kind and columns, and stage it as an import batch."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.bulk import BATCH
from common.folding import fold
from common.garbage import pause_garbage_collection
from common.spreadsheets import FileRefused, Sheet, Spreadsheet, read_spreadsheet
from common.spreadsheets.progress import ReportProgress, ignore_progress
from imports.engine.cells import as_line
from imports.engine.fields import Words
from imports.engine.kind import Kind
from imports.engine.recognition import (
    choose_sheet,
    find_header_row,
    make_table,
    recognise_columns,
    recognise_kind,
)
from imports.engine.table import (
    CPR_MARK,
    Table,
    is_cpr_heading,
    pack_spreadsheet,
    remove_cpr_numbers,
    unpack_spreadsheet,
    without_cpr,
)
from imports.enums import ImportStatus
from imports.kinds import all_kinds, kind_of
from imports.models import ImportBatch
from imports.services.base import ImportRefused, lock_open, missing_columns, require_import_in, table_of
from imports.services.remembering import (
    remember_columns,
    remember_words,
    remembered_columns,
    remembered_header,
    remembered_words,
)
from programmes.models import Programme


@dataclass(frozen=True)
class Upload:
    """A file that was read: its name, its SHA-256 and its sheets, all without CPR numbers."""

    file_name: str
    digest: str
    spreadsheet: Spreadsheet

    @property
    def row_count(self) -> int:
        """The number of rows of all sheets that are not blank."""
        return sum(len(sheet.rows) for sheet in self.spreadsheet.sheets)


def read_upload(file: IO[bytes], file_name: str, report: ReportProgress = ignore_progress) -> Upload:
    """Read a file and report progress. Slow: call it outside a transaction. Raises FileRefused."""
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    name = without_cpr(as_line(Path(file_name).name))[-255:]
    return Upload(name, digest, remove_cpr_numbers(read_spreadsheet(file, report), report))


@pause_garbage_collection()
@transaction.atomic
def stage_import(
    upload: Upload,
    *,
    programme: Programme,
    by: User | None,
    kind: str = "",
    sheet: str = "",
    with_hidden_rows: bool = False,
) -> ImportBatch:
    """Store an import batch with the content of a file, its header row, kind and columns as recognised.

    If all required columns are found, a list of up to 2,000 rows is checked too; the rows of a longer one wait for
    :func:`~imports.services.check_rest`. Raises PermissionDenied, and FileRefused for a sheet that does not exist or a
    list without rows.
    """
    require_import_in(programme, by)
    batch = ImportBatch(programme=programme, file_name=upload.file_name, digest=upload.digest, created_by=by)
    batch.with_hidden_rows = with_hidden_rows
    recognise(batch, upload.spreadsheet, kind=kind, sheet=sheet)
    batch.content = pack_spreadsheet(upload.spreadsheet)
    batch.full_clean()
    batch.save()
    return batch


def recognise(
    batch: ImportBatch, spreadsheet: Spreadsheet, *, kind: str = "", sheet: str = "", header_row: int = 0
) -> None:
    """Set sheet, header row, kind and columns of a batch. Those that are not given are recognised.

    A list with remembered headings gets its remembered columns. Raises FileRefused for a sheet that does not exist and
    for a list without rows.
    """
    kinds = [kind_of(kind)] if kind else all_kinds()
    chosen, found_row = find_list(batch, spreadsheet, kinds, sheet)
    header_row = header_row or found_row or chosen.rows[0][0]
    table = make_table(chosen, header_row, with_hidden_rows=batch.with_hidden_rows)
    if not table.rows:
        raise FileRefused("header_only", no_rows(table, spreadsheet))
    batch.sheet, batch.header_row, batch.headers = chosen.name, header_row, table.headers
    batch.row_count = len(table.rows)
    remembered = remembered_columns(batch.programme.branch_id, table.headers, kind)
    if remembered:
        batch.kind, batch.mapping = remembered
    else:
        recognised = kind_of(kind) if kind else recognise_kind(table.headers, kinds)
        mapping = recognise_columns(table.headers, recognised.fields if recognised else (), left_out(table))
        batch.kind = recognised.code if recognised else ""
        batch.mapping = {"columns": mapping.columns, "guesses": sorted(mapping.guesses)}
    batch.mapping["words"] = remembered_words(batch.programme.branch_id, batch.kind)


def left_out(table: Table) -> set[int]:
    """Return the columns that recognition leaves out: hidden columns and columns of CPR numbers."""
    marked = Counter(index for row in table.rows for index, cell in enumerate(row.cells) if cell == CPR_MARK)
    of_numbers = {index for index, count in marked.items() if 2 * count >= _filled_cells(table, index)}
    of_name = {index for index, header in enumerate(table.headers) if is_cpr_heading(header)}
    return of_numbers | of_name | set(table.hidden_columns)


def _filled_cells(table: Table, index: int) -> int:
    return sum(index < len(row.cells) and row.cells[index] is not None for row in table.rows)


def no_rows(table: Table, spreadsheet: Spreadsheet) -> str:
    """Return the sentence that explains why there are no rows to import."""
    if table.hidden_rows:
        return _("All rows of the list are hidden. Show them in the spreadsheet, save it and choose it again.")
    hidden = [sheet.name for sheet in spreadsheet.sheets if sheet.is_hidden and sheet.rows]
    if hidden and table.sheet not in hidden:
        return _(
            "The list has headings but no rows. The file has hidden sheets: %(names)s. If one of them is meant,"
            " show it in the spreadsheet, save it and choose the file again."
        ) % {"names": ", ".join(hidden)}
    return _("The list has headings but no rows. There is nothing to import.")


def find_list(batch: ImportBatch, spreadsheet: Spreadsheet, kinds: list[Kind], name: str) -> tuple[Sheet, int | None]:
    """Return the sheet of the list, and its header row or None. Raises FileRefused."""
    if name:
        sheet, header_row = _named_sheet(spreadsheet, name, kinds)
        return sheet, remembered_header(batch.programme.branch_id, [sheet])[1] or header_row
    sheet, header_row = remembered_header(batch.programme.branch_id, spreadsheet.sheets)
    return (sheet, header_row) if sheet else choose_sheet(spreadsheet, kinds)


def _named_sheet(spreadsheet: Spreadsheet, name: str, kinds: list[Kind]):
    for sheet in spreadsheet.sheets:
        if sheet.name == name and sheet.rows:
            return sheet, find_header_row(sheet, kinds)
    raise FileRefused("no_sheet", _("The file has no sheet of the name »%(name)s« with rows in it."), name=name)


@pause_garbage_collection()
@transaction.atomic
def choose_columns(
    batch: ImportBatch,
    *,
    by: User | None,
    kind: str,
    sheet: str,
    header_row: int,
    columns: dict[str, int],
    words: Words | None = None,
    with_hidden_rows: bool = False,
    is_remembered: bool = False,
) -> ImportBatch:
    """Set sheet, header row, columns and words as the user chose them. All rows must be checked again.

    ``words``: field → word of the branch → our word, or blank to delete the meaning. ``is_remembered``: save the
    columns for the next list with these headings. Raises ImportRefused if a required column is missing or the import
    was applied or discarded meanwhile, and FileRefused for a list without rows.
    """
    require_import_in(batch.programme, by)
    batch = lock_open(batch)
    sheet_before, spreadsheet = batch.sheet, unpack_spreadsheet(batch.content)
    words = {key: {fold(word): meaning for word, meaning in known.items()} for key, known in (words or {}).items()}
    batch.with_hidden_rows = with_hidden_rows
    recognise(batch, spreadsheet, kind=kind, sheet=sheet, header_row=header_row)
    set_mapping(batch, columns, words)
    delete_rows_outside(batch, spreadsheet, sheet_before)
    remember_words(batch, words, by=by)
    if is_remembered:
        remember_columns(batch, by=by)
    batch.status = ImportStatus.READ
    batch.full_clean()
    batch.save()
    return batch


def set_mapping(batch: ImportBatch, columns: dict[str, int], words: Words) -> None:
    """Set the columns and words of a batch. Raises ImportRefused if a required column is missing."""
    keys = {field.key for field in kind_of(batch.kind).fields}
    chosen = {key: index for key, index in columns.items() if key in keys and 0 <= index < len(batch.headers)}
    known_words = remembered_words(batch.programme.branch_id, batch.kind)
    batch.mapping = {"columns": chosen, "guesses": [], "words": _updated(known_words, words)}
    if missing := missing_columns(batch):
        raise ImportRefused(_("Choose a column for: %(missing)s.") % {"missing": ", ".join(missing)})


def delete_rows_outside(batch: ImportBatch, spreadsheet: Spreadsheet, sheet_before: str) -> None:
    """Delete stored rows that the table no longer has, or all rows if another sheet is chosen."""
    numbers = {row.number for row in table_of(batch, spreadsheet).rows} if batch.sheet == sheet_before else set()
    outside = [row_id for row_id, number in batch.rows.values_list("pk", "number") if number not in numbers]
    for start in range(0, len(outside), BATCH):
        batch.rows.filter(pk__in=outside[start : start + BATCH]).delete()


def _updated(known: Words, new: Words) -> Words:
    """Return the known meanings updated with the new ones, without words whose meaning is blank."""
    updated = {field: {**known.get(field, {}), **new.get(field, {})} for field in {**known, **new}}
    return {field: {word: meaning for word, meaning in words.items() if meaning} for field, words in updated.items()}
