"""One row of the review: opened to correct its cells or to lay it beside somebody known, and decided."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View
from django_htmx.http import reswap, retarget

from accounts.enums import AccessKind
from people.enums import ImportStatus
from people.forms.imports import CellsForm, DecisionForm
from people.importing.opened import OpenedRow, opened_row
from people.models import ImportBatch
from people.services import importing as services
from people.views.imports.base import BatchMixin
from people.views.imports.review import review_context


class RowMixin(BatchMixin):
    """A row of a staged import."""

    def get_row(self) -> tuple[ImportBatch, OpenedRow]:
        batch = self.get_object()
        row = batch.rows.filter(number=self.kwargs["number"]).first()
        if row is None or batch.status == ImportStatus.DISCARDED:
            raise Http404
        return batch, opened_row(batch, row, self.request.user)

    def answer(self, batch: ImportBatch):
        """The review as it is now, in place; without htmx, its page at the row."""
        number = self.kwargs["number"]
        asked = self.request.GET.copy()
        address = reverse("people:import-review", args=[batch.pk])
        if batch.status == ImportStatus.CHECKING:
            address = reverse("people:import-check", args=[batch.pk])
            return HttpResponse(headers={"HX-Redirect": address}) if self.request.htmx else redirect(address)
        if self.request.htmx:
            context = review_context(self.request, batch)
            return render(self.request, "people/_import_review.html", {**context, "touched": number})
        return redirect(f"{address}?{asked.urlencode()}#r{number}")

    def show(self, batch: ImportBatch, row: OpenedRow, form: CellsForm):
        context = {"batch": batch, "row": row, "form": form, "query": self.request.GET.urlencode()}
        if not self.request.htmx:
            return self.page("people/import_row.html", 3, **context)
        response = render(self.request, "people/_import_row.html", context)
        return reswap(retarget(response, f"#open-{row.row.number}"), "outerHTML")


class ImportRowView(RowMixin, View):
    """A row with its cells, to be corrected, and whom it looks like."""

    def get(self, request, pk, number):
        batch, row = self.get_row()
        if elsewhere := self.refuse_unless(batch, ImportStatus.STAGED):
            return elsewhere
        if request.htmx and "luk" in request.GET:
            return render(request, "people/_import_row_closed.html", {"number": number})
        self.log(batch, AccessKind.READ, 1)
        return self.show(batch, row, CellsForm(row=row))

    def post(self, request, pk, number):
        batch, row = self.get_row()
        if elsewhere := self.refuse_unless(batch, ImportStatus.STAGED):
            return elsewhere
        form = CellsForm(request.POST, row=row)
        if not form.is_valid():
            return self.show(batch, row, form)
        try:
            batch = services.correct_cells(batch, by=request.user, number=number, cells=form.changed_cells())
        except ValidationError as error:
            form.add_error(None, error)
            return self.show(batch, row, form)
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
                messages.warning(request, " ".join(error.messages))
        return self.answer(batch)
