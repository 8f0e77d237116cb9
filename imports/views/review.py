"""Step 3: review the rows, and correct, decide and ask about one; later, read them."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import View
from django_htmx.http import reswap, retarget

from accounts.enums import AccessKind
from common.lists import SEARCH_KEY, page_of
from common.spreadsheets import spreadsheet_response
from common.toasts import show_toast
from imports import services
from imports.enums import ImportStatus
from imports.forms import CellsForm, DecisionForm
from imports.kinds import kind_of
from imports.models import ImportBatch, ImportRow
from imports.review import TABS, codes_of_tab, open_run, rejected_list, rejected_rows, review_lines, shown_lines
from imports.row_detail import RowDetail, imported_row_detail, row_detail
from imports.services.undoing import kind_in_words, removed_in_words, why_kept
from imports.views.base import REVIEWED, STEPS, BatchMixin, failure_of
from people.forms.questions import AskForm
from people.views.base import try_act

LINES_PER_PAGE = 100
ALWAYS_SHOWN = ("", "new", "warned", "duplicates", "errors")  # tabs that are shown even when empty
DECIDED = (ImportStatus.APPLIED, ImportStatus.UNDONE)
TEMPLATES = {
    ImportStatus.STAGED: "imports/review.html",
    ImportStatus.APPLIED: "imports/result.html",
    ImportStatus.UNDONE: "imports/result.html",
}


class ImportReviewView(BatchMixin, View):
    """The rows of an import, each with what will happen to it or with what it became."""

    def get(self, request, pk):
        batch = self.get_object()
        if response := self.redirect_unless(batch, *REVIEWED):
            return response
        self.log(batch, AccessKind.READ, batch.counts["rows"])
        step = 3 if batch.status == ImportStatus.STAGED else len(STEPS) + 1
        failure = failure_of(batch, self.work)
        return self.page(TEMPLATES[batch.status], step, failure=failure, **review_context(request, batch))


def review_context(request, batch: ImportBatch) -> dict:
    """Return the context of the review for the query keys fane (tab), kode (code of an issue), soeg, side and aabn."""
    query = request.GET
    kind = kind_of(batch.kind)
    tab = query.get("fane", "") if query.get("fane", "") in TABS else ""
    codes = codes_of_tab(batch, tab)
    code = query.get("kode", "") if query.get("kode", "") in {item["code"] for item in codes} else ""
    words = query.get(SEARCH_KEY, "").strip()[:100]
    lines = review_lines(batch, tab=tab, code=code, words=words, opened=parse_run(query.get("aabn", "")))
    page = page_of(request, lines, LINES_PER_PAGE)
    return {
        "batch": batch,
        "kind": kind,
        "tabs": tabs_of(batch, tab),
        "tab": tab,
        "codes": codes,
        "code": code,
        "words": words,
        "page_obj": page,
        "lines": shown_lines(batch, page.object_list),
        "list_url": kind.list_url(),
        "rejected": rejected_counts(batch),
        "has_rejected": has_rejected(batch),
        "must_stay_open": services.must_stay_open(batch),
        **undo_context(batch),
    }


def undo_context(batch: ImportBatch) -> dict:
    """Return until when the import can be undone or, if it was undone, what that did."""
    is_applied = batch.status == ImportStatus.APPLIED
    return {
        "undo_days": settings.IMPORT_UNDO_DAYS,
        "undone": undone_facts(batch) if batch.status == ImportStatus.UNDONE else None,
        "undoable_until": services.undoable_until(batch) if is_applied else None,
        "can_undo": is_applied and services.is_undoable(batch),
    }


def parse_run(text: str) -> tuple[int, int] | None:
    """Return the row numbers of a text such as `15-46`, or None."""
    run = re.fullmatch(r"(\d{1,7})-(\d{1,7})", text)
    return (int(run[1]), int(run[2])) if run else None


def rejected_counts(batch: ImportBatch) -> dict[str, int]:
    """Return how many rows are not stored as new records, by reason, and how many wait for a decision."""
    counts = batch.counts
    return {
        "errors": counts["error_rows"],
        "duplicates": counts["duplicates_in_file"] + counts["duplicates_existing"] - counts.get("merged", 0),
        "skipped": counts.get("skipped", 0),
        "merged": counts.get("merged", 0),
        "questions": counts.get("questions", 0),
    }


def has_rejected(batch: ImportBatch) -> bool:
    """Return whether there are rejected rows to download. Undoing an import erases the cells of most rows."""
    if batch.status == ImportStatus.UNDONE:
        return rejected_rows(batch).exists()
    return bool(batch.counts["error_rows"] or rejected_counts(batch)["duplicates"])


def undone_facts(batch: ImportBatch) -> dict:
    """Return what undoing the import did, for the page."""
    summary = batch.undo_summary
    return {
        "removed": removed_in_words(summary),
        "set_back": summary["set_back"],
        "left": len(summary["left"]),
        "kept": kept_records(summary),
    }


def kept_records(summary: dict) -> list[dict]:
    """Return the records that undoing keeps, each with the reason, and people with a link."""
    return [
        {
            "what": capfirst(kind_in_words(line)),
            "number": line["number"],
            "url": reverse("people:person-detail", args=[line["pk"]]) if line["model"] == "people.person" else "",
            "why": why_kept(line),
        }
        for line in summary["kept"]
    ]


def tabs_of(batch: ImportBatch, current: str) -> list[dict]:
    """Return the tabs with their counts. Empty tabs about decisions and skipped rows are left out."""
    counts = batch.counts
    duplicates = counts["duplicates_in_file"] + counts["duplicates_existing"]
    open_questions = counts.get("questions", 0) if batch.status == ImportStatus.STAGED else 0
    tabs = [
        ("", _("All rows"), "", counts["rows"]),
        ("new", _("New ones"), "new", counts["clean"]),
        ("warned", _("Warnings"), "warning", counts["warned"]),
        ("duplicates", _("Duplicates"), "duplicate", duplicates),
        ("errors", _("Errors"), "error", counts["error_rows"]),
        ("questions", _("To decide"), "duplicate", open_questions),
        ("skipped", _("Skipped"), "skipped", counts.get("skipped", 0)),
    ]
    return [
        {"key": key, "label": label, "state": state, "count": count, "is_here": key == current}
        for key, label, state, count in tabs
        if count or key == current or key in ALWAYS_SHOWN
    ]


class ImportRunView(BatchMixin, View):
    """The rows of a folded run. Without htmx, redirects to the review with the run open."""

    def get(self, request, pk, first, last):
        batch = self.get_object()
        if response := self.redirect_unless(batch, *REVIEWED):
            return response
        if not request.htmx:
            return redirect(f"{reverse('imports:import-review', args=[pk])}?aabn={first}-{last}#r{first}")
        lines = open_run(batch, first, last)
        return render(request, "imports/_lines.html", {"lines": lines, "batch": batch})


class ImportErrorListView(BatchMixin, View):
    """The rejected rows as a spreadsheet with the reasons, to correct and import again."""

    def get(self, request, pk):
        batch = self.get_object()
        if batch.status not in REVIEWED:
            return redirect("imports:import-review", pk)
        self.log(batch, AccessKind.EXPORT, rejected_rows(batch).count())
        headings, rows = rejected_list(batch)
        name = _("Rejected rows of %(file)s") % {"file": Path(batch.file_name).stem}
        return spreadsheet_response(name, headings, rows)


# ---------------------------------------------------------------- one row


class RowMixin(BatchMixin):
    """A page or an act of one row."""

    def get_row(self) -> tuple[ImportBatch, ImportRow]:
        batch = self.get_object()
        row = batch.rows.filter(number=self.kwargs["number"]).first()
        if row is None or batch.status == ImportStatus.DISCARDED:
            raise Http404
        return batch, row

    def show_review(self, batch: ImportBatch) -> HttpResponse:
        """Show the review after an act: with htmx in place, otherwise as a page, scrolled to the row."""
        number = self.kwargs["number"]
        address = reverse("imports:import-review", args=[batch.pk])
        if batch.status == ImportStatus.READ:  # a long list, to be checked again
            return self.leave_to(batch, services.start_work(services.CHECK, batch, by=self.request.user))
        if not self.request.htmx:
            return redirect(f"{address}?{self.request.GET.urlencode()}#r{number}")
        if batch.status != ImportStatus.STAGED:
            return self.redirect(address)
        context = review_context(self.request, batch)
        return render(self.request, "imports/_review.html", {**context, "changed_row": number})

    def show_row(self, batch: ImportBatch, detail: RowDetail, form: CellsForm) -> HttpResponse:
        """Show the row to edit: with htmx under its line of the review, otherwise as a page."""
        context = {"batch": batch, "detail": detail, "form": form, "query": self.request.GET.urlencode()}
        context["in_review"] = bool(self.request.htmx)
        if not self.request.htmx:
            return self.page("imports/row.html", 3, **context)
        response = render(self.request, "imports/_row_open.html", context)
        return reswap(retarget(response, f"#open-{detail.row.number}"), "outerHTML")


class ImportRowView(RowMixin, View):
    """A row with its cells to correct and the person it looks like; after the import, to read."""

    def get(self, request, pk, number):
        batch, row = self.get_row()
        if batch.status in DECIDED and not request.htmx:
            self.log(batch, AccessKind.READ, 1)
            detail = imported_row_detail(batch, row)
            return self.page("imports/row_read.html", len(STEPS) + 1, batch=batch, detail=detail)
        if response := self.redirect_unless(batch, ImportStatus.STAGED):
            return response
        if request.htmx and "luk" in request.GET:
            return render(request, "imports/_row_closed.html", {"number": number})
        self.log(batch, AccessKind.READ, 1)
        detail = row_detail(batch, row, request.user)
        return self.show_row(batch, detail, CellsForm(detail=detail))

    def post(self, request, pk, number):
        batch, row = self.get_row()
        if response := self.redirect_unless(batch, ImportStatus.STAGED):
            return response
        detail = row_detail(batch, row, request.user)
        form = CellsForm(request.POST, detail=detail)
        if not form.is_valid():
            return self.show_row(batch, detail, form)
        try:
            batch = services.correct_cells(batch, by=request.user, number=number, cells=form.changed_cells())
        except ValidationError as error:
            if response := self.redirect_unless(self.get_object(), ImportStatus.STAGED):
                return response
            form.add_error(None, error)
            return self.show_row(batch, detail, form)
        return self.show_review(batch)


class ImportDecideView(RowMixin, View):
    """Decide about a row: the same person, two people, decide later or skip; or undo the decision."""

    def post(self, request, pk, number):
        batch, _row = self.get_row()
        if response := self.redirect_unless(batch, ImportStatus.STAGED):
            return response
        form = DecisionForm(request.POST)
        if form.is_valid():
            try:
                batch = services.decide_row(batch, by=request.user, number=number, **form.cleaned_data)
            except ValidationError as error:
                if response := self.redirect_unless(self.get_object(), ImportStatus.STAGED):
                    return response
                messages.warning(request, " ".join(error.messages))
        return self.show_review(batch)


class ImportAskView(RowMixin, View):
    """Ask the branch that knows the person of a row."""

    def post(self, request, pk, number):
        batch, _row = self.get_row()
        if response := self.redirect_unless(batch, ImportStatus.STAGED, ImportStatus.APPLIED):
            return response
        form = AskForm(request.POST)
        if form.is_valid() and try_act(
            form, lambda: services.ask_about_row(batch, number, by=request.user, **form.cleaned_data)
        ):
            show_toast(request, _("The question is sent."))
        else:
            messages.warning(request, " ".join(text for texts in form.errors.values() for text in texts))
            batch = self.get_object()  # another user may have applied it meanwhile
        return self.show_review(batch)
