"""Rejected rows as a list to download, so that a user can correct and import them again."""

import functools
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from imports.engine.fields import normal
from imports.engine.issues import Issue
from imports.engine.kind import DUPLICATES
from imports.enums import RowDecision, RowState
from imports.models import ImportBatch, ImportRow

HEADINGS = (_("Row in the file"), _("Why it is rejected"))


def rejected_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Return rows with cells that are not stored: rows with errors, then duplicates that are not merged."""
    is_duplicate = Q(state__in=DUPLICATES) & ~Q(decision=RowDecision.SAME)
    return batch.rows.filter(Q(state=RowState.ERROR) | is_duplicate).exclude(cells=[]).order_by("-state", "number")


def rejected_list(batch: ImportBatch) -> tuple[list[str], Iterable[list[str]]]:
    """Return headings and rows of the rejected rows: row number, reasons, and the cells of the file.

    The two columns are on the left, so that cells to the right of the last heading keep their place.
    """

    def rows():
        for row in rejected_rows(batch).iterator():
            reasons = [_reason(Issue(**values)) for values in row.issues]
            yield [str(row.number), " ".join(reasons), *row.cells]

    return [*map(str, HEADINGS), *batch.headers], rows()


def _reason(issue: Issue) -> str:
    place = issue.title or issue.cell
    return f"{place}: {issue.sentence}" if place else issue.sentence


@functools.cache
def own_headings() -> frozenset[str]:
    """Return the two added headings in all languages. They do not count when a list is known by its headings."""
    found = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {normal(str(heading)) for heading in HEADINGS}
    return frozenset(found)
