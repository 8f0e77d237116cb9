"""Questions of other branches about people of a branch: how many are open, and the panel on the person's page."""

from collections.abc import Iterable

from accounts.models import User
from accounts.roles import Verb
from common.hooks import Panel
from people.forms.questions import AnswerForm
from people.models import BranchQuestion, Person


def open_questions_to(branch_id: int):
    """Return the open questions to a branch."""
    return BranchQuestion.objects.filter(asked_branch=branch_id, answer="")


def question_panels(person: Person, user: User) -> Iterable[Panel]:
    """Yield a panel with the open questions about the person to branches whose cases the user may read."""
    rows = BranchQuestion.objects.filter(
        person=person, answer="", asked_branch__in=user.branch_ids_for(Verb.READ_CASES)
    )
    questions = [(row, AnswerForm(question=row)) for row in rows.select_related("asking_branch", "asked_by")]
    if questions:
        yield Panel(template="people/_question_card.html", context={"questions": questions}, order=1)
