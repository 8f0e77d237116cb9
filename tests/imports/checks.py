"""Checks for every kind of list: checking row by row, importing twice, and undoing."""

from django.apps import apps

from common.spreadsheets import Sheet
from imports.engine.recognition import make_table, recognise_columns
from imports.kinds import kind_of
from imports.services import apply_import, undo_import
from tests.imports.samples import figures_of, stage_list

# Tables with rows that stay after an undo: imports, the access log, and number series.
LEFT = {"imports.importbatch", "imports.importrow", "accounts.accessrecord", "common.numberseries", "sessions.session"}


def everything() -> dict:
    """Return all rows of all tables that an undo restores."""
    return {
        model._meta.label_lower: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.label_lower not in LEFT
    }


def check_all(kind, table, columns, known, *, today):
    """Check all rows of the table."""
    return list(kind.check_rows(table, table.rows, columns, known, today=today))


def check_at_once_and_in_halves(headings, *rows, programme, kind, today):
    """Return the outcome of each row, checked at once and in one request a row, both as plain values."""
    cells = [headings.split("|"), *(row.split("|") for row in rows)]
    numbered = [(number, [cell or None for cell in line]) for number, line in enumerate(cells, start=1)]
    table = make_table(Sheet("x", rows=numbered), 1)
    kind = kind_of(kind)
    columns = recognise_columns(table.headers, kind.fields).columns
    whole = check_all(kind, table, columns, kind.load_known(programme), today=today)
    pieces = []
    for row in table.rows:
        known = kind.load_known(programme)
        for earlier in pieces:
            if earlier.lesson is not None:
                kind.replay(known, earlier.number, earlier.lesson)
        pieces += kind.check_rows(table, [row], columns, known, today=today)
    return [plain(row) for row in whole], [plain(row) for row in pieces]


def plain(row):
    return row.number, str(row.state), [issue.as_json() for issue in row.issues], row.lesson


def assert_undone_without_a_trace(headings, *rows, programme, by=None, **options):
    """Import a list, import it again without effect, undo it, and compare the database. Returns the figures."""
    before = everything()
    batch = apply_import(stage_list(headings, *rows, programme=programme, by=by, **options), by=by)
    figures, after = figures_of(batch), everything()
    assert after != before
    again = apply_import(stage_list(headings, *rows, programme=programme, by=by, **options), by=by)
    assert (again.counts["accepted"], everything()) == (0, after)
    undo_import(batch, by=by)
    assert everything() == before
    return figures
