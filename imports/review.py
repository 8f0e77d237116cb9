"""The rows of an import for the pages: lines of the review, rejected rows, and inquiries to other branches."""

import functools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.folding import fold
from imports.engine.fields import normal
from imports.engine.issues import COMPARING, ISSUE_KINDS, Issue
from imports.engine.kind import DUPLICATES, state_codes
from imports.engine.reader import RowReader
from imports.engine.table import SourceRow, Table
from imports.enums import ImportStatus, RowDecision, RowState
from imports.kinds import kind_of
from imports.kinds.person_record import PersonRecord
from imports.models import ImportBatch, ImportRow, RowOrigin
from people.likeness import is_exactly
from people.models import BranchQuestion
from people.names import name_key

SHORTEST_RUN = 2
SHOWN_OF_RUN = 200  # rows that opening a run shows at once
TABS = {
    "": tuple(RowState),
    "new": (RowState.CLEAN,),
    "warned": (RowState.WARNED,),
    "duplicates": DUPLICATES,
    "errors": (RowState.ERROR,),
    "questions": tuple(RowState),
    "skipped": (RowState.SKIPPED,),
}
BADGES = {
    RowState.CLEAN: "new",
    RowState.WARNED: "warning",
    RowState.DUPLICATE_IN_FILE: "duplicate",
    RowState.DUPLICATE_EXISTING: "duplicate",
    RowState.ERROR: "error",
    RowState.SKIPPED: "skipped",
}
DECIDED = {
    RowDecision.SAME: lambda: _("Decided: the same person. Merged when the file is imported."),
    RowDecision.DIFFERENT: lambda: _("Decided: two people. The question is not asked again."),
    RowDecision.HOUSEHOLD: lambda: _("Decided: two people of the same household. The question is not asked again."),
    RowDecision.LATER: lambda: _("To be decided later. Stored as a new person."),
    RowDecision.SKIP: lambda: _("Skipped. Not stored."),
}
DONE = DECIDED | {RowDecision.SAME: lambda: _("Decided: the same person. Merged.")}
UNDONE = DECIDED | {
    RowDecision.SAME: lambda: _("Decided: the same person. Undone with the import."),
    RowDecision.DIFFERENT: lambda: _("Decided: two people. Undone with the import."),
    RowDecision.HOUSEHOLD: lambda: _("Decided: two people of the same household. Undone with the import."),
    RowDecision.LATER: lambda: _("To be decided later. Undone with the import."),
}
HEADINGS = (gettext_lazy("Row in the file"), gettext_lazy("Why it is rejected"))


@dataclass(frozen=True)
class OtherBranch:
    """A branch that knows the person of a row, with the newest question about the row or person."""

    branch: str
    question: BranchQuestion | None = None
    may_ask: bool = False


@dataclass(frozen=True)
class Run:
    """Consecutive clean rows that are folded into one line: first and last row number, and their count."""

    first: int
    last: int
    count: int


class ReviewRow:
    """A row for the page, with sentences that fit the status of its import. ``url``: of the record that it became."""

    def __init__(
        self,
        row: ImportRow,
        singular: object,
        url: str = "",
        *,
        status: str = ImportStatus.STAGED,
        elsewhere: OtherBranch | None = None,
    ):
        self.row, self.singular, self.url, self.elsewhere = row, singular, url, elsewhere
        self.is_decided = status != ImportStatus.STAGED
        self.number, self.label, self.state = row.number, row.label, row.state
        self.badge = "duplicate" if row.has_question else BADGES[RowState(row.state)]
        if row.decision and row.decision != RowDecision.SKIP:
            self.badge = "decided"
        words = DONE if self.is_decided else DECIDED
        if status == ImportStatus.UNDONE and not url:
            words = UNDONE
        self.decided = words[row.decision]() if row.decision else ""
        self.is_corrected = bool(row.corrections)

    @cached_property
    def issues(self) -> list["ShownIssue"]:
        return [ShownIssue(Issue(**values), is_decided=self.is_decided) for values in self.row.issues]

    @property
    def was_accepted(self) -> bool:
        """Whether the row is stored, or was until the import was undone."""
        return self.state in (RowState.CLEAN, RowState.WARNED)

    @property
    def may_be_read(self) -> bool:
        """Whether the import is decided and the cells of the row are not erased."""
        return self.is_decided and bool(self.row.cells)

    @property
    def may_be_compared(self) -> bool:
        """Whether there is a person or another row to compare the row with."""
        return any(issue.code in COMPARING for issue in self.issues)


class ShownIssue:
    """An issue for the page, with a link to the person that it names."""

    def __init__(self, issue: Issue, *, is_decided: bool = False):
        self.title, self.cell, self.code = issue.title, issue.cell, issue.code
        self.value = _("(removed)") if issue.code == "cpr_removed" else issue.value
        self.same = issue.same if issue.facts.get("same") else ""
        self._issue = issue
        kind = ISSUE_KINDS[issue.code]
        self._words = (kind.afterwards if is_decided else "") or kind.sentence

    @property
    def sentence(self) -> SafeString:
        """The sentence as HTML; the name of a known person links to their page."""
        issue = self._issue
        facts = issue.facts | {"where": issue.where, "same": issue.same}
        if facts.get("person_id"):
            url = reverse("people:person-detail", args=[facts["person_id"]])
            facts["name"] = format_html('<a href="{}">{}</a>', url, facts["name"])
        escaped = {name: conditional_escape(value) for name, value in facts.items()}
        return mark_safe(str(conditional_escape(self._words)) % escaped)


def codes_of_tab(batch: ImportBatch, tab: str) -> list[dict]:
    """Return code, name and number of rows of the errors or warnings in a tab, the most frequent first."""
    counts = batch.counts["errors" if tab == "errors" else "warnings"] if tab in ("errors", "warned") else {}
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return [{"code": code, "label": ISSUE_KINDS[code].name, "count": count} for code, count in ordered]


def review_lines(
    batch: ImportBatch, *, tab: str, code: str = "", words: str, opened: tuple[int, int] | None
) -> list[int | Run]:
    """Return the row numbers to show and the runs to fold, in order. A tab, an issue code or a search folds no runs."""
    rows = batch.rows.filter(state__in=TABS[tab]).order_by("number")
    if tab == "questions":
        rows = rows.filter(has_question=True)
    if words:
        return matching_rows(rows, words)
    if code:
        return [
            number
            for number, state, issues in rows.values_list("number", "state", "issues")
            if code in state_codes(state, (issue["code"] for issue in issues))
        ]
    if tab:
        return list(rows.values_list("number", flat=True))
    numbers = rows.values_list("number", "state", "issues", "decision")
    return fold_runs(
        ((number, "shown" if issues or decision else state) for number, state, issues, decision in numbers), opened
    )


def matching_rows(rows, words: str) -> list[int]:
    """Return the numbers of the rows that contain all words, regardless of case and accents."""
    wanted = fold(words).split()
    return [
        number
        for number, label, cells in rows.values_list("number", "label", "cells").iterator()
        if _has_words(fold(" ".join([str(number), label, *cells])), wanted)
    ]


def _has_words(text: str, wanted: Sequence[str]) -> bool:
    return all(word in text for word in wanted)


def fold_runs(numbers: Iterable[tuple[int, str]], opened: tuple[int, int] | None = None) -> list[int | Run]:
    """Fold two or more consecutive clean rows, except those from the first to the second number of ``opened``."""
    lines: list[int | Run] = []
    run: list[int] = []

    def close() -> None:
        if len(run) >= SHORTEST_RUN:
            lines.append(Run(run[0], run[-1], len(run)))
        else:
            lines.extend(run)
        run.clear()

    for number, state in numbers:
        is_opened = opened is not None and opened[0] <= number <= opened[1]
        if state == RowState.CLEAN and not is_opened:
            run.append(number)
        else:
            close()
            lines.append(number)
    close()
    return lines


def shown_lines(batch: ImportBatch, lines: Iterable[int | Run]) -> list[ReviewRow | Run]:
    """Return the lines of a page with their rows and, after the import, the addresses of their records."""
    lines, kind = list(lines), kind_of(batch.kind)
    rows = {row.number: row for row in batch.rows.filter(number__in=[line for line in lines if isinstance(line, int)])}
    is_staged = batch.status == ImportStatus.STAGED
    urls = {} if is_staged else kind.stored_urls(row.pk for row in rows.values())
    elsewhere = other_branches(batch, rows.values())
    shown = {
        number: ReviewRow(
            row, kind.singular, urls.get(row.pk, ""), status=batch.status, elsewhere=elsewhere.get(row.pk)
        )
        for number, row in rows.items()
    }
    return [line if isinstance(line, Run) else shown[line] for line in lines]


def open_run(batch: ImportBatch, first: int, last: int) -> list[ReviewRow | Run]:
    """Return the first rows of a run, and the rest of it as a shorter run."""
    found = batch.rows.filter(number__range=(first, last)).order_by("number")
    numbers = list(found.values_list("number", flat=True))
    shown, rest = numbers[:SHOWN_OF_RUN], numbers[SHOWN_OF_RUN:]
    return shown_lines(batch, [*shown, *([Run(rest[0], rest[-1], len(rest))] if rest else [])])


# ---------------------------------------------------------------- rejected rows


def rejected_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Return rows with cells that are not stored: rows with errors, then duplicates that are not merged."""
    is_duplicate = Q(state__in=DUPLICATES) & ~Q(decision=RowDecision.SAME)
    return batch.rows.filter(Q(state=RowState.ERROR) | is_duplicate).exclude(cells=[]).order_by("-state", "number")


def rejected_list(batch: ImportBatch) -> tuple[list[str], Iterable[list[str]]]:
    """Return headings and rows of the rejected rows: row number, reasons, and the cells of the file.

    The two columns are on the left, so that cells to the right of the last heading keep their place.
    """

    def rows():
        for row in rejected_rows(batch).iterator():
            reasons = [_reason(Issue(**values)) for values in row.issues]
            yield [str(row.number), " ".join(reasons), *row.cells]

    return [*map(str, HEADINGS), *batch.headers], rows()


def _reason(issue: Issue) -> str:
    place = issue.title or issue.cell
    return f"{place}: {issue.sentence}" if place else issue.sentence


@functools.cache
def own_headings() -> frozenset[str]:
    """Return the two added headings in all languages. They do not count when a list is known by its headings."""
    found = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {normal(str(heading)) for heading in HEADINGS}
    return frozenset(found)


# ---------------------------------------------------------------- inquiries to other branches


def reread_row(batch: ImportBatch, row: ImportRow) -> PersonRecord:
    """Read a stored row of a list of people again from its cells."""
    table = Table(sheet=batch.sheet, header_row=batch.header_row, headers=batch.headers)
    source = SourceRow(row.number, [cell or None for cell in row.cells])
    reader = RowReader(table, source, batch.mapping.get("columns", {}), batch.mapping.get("words"))
    return kind_of(batch.kind).read(reader, clock.today())


def branch_named(row: ImportRow) -> int | None:
    """Return the id of the other branch that an issue of the row names, or None."""
    return next((facts["branch_id"] for facts in _facts(row)), None)


def other_branches(batch: ImportBatch, rows: Collection[ImportRow]) -> dict[int, OtherBranch]:
    """Return row id → the branch that knows its person. At most two queries."""
    named = {row.pk: (row, facts) for row in rows for facts in _facts(row)}
    is_open = batch.status in (ImportStatus.STAGED, ImportStatus.APPLIED)
    questions = _questions(batch, named, {facts["branch_id"] for _row, facts in named.values()}) if named else []
    rows_of = _rows_of(questions)
    by_row: dict[int | None, BranchQuestion] = {}
    for question in questions:
        by_row.setdefault(rows_of.get(question.pk), question)
    waiting = [question for question in questions if not question.answer]
    return {
        pk: OtherBranch(facts["branch"], by_row.get(pk) or _asked_before(batch, row, facts, waiting), is_open)
        for pk, (row, facts) in named.items()
    }


def _questions(batch: ImportBatch, row_ids: Iterable[int], branch_ids: Iterable[int]) -> list[BranchQuestion]:
    """Return the questions about the rows and all open ones, because the same file may have been imported before."""
    asking = Q(asking_branch=batch.programme.branch_id, asked_branch__in=branch_ids, answer="")
    about = RowOrigin.objects.filter(model=BranchQuestion._meta.label_lower, row__in=row_ids).values("object_id")
    found = BranchQuestion.objects.filter(asking | Q(pk__in=about)).select_related("answered_by", "person")
    return list(found.defer("person__notes"))


def _rows_of(questions: Iterable[BranchQuestion]) -> dict[int, int]:
    """Return question id → id of the row that it came from. One query."""
    origins = RowOrigin.objects.of_model(BranchQuestion, [question.pk for question in questions])
    return dict(origins.values_list("object_id", "row_id"))


def _asked_before(
    batch: ImportBatch, row: ImportRow, facts: dict, waiting: Iterable[BranchQuestion]
) -> BranchQuestion | None:
    """Return the open question about the row's person that was asked from another row, or None."""
    key = name_key(row.label)
    alike = [
        question
        for question in waiting
        if question.asked_branch_id == facts["branch_id"] and name_key(question.person.name) == key
    ]
    person = reread_row(batch, row).person if alike else None
    return next((question for question in alike if is_exactly(person, question.person)), None)


def _facts(row: ImportRow) -> list[dict]:
    return [issue["facts"] for issue in row.issues if issue["code"] == "known_elsewhere"]
