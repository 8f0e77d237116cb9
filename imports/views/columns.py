"""Step 2: choose sheet and header row, the field of each column, and the meaning of unknown words."""

import copy
from collections import Counter
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.generic import View

from common.spreadsheets import Cell, FileRefused, Sheet, Spreadsheet, column_letters
from common.spreadsheets.remarks import remark_sentence
from imports import services
from imports.engine.cells import as_text
from imports.engine.recognition import headings_of
from imports.engine.table import CPR_MARK, HEADER_WITHIN, Table, unpack_spreadsheet
from imports.enums import ImportStatus
from imports.forms import ColumnsForm, LayoutForm
from imports.models import ImportBatch
from imports.views.base import BatchMixin
from people.views.base import add_errors


class ImportColumnsView(BatchMixin, View):
    """Step 2. GET with a layout shows the columns of another sheet or kind, POST stores the choice and checks rows."""

    def get(self, request, pk):
        batch = self.get_object()
        if batch.content is None:
            return redirect("imports:import-review", pk)
        return self.show(*self.layout(batch, request.GET))

    def post(self, request, pk):
        batch = self.get_object()
        if batch.content is None:
            return redirect("imports:import-review", pk)
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
            services.check_import(batch, by=request.user)
        except (ValidationError, FileRefused) as error:
            add_errors(form, error if isinstance(error, ValidationError) else ValidationError(str(error)))
            return self.show(draft, spreadsheet, layout, form)
        return redirect("imports:import-review", pk)

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
