"""What every page of an import shares: the steps, the batch, the log."""

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
    gettext_lazy("Look through"),
    pgettext_lazy("verb", "Import"),
]


class ImportPageMixin:
    """Lights Administration in the top bar and shows how far the import is."""

    step = 0

    def dispatch(self, request, *args, **kwargs):
        request.nav_section = "accounts"
        return super().dispatch(request, *args, **kwargs)

    def page(self, template: str, step: int, status: int = 200, **context):
        trail = [
            {"number": number, "label": label, "is_done": number < step, "is_here": number == step}
            for number, label in enumerate(STEPS, start=1)
        ]
        return render(self.request, template, {"trail": trail, **context}, status=status)


class BatchMixin(ImportPageMixin, ScopedObjectMixin, SingleObjectMixin):
    """A page of one import."""

    verb = Verb.IMPORT
    queryset = ImportBatch.objects.select_related("programme__branch", "created_by", "applied_by", "undone_by").defer(
        "content", "journal"
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
            detail=batch.file_name,
            count=count,
        )

    def refuse_unless(self, batch: ImportBatch, *statuses: str):
        """Where to go instead when the import is not in one of these states; None when it is."""
        if batch.status in statuses:
            return None
        if batch.status == ImportStatus.DISCARDED:
            raise Http404
        self.tell_decided(batch)
        pages = {ImportStatus.READ: "imports:import-columns", ImportStatus.CHECKING: "imports:import-check"}
        return self.go(reverse(pages.get(batch.status, "imports:import-review"), args=[batch.pk]))

    def go(self, url: str):
        """To another page, also out of the middle of this one."""
        return HttpResponse(headers={"HX-Redirect": url}) if self.request.htmx else redirect(url)

    def tell_decided(self, batch: ImportBatch) -> None:
        """Whoever acted on a page that is out of date learns who was faster."""
        if self.request.method != "POST" and not self.request.htmx:
            return
        who, when = batch.applied_by, batch.applied_at
        sentence = _("%(name)s imported this file %(when)s. Its rows can no longer be changed.")
        if batch.status == ImportStatus.UNDONE:
            who, when = batch.undone_by, batch.undone_at
            sentence = _("%(name)s undid this import %(when)s. Its rows can no longer be changed.")
        if when:
            messages.warning(self.request, sentence % {"name": who or _("A command"), "when": danish_datetime(when)})

    def tell_refusal(self, batch: ImportBatch, error: ValidationError):
        """Somebody was faster, or the import cannot go on: say so where it stands now."""
        messages.warning(self.request, " ".join(error.messages))
        return redirect("imports:import-review", batch.pk)
