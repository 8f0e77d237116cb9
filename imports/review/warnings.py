"""What must be said of an import to somebody who sees no page of it: a command, or whoever reads its answer."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from common.spreadsheets import column_letters, remark_sentence
from common.templatetags.danish import quoted
from imports.engine.issues import Issue
from imports.engine.table import Table
from imports.enums import RowState
from imports.kinds import registry
from imports.models import ImportBatch


def remarks_on(batch: ImportBatch, table: Table) -> list[str]:
    """What was hidden, filled in, guessed or not read, in words: nothing of it goes silently."""
    labels = {field.key: field.label for field in registry.kind_of(batch.kind).fields}
    columns = batch.mapping["columns"]
    guesses = [
        _("A guess: column %(heading)s holds %(what)s.")
        % {"heading": heading_of(table, columns[key]), "what": quoted(str(labels[key]))}
        for key in batch.mapping["guesses"]
    ]
    unread = [heading_of(table, index) for index in filled_columns(table) if index not in columns.values()]
    said = [_("Not imported: %(headings)s.") % {"headings": ", ".join(unread)}] if unread else []
    return [*map(remark_sentence, table.remarks), *guesses, *said]


def heading_of(table: Table, index: int) -> str:
    """A column by its heading, or by its letters."""
    heading = table.headers[index]
    return quoted(heading) if heading else _("Column %(letters)s") % {"letters": column_letters(index)}


def filled_columns(table: Table) -> list[int]:
    """Columns in which something stands below the heading."""
    return [
        index
        for index in range(len(table.headers))
        if any(index < len(row.cells) and row.cells[index] is not None for row in table.rows)
    ]


def errors_of(batch: ImportBatch) -> Iterator[dict]:
    """Each error of a checked import: row, cell, heading, what stands there, and the reason in words."""
    for row in batch.rows.filter(state=RowState.ERROR).order_by("number").iterator():
        for values in row.issues:
            issue = Issue(**values)
            yield {
                "row": row.number,
                "cell": issue.cell,
                "heading": issue.title,
                "value": issue.value,
                "reason": issue.sentence,
            }
