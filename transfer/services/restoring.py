"""Restore a branch from a branch file into an empty branch: everything, or nothing."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import IO

from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext, gettext_lazy

from accounts.enums import AccessKind
from accounts.models import Branch, User
from accounts.services import lock_branch, record_access
from common.numbering import raise_numbers
from common.spreadsheets import FileRefused
from matching.models import Match
from people.models import Enrolment, Person
from people.statuses import settle_restored
from programmes.enums import ParticipantRole
from transfer.cells import codec_of, read_cell
from transfer.exclusions import INCLUDED_FROM_OTHERS, NUMBER_SERIES
from transfer.services.exporting import migration_state
from transfer.services.references import SHOWN, MissingReference, References
from transfer.services.storing import build_row, clash_refusal, read_value, store_row
from transfer.tables import BranchColumn, BranchRows, BranchTable, branch_tables
from transfer.unpacking import Archive, FilePosition, open_archive

NEWER = gettext_lazy("The file holds %(name)s, which this version of Mentornet does not know. Update Mentornet first.")
NOT_COMPLETE = gettext_lazy("The file is not complete: %(name)s is missing.")
NOT_AS_WRITTEN = gettext_lazy("the row differs from the exported one.")


@dataclass
class RestoredBranch:
    """The result of a restore, with everything that differs from the exported branch. Counts are by table."""

    branch: Branch
    is_new: bool  # the restore created the branch
    rows: dict[str, int] = field(default_factory=dict)  # stored rows
    known: Counter = field(default_factory=Counter)  # rows that were here: shared terms, people of another branch
    left_out: Counter = field(default_factory=Counter)  # rows that need a person of a branch that is not here
    moved_home: int = 0  # people of a branch that is not here, who now belong to the restored branch
    not_in_file: list[str] = field(default_factory=list)  # tables and columns that are newer than the file
    emptied: dict[str, int] = field(default_factory=dict)  # by column: references to a branch that is not here
    unknown_users: dict[str, int] = field(default_factory=dict)  # by e-mail: references to the user

    def figures(self) -> dict:
        """Return the result for JSON."""
        return {
            "branch": self.branch.slug,
            "is_new": self.is_new,
            "rows": sum(self.rows.values()),
            "tables": self.rows,
            "known": dict(self.known),
            "left_out": dict(self.left_out),
            "emptied": self.emptied,
            "unknown_users": self.unknown_users,
            "moved_home": self.moved_home,
            "not_in_file": self.not_in_file,
        }


@transaction.atomic
def restore_branch(file: IO[bytes], *, by: User | None, slug: str = "") -> RestoredBranch:
    """Store the content of a branch file in the branch ``slug`` (default: the one it was exported from). Logged.

    The branch must be empty. The branch of the file is created if it does not exist. Raises FileRefused and stores
    nothing when the file is damaged or of another kind, its numbers are in use, a value is not valid, or a text holds
    a CPR number. The message names the table, row and column, where there is one.

    A file can refer to people of other branches by case number, and so connect them to this branch. Only users who
    run the server may restore a branch, never users of one branch.
    """
    with open_archive(file) as archive:
        archive.check_checksums()
        restored = _Restore(archive, slug).run()
    record_access(
        by=by,
        kind=AccessKind.IMPORT,
        subject=restored.branch,
        branch=restored.branch,
        code="branch_restored",
        values={"branch": restored.branch.name},
        count=sum(restored.rows.values()),
    )
    return restored


def _find_branch(slug: str, own_slug: str) -> tuple[Branch, bool]:
    """Return the branch to restore into, and whether it is new and not stored yet. Raises FileRefused."""
    branch = Branch.objects.filter(slug=slug).first()
    if branch is not None:
        branch = lock_branch(branch.pk)
        _check_empty(branch)
        return branch, False
    if slug != own_slug:
        raise FileRefused("no_branch", gettext("There is no branch %(slug)s."), slug=slug)
    return Branch(slug=slug), True


def _check_empty(branch: Branch) -> None:
    """Raise FileRefused unless the branch has no rows."""
    rows = BranchRows(branch)
    counts = [(table.title, rows.of(table).count()) for table in rows.tables if table.owner]
    if held := [f"{title} ({count})" for title, count in counts if count]:
        raise FileRefused(
            "not_empty",
            gettext("%(branch)s is not empty: %(held)s. A file is read into an empty branch only."),
            branch=branch.name,
            held=", ".join(held),
        )


class _Restore:
    """One restore, table by table."""

    def __init__(self, archive: Archive, slug: str):
        self.archive, self.tables = archive, branch_tables()
        self.own_slug = archive.manifest["branch"]["slug"]
        branch, is_new = _find_branch(slug or self.own_slug, self.own_slug)
        self.result = RestoredBranch(branch, is_new)
        self.references = References(branch, self.tables, archive.manifest["elsewhere"])
        self.is_same_version = archive.manifest["migrations"] == migration_state()
        self._existing: set[tuple[type[models.Model], int]] = set()
        self._series: dict[str, int] = {}
        self._deferred: list[tuple[FilePosition, BranchColumn, int, str]] = []
        self._row: models.Model | None = None  # the row being stored

    def run(self) -> RestoredBranch:
        self._check_tables()
        for table in self.tables:
            if table.name in self.archive.tables:
                self._read_table(table)
        for position, column, pk, cell in self._deferred:
            found = self.references.find(position, column, cell)
            position.table.model._base_manager.filter(pk=pk).update(**{column.field.attname: found})
        for key, last in self._series.items():
            raise_numbers(key, last)
        self._settle()
        self.result.emptied = dict(self.references.emptied)
        self.result.unknown_users = dict(self.references.unknown_users)
        return self.result

    def _settle(self) -> None:
        """Settle the enrolments of the branch, and those of its mentors in other branches, who have its matches now."""
        self._find_by_former_numbers()
        branch = self.result.branch
        mentors = Match.objects.filter(programme__branch=branch).values("mentor")
        of_mentors = models.Q(person__in=mentors, role=ParticipantRole.MENTOR)
        settle_restored(Enrolment.objects.filter(models.Q(programme__branch=branch) | of_mentors))

    def _find_by_former_numbers(self) -> None:
        """Let the search find people by earlier case numbers, which come after the people in the file."""
        named = models.Q(earlier_numbers__isnull=False) | models.Q(merges__isnull=False)
        people = Person.objects.filter(named, home_branch=self.result.branch).distinct()
        for person in people.prefetch_related("earlier_numbers", "merges"):
            Person.objects.filter(pk=person.pk).update(search_text=person.build_search_text())

    def _check_tables(self) -> None:
        """Check that the file has no unknown tables, and lacks only tables that are newer than it."""
        known = {table.name for table in self.tables}
        if unknown := [name for name in self.archive.tables if name not in known]:
            raise FileRefused("unknown_table", NEWER, name=unknown[0][:SHOWN])
        missing = [table for table in self.tables if table.name not in self.archive.tables]
        if missing and (self.is_same_version or missing[0].model is Branch):
            raise FileRefused("missing", NOT_COMPLETE, name=missing[0].file)
        self.result.not_in_file += [table.name for table in missing]

    def _read_table(self, table: BranchTable) -> None:
        position = FilePosition(table)
        rows = self.archive.rows(table)
        columns = self._columns(table, next(rows, []))
        stored = 0
        try:
            with transaction.atomic():
                for cells in rows:
                    position.row, position.column = position.row + 1, ""
                    if len(cells) != len(columns) + 1 or cells[0] != str(position.row):
                        raise position.refusal("bad_row", NOT_AS_WRITTEN)
                    stored += self._read_row(position, dict(zip(columns, cells[1:], strict=True)))
        except (IntegrityError, DataError) as error:
            raise clash_refusal(position, self._row, error) from error
        listed = self.archive.tables[table.name]["rows"]
        if position.row != listed or (table.model is Branch and position.row == 0):
            reason = gettext("the table ends here, but has %(rows)s rows by the list of contents.")
            raise position.refusal("bad_row", reason, rows=listed)
        self.result.rows[table.name] = stored

    def _columns(self, table: BranchTable, headings: list[str]) -> list[BranchColumn]:
        """Return the columns of the headings. Raises FileRefused for unknown, repeated and missing ones."""
        known = {column.name: column for column in table.columns}
        if headings[:1] != ["nr"] or len(set(headings)) != len(headings):
            raise FilePosition(table).refusal("bad_row", NOT_AS_WRITTEN)
        if unknown := [name for name in headings[1:] if name not in known]:
            raise FileRefused("unknown_column", NEWER, name=f"{table.name}.{unknown[0][:SHOWN]}")
        for column in table.columns:
            if column.name in headings:
                continue
            name = f"{table.name}.{column.name}"
            if self.is_same_version or not _is_optional(table, column):
                raise FileRefused("missing", NOT_COMPLETE, name=name)
            self.result.not_in_file.append(name)
        return [known[name] for name in headings[1:]]

    def _read_row(self, position: FilePosition, cells: dict[BranchColumn, str]) -> int:
        """Store a row, unless it is left out or known. Return the number of stored rows, 0 or 1."""
        table = position.table
        try:
            values = {column.field.attname: self._value(position, column, cell) for column, cell in cells.items()}
        except MissingReference:
            self.references.add_missing(table, position.row)
            self.result.left_out[table.name] += 1
            return 0
        position.column = ""
        if table.model is Branch:
            return self._read_branch(position, values)
        if self._is_known(position, cells, values):
            self.result.known[table.name] += 1
            return 0
        pk = self._store(position, values)
        self._deferred += [
            (replace(position, column=column.name), column, pk, cell)
            for column, cell in cells.items()
            if column.is_deferred
        ]
        return 1

    def _value(self, position: FilePosition, column: BranchColumn, cell: str) -> object:
        position.column = column.name
        if column.target is None:
            return read_value(position, column, cell)
        return None if column.is_deferred else self.references.find(position, column, cell)

    def _read_branch(self, position: FilePosition, values: dict) -> int:
        """Create the branch with the values of the file, or leave an existing one unchanged."""
        if position.row != 1 or values["slug"] != self.own_slug:
            raise position.refusal("bad_row", NOT_AS_WRITTEN)
        if not self.result.is_new:
            return 0
        self._store(position, values)
        self.result.branch = self.references.branch = self._row
        return 1

    def _is_known(self, position: FilePosition, cells: dict[BranchColumn, str], values: dict) -> bool:
        """Return whether the row exists: a shared term, a person of another branch, or a row that belongs to one."""
        table = position.table
        if table.matched_by:
            same = table.model._base_manager.filter(**{name: values[name] for name in table.matched_by})
        elif table.model._meta.label in INCLUDED_FROM_OTHERS:
            same = self._rows_of_other_branch(table, cells, values)
        else:
            owner = table.model._meta.get_field(table.owner)
            return (owner.related_model, values[owner.attname]) in self._existing
        pk = same.values_list("pk", flat=True).first()
        if pk is None:
            return False
        self.references.add(table, position.row, values, pk)
        if table.owner:
            self._existing.add((table.model, pk))
        return True

    def _rows_of_other_branch(
        self, table: BranchTable, cells: dict[BranchColumn, str], values: dict
    ) -> models.QuerySet:
        """Return the stored row with the same key and the branch of the file; none for rows of the own branch."""
        owner, cell = next((column, cell) for column, cell in cells.items() if column.name == table.owner)
        home = read_cell(codec_of(owner.key), cell)
        rows = table.model._base_manager
        if home == self.own_slug:
            return rows.none()
        found = rows.filter(**{table.key.name: values[table.key.attname], f"{owner.path}": home})
        self.result.moved_home += not found.exists()
        return found

    def _store(self, position: FilePosition, values: dict) -> int:
        self._row = build_row(position, values)
        store_row(self._row)
        self.references.add(position.table, position.row, values, self._row.pk)
        if taken := NUMBER_SERIES.get(self._row._meta.label, _no_series)(self._row):
            key, number = taken
            self._series[key] = max(number, self._series.get(key, 0))
        return self._row.pk


def _is_optional(table: BranchTable, column: BranchColumn) -> bool:
    """Return whether an older file may lack a column."""
    own = column.field
    return own is not table.key and (own.null or own.blank or own.has_default())


def _no_series(row: models.Model) -> None:
    return None
