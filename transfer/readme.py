"""The explanations in a branch file: its README and the list of all columns."""

from collections.abc import Iterator, Sequence

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from common.spreadsheets import csv_lines
from transfer.cells import codec_of
from transfer.exclusions import EXCLUDED_TABLES
from transfer.packing import BOM
from transfer.tables import BranchColumn, BranchTable, excluded_columns, our_models


def readme_text(facts: dict) -> str:
    """Return the README in Danish and English, with the line ends and byte order mark that Notepad needs."""
    parts = []
    for language in ("da", "en"):
        with translation.override(language):
            left_out = sorted({(str(capfirst(title)), str(reason)) for title, reason in _excluded_tables()})
            parts.append(render_to_string("transfer/readme.txt", facts | {"left_out": left_out}).strip())
    rule = "\n\n" + "-" * 72 + "\n\n"
    return BOM + rule.join(parts).replace("\n", "\r\n") + "\r\n"


def _excluded_tables() -> Iterator[tuple[object, object]]:
    for model in our_models():
        reason = EXCLUDED_TABLES.get(model._meta.label)
        if reason and not model._meta.auto_created:
            yield model._meta.verbose_name_plural, reason


def column_list(tables: Sequence[BranchTable]) -> str:
    """Return the list of all tables and columns as CSV, always in Danish."""
    with translation.override("da"):
        headings = [_("Table"), _("File"), _("Column"), _("Label"), _("Kind"), _("May be empty"), _("Explanation")]
        headings += [_("Refers to"), _("Values")]
        return b"".join(csv_lines(headings, _column_rows(tables))).decode()


def _column_rows(tables: Sequence[BranchTable]) -> Iterator[list[str]]:
    titles = {table.model: table.title for table in tables}
    for table in tables:
        start = [table.title, table.file]
        number = _("The number of the row. Other tables refer to it when the row has no key of its own.")
        yield [*start, "nr", _("Row"), _("whole number"), _("No"), number, "", ""]
        for column in table.columns:
            yield [*start, *_column_words(column, titles)]
        for field, reason in excluded_columns(table):
            yield [*start, field.name, str(field.verbose_name), _("not in the file"), "", str(reason), "", ""]


def _column_words(column: BranchColumn, titles: dict) -> list[str]:
    field = column.field
    is_optional = field.null or field.blank
    if column.target is User:
        kind, refers_to = _("e-mail of a user"), capfirst(User._meta.verbose_name_plural)
    elif column.target:
        refers_to = titles[column.target]
        kind = str(column.key.verbose_name) if column.key else _("row number")
        refers_to = f"{refers_to}, {column.key.name if column.key else 'nr'}"
    else:
        kind, refers_to = str(codec_of(field).label), ""
    values = " · ".join(f"{value} = {label}" for value, label in field.flatchoices)
    is_link = field.model._meta.auto_created and column.target  # many-to-many tables name columns after the models
    label = str(column.target._meta.verbose_name if is_link else field.verbose_name)
    words = [label, kind, _("Yes") if is_optional else _("No"), str(field.help_text)]
    return [column.name, *words, refers_to, values]
