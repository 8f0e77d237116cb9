"""Services on single rows: correct cells, decide about a duplicate, skip a row, ask another branch about its person.

Lock order of :func:`ask_about_row`: the batch, then what the question locks.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Branch, User
from common import cpr
from common.garbage import pause_garbage_collection
from common.spreadsheets.worker.refusals import MAX_CELL_TEXT
from imports.engine.issues import COMPARING
from imports.engine.table import without_cpr
from imports.enums import ImportStatus, RowDecision
from imports.models import ImportBatch, ImportRow, RowOrigin
from imports.review import branch_named, reread_row
from imports.services.base import ImportRefused, lock_batch, lock_open, require_import_in
from imports.services.checking import PAIRED, check_rows
from people.details import GROUP_KEYS
from people.models import BranchQuestion
from people.services.questions import QuestionRefused, ask_branch, find_known_person, open_question

ROWS_AT_ONCE = 10_000  # are checked in about a second


@pause_garbage_collection()
@transaction.atomic
def correct_cells(batch: ImportBatch, *, by: User | None, number: int, cells: dict[int, str | None]) -> ImportBatch:
    """Correct cells of a row and check all rows again, because it can affect others (see :func:`check_or_wait`).

    ``cells`` maps columns (from 0) to the new text, or to None for the text of the file. Raises ValidationError for a
    CPR number or a text that is too long, ImportRefused if the cell does not exist or the import is not under review.
    """
    batch, row = _lock_row(batch, by, number)
    width = max(len(batch.headers), len(row.cells), *(int(column) + 1 for column in row.corrections), 0)
    for column, text in cells.items():
        if not 0 <= column < width:
            raise ImportRefused(_("The file has no such cell."))
        if text is None:
            row.corrections.pop(str(column), None)
        else:
            require_cell_text(text)
            row.corrections[str(column)] = text.strip()
    row.save(update_fields=["corrections"])
    check_or_wait(batch)
    return batch


def require_cell_text(text: str) -> None:
    """Raise ValidationError for a CPR number, or for more text than a cell may hold."""
    MaxLengthValidator(MAX_CELL_TEXT)(text)
    if without_cpr(text) != text:
        raise ValidationError(cpr.REFUSAL, code="cpr")


@pause_garbage_collection()
@transaction.atomic
def decide_row(
    batch: ImportBatch,
    *,
    by: User | None,
    number: int,
    decision: str,
    person_id: int | None = None,
    other_row: int | None = None,
    chosen: Sequence[str] = (),
) -> ImportBatch:
    """Store the decision about a row (a RowDecision, or blank to remove it) and check all rows again, see
    :func:`check_or_wait`.

    ``person_id`` or ``other_row``: what it was compared with. ``chosen``: the fields taken from the row. Raises
    ImportRefused if no issue names that person or row, or the import is not under review.
    """
    batch, row = _lock_row(batch, by, number)
    is_pair, row.decision = decision in PAIRED, decision
    if is_pair and (person_id, other_row) not in compared_with(row):
        raise ImportRefused(_("The row looks different by now. Look at it again."))
    row.other_person_id, row.other_row = (person_id, other_row) if is_pair else (None, None)
    row.chosen = sorted(set(chosen) & set(GROUP_KEYS)) if decision == RowDecision.SAME else []
    row.decided_by = by if decision else None
    row.full_clean(exclude=["batch", "decided_by"])
    row.save(update_fields=["decision", "other_person_id", "other_row", "chosen", "decided_by"])
    check_or_wait(batch)
    return batch


def compared_with(row: ImportRow) -> set[tuple[int | None, int | None]]:
    """Return the people and rows that the issues or the decision of a row name, as (person id, None) or (None, row)."""
    named = {(row.other_person_id, row.other_row)} if row.other_person_id or row.other_row else set()
    for issue in row.issues:
        if issue["code"] in COMPARING:
            facts = issue["facts"]
            person_id = facts.get("person_id")
            named.add((person_id, None) if person_id else (None, facts.get("row")))
    return named


def _lock_row(batch: ImportBatch, by: User | None, number: int) -> tuple[ImportBatch, ImportRow]:
    require_import_in(batch.programme, by)
    batch = lock_open(batch)
    if batch.status != ImportStatus.STAGED:
        raise ImportRefused(_("Choose the columns first."))
    row = batch.rows.filter(number=number).first()
    if row is None:
        raise ImportRefused(_("The file has no row %(row)s.") % {"row": number})
    return batch, row


def check_or_wait(batch: ImportBatch) -> None:
    """Check all rows again. A list of more than ``ROWS_AT_ONCE`` gets the status *read* instead: check it then."""
    if batch.row_count <= ROWS_AT_ONCE:
        check_rows(batch)
    else:
        batch.status = ImportStatus.READ
        batch.full_clean()
        batch.save()


@transaction.atomic
def ask_about_row(batch: ImportBatch, number: int, *, by: User, question: str = "") -> BranchQuestion:
    """Ask the branch that an issue of the row names about its person, and return the question.

    A user who asks twice about a row gets the first question back. Raises PermissionDenied, ValidationError for a CPR
    number in the question, and QuestionRefused if the row or the person no longer exists, or if another question about
    the person is open.
    """
    require_import_in(batch.programme, by)
    batch = lock_batch(batch)
    row = _row_to_ask_about(batch, number)
    asking, asked = batch.programme.branch, Branch.objects.get(pk=branch_named(row))
    person = find_known_person(asked, asking, reread_row(batch, row).person)
    waiting = open_question(asking, person)
    if waiting and waiting.asked_by_id == by.pk and RowOrigin.objects.of(waiting).filter(row=row).exists():
        return waiting
    asked_now = ask_branch(person, asking=asking, about=row.label, by=by, question=question)
    RowOrigin.objects.record(row, asked_now)
    return asked_now


def _row_to_ask_about(batch: ImportBatch, number: int) -> ImportRow:
    if batch.status not in (ImportStatus.STAGED, ImportStatus.APPLIED):
        raise QuestionRefused(_("The rows of this import cannot be asked about now."))
    row = batch.rows.filter(number=number).first()
    if row is None:
        raise QuestionRefused(_("The file has no row %(row)s.") % {"row": number})
    if branch_named(row) is None:
        raise QuestionRefused(_("The row looks different by now. Look at it again."))
    return row
