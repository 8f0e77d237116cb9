"""Step 3: every row with what happens to it. Once imported: what came of it, and once undone, what was taken back."""

import re
from pathlib import Path

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.enums import AccessKind
from common.lists import SEARCH_KEY, page_of
from common.spreadsheets import spreadsheet_response
from imports import services
from imports.enums import ImportStatus
from imports.kinds import registry
from imports.models import ImportBatch
from imports.review.lines import (
    TABS,
    codes_of_tab,
    open_run,
    review_lines,
    shown_lines,
)
from imports.review.rejected_rows import rejected_list, rejected_rows
from imports.services.undoing import kind_in_words, removed_in_words, why_kept
from imports.views.base import REVIEWED, STEPS, BatchMixin

LINES_PER_PAGE = 100
ALWAYS = ("", "new", "warned", "duplicates", "errors")  # tabs that stand there also with nothing in them
TEMPLATES = {
    ImportStatus.STAGED: "imports/review.html",
    ImportStatus.APPLIED: "imports/result.html",
    ImportStatus.UNDONE: "imports/result.html",
}


class ImportReviewView(BatchMixin, View):
    """The rows of an import."""

    def get(self, request, pk):
        batch = self.get_object()
        if elsewhere := self.refuse_unless(batch, *REVIEWED):
            return elsewhere
        self.log(batch, AccessKind.READ, batch.counts["rows"])
        is_decided = batch.status != ImportStatus.STAGED
        return self.page(TEMPLATES[batch.status], len(STEPS) + 1 if is_decided else 3, **review_context(request, batch))


def review_context(request, batch: ImportBatch) -> dict:
    """All that the review shows, as the address asks for it: tab, kind of remark, words, page, open run."""
    asked = request.GET
    kind = registry.kind_of(batch.kind)
    tab = asked.get("tab", "") if asked.get("tab", "") in TABS else ""
    codes = codes_of_tab(batch, tab)
    code = asked.get("code", "") if asked.get("code", "") in {item["code"] for item in codes} else ""
    words = asked.get(SEARCH_KEY, "").strip()[:100]
    lines = review_lines(batch, tab=tab, code=code, words=words, opened=opened_run(asked.get("open", "")))
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
        "held_back": held_back(batch),
        "has_held_back": has_held_back(batch),
        "undo_days": settings.IMPORT_UNDO_DAYS,
        "undone": undone_facts(batch) if batch.status == ImportStatus.UNDONE else None,
        "undoable_until": services.undoable_until(batch) if batch.status == ImportStatus.APPLIED else None,
        "can_undo": batch.status == ImportStatus.APPLIED and services.is_undoable(batch),
    }


def held_back(batch: ImportBatch) -> dict:
    """How many rows are not stored as they stand, by why."""
    counts = batch.counts
    return {
        "errors": counts["error_rows"],
        "duplicates": counts["duplicates_in_file"] + counts["duplicates_existing"] - counts.get("merged", 0),
        "skipped": counts.get("skipped", 0),
        "merged": counts.get("merged", 0),
        "questions": counts.get("questions", 0),
    }


def has_held_back(batch: ImportBatch) -> bool:
    """Whether there are held-back rows to download; of an import that was undone most are emptied."""
    if batch.status == ImportStatus.UNDONE:
        return rejected_rows(batch).exists()
    return bool(batch.counts["error_rows"] or held_back(batch)["duplicates"])


def undone_facts(batch: ImportBatch) -> dict:
    """The summary of undoing in words."""
    summary = batch.undo_summary
    return {
        "removed": removed_in_words(summary),
        "set_back": summary["set_back"],
        "left": len(summary["left"]),
        "kept": kept_lines(summary),
    }


def kept_lines(summary: dict) -> list[dict]:
    """What stays, with a link to people; those between two records are not worth a line."""
    return [
        {
            "what": capfirst(kind_in_words(line)),
            "number": line["number"],
            "url": reverse("people:person-detail", args=[line["pk"]]) if line["model"] == "people.person" else "",
            "why": why_kept(line),
        }
        for line in summary["kept"]
    ]


def opened_run(text: str) -> tuple[int, int] | None:
    """`15-46` as two row numbers."""
    run = re.fullmatch(r"(\d{1,7})-(\d{1,7})", text)
    return (int(run[1]), int(run[2])) if run else None


def tabs_of(batch: ImportBatch, current: str) -> list[dict]:
    """The tabs with their counts; those about decisions and skipped rows only when there are any."""
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
        if count or key == current or key in ALWAYS
    ]


class ImportRunView(BatchMixin, View):
    """The rows of a folded run; without htmx, the review with the run open."""

    def get(self, request, pk, first, last):
        batch = self.get_object()
        if elsewhere := self.refuse_unless(batch, *REVIEWED):
            return elsewhere
        if not request.htmx:
            return redirect(f"{reverse('imports:import-review', args=[pk])}?open={first}-{last}#r{first}")
        lines = open_run(batch, first, last)
        return render(request, "imports/_lines.html", {"lines": lines, "batch": batch})


class ImportErrorListView(BatchMixin, View):
    """The held-back rows as a spreadsheet with the reasons, to be corrected and imported again."""

    def get(self, request, pk):
        batch = self.get_object()
        if batch.status not in REVIEWED:
            return redirect("imports:import-review", pk)
        self.log(batch, AccessKind.EXPORT, rejected_rows(batch).count())
        headings, rows = rejected_list(batch)
        name = _("Held back from %(file)s") % {"file": Path(batch.file_name).stem}
        return spreadsheet_response(name, headings, rows)
