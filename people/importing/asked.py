"""Rows whose person another branch knows: which branch, and what became of the question to it."""

from collections.abc import Collection
from dataclasses import dataclass

from people.enums import ImportStatus
from people.models import BranchQuestion, ImportBatch, ImportRow


@dataclass(frozen=True)
class Elsewhere:
    """A branch that knows the person of a row, and the newest question to it about the row."""

    branch: str
    question: BranchQuestion | None = None
    may_ask: bool = False


def branch_named(row: ImportRow) -> int | None:
    """Id of the other branch that a row's remarks name."""
    return next((facts["branch_id"] for facts in _facts(row)), None)


def known_elsewhere(batch: ImportBatch, rows: Collection[ImportRow]) -> dict[int, Elsewhere]:
    """Row id → the branch that knows its person, of those that have one. One query at most."""
    named = {row.pk: facts["branch"] for row in rows for facts in _facts(row)}
    asked = BranchQuestion.objects.filter(row__in=named).select_related("answered_by") if named else []
    newest: dict[int, BranchQuestion] = {}
    for question in asked:
        newest.setdefault(question.row_id, question)
    is_open = batch.status in (ImportStatus.STAGED, ImportStatus.APPLIED)
    return {pk: Elsewhere(branch, newest.get(pk), is_open) for pk, branch in named.items()}


def _facts(row: ImportRow) -> list[dict]:
    return [finding["facts"] for finding in row.findings if finding["code"] == "known_elsewhere"]
