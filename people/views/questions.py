"""Questions between branches about people both may know: the list, the panel of a person, answering and withdrawing."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View
from django.views.generic.detail import SingleObjectMixin

from accounts.enums import AccessKind
from accounts.models import User
from accounts.roles import Verb
from accounts.services import record_access
from accounts.views_base import ScopedObjectMixin, VerbRequiredMixin
from common.hooks import Panel
from common.lists import page_of
from common.toasts import show_toast
from people.forms.questions import AnswerForm
from people.models import BranchQuestion, Person
from people.origins import key_of, origins_of
from people.services.questions import answer_question, withdraw_question
from people.views.base import try_act, warn_of_refusal

QUESTIONS_ON_PAGE = 20


def open_questions_to(branch_id: int) -> QuerySet[BranchQuestion]:
    """Return the open questions to a branch."""
    return BranchQuestion.objects.filter(asked_branch=branch_id, answer="")


def questions_of(branch_id: int, user: User) -> tuple[QuerySet[BranchQuestion], QuerySet[BranchQuestion]]:
    """Return the questions to a branch and those from it, open ones first; none when the user reads no cases there.

    ``visible_to(user)`` does not suffice: it has the questions of the other branch too, which may be one of the user's.
    """
    if not user.may(Verb.READ_CASES, branch_id):
        return BranchQuestion.objects.none(), BranchQuestion.objects.none()
    rows = BranchQuestion.objects.order_by(F("answered_at").desc(nulls_first=True), "-asked_at", "-pk")
    return rows.filter(asked_branch=branch_id), rows.filter(asking_branch=branch_id)


def question_panels(person: Person, user: User) -> Iterable[Panel]:
    """Yield a panel with the open questions about the person to branches whose cases the user may read."""
    rows = BranchQuestion.objects.filter(
        person=person, answer="", asked_branch__in=user.branch_ids_for(Verb.READ_CASES)
    )
    questions = [(row, AnswerForm(question=row)) for row in rows.select_related("asking_branch", "asked_by")]
    if questions:
        yield Panel(template="people/_question_card.html", context={"questions": questions}, order=1)


def questions_page(request, answered: AnswerForm | None = None):
    """Render the questions to and from the branch; ``answered`` is a bound answer form with errors."""
    branch_id = request.membership.branch_id
    to_us, from_us = questions_of(branch_id, request.user)
    to_us = to_us.select_related("person", "asking_branch", "asked_by", "answered_by").defer("person__notes")
    from_us = from_us.select_related("asked_branch", "asked_by", "answered_by")
    to_page = page_of(request, to_us, QUESTIONS_ON_PAGE, "til")
    if to_page:
        _log_names_shown(request, len(to_page))
    from_page = page_of(request, from_us, QUESTIONS_ON_PAGE, "fra")
    origins = origins_of(map(key_of, from_page), request.user)
    forms = {answered.pk: answered} if answered else {}
    context = {
        "to_page": to_page,
        "to_us": [(row, forms.get(row.pk) or AnswerForm(question=row)) for row in to_page],
        "from_page": from_page,
        "from_us": [(row, origins.get(key_of(row))) for row in from_page],
        "may_answer": request.user.may(Verb.WORK_CASES, branch_id),
        "may_ask": request.user.may(Verb.IMPORT, branch_id),
    }
    return render(request, "people/question_list.html", context)


def _log_names_shown(request, count: int) -> None:
    record_access(
        by=request.user,
        kind=AccessKind.SEARCH,
        subject="people.person",
        branch=request.membership.branch_id,
        code="questions_shown",
        count=count,
    )


class QuestionListView(VerbRequiredMixin, View):
    """The questions to and from the branch of the current membership."""

    verb = Verb.READ_CASES

    def get(self, request):
        return questions_page(request)


class QuestionActMixin(ScopedObjectMixin, SingleObjectMixin):
    """An act on one question. The service checks which of the two branches may do it."""

    queryset = BranchQuestion.objects.select_related("asking_branch", "asked_branch")


class QuestionAnswerView(QuestionActMixin, View):
    """Answer a question to the own branch."""

    verb = Verb.WORK_CASES

    def post(self, request, pk):
        question = self.get_object()
        form = AnswerForm(request.POST, question=question)
        if form.is_valid() and try_act(form, lambda: answer_question(question, by=request.user, **form.cleaned_data)):
            show_toast(request, _("%(branch)s has received your answer.") % {"branch": question.asking_branch})
            return redirect("people:question-list")
        warn_of_refusal(request, form)
        return questions_page(request, form)


class QuestionWithdrawView(QuestionActMixin, View):
    """Withdraw a question of the own branch."""

    verb = Verb.IMPORT

    def post(self, request, pk):
        question = self.get_object()
        try:
            withdraw_question(question, by=request.user)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            show_toast(request, _("The question is withdrawn."))
        return redirect("people:question-list")
