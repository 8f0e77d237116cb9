"""By which number or key a file calls a row, and which stored row that is."""

from collections import Counter, defaultdict

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from transfer.cells import kind_of, read_cell
from transfer.decisions import MAY_NAME_OTHERS
from transfer.places import Place
from transfer.tables import Column, Table

Model = type[models.Model]
SHOWN = 60  # characters of a cell in a refusal
EMPTY = _("the cell is empty.")
UNREADABLE = _("»%(cell)s« cannot be read here.")


class RowIsElsewhere(Exception):
    """The row needs another that, as the file says, belonged to a branch that is not here."""


class References:
    """The rows that were read so far, and the users and other branches' rows that the file names."""

    def __init__(self, branch: Branch, tables: tuple[Table, ...], elsewhere: dict[str, list[str]]):
        self.branch = branch
        self.emptied: Counter = Counter()  # references to rows of branches that are not here, by table and column
        self.unknown_users: Counter = Counter()
        self._ids: dict[Model, dict[object, int]] = defaultdict(dict)
        self._gone: dict[Model, set] = defaultdict(set)
        self._elsewhere = {name: set(keys) for name, keys in elsewhere.items()}
        self._users: dict[str, int | None] = {}
        self._by_number = {column.target for table in tables for column in table.columns if not column.key}

    def keep(self, table: Table, row: int, values: dict, pk: int) -> None:
        """Remember what the file calls a row."""
        if table.model in self._by_number:
            self._ids[table.model][row] = pk
        if table.key:
            self._ids[table.model][values[table.key.attname]] = pk

    def forget(self, table: Table, row: int) -> None:
        """Remember that a row was not stored."""
        self._gone[table.model].add(row)

    def find(self, place: Place, column: Column, cell: str) -> int | None:
        """The id of what a cell refers to. Raises RowIsElsewhere, and FileRefused for what nothing explains."""
        if cell == "":
            if column.field.null:
                return None
            raise place.refused("bad_value", EMPTY)
        if column.target is Branch:
            return self.branch.pk  # whosever it was: nothing is written into other branches
        try:
            called = read_cell(kind_of(column.key), cell) if column.key else int(cell)
        except ValueError as error:
            raise place.refused("bad_value", UNREADABLE, cell=cell[:SHOWN]) from error
        if column.target is User:
            return self._user(called)
        if (pk := self._ids[column.target].get(called)) is not None:
            return pk
        return self._find_elsewhere(place, column, called)

    def _find_elsewhere(self, place: Place, column: Column, called: object) -> int | None:
        named = self._elsewhere.get(column.target._meta.label_lower, ())
        if column.place in MAY_NAME_OTHERS and str(called) in named:
            rows = column.target._base_manager.filter(**{column.key.name: called})
            pk = rows.values_list("pk", flat=True).first()
            return self._nobody(place, column) if pk is None else pk
        if called in self._gone[column.target]:
            return self._nobody(place, column)
        raise place.refused("bad_value", _("»%(cell)s« refers to nothing in the file."), cell=str(called)[:SHOWN])

    def _nobody(self, place: Place, column: Column) -> None:
        if not column.field.null:
            raise RowIsElsewhere
        self.emptied[f"{place.table.name}.{column.name}"] += 1

    def _user(self, email: str) -> int | None:
        if email not in self._users:
            self._users[email] = User.objects.filter(email__iexact=email).values_list("pk", flat=True).first()
        if self._users[email] is None:
            self.unknown_users[email] += 1
        return self._users[email]
