"""Checks for every kind of list: checking, importing twice, and undoing."""

from django.apps import apps

from imports.services import apply_import, undo_import
from tests.imports.samples import figures_of, stage_list

# Tables with rows that stay after an undo: imports, the access log, number series, and the journal.
LEFT = {
    "imports.importbatch", "imports.importrow", "accounts.accessrecord", "common.numberseries", "common.act",
    "common.change", "sessions.session",
}  # fmt: skip


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
