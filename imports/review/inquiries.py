"""Inquiries about rows whose person another branch knows: the branch, and the question to it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from common import clock
from imports.engine.reader import RowReader
from imports.engine.table import SourceRow, Table
from imports.enums import ImportStatus
from imports.kinds import kind_of
from imports.kinds.people.record import PersonRecord
from imports.models import ImportBatch, ImportRow, RowOrigin
from people.likeness import is_exactly
from people.models import BranchQuestion
from people.names import name_key


@dataclass(frozen=True)
class OtherBranch:
    """A branch that knows the person of a row, with the newest question about the row or person."""

    branch: str
    question: BranchQuestion | None = None
    may_ask: bool = False


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
