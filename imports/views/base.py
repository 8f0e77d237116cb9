"""Mixins of the import's pages."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.generic.detail import SingleObjectMixin

from accounts.enums import AccessKind
from accounts.roles import Verb
from accounts.services import record_access
from accounts.views_base import ScopedObjectMixin
from common.templatetags.danish import danish_datetime, danish_number
from common.toasts import show_toast
from imports import services
from imports.enums import ImportStatus
from imports.models import ImportBatch
from tasks.enums import TaskState
from tasks.models import Task

REVIEWED = {ImportStatus.STAGED, ImportStatus.APPLIED, ImportStatus.UNDONE}
STATUS_BEFORE = {
    services.CHECK: ImportStatus.READ,
    services.APPLY: ImportStatus.STAGED,
    services.UNDO: ImportStatus.APPLIED,
}
NEWS = dt.timedelta(minutes=1)  # for the message about the end of a task; later, no user waits for it
STEPS = [
    gettext_lazy("Choose file"),
    gettext_lazy("Choose columns"),
    gettext_lazy("Review"),
    pgettext_lazy("verb", "Import"),
]


def page_of(batch: ImportBatch) -> str:
    """Return the address of the page of an import in its status."""
    if batch.status == ImportStatus.DISCARDED:
        return reverse("imports:import-list")
    page = "columns" if batch.status == ImportStatus.READ else "review"
    return reverse(f"imports:import-{page}", args=[batch.pk])


def failure_in_words(work: Task) -> str:
    """Return the sentence of a refusal. Of other failures, the task has only a code."""
    if not work.error.isidentifier():
        return work.error
    return _("It went wrong half-way, and nothing was stored. Try again, or ask an administrator.")


def failure_of(batch: ImportBatch, work: Task | None) -> str | None:
    """Return why the last task of the import failed, unless what it was to do is done by now."""
    is_current = work and work.state == TaskState.FAILED and batch.status == STATUS_BEFORE[work.name]
    return failure_in_words(work) if is_current else None


class ImportPageMixin:
    """Shows the steps of an import."""

    def page(self, template: str, step: int, status: int = 200, **context):
        """Render a page at a step, counted from 1; 0 is before the first step."""
        steps = [
            {"number": number, "label": label, "is_done": number < step, "is_here": number == step}
            for number, label in enumerate(STEPS, start=1)
        ]
        return render(self.request, template, {"steps": steps, **context}, status=status)


class BatchMixin(ImportPageMixin, ScopedObjectMixin, SingleObjectMixin):
    """A page of one import."""

    verb = Verb.IMPORT
    queryset = ImportBatch.objects.select_related("programme__branch", "created_by", "applied_by", "undone_by").defer(
        "content"
    )

    def dispatch(self, request, *args, **kwargs):
        self.object = None
        return super().dispatch(request, *args, **kwargs)

    def log(self, batch: ImportBatch, kind: AccessKind, count: int) -> None:
        record_access(
            by=self.request.user,
            kind=kind,
            subject=batch,
            branch=batch.programme.branch_id,
            code="import_opened",
            values={"file": batch.file_name},
            count=count,
        )

    def redirect_unless(self, batch: ImportBatch, *statuses: str) -> HttpResponse | None:
        """Redirect to the page of the import's status unless it is one of these. Raises Http404 if discarded.

        While the import is checked, applied or undone, redirects to the progress of that.
        """
        if batch.status == ImportStatus.DISCARDED:
            raise Http404
        if response := self.redirect_to_work(batch):
            return response
        if batch.status in statuses:
            return None
        self.add_message_if_decided(batch)
        return self.redirect(page_of(batch))

    def redirect_to_work(self, batch: ImportBatch) -> HttpResponse | None:
        """Redirect to the progress if a task of the import is open."""
        self.work = services.latest_work(batch)
        return self.leave_to(batch, self.work) if self.work and self.work.is_open else None

    def leave_to(self, batch: ImportBatch, work: Task | None) -> HttpResponse:
        """Redirect to the progress of a task or, if it has ended, to the page of the import, with its outcome."""
        if work and work.is_open:
            return self.redirect(reverse("imports:import-progress", args=[batch.pk]))
        batch = self.get_object()
        if work and timezone.now() - work.ended_at < NEWS:
            self.add_outcome(batch, work)
        return self.redirect(page_of(batch))

    def add_outcome(self, batch: ImportBatch, work: Task) -> None:
        """Add a message about the end of a task, unless the next page shows it anyway (``failure_of``)."""
        if work.state == TaskState.FAILED and failure_of(batch, work) is None:
            messages.warning(self.request, failure_in_words(work))
        elif work.result.get("is_changed"):
            messages.warning(
                self.request,
                _("People were added since you read the file, so some rows have another result. Review them."),
            )
        elif work.state == TaskState.DONE and work.name == services.APPLY:
            accepted = batch.counts["accepted"]
            words = ngettext("%(count)s row is imported.", "%(count)s rows are imported.", accepted)
            show_toast(self.request, words % {"count": danish_number(accepted)})
        elif work.state == TaskState.DONE and work.name == services.UNDO:
            show_toast(self.request, _("The import is undone."))

    def redirect(self, url: str) -> HttpResponse:
        """Redirect the whole page, also when htmx asked for a part of it."""
        return HttpResponse(headers={"HX-Redirect": url}) if self.request.htmx else redirect(url)

    def add_message_if_decided(self, batch: ImportBatch) -> None:
        """Add a message about who applied or undid the import, if the user acts on an outdated page."""
        if self.request.method != "POST" and not self.request.htmx:
            return
        who, when = batch.applied_by, batch.applied_at
        sentence = _("%(name)s imported this file %(when)s. Its rows can no longer be changed.")
        if batch.status == ImportStatus.UNDONE:
            who, when = batch.undone_by, batch.undone_at
            sentence = _("%(name)s undid this import %(when)s. Its rows can no longer be changed.")
        if when:
            messages.warning(self.request, sentence % {"name": who or _("A command"), "when": danish_datetime(when)})

    def redirect_with_error(self, batch: ImportBatch, error: ValidationError) -> HttpResponse:
        """Show why an act was refused, on the review page."""
        messages.warning(self.request, " ".join(error.messages))
        return redirect("imports:import-review", batch.pk)
