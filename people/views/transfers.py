"""Transfers of people between branches: asking, the list, the panel of a person, answering and withdrawing."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Value, When
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
from people.endings import open_groups
from people.enums import TransferState
from people.forms.transfers import TransferAnswerForm, TransferForm
from people.models import BranchTransfer, Person
from people.services import answer_transfer, ask_transfer, withdraw_transfer
from people.views.base import try_act, warn_of_refusal

TRANSFERS_ON_PAGE = 20


def transfer_panels(person: Person, user: User) -> Iterable[Panel]:
    """Yield a panel with the open transfer of a person, for users of the home branch."""
    rows = BranchTransfer.objects.filter(person=person, state=TransferState.OPEN)
    rows = rows.filter(from_branch__in=user.branch_ids_for(Verb.READ_CASES))
    transfer = rows.select_related("to_branch", "asked_by").first()
    if transfer:
        yield Panel(template="people/_transfer_card.html", context={"transfer": transfer}, order=1)


class TransferAskView(ScopedObjectMixin, SingleObjectMixin, View):
    """Ask another branch to take over a person. Only the home branch may."""

    verb = Verb.WORK_CASES
    queryset = Person.objects.select_related("home_branch", "organisation")

    def get_object(self, queryset=None):
        person = super().get_object(queryset)
        if not self.request.user.may(self.verb, person.home_branch_id):
            raise PermissionDenied
        return person

    def get(self, request, pk):
        self.object = self.get_object()
        return self.page(TransferForm(person=self.object))

    def post(self, request, pk):
        self.object = self.get_object()
        form = TransferForm(request.POST, person=self.object)
        if form.is_valid() and try_act(form, lambda: self.act(form)):
            show_toast(request, _("%(branch)s is asked.") % {"branch": form.cleaned_data["to"]})
            return redirect("people:person-detail", pk)
        return self.page(form)

    def act(self, form: TransferForm) -> None:
        ask_transfer(self.object, by=self.request.user, **form.cleaned_data)

    def page(self, form: TransferForm):
        context = {"form": form, "person": self.object, "groups": open_groups(self.object, self.request.user)}
        return render(self.request, "people/transfer_form.html", context)


def transfers_page(request, answered: TransferAnswerForm | None = None):
    """Render the transfers to and from the branch; ``answered`` is a bound answer form with errors."""
    branch_id = request.membership.branch_id
    rows = BranchTransfer.objects.visible_to(request.user).select_related(
        "person", "from_branch", "to_branch", "asked_by", "answered_by"
    )
    rows = rows.order_by(Case(When(state=TransferState.OPEN, then=Value(0)), default=Value(1)), "-asked_at", "-pk")
    to_page = page_of(request, rows.filter(to_branch=branch_id), TRANSFERS_ON_PAGE, "til")
    from_page = page_of(request, rows.filter(from_branch=branch_id), TRANSFERS_ON_PAGE, "fra")
    shown = {row.person_id for row in [*to_page, *from_page]}
    if shown:
        _log_names_shown(request, len(shown))
    forms = {answered.pk: answered} if answered else {}
    context = {
        "to_page": to_page,
        "to_us": [(row, forms.get(row.pk) or TransferAnswerForm(transfer=row)) for row in to_page],
        "from_page": from_page,
        "openable": set(Person.objects.visible_to(request.user).filter(pk__in=shown).values_list("pk", flat=True)),
        "may_work": request.user.may(Verb.WORK_CASES, branch_id),
    }
    return render(request, "people/transfer_list.html", context)


def _log_names_shown(request, count: int) -> None:
    record_access(
        by=request.user,
        kind=AccessKind.SEARCH,
        subject="people.person",
        branch=request.membership.branch_id,
        code="transfers_shown",
        count=count,
    )


class TransferListView(VerbRequiredMixin, View):
    """The transfers to and from the branch of the current membership."""

    verb = Verb.READ_CASES

    def get(self, request):
        return transfers_page(request)


class TransferActMixin(ScopedObjectMixin, SingleObjectMixin):
    """An act on one transfer. The service checks which of the two branches may do it."""

    verb = Verb.WORK_CASES
    queryset = BranchTransfer.objects.select_related("person", "from_branch", "to_branch")


class TransferAnswerView(TransferActMixin, View):
    """Accept or decline a transfer to the own branch."""

    def post(self, request, pk):
        transfer = self.get_object()
        form = TransferAnswerForm(request.POST, transfer=transfer)
        if form.is_valid() and try_act(form, lambda: self.act(transfer, form)):
            return self.answered(transfer, accepts=form.cleaned_data["answer"] == "yes")
        warn_of_refusal(request, form)
        return transfers_page(request, form)

    def act(self, transfer: BranchTransfer, form: TransferAnswerForm) -> None:
        accepts = form.cleaned_data["answer"] == "yes"
        answer_transfer(transfer, by=self.request.user, accepts=accepts, note=form.cleaned_data["note"])

    def answered(self, transfer: BranchTransfer, *, accepts: bool):
        if not accepts:
            show_toast(self.request, _("%(branch)s has received your answer.") % {"branch": transfer.from_branch})
            return redirect("people:transfer-list")
        person = Person.objects.get(pk=transfer.person_id)
        words = {"name": person.name, "number": person.case_number}
        show_toast(self.request, _("%(name)s now belongs to you, as %(number)s.") % words)
        return redirect("people:person-detail", person.pk)


class TransferWithdrawView(TransferActMixin, View):
    """Withdraw a transfer of the own branch."""

    def post(self, request, pk):
        transfer = self.get_object()
        try:
            withdraw_transfer(transfer, by=request.user)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            show_toast(request, _("The transfer is withdrawn."))
        return redirect("people:transfer-list")
