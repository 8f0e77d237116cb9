"""A file into an empty branch: everything, or nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import IO

from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import AccessKind
from accounts.models import Branch, User
from accounts.services import lock_branch, record_access
from common.numbering import raise_numbers
from common.spreadsheets import FileRefused
from transfer.cells import kind_of, read_cell
from transfer.decisions import COMES_ALONG, SERIES
from transfer.opening import Archive, open_archive
from transfer.places import Place
from transfer.services.exporting import migration_state
from transfer.services.references import SHOWN, References, RowIsElsewhere
from transfer.services.storing import build_row, explain_clash, read_value, store_row
from transfer.tables import BranchRows, Column, Table, branch_tables

NEWER = gettext_lazy("The file holds %(name)s, which this version of Mentornet does not know. Update Mentornet first.")
NOT_COMPLETE = gettext_lazy("The file is not complete: %(name)s is missing.")
NOT_AS_WRITTEN = gettext_lazy("the row is not as it was written.")


@dataclass
class ReadBranch:
    """What was read, and everything that is not as it was where the file comes from. Counts are by table."""

    branch: Branch
    is_new: bool  # the branch was made from the file
    rows: dict[str, int] = field(default_factory=dict)  # stored
    known: Counter = field(default_factory=Counter)  # stood here already: shared words, people of another branch
    left_out: Counter = field(default_factory=Counter)  # need somebody of a branch that is not here
    moved_home: int = 0  # people of a branch that is not here: their home is the branch that was read
    not_in_file: list[str] = field(default_factory=list)  # tables and columns that are newer than the file
    emptied: dict[str, int] = field(default_factory=dict)  # by column: referred to a branch that is not here
    unknown_users: dict[str, int] = field(default_factory=dict)  # e-mail: in how many places it stood

    def figures(self) -> dict:
        """For programs: plain types only."""
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
def import_branch(file: IO[bytes], *, by: User | None, slug: str = "") -> ReadBranch:
    """Store what a file of a branch holds in the branch ``slug`` (default: the one it comes from), and log it.

    The branch must be empty; the file's own branch is made when it is not there. Raises FileRefused, with table, row
    and column where there is one, and stores nothing then: the file is damaged or none of ours, its numbers are
    taken, a value does not fit, a text holds a CPR number.

    A file can name people of other branches by case number and so tie them to this one. That is for those who run
    the server; no user of one branch may be given this.
    """
    with open_archive(file) as archive:
        archive.check_sums()
        read = _Reading(archive, slug).run()
    record_access(
        by=by,
        kind=AccessKind.IMPORT,
        subject=read.branch,
        branch=read.branch,
        detail=read.branch.name,
        count=sum(read.rows.values()),
    )
    return read


def _find_branch(slug: str, own_slug: str) -> tuple[Branch, bool]:
    """The branch to read into, and whether it is still to be made. Raises FileRefused."""
    branch = Branch.objects.filter(slug=slug).first()
    if branch is not None:
        branch = lock_branch(branch.pk)
        _refuse_filled(branch)
        return branch, False
    if slug != own_slug:
        raise FileRefused("no_branch", _("There is no branch %(slug)s."), slug=slug)
    return Branch(slug=slug), True


def _refuse_filled(branch: Branch) -> None:
    rows = BranchRows(branch)
    counts = [(table.title, rows.of(table).count()) for table in rows.tables if table.owner]
    if held := [f"{title} ({count})" for title, count in counts if count]:
        raise FileRefused(
            "not_empty",
            _("%(branch)s is not empty: %(held)s. A file is read into an empty branch only."),
            branch=branch.name,
            held=", ".join(held),
        )


class _Reading:
    """One import, table by table."""

    def __init__(self, archive: Archive, slug: str):
        self.archive, self.tables = archive, branch_tables()
        self.own_slug = archive.manifest["branch"]["slug"]
        branch, is_new = _find_branch(slug or self.own_slug, self.own_slug)
        self.read = ReadBranch(branch, is_new)
        self.references = References(branch, self.tables, archive.manifest["elsewhere"])
        self.is_same_version = archive.manifest["migrations"] == migration_state()
        self._standing: set[tuple[type[models.Model], int]] = set()
        self._series: dict[str, int] = {}
        self._late: list[tuple[Place, Column, int, str]] = []
        self._row: models.Model | None = None  # the one that is being stored

    def run(self) -> ReadBranch:
        self._check_tables()
        for table in self.tables:
            if table.name in self.archive.tables:
                self._read_table(table)
        for place, column, pk, cell in self._late:
            found = self.references.find(place, column, cell)
            place.table.model._base_manager.filter(pk=pk).update(**{column.field.attname: found})
        for key, last in self._series.items():
            raise_numbers(key, last)
        self.read.emptied = dict(self.references.emptied)
        self.read.unknown_users = dict(self.references.unknown_users)
        return self.read

    def _check_tables(self) -> None:
        """Tables may be newer than the file, never the other way round."""
        known = {table.name for table in self.tables}
        if unknown := [name for name in self.archive.tables if name not in known]:
            raise FileRefused("unknown_table", NEWER, name=unknown[0][:SHOWN])
        missing = [table for table in self.tables if table.name not in self.archive.tables]
        if missing and (self.is_same_version or missing[0].model is Branch):
            raise FileRefused("missing", NOT_COMPLETE, name=missing[0].file)
        self.read.not_in_file += [table.name for table in missing]

    def _read_table(self, table: Table) -> None:
        place = Place(table)
        rows = self.archive.rows(table)
        columns = self._columns(table, next(rows, []))
        stored = 0
        try:
            with transaction.atomic():
                for cells in rows:
                    place.row, place.column = place.row + 1, ""
                    if len(cells) != len(columns) + 1 or cells[0] != str(place.row):
                        raise place.refused("bad_row", NOT_AS_WRITTEN)
                    stored += self._read_row(place, dict(zip(columns, cells[1:], strict=True)))
        except (IntegrityError, DataError) as error:
            raise explain_clash(place, self._row, error) from error
        if place.row != self.archive.tables[table.name]["rows"] or (table.model is Branch and place.row == 0):
            raise place.refused(
                "bad_row",
                _("the table ends here, but has %(rows)s rows by the list of contents."),
                rows=self.archive.tables[table.name]["rows"],
            )
        self.read.rows[table.name] = stored

    def _columns(self, table: Table, headings: list[str]) -> list[Column]:
        known = {column.name: column for column in table.columns}
        if headings[:1] != ["nr"] or len(set(headings)) != len(headings):
            raise Place(table).refused("bad_row", NOT_AS_WRITTEN)
        if unknown := [name for name in headings[1:] if name not in known]:
            raise FileRefused("unknown_column", NEWER, name=f"{table.name}.{unknown[0][:SHOWN]}")
        for column in self._missing(table, set(headings)):
            name = f"{table.name}.{column.name}"
            if self.is_same_version or not _can_do_without(table, column):
                raise FileRefused("missing", NOT_COMPLETE, name=name)
            self.read.not_in_file.append(name)
        return [known[name] for name in headings[1:]]

    @staticmethod
    def _missing(table: Table, headings: set[str]) -> Iterator[Column]:
        return (column for column in table.columns if column.name not in headings)

    def _read_row(self, place: Place, cells: dict[Column, str]) -> int:
        """Store one row; returns how many were stored, 0 or 1."""
        table = place.table
        try:
            values = {column.field.attname: self._value(place, column, cell) for column, cell in cells.items()}
        except RowIsElsewhere:
            self.references.forget(table, place.row)
            self.read.left_out[table.name] += 1
            return 0
        place.column = ""
        if table.model is Branch:
            return self._read_branch(place, values)
        if self._is_known(place, cells, values):
            self.read.known[table.name] += 1
            return 0
        pk = self._store(place, values)
        self._late += [
            (replace(place, column=column.name), column, pk, cell) for column, cell in cells.items() if column.is_late
        ]
        return 1

    def _value(self, place: Place, column: Column, cell: str) -> object:
        place.column = column.name
        if column.target is None:
            return read_value(place, column, cell)
        return None if column.is_late else self.references.find(place, column, cell)

    def _read_branch(self, place: Place, values: dict) -> int:
        """The branch itself: made as the file says, or left as it stands."""
        if place.row != 1 or values["slug"] != self.own_slug:
            raise place.refused("bad_row", NOT_AS_WRITTEN)
        if not self.read.is_new:
            return 0
        self._store(place, values)
        self.read.branch = self.references.branch = self._row
        return 1

    def _is_known(self, place: Place, cells: dict[Column, str], values: dict) -> bool:
        """Whether the row stands here already: a shared word, somebody of another branch, or what hangs on them."""
        table = place.table
        if table.matched_by:
            same = table.model._base_manager.filter(**{name: values[name] for name in table.matched_by})
        elif table.model._meta.label in COMES_ALONG:
            same = self._at_home_elsewhere(table, cells, values)
        else:
            owner = table.model._meta.get_field(table.owner)
            return (owner.related_model, values[owner.attname]) in self._standing
        pk = same.values_list("pk", flat=True).first()
        if pk is None:
            return False
        self.references.keep(table, place.row, values, pk)
        if table.owner:
            self._standing.add((table.model, pk))
        return True

    def _at_home_elsewhere(self, table: Table, cells: dict[Column, str], values: dict) -> models.QuerySet:
        owner, cell = next((column, cell) for column, cell in cells.items() if column.name == table.owner)
        home = read_cell(kind_of(owner.key), cell)
        rows = table.model._base_manager
        if home == self.own_slug:
            return rows.none()
        found = rows.filter(**{table.key.name: values[table.key.attname], f"{owner.path}": home})
        self.read.moved_home += not found.exists()
        return found

    def _store(self, place: Place, values: dict) -> int:
        self._row = build_row(place, values)
        store_row(self._row)
        self.references.keep(place.table, place.row, values, self._row.pk)
        if taken := SERIES.get(self._row._meta.label, _no_series)(self._row):
            key, number = taken
            self._series[key] = max(number, self._series.get(key, 0))
        return self._row.pk


def _can_do_without(table: Table, column: Column) -> bool:
    """Whether rows of an older file are whole without a column that came later."""
    own = column.field
    return own is not table.key and (own.null or own.blank or own.has_default())


def _no_series(row: models.Model) -> None:
    return None
