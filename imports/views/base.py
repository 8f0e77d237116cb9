"""Mixins of the import's pages."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic.detail import SingleObjectMixin

from accounts.enums import AccessKind
from accounts.roles import Verb
from accounts.services import record_access
from accounts.views_base import ScopedObjectMixin
from common.templatetags.danish import danish_datetime
from imports.enums import ImportStatus
from imports.models import ImportBatch

REVIEWED = {ImportStatus.STAGED, ImportStatus.APPLIED, ImportStatus.UNDONE}
STEPS = [
    gettext_lazy("Choose file"),
    gettext_lazy("Choose columns"),
    gettext_lazy("Review"),
    pgettext_lazy("verb", "Import"),
]


class ImportPageMixin:
    """Highlights Administration in the top bar and shows the steps of an import."""

    def dispatch(self, request, *args, **kwargs):
        request.nav_section = "accounts"
        return super().dispatch(request, *args, **kwargs)

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
        """Redirect to the page of the import's status unless it is one of these. Raises Http404 if discarded."""
        if batch.status in statuses:
            return None
        if batch.status == ImportStatus.DISCARDED:
            raise Http404
        self.add_message_if_decided(batch)
        page = "columns" if batch.status == ImportStatus.READ else "review"
        return self.redirect(reverse(f"imports:import-{page}", args=[batch.pk]))

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
