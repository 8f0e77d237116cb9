"""Questions between branches: a branch asks another about a person both may know. Only question and answer cross.

Lock order: the asked person, the question.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import Branch, User
from accounts.roles import Verb
from accounts.services import record_access
from common import clock
from common.journal import act, delete
from common.templatetags.danish import danish_date, danish_datetime
from people.enums import QuestionAnswer
from people.likeness import Identifiable, is_exactly
from people.models import BranchQuestion, Enrolment, Person
from people.names import name_key
from people.services.permissions import require_work_in, save_clean


class QuestionRefused(ValidationError):
    """The question cannot be asked, answered or withdrawn now. The message says why."""


def find_known_person(asked: Branch, asking: Branch, record: Identifiable) -> Person:
    """Return the person of the asked branch who is exactly ``record``, locked.

    Skips people enrolled in the asking branch, which knows them itself. Raises QuestionRefused when there is none.
    """
    ours = Enrolment.objects.filter(programme__branch=asking).values("person")
    theirs = Person.objects.filter(home_branch=asked).exclude(pk__in=ours)
    key = name_key(record.name)
    for person in theirs.search(key).order_by("pk"):
        if is_exactly(record, person):
            return Person.objects.select_for_update().get(pk=person.pk)
    raise QuestionRefused(_("%(branch)s does not know the person any more.") % {"branch": asked})


def open_question(asking: Branch, person: Person) -> BranchQuestion | None:
    """Return the question about the person that the asking branch has no answer to yet."""
    rows = BranchQuestion.objects.filter(asking_branch=asking, person=person, answer="")
    return rows.select_related("asked_by").first()


@act
def ask_branch(person: Person, *, asking: Branch, about: str, by: User, question: str = "") -> BranchQuestion:
    """Ask the home branch of ``person`` whether it knows them; ``about`` is the name the asking branch uses.

    Logs a search in both branches. Raises ValidationError for a CPR number in the question, and QuestionRefused when
    a question of the same branch about the person is still open.
    """
    _refuse_open(asking, person)
    asked = person.home_branch
    new = BranchQuestion(asking_branch=asking, asked_branch=asked, person=person, about=about, asked_by=by)
    new.question = question.strip()
    save_clean(new)
    _log(new, by, AccessKind.SEARCH, "branch_asked")
    return new


@act
def answer_question(question: BranchQuestion, *, by: User, answer: str, note: str = "") -> BranchQuestion:
    """Answer for the asked branch. An answer is final; the same answer twice by the same user is stored once.

    Logs a write in both branches. Raises PermissionDenied, ValidationError for a CPR number in the note, and
    QuestionRefused when the question was answered or withdrawn meanwhile, with who and when.
    """
    question = _lock(question)
    require_work_in([question.asked_branch_id], by)
    if answer not in QuestionAnswer.values:
        raise QuestionRefused(_("Choose one of the two answers."))
    note = note.strip()
    if question.answer and (question.answer, question.answer_note, question.answered_by_id) == (answer, note, by.pk):
        return question
    _refuse_answered(question)
    question.answer, question.answer_note = answer, note
    question.answered_by, question.answered_at = by, clock.now()
    save_clean(question)
    _log(question, by, AccessKind.WRITE, "question_answered")
    return question


@act
def withdraw_question(question: BranchQuestion, *, by: User) -> None:
    """Delete a question that has no answer yet; it may be asked again.

    Logs a write in both branches. Raises PermissionDenied, and QuestionRefused when the question was answered or
    withdrawn meanwhile.
    """
    question = _lock(question)
    if not by.may(Verb.IMPORT, question.asking_branch_id):
        raise PermissionDenied
    _refuse_answered(question)
    _log(question, by, AccessKind.WRITE, "question_withdrawn")
    delete(question)


def _lock(question: BranchQuestion) -> BranchQuestion:
    rows = BranchQuestion.objects.select_for_update(of=("self",))
    rows = rows.select_related("asking_branch", "asked_branch", "person", "answered_by")
    found = rows.filter(pk=question.pk).first()
    if found is None:
        raise QuestionRefused(_("The question was withdrawn meanwhile."))
    return found


def _refuse_open(asking: Branch, person: Person) -> None:
    if waiting := open_question(asking, person):
        words = {"name": waiting.asked_by, "branch": person.home_branch, "when": danish_datetime(waiting.asked_at)}
        raise QuestionRefused(
            _("%(name)s asked %(branch)s about the same person %(when)s. They have not answered.") % words
        )


def _refuse_answered(question: BranchQuestion) -> None:
    if question.answer:
        words = {
            "name": question.answered_by,
            "when": danish_date(question.answered_at),
            "answer": question.get_answer_display(),
        }
        raise QuestionRefused(_("%(name)s answered %(when)s: %(answer)s. The answer is final.") % words)


def _log(question: BranchQuestion, by: User, kind: AccessKind, code: str) -> None:
    """Log on the person in the asked branch, on the question in the asking branch, which must see no case number."""
    asking, asked = question.asking_branch, question.asked_branch
    values = {"asking": asking.name, "asked": asked.name, "about": question.about}
    for subject, branch in ((question.person, asked), (question, asking)):
        record_access(by=by, kind=kind, subject=subject, branch=branch, code=code, values=values)
