"""A branch asks another about somebody both seem to know. No data crosses but the question and its answer.

Lock order: the import, the asked person, the question.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import Branch, User
from accounts.roles import Verb
from accounts.services import record_access
from common import clock
from common.templatetags.danish import danish_date, danish_datetime
from people.enums import ImportStatus, QuestionAnswer
from people.importing.asked import branch_named
from people.importing.cells import name_key
from people.importing.persons import PersonRecord
from people.importing.reread import record_of_row
from people.likeness import is_exactly
from people.models import BranchQuestion, Enrolment, ImportBatch, ImportRow, Person
from people.services.importing.base import lock_batch, require_import_in
from people.services.permissions import require_work_in, save_clean


class AskingRefused(ValidationError):
    """The question cannot be asked, answered or taken back now; the sentence says why."""


@transaction.atomic
def ask_branch(batch: ImportBatch, number: int, *, by: User, question: str = "") -> BranchQuestion:
    """Ask the branch that the checks named about the person of a row. Pressed twice, it is asked once.

    Writes a line in the log of either branch. Raises PermissionDenied, ValidationError for a CPR number in the words,
    and AskingRefused when the row or the person is there no more, or when the question waits for an answer already.
    """
    require_import_in(batch.programme, by)
    batch = lock_batch(batch)
    row = _row_to_ask_about(batch, number)
    asking, asked = batch.programme.branch, Branch.objects.get(pk=branch_named(row))
    person = _person_known_to(asked, asking, record_of_row(batch, row))
    if waiting := _waiting_question(asking, person):
        if waiting.row_id == row.pk and waiting.asked_by_id == by.pk:
            return waiting
        words = {"name": waiting.asked_by, "branch": asked, "when": danish_datetime(waiting.asked_at)}
        raise AskingRefused(
            _("%(name)s asked %(branch)s about the same person %(when)s. They have not answered.") % words
        )
    asked_now = BranchQuestion(
        asking_branch=asking,
        asked_branch=asked,
        person=person,
        about=row.label,
        row=row,
        question=question.strip(),
        asked_by=by,
    )
    save_clean(asked_now)
    BranchQuestion.objects.filter(pk=asked_now.pk).update(asked_at=clock.now())  # the demo's day stands still
    words = {"asking": asking, "asked": asked, "about": row.label}
    _log(asked_now, by, AccessKind.SEARCH, _("%(asking)s asked %(asked)s about »%(about)s«") % words)
    return asked_now


@transaction.atomic
def answer_question(question: BranchQuestion, *, by: User, answer: str, note: str = "") -> BranchQuestion:
    """Answer for the asked branch; an answer stands. The same answer twice by the same user counts once.

    Raises PermissionDenied, ValidationError for a CPR number in the words, and AskingRefused when the question was
    answered or taken back meanwhile, saying by whom and when.
    """
    question = _lock(question)
    require_work_in([question.asked_branch_id], by)
    if answer not in QuestionAnswer.values:
        raise AskingRefused(_("Choose one of the two answers."))
    note = note.strip()
    if question.answer and (question.answer, question.answer_note, question.answered_by_id) == (answer, note, by.pk):
        return question
    _refuse_answered(question)
    question.answer, question.answer_note = answer, note
    question.answered_by, question.answered_at = by, clock.now()
    save_clean(question)
    words = {"asked": question.asked_branch, "asking": question.asking_branch, "about": question.about}
    _log(question, by, AccessKind.WRITE, _("%(asked)s answered %(asking)s about »%(about)s«") % words)
    return question


@transaction.atomic
def withdraw_question(question: BranchQuestion, *, by: User) -> None:
    """Take a question back before it is answered; it is gone, and may be asked again.

    Raises PermissionDenied, and AskingRefused when it was answered or taken back meanwhile.
    """
    question = _lock(question)
    if not by.may(Verb.IMPORT, question.asking_branch_id):
        raise PermissionDenied
    _refuse_answered(question)
    words = {"asking": question.asking_branch, "asked": question.asked_branch, "about": question.about}
    _log(question, by, AccessKind.WRITE, _("%(asking)s no longer asks %(asked)s about »%(about)s«") % words)
    question.delete()


# ---------------------------------------------------------------- whom, and whether it can be asked


def _row_to_ask_about(batch: ImportBatch, number: int) -> ImportRow:
    if batch.status not in (ImportStatus.STAGED, ImportStatus.APPLIED):
        raise AskingRefused(_("The rows of this import cannot be asked about now."))
    row = batch.rows.filter(number=number).first()
    if row is None:
        raise AskingRefused(_("The file has no row %(row)s.") % {"row": number})
    if branch_named(row) is None:
        raise AskingRefused(_("The row looks different by now. Look at it again."))
    return row


def _person_known_to(asked: Branch, asking: Branch, record: PersonRecord) -> Person:
    """The person of the asked branch by the rule of the checks, locked: two who ask at once come one by one."""
    ours = Enrolment.objects.filter(programme__branch=asking).values("person")
    theirs = Person.objects.filter(home_branch=asked).exclude(pk__in=ours)
    key = name_key(record.name)
    for person in theirs.search(key).order_by("pk"):
        if is_exactly(record, person):
            return Person.objects.select_for_update().get(pk=person.pk)
    raise AskingRefused(_("%(branch)s does not know the person any more.") % {"branch": asked})


def _waiting_question(asking: Branch, person: Person) -> BranchQuestion | None:
    rows = BranchQuestion.objects.filter(asking_branch=asking, person=person, answer="")
    return rows.select_related("asked_by").first()


def _lock(question: BranchQuestion) -> BranchQuestion:
    rows = BranchQuestion.objects.select_for_update(of=("self",))
    rows = rows.select_related("asking_branch", "asked_branch", "person", "answered_by")
    found = rows.filter(pk=question.pk).first()
    if found is None:
        raise AskingRefused(_("The question was taken back meanwhile."))
    return found


def _refuse_answered(question: BranchQuestion) -> None:
    if question.answer:
        words = {
            "name": question.answered_by,
            "when": danish_date(question.answered_at),
            "answer": question.get_answer_display(),
        }
        raise AskingRefused(_("%(name)s answered %(when)s: %(answer)s. The answer stands.") % words)


def _log(question: BranchQuestion, by: User, kind: AccessKind, detail: str) -> None:
    """In the asked branch on the person, in the asking branch on the question: it learns no case number."""
    record_access(by=by, kind=kind, subject=question.person, branch=question.asked_branch_id, detail=detail)
    record_access(by=by, kind=kind, subject=question, branch=question.asking_branch_id, detail=detail)
