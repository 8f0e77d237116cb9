"""Step 4: apply, discard or undo an import, and the page that shows the progress of checking, applying and undoing."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from common.toasts import show_toast
from imports import services
from imports.enums import ImportStatus
from imports.models import ImportBatch
from imports.services.undoing import removed_in_words
from imports.views.base import STEPS, BatchMixin
from imports.views.review import kept_records
from tasks.models import Task
from tasks.progress import progress_of

STEP_OF = {services.CHECK: 3, services.APPLY: 4, services.UNDO: len(STEPS) + 1}
# Time since the start → milliseconds until the page asks again, so that a short wait ends at once.
DELAYS = ((dt.timedelta(seconds=3), 300), (dt.timedelta(seconds=30), 1_000))
LONGEST_DELAY = 2_000


class ImportProgressView(BatchMixin, View):
    """The progress of checking, applying or undoing. It reloads itself, and ends at the page with the outcome."""

    def get(self, request, pk):
        batch = self.get_object()
        work = services.latest_work(batch)
        if work is None or not work.is_open:
            return self.leave_to(batch, work)
        context = progress_context(batch, work)
        if request.htmx:
            return render(request, "imports/_progress.html", context)
        return self.page("imports/progress.html", STEP_OF[work.name], **context)

    def post(self, request, pk):
        """Do the work in this request, if the worker has ended without doing it."""
        batch = self.get_object()
        return self.leave_to(batch, services.go_on_here(batch, by=request.user))


def progress_context(batch: ImportBatch, work: Task) -> dict:
    age = timezone.now() - work.created_at
    return {
        "batch": batch,
        "work": work,
        "progress": progress_of(work.pk),
        "is_left": services.is_left(work),
        "delay": next((delay for limit, delay in DELAYS if age < limit), LONGEST_DELAY),
    }


class ImportApplyView(BatchMixin, View):
    """Store the accepted rows, all or none."""

    def post(self, request, pk):
        batch = self.get_object()
        if batch.status == ImportStatus.APPLIED and batch.applied_by_id == request.user.pk:
            return redirect("imports:import-review", pk)  # a double click
        return self.leave_to(batch, services.start_work(services.APPLY, batch, by=request.user))


class ImportDiscardView(BatchMixin, View):
    """Discard an import without storing anything."""

    def post(self, request, pk):
        batch = self.get_object()
        try:
            services.discard_import(batch, by=request.user)
        except ValidationError as error:
            return self.redirect_with_error(batch, error)
        show_toast(request, _("The file is discarded. Nothing is stored."))
        return redirect("imports:import-list")


class ImportUndoView(BatchMixin, View):
    """Undo an import, after a page that lists what will be removed and what stays."""

    def get(self, request, pk):
        batch = self.get_object()
        if response := self.redirect_unless(batch, ImportStatus.APPLIED):
            return response
        try:
            summary = services.preview_undo(batch, by=request.user)
        except ValidationError as error:
            return self.redirect_with_error(batch, error)
        return self.page(
            "imports/undo.html",
            len(STEPS) + 1,
            batch=batch,
            removed=removed_in_words(summary),
            set_back=summary["set_back"],
            kept=kept_records(summary),
            must_stay_open=services.must_stay_open(batch),
        )

    def post(self, request, pk):
        batch = self.get_object()
        if batch.status == ImportStatus.UNDONE and batch.undone_by_id == request.user.pk:
            return redirect("imports:import-review", pk)  # a double click
        return self.leave_to(batch, services.start_work(services.UNDO, batch, by=request.user))
