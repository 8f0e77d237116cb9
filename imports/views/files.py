"""The list of imports, its export, the templates to download, and step 1: the file."""

import uuid

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.export_base import ListExportMixin
from accounts.models import User
from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from common.lists import page_of
from common.once import run_once
from common.spreadsheets import FileRefused, ListColumn, TemplateTexts, write_list_template
from common.spreadsheets.progress import CachedProgress, ReadingStep, progress_of
from common.uploads import LargeUploadMixin
from imports import exports, services
from imports.engine.templates import Template, TemplateColumn, template_of
from imports.enums import ImportStatus
from imports.forms import UploadForm
from imports.kinds import all_kinds, kind_of
from imports.models import ImportBatch
from imports.views.base import ImportPageMixin

PER_PAGE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATE_LANGUAGE = "da"  # also if the user reads the pages in English


class ImportListView(ImportPageMixin, VerbRequiredMixin, View):
    """The imports of the current branch, newest first."""

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
        labels = {kind.code: kind.label for kind in all_kinds()}
        rows = [{"batch": batch, "kind": labels.get(batch.kind, "")} for batch in page]
        return self.page("imports/list.html", 0, page_obj=page, rows=rows)


class ImportExportView(ListExportMixin, View):
    """The imports of the current branch as a spreadsheet, newest first."""

    verb = Verb.IMPORT
    export = exports.IMPORTS
    list_url_name = "imports:import-list"
    subject = "imports.importbatch"

    def get_rows(self):
        rows = ImportBatch.objects.visible_to(self.request.user, self.verb).in_branches([self.get_branch_id()])
        shown = rows.exclude(status=ImportStatus.DISCARDED).select_related("programme", "created_by", "applied_by")
        return shown.only(*exports.IMPORT_FIELDS)

    def get_lines(self, rows):
        labels = {kind.code: str(kind.label) for kind in all_kinds()}
        for batch in rows:
            batch.kind_words = labels.get(batch.kind, "")
            yield batch


class ImportCreateView(ImportPageMixin, VerbRequiredMixin, LargeUploadMixin, View):
    """Step 1: upload the file."""

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

    def too_large_response(self):
        form = self.form({"once": uuid.uuid4()}, {})
        form.errors.clear()  # the other fields were not read
        form.add_error("file", str(FileRefused("too_large", megabytes=settings.IMPORT_MAX_BYTES // (1024 * 1024))))
        return self.show(form, status=413)

    @staticmethod
    def key_of(upload: services.Upload, details: dict) -> uuid.UUID | None:
        """Return the one-time key of a form with its file, so that the same form with another file is not a repeat."""
        content = f"{upload.digest} {details['programme'].pk} {details['kind']}"
        return uuid.uuid5(details["once"], content) if details["once"] else None

    def stage(self, upload: services.Upload, details: dict) -> str:
        """Store the upload and return the address of step 2."""
        batch = services.stage_import(
            upload, programme=details["programme"], by=self.request.user, kind=details["kind"]
        )
        return reverse("imports:import-columns", args=[batch.pk])

    def form(self, *data) -> UploadForm:
        branch = self.request.membership.branch_id
        return UploadForm(*data, user=self.request.user, branch=branch, initial={"once": uuid.uuid4()})

    def show(self, form: UploadForm, status: int = 200):
        once = form.cleaned_data.get("once") if form.is_bound else form.initial["once"]
        return self.page("imports/file.html", 1, status, form=form, once=once, kinds=all_kinds())


class ImportReadingView(VerbRequiredMixin, View):
    """The progress of reading a file, for the page that sent it. Shows numbers only."""

    verb = Verb.IMPORT

    def get(self, request, once):
        reading = progress_of(reading_key(request.user, once))
        return render(request, "imports/_reading_progress.html", {"reading": reading, "once": once})


def reading_key(user: User, once: uuid.UUID | None) -> str:
    """Return the cache key of the progress of one form. It holds the user, so that no other user can read it."""
    return f"reading-{user.pk}-{once}"


class ImportTemplateView(VerbRequiredMixin, View):
    """A spreadsheet to fill in, with headings, examples and explanations of one kind of list."""

    verb = Verb.IMPORT

    def get(self, request, kind):
        if kind not in {known.code for known in all_kinds()}:
            raise Http404
        with translation.override(TEMPLATE_LANGUAGE):
            template = template_of(kind_of(kind))
            with write_list_template(template.title, list_columns(template), template_texts(template)) as file:
                content = file.read()
            name = slugify(_("Template %(kind)s") % {"kind": template.title}, allow_unicode=True)
        disposition = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx")
        return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


def list_columns(template: Template) -> list[ListColumn]:
    return [
        ListColumn(
            heading=column.heading,
            is_date=column.is_date,
            is_needed=bool(column.must),
            choices=column.choices,
            examples=column.examples,
            explained=column_explanation(column),
        )
        for column in template.columns
    ]


def column_explanation(column: TemplateColumn) -> list[str]:
    """Return a column's cells on the sheet of explanations: must or may, what it may hold, an example."""
    holds = [column.explanation]
    if column.choices:
        holds.append(_("One of: %(words)s.") % {"words": ", ".join(column.choices)})
    elif column.is_date:
        holds.append(_("A date as day, month, year."))
    example = next((example for example in column.examples if example), "")
    shown = example if isinstance(example, str) else f"{example:%d-%m-%Y}"
    return [column.must or _("May be left blank"), " ".join(filter(None, holds)), shown]


def template_texts(template: Template) -> TemplateTexts:
    return TemplateTexts(
        examples=_("Examples"),
        explanations=_("Explanations"),
        lists=_("Word lists"),
        introduction=(
            _("Template: %(kind)s") % {"kind": template.title},
            _("Fill in the first sheet, one row each, and import the file. The other sheets are not imported."),
            _("Headings on yellow must be filled in. Columns that you do not use may be left blank or deleted."),
            _("Never write CPR numbers."),
        ),
        explanation_headings=(_("Column"), _("Must or may"), _("What it may hold"), _("Example")),
        wrong_title=_("Another word"),
        wrong_word=_("The word is not on the list. Keep it anyway? The import asks what it means."),
    )
