"""Questions that other branches ask about our people: how many wait, and the card on the person's page."""

from collections.abc import Iterable

from accounts.models import User
from accounts.roles import Verb
from common.hooks import Panel
from people.forms.asking import AnswerForm
from people.models import BranchQuestion, Person


def waiting_for(branch_id: int):
    """Questions to the branch that nobody has answered yet."""
    return BranchQuestion.objects.filter(asked_branch=branch_id, answer="")


def question_panels(person: Person, user: User) -> Iterable[Panel]:
    """A card with the questions about the person that wait for the user's branch."""
    rows = BranchQuestion.objects.filter(
        person=person, answer="", asked_branch__in=user.branch_ids_for(Verb.READ_CASES)
    )
    questions = [(row, AnswerForm(question=row)) for row in rows.select_related("asking_branch", "asked_by")]
    if questions:
        yield Panel(template="people/_question_card.html", context={"questions": questions}, order=1)
