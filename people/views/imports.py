"""The import in four steps: choose the file, choose the columns, look through the rows, import."""

import copy
import uuid
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.generic import View
from django.views.generic.detail import SingleObjectMixin

from accounts.enums import AccessKind
from accounts.roles import Verb
from accounts.services import record_access
from accounts.views_base import ScopedObjectMixin, VerbRequiredMixin
from common.once import run_once
from common.spreadsheets import FileRefused, Spreadsheet, spreadsheet_response
from common.templatetags.danish import danish_number
from common.toasts import show_toast
from people.enums import ImportStatus
from people.forms.imports import ColumnsForm, LayoutForm, UploadForm
from people.importing import registry
from people.importing.recognition import HEADER_WITHIN, headings_of
from people.importing.review import TABS, error_list, open_run, review_lines, shown_lines
from people.importing.source import unpack_spreadsheet
from people.models import ImportBatch
from people.services import importing as services
from people.views.helpers import add_errors

PER_PAGE = 25
LINES_PER_PAGE = 100
REVIEWED = {ImportStatus.STAGED, ImportStatus.APPLIED}
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
    queryset = ImportBatch.objects.select_related("programme__branch", "created_by", "applied_by").defer("content")

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

    def tell_refusal(self, batch: ImportBatch, error: ValidationError):
        """Somebody was faster, or the import cannot go on: say so where it stands now."""
        messages.warning(self.request, " ".join(error.messages))
        return redirect("people:import-review", batch.pk)


class ImportListView(ImportPageMixin, VerbRequiredMixin, View):
    """Every import of the branch worked in, newest first."""

    verb = Verb.IMPORT

    def get(self, request):
        batches = (
            ImportBatch.objects.visible_to(request.user, self.verb)
            .in_branches([request.membership.branch_id])
            .exclude(status=ImportStatus.DISCARDED)
            .select_related("programme", "created_by", "applied_by")
            .defer("content", "headers", "mapping")
        )
        page = Paginator(batches, PER_PAGE).get_page(request.GET.get("page"))
        labels = {kind.code: kind.label for kind in registry.kinds()}
        rows = [{"batch": batch, "kind": labels.get(batch.kind, "")} for batch in page]
        return self.page("people/import_list.html", 0, page_obj=page, rows=rows)


class ImportCreateView(ImportPageMixin, VerbRequiredMixin, View):
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
            upload = services.read_upload(details["file"], details["file"].name)
            return redirect(run_once(details["once"], lambda: self.stage(upload, details)))
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
            return self.show(form)

    def stage(self, upload: services.Upload, details: dict) -> str:
        batch = services.stage_import(
            upload, programme=details["programme"], by=self.request.user, kind=details["kind"]
        )
        return reverse("people:import-columns", args=[batch.pk])

    def form(self, *data) -> UploadForm:
        membership = self.request.membership
        return UploadForm(
            *data,
            user=self.request.user,
            branch=membership.branch_id,
            initial={"once": uuid.uuid4()},
        )

    def show(self, form: UploadForm):
        return self.page("people/import_file.html", 1, form=form)


class ImportColumnsView(BatchMixin, View):
    """Step 2: sheet, header row, and what each column holds."""

    def get(self, request, pk):
        batch = self.get_object()
        if batch.content is None:
            return redirect("people:import-review", pk)
        return self.show(*self.layout(batch, request.GET))

    def post(self, request, pk):
        batch = self.get_object()
        if batch.content is None:
            return redirect("people:import-review", pk)
        draft, spreadsheet, layout = self.layout(batch, request.POST)
        form = ColumnsForm(request.POST, batch=draft, table=services.table_of(draft, spreadsheet))
        if not draft.kind or not form.is_valid():
            return self.show(draft, spreadsheet, layout, form)
        try:
            services.choose_columns(
                batch,
                by=request.user,
                kind=draft.kind,
                sheet=draft.sheet,
                header_row=draft.header_row,
                columns=form.chosen(),
            )
        except (ValidationError, FileRefused) as error:
            add_errors(form, error if isinstance(error, ValidationError) else ValidationError(str(error)))
            return self.show(draft, spreadsheet, layout, form)
        return redirect("people:import-review", pk)

    def layout(self, batch: ImportBatch, data) -> tuple[ImportBatch, Spreadsheet, LayoutForm]:
        """The import as the address or the form lays it out, without storing it."""
        spreadsheet, draft = unpack_spreadsheet(batch.content), copy.copy(batch)
        sheets = [(sheet.name, sheet_label(sheet)) for sheet in spreadsheet.sheets if sheet.rows]
        wanted = data.get("sheet", batch.sheet)
        name = wanted if wanted in dict(sheets) else batch.sheet
        rows = next(sheet.rows for sheet in spreadsheet.sheets if sheet.name == name and sheet.rows)[:HEADER_WITHIN]
        form = LayoutForm(data if "kind" in data else None, sheets=sheets, header_rows=header_rows(rows))
        if form.is_bound and form.is_valid():
            self.lay_out(draft, spreadsheet, form)
        values = {"kind": draft.kind, "sheet": name, "header_row": draft.header_row, "shown_sheet": name}
        shown = LayoutForm(sheets=sheets, header_rows=header_rows(rows), initial=values)
        shown.problems = form.errors
        return draft, spreadsheet, shown

    def lay_out(self, draft: ImportBatch, spreadsheet: Spreadsheet, form: LayoutForm) -> None:
        """Recognise the columns anew, unless everything stands as it is stored."""
        details, header_row = form.cleaned_data, form.wanted_header_row()
        if (details["kind"], details["sheet"], header_row) == (draft.kind, draft.sheet, draft.header_row):
            return
        try:
            services.recognise(draft, spreadsheet, kind=details["kind"], sheet=details["sheet"], header_row=header_row)
        except FileRefused as refusal:
            form.add_error("header_row", str(refusal))

    def show(self, draft: ImportBatch, spreadsheet: Spreadsheet, layout: LayoutForm, form: ColumnsForm | None = None):
        table = services.table_of(draft, spreadsheet)
        return self.page(
            "people/import_columns.html",
            2,
            batch=draft,
            layout=layout,
            form=form or ColumnsForm(batch=draft, table=table),
            hidden_sheets=[sheet.name for sheet in spreadsheet.sheets if sheet.is_hidden],
            row_count=len(table.rows),
            blank_rows=table.blank_rows,
            repeated_header_rows=table.repeated_header_rows,
            earlier=self.earlier(draft),
        )

    def earlier(self, draft: ImportBatch) -> ImportBatch | None:
        """When the very same file was imported into the programme before."""
        return (
            ImportBatch.objects.visible_to(self.request.user, self.verb)
            .filter(programme=draft.programme_id, digest=draft.digest, sheet=draft.sheet, status=ImportStatus.APPLIED)
            .exclude(pk=draft.pk)
            .select_related("applied_by")
            .first()
        )


def sheet_label(sheet) -> str:
    return _("%(name)s (hidden)") % {"name": sheet.name} if sheet.is_hidden else sheet.name


def header_rows(rows) -> list[tuple[int, str]]:
    """The first rows as choices: number and the first texts."""
    return [
        (number, f"{number}: {', '.join([text for text in headings_of(cells) if text][:4])[:60]}")
        for number, cells in rows
    ]


class ImportReviewView(BatchMixin, View):
    """Step 3: every row with what happens to it. Once imported: what came of it."""

    def get(self, request, pk):
        batch = self.get_object()
        if batch.status == ImportStatus.DISCARDED:
            raise Http404
        if batch.status == ImportStatus.READ:
            return redirect("people:import-columns", pk)
        self.log(batch, AccessKind.READ, batch.counts["rows"])
        kind = registry.kind_of(batch.kind)
        tab = request.GET.get("tab", "") if request.GET.get("tab", "") in TABS else ""
        words = request.GET.get("q", "").strip()[:100]
        lines = review_lines(batch, tab=tab, words=words, opened=opened_run(request.GET.get("open", "")))
        page = Paginator(lines, LINES_PER_PAGE).get_page(request.GET.get("page"))
        is_applied = batch.status == ImportStatus.APPLIED
        return self.page(
            "people/import_result.html" if is_applied else "people/import_review.html",
            len(STEPS) + 1 if is_applied else 3,
            batch=batch,
            kind=kind,
            tabs=tabs_of(batch, tab),
            tab=tab,
            words=words,
            page_obj=page,
            lines=shown_lines(batch, page.object_list),
            list_url=kind.list_url(),
        )


def opened_run(text: str) -> tuple[int, int] | None:
    """`15-46` as two row numbers."""
    first, _dash, last = text.partition("-")
    return (int(first), int(last)) if first.isdecimal() and last.isdecimal() else None


def tabs_of(batch: ImportBatch, current: str) -> list[dict]:
    counts = batch.counts
    duplicates = counts["duplicates_in_file"] + counts["duplicates_existing"]
    tabs = [
        ("", _("All rows"), "", counts["rows"]),
        ("new", _("New ones"), "new", counts["clean"]),
        ("warned", _("Warnings"), "warning", counts["warned"]),
        ("duplicates", _("Duplicates"), "duplicate", duplicates),
        ("errors", _("Errors"), "error", counts["error_rows"]),
    ]
    return [
        {"key": key, "label": label, "state": state, "count": count, "is_here": key == current}
        for key, label, state, count in tabs
    ]


class ImportRunView(BatchMixin, View):
    """The rows of a folded run; without htmx, the review with the run open."""

    def get(self, request, pk, first, last):
        batch = self.get_object()
        if not request.htmx or batch.status not in REVIEWED:
            return redirect(f"{reverse('people:import-review', args=[pk])}?open={first}-{last}#r{first}")
        lines = open_run(batch, first, last)
        return render(request, "people/_import_lines.html", {"lines": lines, "batch": batch})


class ImportErrorListView(BatchMixin, View):
    """The held-back rows as a spreadsheet with the reasons, to be corrected and imported again."""

    def get(self, request, pk):
        batch = self.get_object()
        if batch.status not in REVIEWED:
            return redirect("people:import-review", pk)
        self.log(batch, AccessKind.EXPORT, batch.counts["error_rows"])
        headings, rows = error_list(batch)
        return spreadsheet_response(_("Errors in %(file)s") % {"file": Path(batch.file_name).stem}, headings, rows)


class ImportApplyView(BatchMixin, View):
    """Step 4: whole or not at all. Pressed twice it imports once."""

    def post(self, request, pk):
        batch = self.get_object()
        if batch.status == ImportStatus.APPLIED and batch.applied_by_id == request.user.pk:
            return redirect("people:import-review", pk)  # pressed twice
        try:
            batch = services.apply_import(batch, by=request.user)
        except services.ImportChanged:
            services.check_again(batch, by=request.user)
            messages.warning(
                request,
                _("People were added since you read the file, so some rows come out differently. Look through them."),
            )
            return redirect("people:import-review", pk)
        except ValidationError as error:
            return self.tell_refusal(batch, error)
        accepted = batch.counts["accepted"]
        words = ngettext("%(count)s row is imported.", "%(count)s rows are imported.", accepted)
        show_toast(request, words % {"count": danish_number(accepted)})
        return redirect("people:import-review", pk)


class ImportDiscardView(BatchMixin, View):
    """Put a read file aside; nothing of it stays."""

    def post(self, request, pk):
        batch = self.get_object()
        try:
            services.discard_import(batch, by=request.user)
        except ValidationError as error:
            return self.tell_refusal(batch, error)
        show_toast(request, _("The file is put aside. Nothing of it is stored."))
        return redirect("people:import-list")
