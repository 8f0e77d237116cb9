"""One row of the review: opened to correct its cells or to lay it beside somebody known, decided; later, read."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View
from django_htmx.http import reswap, retarget

from accounts.enums import AccessKind
from imports import services
from imports.enums import ImportStatus
from imports.forms import CellsForm, DecisionForm
from imports.models import ImportBatch, ImportRow
from imports.review.row_detail import RowDetail, imported_row_detail, row_detail
from imports.views.base import STEPS, BatchMixin
from imports.views.review import review_context

DECIDED = (ImportStatus.APPLIED, ImportStatus.UNDONE)


class RowMixin(BatchMixin):
    """A row of an import."""

    def get_row(self) -> tuple[ImportBatch, ImportRow]:
        batch = self.get_object()
        row = batch.rows.filter(number=self.kwargs["number"]).first()
        if row is None or batch.status == ImportStatus.DISCARDED:
            raise Http404
        return batch, row

    def answer(self, batch: ImportBatch):
        """The review as it is now, in place; without htmx, its page at the row."""
        number = self.kwargs["number"]
        address = reverse("imports:import-review", args=[batch.pk])
        if batch.status == ImportStatus.CHECKING:
            return self.go(reverse("imports:import-check", args=[batch.pk]))
        if not self.request.htmx:
            return redirect(f"{address}?{self.request.GET.urlencode()}#r{number}")
        if batch.status != ImportStatus.STAGED:
            return self.go(address)
        context = review_context(self.request, batch)
        return render(self.request, "imports/_review.html", {**context, "touched": number})

    def show(self, batch: ImportBatch, row: RowDetail, form: CellsForm):
        context = {"batch": batch, "row": row, "form": form, "query": self.request.GET.urlencode()}
        context["in_review"] = bool(self.request.htmx)
        if not self.request.htmx:
            return self.page("imports/row.html", 3, **context)
        response = render(self.request, "imports/_row.html", context)
        return reswap(retarget(response, f"#open-{row.row.number}"), "outerHTML")


class ImportRowView(RowMixin, View):
    """A row with its cells, to be corrected, and whom it looks like; once imported, to be read."""

    def get(self, request, pk, number):
        batch, row = self.get_row()
        if batch.status in DECIDED and not request.htmx:
            self.log(batch, AccessKind.READ, 1)
            return self.page("imports/row_read.html", len(STEPS) + 1, batch=batch, row=imported_row_detail(batch, row))
        if elsewhere := self.refuse_unless(batch, ImportStatus.STAGED):
            return elsewhere
        if request.htmx and "luk" in request.GET:
            return render(request, "imports/_row_closed.html", {"number": number})
        self.log(batch, AccessKind.READ, 1)
        opened = row_detail(batch, row, request.user)
        return self.show(batch, opened, CellsForm(row=opened))

    def post(self, request, pk, number):
        batch, row = self.get_row()
        if elsewhere := self.refuse_unless(batch, ImportStatus.STAGED):
            return elsewhere
        opened = row_detail(batch, row, request.user)
        form = CellsForm(request.POST, row=opened)
        if not form.is_valid():
            return self.show(batch, opened, form)
        try:
            batch = services.correct_cells(batch, by=request.user, number=number, cells=form.changed_cells())
        except ValidationError as error:
            if elsewhere := self.refuse_unless(self.get_object(), ImportStatus.STAGED):
                return elsewhere
            form.add_error(None, error)
            return self.show(batch, opened, form)
        return self.answer(batch)


class ImportDecideView(RowMixin, View):
    """The same person, two people, later, or leave the row out; or take that back."""

    def post(self, request, pk, number):
        batch, _row = self.get_row()
        if elsewhere := self.refuse_unless(batch, ImportStatus.STAGED):
            return elsewhere
        form = DecisionForm(request.POST)
        if form.is_valid():
            try:
                batch = services.decide_row(batch, by=request.user, number=number, **form.cleaned_data)
            except ValidationError as error:
                if elsewhere := self.refuse_unless(self.get_object(), ImportStatus.STAGED):
                    return elsewhere
                messages.warning(request, " ".join(error.messages))
        return self.answer(batch)
