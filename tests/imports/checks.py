"""What holds for every kind of list: checked in halves as in one go, known again, and undone without a trace."""

from django.apps import apps

from common.spreadsheets import Sheet
from imports.engine.recognition import make_table, recognise_columns
from imports.kinds import registry
from imports.services import apply_import, undo_import
from tests.imports.samples import figures_of, stage_list

# What an import leaves behind on purpose: itself, the log, and numbers that are not given twice.
LEFT = {"imports.importbatch", "imports.importrow", "accounts.accessrecord", "common.numberseries", "sessions.session"}


def everything() -> dict:
    """Every row of every table, but for what an import leaves behind on purpose."""
    return {
        model._meta.label_lower: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.label_lower not in LEFT
    }


def check_all(kind, table, columns, known, *, today):
    """Every row of the table with its state, from the first to the last."""
    return list(kind.check_rows(table, table.rows, columns, known, today=today))


def check_at_once_and_in_halves(headings, *rows, programme, kind, today):
    """The outcome of each row, checked in one go and with a fresh start after each row: both as plain values."""
    cells = [headings.split("|"), *(row.split("|") for row in rows)]
    numbered = [(number, [cell or None for cell in line]) for number, line in enumerate(cells, start=1)]
    table = make_table(Sheet("x", rows=numbered), 1)
    kind = registry.kind_of(kind)
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
    """Import a list; a second time nothing is new; undone, all is as it was. Returns the figures."""
    before = everything()
    batch = apply_import(stage_list(headings, *rows, programme=programme, by=by, **options), by=by)
    figures, after = figures_of(batch), everything()
    assert after != before
    again = apply_import(stage_list(headings, *rows, programme=programme, by=by, **options), by=by)
    assert (again.counts["accepted"], everything()) == (0, after)
    undo_import(batch, by=by)
    assert everything() == before
    return figures
