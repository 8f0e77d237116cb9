"""One row of an import: correct its cells, decide about it, ask another branch about its person; later, read it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from django_htmx.http import reswap, retarget

from accounts.enums import AccessKind
from common.toasts import show_toast
from imports import services
from imports.enums import ImportStatus
from imports.forms import CellsForm, DecisionForm
from imports.models import ImportBatch, ImportRow
from imports.review.row_detail import RowDetail, imported_row_detail, row_detail
from imports.views.base import STEPS, BatchMixin
from imports.views.review import review_context
from people.forms.questions import AskForm
from people.views.base import try_act

DECIDED = (ImportStatus.APPLIED, ImportStatus.UNDONE)


class RowMixin(BatchMixin):
    """A page or an act of one row."""

    def get_row(self) -> tuple[ImportBatch, ImportRow]:
        batch = self.get_object()
        row = batch.rows.filter(number=self.kwargs["number"]).first()
        if row is None or batch.status == ImportStatus.DISCARDED:
            raise Http404
        return batch, row

    def show_review(self, batch: ImportBatch) -> HttpResponse:
        """Show the review after an act: with htmx in place, otherwise as a page, scrolled to the row."""
        number = self.kwargs["number"]
        address = reverse("imports:import-review", args=[batch.pk])
        if not self.request.htmx:
            return redirect(f"{address}?{self.request.GET.urlencode()}#r{number}")
        if batch.status != ImportStatus.STAGED:
            return self.redirect(address)
        context = review_context(self.request, batch)
        return render(self.request, "imports/_review.html", {**context, "changed_row": number})

    def show_row(self, batch: ImportBatch, detail: RowDetail, form: CellsForm) -> HttpResponse:
        """Show the row to edit: with htmx under its line of the review, otherwise as a page."""
        context = {"batch": batch, "detail": detail, "form": form, "query": self.request.GET.urlencode()}
        context["in_review"] = bool(self.request.htmx)
        if not self.request.htmx:
            return self.page("imports/row.html", 3, **context)
        response = render(self.request, "imports/_row_open.html", context)
        return reswap(retarget(response, f"#open-{detail.row.number}"), "outerHTML")


class ImportRowView(RowMixin, View):
    """A row with its cells to correct and the person it looks like; after the import, to read."""

    def get(self, request, pk, number):
        batch, row = self.get_row()
        if batch.status in DECIDED and not request.htmx:
            self.log(batch, AccessKind.READ, 1)
            detail = imported_row_detail(batch, row)
            return self.page("imports/row_read.html", len(STEPS) + 1, batch=batch, detail=detail)
        if response := self.redirect_unless(batch, ImportStatus.STAGED):
            return response
        if request.htmx and "luk" in request.GET:
            return render(request, "imports/_row_closed.html", {"number": number})
        self.log(batch, AccessKind.READ, 1)
        detail = row_detail(batch, row, request.user)
        return self.show_row(batch, detail, CellsForm(detail=detail))

    def post(self, request, pk, number):
        batch, row = self.get_row()
        if response := self.redirect_unless(batch, ImportStatus.STAGED):
            return response
        detail = row_detail(batch, row, request.user)
        form = CellsForm(request.POST, detail=detail)
        if not form.is_valid():
            return self.show_row(batch, detail, form)
        try:
            batch = services.correct_cells(batch, by=request.user, number=number, cells=form.changed_cells())
        except ValidationError as error:
            if response := self.redirect_unless(self.get_object(), ImportStatus.STAGED):
                return response
            form.add_error(None, error)
            return self.show_row(batch, detail, form)
        return self.show_review(batch)


class ImportDecideView(RowMixin, View):
    """Decide about a row: the same person, two people, decide later or skip; or undo the decision."""

    def post(self, request, pk, number):
        batch, _row = self.get_row()
        if response := self.redirect_unless(batch, ImportStatus.STAGED):
            return response
        form = DecisionForm(request.POST)
        if form.is_valid():
            try:
                batch = services.decide_row(batch, by=request.user, number=number, **form.cleaned_data)
            except ValidationError as error:
                if response := self.redirect_unless(self.get_object(), ImportStatus.STAGED):
                    return response
                messages.warning(request, " ".join(error.messages))
        return self.show_review(batch)


class ImportAskView(RowMixin, View):
    """Ask the branch that knows the person of a row."""

    def post(self, request, pk, number):
        batch, _row = self.get_row()
        if response := self.redirect_unless(batch, ImportStatus.STAGED, ImportStatus.APPLIED):
            return response
        form = AskForm(request.POST)
        if form.is_valid() and try_act(
            form, lambda: services.ask_about_row(batch, number, by=request.user, **form.cleaned_data)
        ):
            show_toast(request, _("The question is sent."))
        else:
            messages.warning(request, " ".join(text for texts in form.errors.values() for text in texts))
            batch = self.get_object()  # another user may have applied it meanwhile
        return self.show_review(batch)
