"""The rows that an import leaves out, as a list to be corrected and imported again."""

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

HEADINGS = (_("Row in the file"), _("Why it is held back"))


def rejected_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Rows that are not stored and hold something: those with errors first, then the duplicates laid with nobody."""
    is_duplicate = Q(state__in=DUPLICATES) & ~Q(decision=RowDecision.SAME)
    return batch.rows.filter(Q(state=RowState.ERROR) | is_duplicate).exclude(cells=[]).order_by("-state", "number")


def rejected_list(batch: ImportBatch) -> tuple[list[str], Iterable[list[str]]]:
    """Headings and rows of the held-back rows: row number and reasons, then the cells as they stood.

    Ours stand to the left, so that what stood to the right of the last heading does so still.
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
    """Our two headings in every language: no part of what a list of somebody's own is known by."""
    found = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {normal(str(heading)) for heading in HEADINGS}
    return frozenset(found)
