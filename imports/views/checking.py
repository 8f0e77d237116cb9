"""Between the columns and the review: the rows are checked, and the page says how far."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View

from imports import services
from imports.enums import ImportStatus
from imports.views.base import BatchMixin

SECONDS_A_REQUEST = 2.0


class ImportCheckView(BatchMixin, View):
    """How many rows are checked; each request checks some more. Closed half-way, it goes on from there."""

    def get(self, request, pk):
        batch = self.get_object()
        elsewhere = self.refuse_unless(batch, ImportStatus.CHECKING)
        return elsewhere or self.page("imports/check.html", 3, batch=batch, share=share_of(batch))

    def post(self, request, pk):
        batch = self.get_object()
        try:
            batch = services.check_rest(batch, by=request.user, seconds=SECONDS_A_REQUEST)
        except ValidationError as error:
            return self.go(self.tell_refusal(batch, error).url)
        if batch.status != ImportStatus.CHECKING:
            return self.go(reverse("imports:import-review", args=[pk]))
        if request.htmx:
            return render(request, "imports/_progress.html", {"batch": batch, "share": share_of(batch)})
        return redirect("imports:import-check", pk)


def share_of(batch) -> int:
    """Per cent of the rows that are checked."""
    return 100 * batch.checked_rows // (batch.row_count or 1)
