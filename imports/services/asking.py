"""Ask another branch about the person of an import row. Lock order: the import, then what the question locks."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Branch, User
from imports.enums import ImportStatus
from imports.models import ImportBatch, ImportRow, RowOrigin
from imports.review.inquiries import branch_named
from imports.review.reread import record_of_row
from imports.services.base import lock_batch, require_import_in
from people.models import BranchQuestion
from people.services.questions import QuestionRefused, ask_branch, find_known_person, open_question


@transaction.atomic
def ask_about_row(batch: ImportBatch, number: int, *, by: User, question: str = "") -> BranchQuestion:
    """Ask the branch that the checks named about the person of a row. The same user asks once about the same row.

    Raises PermissionDenied, ValidationError for a CPR number in the question, and QuestionRefused when the row or the
    person no longer exists, or when another question about the person is open.
    """
    require_import_in(batch.programme, by)
    batch = lock_batch(batch)
    row = _row_to_ask_about(batch, number)
    asking, asked = batch.programme.branch, Branch.objects.get(pk=branch_named(row))
    person = find_known_person(asked, asking, record_of_row(batch, row))
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
