"""The tables of a branch, read from the models: what belongs to it, in which order, with which columns.

A model belongs to a branch by the first step of its ``branch_paths``; without them by its first reference that
deletes it along (a language of a person, a word of an enrolment). What neither belongs to a branch nor is left
out, but is referred to, is shared by all branches (the vocabulary): the rows in use come along.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

from accounts.models import Branch, User
from common.scoping import ScopedQuerySet
from transfer.cells import is_supported
from transfer.decisions import COMES_ALONG, LEFT_OUT, LEFT_OUT_COLUMNS, MAY_NAME_OTHERS

Model = type[models.Model]


@dataclass(frozen=True)
class Column:
    """A column of a table. A reference holds the key of what it refers to or, where there is none, its number."""

    field: models.Field
    target: Model | None = None
    key: models.Field | None = None
    is_late: bool = False  # refers to a row that is stored later: filled in at the end

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def place(self) -> str:
        """What the decisions call it."""
        return f"{self.field.model._meta.label}.{self.name}"

    @property
    def path(self) -> str:
        """What to ask the database for."""
        return f"{self.field.name}__{self.key.name}" if self.key else self.field.attname


@dataclass(frozen=True)
class Table:
    """A table in the file. ``owner`` is the reference that ties it to the branch; shared tables have none."""

    model: Model
    columns: tuple[Column, ...]
    owner: str | None = None
    matched_by: tuple[str, ...] = ()  # shared tables: the columns by which a row is known again

    @property
    def name(self) -> str:
        return self.model._meta.label_lower

    @property
    def file(self) -> str:
        return f"tabeller/{self.name}.csv"

    @property
    def key(self) -> models.Field | None:
        return key_of(self.model)

    @property
    def title(self) -> str:
        """What the table is called, in words."""
        meta = self.model._meta
        if not meta.auto_created:
            return capfirst(meta.verbose_name_plural)
        field = next(f for f in meta.auto_created._meta.many_to_many if f.remote_field.through is self.model)
        return f"{capfirst(meta.auto_created._meta.verbose_name_plural)}: {field.verbose_name}"


def our_models() -> list[Model]:
    """Every stored model of the project's own apps, with the tables between two models."""
    return [
        model
        for config in apps.get_app_configs()
        if Path(config.path).parent == settings.BASE_DIR
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


@cache
def branch_tables() -> tuple[Table, ...]:
    """The tables of a branch, each after those it refers to.

    Raises ImproperlyConfigured when a model or column can neither be placed nor is left out on purpose.
    """
    tables, undecided = build_tables(our_models())
    if undecided:
        raise ImproperlyConfigured(" ".join(undecided))
    return tables


def build_tables(known: Sequence[Model]) -> tuple[tuple[Table, ...], list[str]]:
    """The tables that ``known`` models make, in order, and a sentence for everything undecided."""
    candidates = [model for model in known if model._meta.label not in LEFT_OUT]
    owners = _owners(candidates)
    shared = _shared(candidates, owners)
    undecided = [
        f"{model._meta.label}: it does not belong to a branch and nothing refers to it. Name it in LEFT_OUT."
        for model in candidates
        if model not in owners and model not in shared
    ]
    chosen = [model for model in candidates if model in owners or model in shared]
    drafts = {model: _columns(model, owners.get(model), chosen, undecided) for model in chosen}
    undecided += [
        f"{model._meta.label}: all branches share it, but no rule says when two rows are the same."
        for model in chosen
        if model in shared and not matching_columns(model)
    ]
    order = _in_order(drafts, undecided)
    tables = [
        Table(
            model,
            tuple(_placed(column, place, order) for column in drafts[model]),
            owners.get(model),
            matching_columns(model) if model in shared else (),
        )
        for place, model in enumerate(order)
    ]
    return tuple(tables), undecided


def key_of(model: Model) -> models.Field | None:
    """The column by which people and files call a row: a short name, else the first that is unique."""
    unique = [
        field
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key and not field.is_relation and not field.null
    ]
    return next((field for field in unique if isinstance(field, models.SlugField)), unique[0] if unique else None)


def matching_columns(model: Model) -> tuple[str, ...]:
    """The columns that tell two rows of a shared table apart; empty when no rule says so."""
    if key := key_of(model):
        return (key.name,)
    for rule in model._meta.total_unique_constraints:
        if not any(model._meta.get_field(name).is_relation for name in rule.fields):
            return tuple(rule.fields)
    return ()


def _owners(candidates: Sequence[Model]) -> dict[Model, str | None]:
    """By which reference each model belongs to a branch; the branch itself by none."""
    owners: dict[Model, str | None] = {Branch: None}
    for owner_of in (_said_owner, _deleting_owner):
        while found := {
            model: owner
            for model in candidates
            if model not in owners and (owner := owner_of(model, owners.keys())) is not None
        }:
            owners |= found
    return owners


def _said_owner(model: Model, owned: Iterable[Model]) -> str | None:
    """The first step of the model's branch paths."""
    paths = getattr(model, "branch_paths", ())
    name = paths[0].partition("__")[0] if paths else ""
    return name if name and model._meta.get_field(name).related_model in owned else None


def _deleting_owner(model: Model, owned: Iterable[Model]) -> str | None:
    """The first reference to an owned row with which the row is deleted."""
    fields = [] if getattr(model, "branch_paths", ()) else model._meta.concrete_fields
    return next((field.name for field in fields if _deletes_along(field) and field.related_model in owned), None)


def _deletes_along(field: models.Field) -> bool:
    return field.is_relation and not field.null and field.remote_field.on_delete is models.CASCADE


def _shared(candidates: Sequence[Model], owned: Iterable[Model]) -> set[Model]:
    shared: set[Model] = set()
    while True:
        referring = [*owned, *shared]
        found = {
            field.related_model
            for model in referring
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model in candidates
        }
        found -= set(referring)
        if not found:
            return shared
        shared |= found


def _columns(model: Model, owner: str | None, chosen: Sequence[Model], undecided: list[str]) -> list[Column]:
    columns = []
    for field in model._meta.concrete_fields:
        place = f"{model._meta.label}.{field.name}"
        if field.primary_key or field.generated or place in LEFT_OUT_COLUMNS or _refers_to_left_out(field):
            continue
        target = field.related_model if field.is_relation else None
        if target is not None and target not in chosen and not (target is User and field.null):
            undecided.append(f"{place}: it refers to {target._meta.label}, which is not in the file.")
        elif target is None and not is_supported(field):
            undecided.append(f"{place}: no cell can hold a {type(field).__name__} like this.")
        else:
            columns.append(Column(field, target, key_of(target) if target else None))
            if target is Branch and field.name != owner:
                undecided.append(f"{place}: a second branch. Leave it or the table out.")
    return columns


def _refers_to_left_out(field: models.Field) -> bool:
    """A reference to a table that is left out is left out as well, when it may be empty; to users it is an e-mail."""
    target = field.related_model
    return bool(target and field.null and target is not User and target._meta.label in LEFT_OUT)


def left_out_columns(table: Table) -> list[tuple[models.Field, object]]:
    """The columns of a table that are not in the file, each with the reason."""
    found = []
    for field in table.model._meta.concrete_fields:
        if reason := LEFT_OUT_COLUMNS.get(f"{table.model._meta.label}.{field.name}"):
            found.append((field, reason))
        elif _refers_to_left_out(field):
            found.append((field, LEFT_OUT[field.related_model._meta.label]))
    return found


def _in_order(drafts: dict[Model, list[Column]], undecided: list[str]) -> list[Model]:
    """Each model after those it refers to; a circle is opened where a reference may be empty at first."""
    waiting, order = list(drafts), []
    while waiting:
        free = [model for model in waiting if not _blocked(model, drafts[model], waiting)]
        free = free or [model for model in waiting if not _blocked(model, drafts[model], waiting, required=True)]
        if not free:
            undecided.append(f"{', '.join(model._meta.label for model in waiting)}: they refer to one another.")
            return [*order, *waiting]
        order.append(free[0])
        waiting.remove(free[0])
    return order


def _blocked(model: Model, columns: Iterable[Column], waiting: Sequence[Model], *, required: bool = False) -> bool:
    for column in columns:
        if column.target in waiting and (column.target is not model or not column.field.null):
            if column.field.null and required:
                continue
            return True
    return False


def _placed(column: Column, place: int, order: Sequence[Model]) -> Column:
    is_late = column.target in order and order.index(column.target) >= place
    return Column(column.field, column.target, column.key, is_late)


class BranchRows:
    """The rows of one branch, table by table."""

    def __init__(self, branch: Branch, tables: Sequence[Table] | None = None):
        self.branch = branch
        self.tables = tables if tables is not None else branch_tables()
        self._by_model = {table.model: table for table in self.tables}
        self._used: dict[Model, set[int]] = {}

    def of(self, table: Table) -> models.QuerySet:
        """The rows that are in the file, in no order."""
        rows = ScopedQuerySet(model=table.model)
        if table.matched_by:
            return rows.filter(pk__in=self._in_use(table))
        return rows.filter(self._belongs(table))

    def held_by_others(self, table: Table) -> int:
        """How many rows the branch sees and another branch owns: they are not in the file."""
        if not getattr(table.model, "branch_paths", ()):
            return 0
        seen = ScopedQuerySet(model=table.model).in_branches([self.branch.pk])
        return seen.count() - self.of(table).count()

    def _belongs(self, table: Table, prefix: str = "") -> Q:
        """That a row, or the one that ``prefix`` leads to, is in the file: plain joins, which every planner likes."""
        if table.model is Branch:
            return Q(**{f"{prefix}pk": self.branch.pk})
        if table.model._meta.label in COMES_ALONG:
            return self._is_seen(table.model, prefix)
        condition = Q()
        for column in table.columns:
            if column.name == table.owner or self._must_come_along(column):
                condition &= self._belongs(self._by_model[column.target], f"{prefix}{column.name}__")
        return condition

    def _is_seen(self, model: Model, prefix: str) -> Q:
        condition = Q()
        for path in model.branch_paths:
            if path in model.to_many_branch_paths:
                ids = ScopedQuerySet(model=model).filter(**{path: self.branch.pk}).values("pk")
                condition |= Q(**{f"{prefix}pk__in": ids})
            else:
                condition |= Q(**{f"{prefix}{path}": self.branch.pk})
        return condition

    def _must_come_along(self, column: Column) -> bool:
        """Whether a row can be in the file only when the one it refers to is."""
        table = self._by_model.get(column.target)
        return bool(table and table.owner and not column.field.null and column.place not in MAY_NAME_OTHERS)

    def _in_use(self, shared: Table) -> set[int]:
        """The ids of the shared rows that the branch refers to: words of a vocabulary, never many."""
        if shared.model not in self._used:
            self._used[shared.model] = {
                pk
                for table in self.tables
                for column in table.columns
                if column.target is shared.model and table.model is not shared.model
                for pk in self.of(table).order_by().values_list(column.field.attname, flat=True).distinct()
            }
        return self._used[shared.model] - {None}
