"""The list of imports, templates to download, step 1: choose the file, and step 2: choose sheet, columns and words."""

import copy
import uuid
from collections import Counter
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.dateparse import parse_datetime
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
from common.spreadsheets import (
    Cell,
    FileRefused,
    ListColumn,
    Sheet,
    Spreadsheet,
    TemplateTexts,
    column_letters,
    write_list_template,
)
from common.spreadsheets.progress import CachedProgress, ReadingStep, progress_of
from common.spreadsheets.remarks import remark_sentence
from common.uploads import LargeUploadMixin
from imports import exports, services
from imports.engine.cells import as_text
from imports.engine.kind import Template, TemplateColumn, template_of
from imports.engine.recognition import headings_of
from imports.engine.table import CPR_MARK, HEADER_WITHIN, Table, unpack_spreadsheet
from imports.enums import ImportStatus
from imports.forms import ColumnsForm, LayoutForm, UploadForm
from imports.kinds import all_kinds
from imports.models import ImportBatch
from imports.views.base import BatchMixin, ImportPageMixin, failure_of
from people.views.base import add_errors

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
            .defer("content", "headers", "mapping")
        )
        page = page_of(request, batches, PER_PAGE)
        labels = {kind.code: kind.label for kind in all_kinds()}
        works = services.open_works(page)
        rows = [{"batch": batch, "kind": labels.get(batch.kind, ""), "work": works.get(batch.pk)} for batch in page]
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
        found = next((known for known in all_kinds() if kind in {known.slug, known.code}), None)
        if found is None:
            raise Http404
        with translation.override(TEMPLATE_LANGUAGE):
            template = template_of(found)
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


# ---------------------------------------------------------------- step 2


class ImportColumnsView(BatchMixin, View):
    """Step 2. GET with a layout shows the columns of another sheet or kind, POST stores the choice and checks rows."""

    def get(self, request, pk):
        batch = self.get_object()
        if batch.content is None:
            return redirect("imports:import-review", pk)
        if response := self.redirect_to_work(batch):
            return response
        return self.show(*self.layout(batch, request.GET))

    def post(self, request, pk):
        batch = self.get_object()
        if batch.content is None:
            return redirect("imports:import-review", pk)
        if response := self.redirect_to_work(batch):
            return response
        draft, spreadsheet, layout = self.layout(batch, request.POST)
        form = ColumnsForm(request.POST, batch=draft, table=services.table_of(draft, spreadsheet))
        if not draft.kind or not form.is_valid() or form.asks_for_words:
            return self.show(draft, spreadsheet, layout, form)
        try:
            services.choose_columns(
                batch,
                by=request.user,
                kind=draft.kind,
                sheet=draft.sheet,
                header_row=draft.header_row,
                columns=form.chosen(),
                words=form.meanings(),
                with_hidden_rows=draft.with_hidden_rows,
                is_remembered=form.cleaned_data["is_remembered"],
            )
        except (ValidationError, FileRefused) as error:
            add_errors(form, error if isinstance(error, ValidationError) else ValidationError(str(error)))
            return self.show(draft, spreadsheet, layout, form)
        return self.leave_to(batch, services.start_work(services.CHECK, batch, by=request.user))

    def layout(self, batch: ImportBatch, data) -> tuple[ImportBatch, Spreadsheet, LayoutForm]:
        """Return an unsaved copy of the import with the requested layout, its spreadsheet, and the form to show."""
        spreadsheet, draft = unpack_spreadsheet(batch.content), copy.copy(batch)
        sheets = [(sheet.name, sheet_label(sheet)) for sheet in spreadsheet.sheets if sheet.rows]
        wanted = data.get(LayoutForm.query_keys["sheet"], batch.sheet)
        name = wanted if wanted in dict(sheets) else batch.sheet
        sheet = next(sheet for sheet in spreadsheet.sheets if sheet.name == name and sheet.rows)
        rows = header_rows(sheet.rows[:HEADER_WITHIN])
        form = LayoutForm(data if LayoutForm.query_keys["kind"] in data else None, sheets=sheets, header_rows=rows)
        if form.is_bound and form.is_valid():
            self.apply_layout(draft, spreadsheet, form)
        values = {
            "kind": draft.kind,
            "sheet": name,
            "header_row": draft.header_row,
            "shown_sheet": name,
            "with_hidden_rows": draft.with_hidden_rows,
        }
        shown = LayoutForm(sheets=sheets, header_rows=rows, initial=values)
        shown.problems, shown.has_hidden_rows = form.errors, bool(sheet.hidden_rows)
        return draft, spreadsheet, shown

    def apply_layout(self, draft: ImportBatch, spreadsheet: Spreadsheet, form: LayoutForm) -> None:
        """Recognise the columns again, if the layout differs from the stored one."""
        details, header_row = form.cleaned_data, form.wanted_header_row()
        wanted = (details["kind"], details["sheet"], header_row, details["with_hidden_rows"])
        if wanted == (draft.kind, draft.sheet, draft.header_row, draft.with_hidden_rows):
            return
        draft.with_hidden_rows = details["with_hidden_rows"]
        try:
            services.recognise(draft, spreadsheet, kind=details["kind"], sheet=details["sheet"], header_row=header_row)
        except FileRefused as refusal:
            form.add_error("header_row", str(refusal))

    def show(self, draft: ImportBatch, spreadsheet: Spreadsheet, layout: LayoutForm, form: ColumnsForm | None = None):
        table = services.table_of(draft, spreadsheet)
        return self.page(
            "imports/columns.html",
            2,
            batch=draft,
            layout=layout,
            form=form or ColumnsForm(batch=draft, table=table),
            remembered=parse_datetime(draft.mapping.get("remembered", "")),
            hidden_sheets=[sheet.name for sheet in spreadsheet.sheets if sheet.is_hidden],
            hidden_rows=table.hidden_rows,
            remarks=[remark_sentence(remark) for remark in table.remarks if remark["code"] != "hidden_rows"],
            cpr_places=cpr_places(draft, spreadsheet, table),
            stray_columns=stray_columns(table),
            loses_work=self.loses_work(draft),
            row_count=len(table.rows),
            blank_rows=table.blank_rows,
            repeated_header_rows=table.repeated_header_rows,
            earlier=self.earlier(draft),
            failure=failure_of(draft, self.work),
            must_stay_open=services.must_stay_open(draft),
        )

    def loses_work(self, draft: ImportBatch) -> bool:
        """Return whether a change of the sheet would delete corrections and decisions."""
        stored = ImportBatch.objects.values_list("sheet", flat=True).get(pk=draft.pk)
        return draft.sheet != stored and draft.rows.filter(~Q(corrections={}) | ~Q(decision="")).exists()

    def earlier(self, draft: ImportBatch) -> ImportBatch | None:
        """Return an earlier import of the same file into the programme, if there is one."""
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
    """Return the first rows as choices, each with its number and first texts."""
    return [
        (number, f"{number}: {', '.join([text for text in headings_of(cells) if text][:4])[:60]}")
        for number, cells in rows
    ]


def cpr_places(batch: ImportBatch, spreadsheet: Spreadsheet, table: Table) -> list[str]:
    """Return where CPR numbers were removed: columns by heading, names, and the lines above the headings."""
    found = {
        index
        for row in table.rows
        for index, cell in enumerate(row.cells)
        if isinstance(cell, str) and CPR_MARK in cell
    } | {index for index, header in enumerate(table.headers) if CPR_MARK in header}
    above = (cell for sheet in spreadsheet.sheets if sheet.name == table.sheet for cell in cells_above(sheet, table))
    other_places = {
        _("the file's name"): CPR_MARK in batch.file_name,
        _("a sheet's name"): any(CPR_MARK in sheet.name for sheet in spreadsheet.sheets),
        _("the lines above the headings"): any(isinstance(cell, str) and CPR_MARK in cell for cell in above),
    }
    return [
        *(table.column_name(index) for index in sorted(found)),
        *(place for place, is_so in other_places.items() if is_so),
    ]


def cells_above(sheet: Sheet, table: Table) -> Iterator[Cell]:
    return (cell for number, cells in sheet.rows if number < table.header_row for cell in cells)


def stray_columns(table: Table) -> list[tuple[str, int]]:
    """Return the filled columns to the right of the last heading: letters, and the number of filled rows."""
    counts = Counter(
        index for row in table.rows for index in range(table.width, len(row.cells)) if as_text(row.cells[index])
    )
    return [(column_letters(index), count) for index, count in sorted(counts.items())]
