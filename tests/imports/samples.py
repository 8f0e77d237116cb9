"""The five sample files with their expected figures, and helpers that import small lists."""

import io
import json
from pathlib import Path

from django.urls import reverse

from common.spreadsheets import write_csv
from imports.models import ImportRow, RowOrigin
from imports.services import (
    apply_import,
    applying,
    check_import,
    choose_columns,
    missing_columns,
    read_upload,
    row_list,
    stage_import,
    staged_rows,
)

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
FIGURES = (
    "rows", "clean", "warned", "accepted", "error_rows", "duplicates_in_file", "duplicates_existing", "errors",
    "warnings", "row_list",
)  # fmt: skip


def figures_of(batch) -> dict:
    """Return the figures and the list of rows that are not clean, as ``import_bank --json`` prints them."""
    return batch.counts | {"row_list": row_list(staged_rows(batch))}


def expected_figures(name: str) -> dict:
    return {key: EXPECTED["files"][name][key] for key in FIGURES}


def stage_and_check(upload, *, programme, by=None, **options):
    """Stage a file and check its rows, unless columns are missing."""
    batch = stage_import(upload, programme=programme, by=by, **options)
    return batch if missing_columns(batch) else check_import(batch, by=by)


def choose_and_check(batch, *, by=None, **options):
    """Choose the columns and check the rows."""
    return check_import(choose_columns(batch, by=by, **options), by=by)


def stage_sample(name: str, programme, by=None, **options):
    with (SAMPLES / name).open("rb") as file:
        upload = read_upload(file, name)
    return stage_and_check(upload, programme=programme, by=by, **options)


def import_sample(name: str, programme, by=None):
    return apply_import(stage_sample(name, programme, by), by=by)


def stage_list(headings, *rows, programme, by=None, **options):
    """Stage a list of headings and rows, whose cells are separated by ``|``."""
    file = write_csv("x", headings.split("|"), [row.split("|") for row in rows])
    return stage_and_check(read_upload(file, "liste.csv"), programme=programme, by=by, **options)


def import_list(headings, *rows, programme, by=None, **options):
    return apply_import(stage_list(headings, *rows, programme=programme, by=by, **options), by=by)


def upload_of(data: bytes, name="liste.csv"):
    return read_upload(io.BytesIO(data), name)


def states(batch) -> list[str]:
    """Return the states of the rows in order."""
    return list(batch.rows.order_by("number").values_list("state", flat=True))


def codes(batch) -> dict[int, tuple]:
    """Return row number → state and issue codes."""
    return {row.number: (row.state, *sorted(issue["code"] for issue in row.issues)) for row in batch.rows.all()}


def import_list_while(monkeypatch, act, headings, *rows, programme):
    """Import a list, and call ``act`` after its rows are checked and before they are stored."""
    check = applying.check_all

    def check_and_act(*args, **options):
        checked = check(*args, **options)
        act()
        return checked

    batch = stage_list(headings, *rows, programme=programme)
    monkeypatch.setattr(applying, "check_all", check_and_act)
    return apply_import(batch, by=None)


def tables_locked(captured) -> set[str]:
    """Return the tables of which rows were locked. Empty on SQLite, which locks no rows."""
    queries = [query["sql"] for query in captured if "FOR UPDATE" in query["sql"]]
    return {sql.partition(' FROM "')[2].partition('"')[0] for sql in queries}


def at(page: str, batch, *args) -> str:
    """Return the address of a page of the import."""
    return reverse(f"imports:import-{page}", args=[batch.pk, *args])


def row_of(record) -> ImportRow | None:
    """Return the row that a record came from, or None."""
    origin = RowOrigin.objects.of(record).select_related("row").first()
    return origin and origin.row


def came_from(record, row: ImportRow) -> None:
    """Store a row as the origin of a record."""
    RowOrigin.objects.record(row, record)


def words(response) -> str:
    """The text of a page on one line, with plain spaces."""
    return " ".join(response.text.replace("\xa0", " ").split())
