"""The list of imports, and step 1: the file."""

import uuid

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View

from accounts.models import User
from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from common.lists import page_of
from common.once import run_once
from common.spreadsheets import FileRefused
from common.spreadsheets.progress import CachedProgress, ReadingStep, progress_of
from common.uploads import LargeUploadMixin
from imports import services
from imports.enums import ImportStatus
from imports.forms import UploadForm
from imports.kinds import registry
from imports.models import ImportBatch
from imports.views.base import ImportPageMixin

PER_PAGE = 25


class ImportListView(ImportPageMixin, VerbRequiredMixin, View):
    """Every import of the branch worked in, newest first."""

    verb = Verb.IMPORT

    def get(self, request):
        batches = (
            ImportBatch.objects.visible_to(request.user, self.verb)
            .in_branches([request.membership.branch_id])
            .exclude(status=ImportStatus.DISCARDED)
            .select_related("programme", "created_by", "applied_by", "undone_by")
            .defer("content", "journal", "headers", "mapping")
        )
        page = page_of(request, batches, PER_PAGE)
        labels = {kind.code: kind.label for kind in registry.kinds()}
        rows = [{"batch": batch, "kind": labels.get(batch.kind, "")} for batch in page]
        return self.page("imports/list.html", 0, page_obj=page, rows=rows)


class ImportCreateView(ImportPageMixin, VerbRequiredMixin, LargeUploadMixin, View):
    """Step 1: the file."""

    verb = Verb.IMPORT

    def get(self, request):
        return self.show(self.form())

    def post(self, request):
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form)
        details = form.cleaned_data
        try:
            with CachedProgress(reading_key(request.user, details["once"])) as report:
                upload = services.read_upload(details["file"], details["file"].name, report)
                report(ReadingStep.STORED, upload.row_count, upload.row_count)
                return redirect(run_once(self.key_of(upload, details), lambda: self.stage(upload, details)))
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
            return self.show(form)

    @classmethod
    def largest_upload(cls) -> int:
        return settings.IMPORT_MAX_BYTES

    def refuse_upload(self):
        form = self.form({"once": uuid.uuid4()}, {})
        form.errors.clear()  # of the other fields: they were not looked at
        form.add_error("file", str(FileRefused("too_large", megabytes=settings.IMPORT_MAX_BYTES // (1024 * 1024))))
        return self.show(form, status=413)

    @staticmethod
    def key_of(upload: services.Upload, details: dict) -> uuid.UUID | None:
        """One form sent twice is one import; sent again with another file, from the browser's memory, it is another."""
        what = f"{upload.digest} {details['programme'].pk} {details['kind']}"
        return uuid.uuid5(details["once"], what) if details["once"] else None

    def stage(self, upload: services.Upload, details: dict) -> str:
        batch = services.stage_import(
            upload, programme=details["programme"], by=self.request.user, kind=details["kind"]
        )
        return reverse("imports:import-columns", args=[batch.pk])

    def form(self, *data) -> UploadForm:
        membership = self.request.membership
        return UploadForm(
            *data,
            user=self.request.user,
            branch=membership.branch_id,
            initial={"once": uuid.uuid4()},
        )

    def show(self, form: UploadForm, status: int = 200):
        once = form.cleaned_data.get("once") if form.is_bound else form.initial["once"]
        return self.page("imports/file.html", 1, status, form=form, once=once)


class ImportReadingView(VerbRequiredMixin, View):
    """How far the reading of a file is, asked for by the page that sent it and still waits. Figures only."""

    verb = Verb.IMPORT

    def get(self, request, once):
        reading = progress_of(reading_key(request.user, once))
        return render(request, "imports/_reading.html", {"reading": reading, "once": once})


def reading_key(user: User, once: uuid.UUID | None) -> str:
    """Of the form that was sent, by whom: nobody else learns how far it is."""
    return f"reading-{user.pk}-{once}"
