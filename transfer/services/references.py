"""Resolving the references of a branch file: from the key or number of a row to the id of the stored row."""

from collections import Counter, defaultdict

from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from transfer.cells import codec_of, read_cell
from transfer.exclusions import CROSS_BRANCH_REFERENCES
from transfer.tables import BranchColumn, BranchTable, Model
from transfer.unpacking import FilePosition

SHOWN = 60  # characters of a cell in a message
EMPTY = _("the cell is empty.")
UNREADABLE = _("»%(cell)s« cannot be read here.")


class MissingReference(Exception):
    """A row needs a row of another branch that is not in this installation."""


class References:
    """The rows that were read so far, and the users and rows of other branches that the file names."""

    def __init__(self, branch: Branch, tables: tuple[BranchTable, ...], elsewhere: dict[str, list[str]]):
        self.branch = branch
        self.emptied: Counter = Counter()  # references left empty, by table and column
        self.unknown_users: Counter = Counter()
        self._ids: dict[Model, dict[object, int]] = defaultdict(dict)
        self._missing: dict[Model, set] = defaultdict(set)
        self._elsewhere = {name: set(keys) for name, keys in elsewhere.items()}
        self._users: dict[str, int | None] = {}
        self._by_number = {column.target for table in tables for column in table.columns if not column.key}

    def add(self, table: BranchTable, row: int, values: dict, pk: int) -> None:
        """Add a stored row under its number and its key."""
        if table.model in self._by_number:
            self._ids[table.model][row] = pk
        if table.key:
            self._ids[table.model][values[table.key.attname]] = pk

    def add_missing(self, table: BranchTable, row: int) -> None:
        """Note that a row was not stored."""
        self._missing[table.model].add(row)

    def find(self, position: FilePosition, column: BranchColumn, cell: str) -> int | None:
        """Return the id of the row to which a cell refers. Raises MissingReference, and FileRefused if unknown."""
        if cell == "":
            if column.field.null:
                return None
            raise position.refusal("bad_value", EMPTY)
        if column.target is Branch:
            return self.branch.pk  # not the one in the cell: nothing is stored in other branches
        try:
            key = read_cell(codec_of(column.key), cell) if column.key else int(cell)
        except ValueError as error:
            raise position.refusal("bad_value", UNREADABLE, cell=cell[:SHOWN]) from error
        if column.target is User:
            return self._user(key)
        if (pk := self._ids[column.target].get(key)) is not None:
            return pk
        return self._find_elsewhere(position, column, key)

    def _find_elsewhere(self, position: FilePosition, column: BranchColumn, key: object) -> int | None:
        named = self._elsewhere.get(column.target._meta.label_lower, ())
        if column.label in CROSS_BRANCH_REFERENCES and str(key) in named:
            rows = column.target._base_manager.filter(**{column.key.name: key})
            pk = rows.values_list("pk", flat=True).first()
            return self._leave_empty(position, column) if pk is None else pk
        if key in self._missing[column.target]:
            return self._leave_empty(position, column)
        raise position.refusal("bad_value", _("»%(cell)s« refers to nothing in the file."), cell=str(key)[:SHOWN])

    def _leave_empty(self, position: FilePosition, column: BranchColumn) -> None:
        """Count an optional reference as empty. Raises MissingReference for a required one."""
        if not column.field.null:
            raise MissingReference
        self.emptied[f"{position.table.name}.{column.name}"] += 1

    def _user(self, email: str) -> int | None:
        if email not in self._users:
            self._users[email] = User.objects.filter(email__iexact=email).values_list("pk", flat=True).first()
        if self._users[email] is None:
            self.unknown_users[email] += 1
        return self._users[email]
