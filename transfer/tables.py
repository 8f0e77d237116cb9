"""The tables of a branch file, derived from the models: which rows belong to a branch, in which order and columns.

A model belongs to a branch by the first step of its ``branch_paths``; without these, by its first cascading reference
(a language of a person, a term of an enrolment). Other models to which these refer are shared by all branches, such
as the vocabulary: the file holds their rows in use.
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
from transfer.exclusions import CROSS_BRANCH_REFERENCES, EXCLUDED_COLUMNS, EXCLUDED_TABLES, INCLUDED_FROM_OTHERS

Model = type[models.Model]


@dataclass(frozen=True)
class BranchColumn:
    """A column of a table. A reference holds the key of its target row or, without a key, its row number."""

    field: models.Field
    target: Model | None = None
    key: models.Field | None = None
    is_deferred: bool = False  # refers to a row that is read later; set after all rows are stored

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def label(self) -> str:
        """The name in ``transfer.exclusions``, such as ``people.Person.notes``."""
        return f"{self.field.model._meta.label}.{self.name}"

    @property
    def path(self) -> str:
        """The lookup of its value in a query."""
        return f"{self.field.name}__{self.key.name}" if self.key else self.field.attname


@dataclass(frozen=True)
class BranchTable:
    """A table in the file. ``owner`` is the reference by which it belongs to the branch; shared tables have none."""

    model: Model
    columns: tuple[BranchColumn, ...]
    owner: str | None = None
    matched_by: tuple[str, ...] = ()  # shared tables: the columns that identify a row

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
        """The plural name of the model; of a many-to-many table, with the name of its field."""
        meta = self.model._meta
        if not meta.auto_created:
            return capfirst(meta.verbose_name_plural)
        field = next(f for f in meta.auto_created._meta.many_to_many if f.remote_field.through is self.model)
        return f"{capfirst(meta.auto_created._meta.verbose_name_plural)}: {field.verbose_name}"


def our_models() -> list[Model]:
    """Return the stored models of the project's own apps, many-to-many tables included."""
    return [
        model
        for config in apps.get_app_configs()
        if Path(config.path).parent == settings.BASE_DIR
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


@cache
def branch_tables() -> tuple[BranchTable, ...]:
    """Return the tables of a branch, each after those to which it refers.

    Raises ImproperlyConfigured for a model or column that neither fits the rules nor is excluded.
    """
    tables, undecided = build_tables(our_models())
    if undecided:
        raise ImproperlyConfigured(" ".join(undecided))
    return tables


def build_tables(all_models: Sequence[Model]) -> tuple[tuple[BranchTable, ...], list[str]]:
    """Return the tables of the models in order, and a sentence for each model or column that fits no rule."""
    candidates = [model for model in all_models if model._meta.label not in EXCLUDED_TABLES]
    owners = _owners(candidates)
    shared = _shared(candidates, owners)
    chosen = [model for model in candidates if model in owners or model in shared]
    undecided = [
        f"{model._meta.label}: it does not belong to a branch and nothing refers to it. Add it to EXCLUDED_TABLES."
        for model in candidates
        if model not in chosen
    ]
    columns = {model: _columns(model, owners.get(model), chosen, undecided) for model in chosen}
    matched_by = {model: matching_columns(model) for model in chosen if model in shared}
    undecided += [
        f"{model._meta.label}: all branches share it, but no rule says when two rows are the same."
        for model, names in matched_by.items()
        if not names
    ]
    tables = []
    for index, model in enumerate(order := _in_order(columns, undecided)):
        own_columns = tuple(_with_deferral(column, index, order) for column in columns[model])
        tables.append(BranchTable(model, own_columns, owners.get(model), matched_by.get(model, ())))
    return tuple(tables), undecided


def key_of(model: Model) -> models.Field | None:
    """Return the column that identifies a row for users and files: its slug, else the first unique one."""
    unique = [
        field
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key and not field.is_relation and not field.null
    ]
    return next((field for field in unique if isinstance(field, models.SlugField)), unique[0] if unique else None)


def matching_columns(model: Model) -> tuple[str, ...]:
    """Return the columns that identify a row of a shared table; empty when no constraint does."""
    if key := key_of(model):
        return (key.name,)
    for rule in model._meta.total_unique_constraints:
        if not any(model._meta.get_field(name).is_relation for name in rule.fields):
            return tuple(rule.fields)
    return ()


def _owners(candidates: Sequence[Model]) -> dict[Model, str | None]:
    """Return the reference by which each model belongs to a branch; None for the branch itself."""
    owners: dict[Model, str | None] = {Branch: None}
    for owner_of in (_owner_by_path, _owner_by_cascade):
        while found := {
            model: owner
            for model in candidates
            if model not in owners and (owner := owner_of(model, owners.keys())) is not None
        }:
            owners |= found
    return owners


def _owner_by_path(model: Model, owned: Iterable[Model]) -> str | None:
    """Return the first step of the model's ``branch_paths``."""
    paths = getattr(model, "branch_paths", ())
    name = paths[0].partition("__")[0] if paths else ""
    return name if name and model._meta.get_field(name).related_model in owned else None


def _owner_by_cascade(model: Model, owned: Iterable[Model]) -> str | None:
    """Return the first cascading reference to a model that belongs to a branch."""
    fields = [] if getattr(model, "branch_paths", ()) else model._meta.concrete_fields
    return next((field.name for field in fields if _cascades(field) and field.related_model in owned), None)


def _cascades(field: models.Field) -> bool:
    return field.is_relation and not field.null and field.remote_field.on_delete is models.CASCADE


def _shared(candidates: Sequence[Model], owned: Iterable[Model]) -> set[Model]:
    """Return the other models to which the owned models refer, directly or by each other."""
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


def _columns(model: Model, owner: str | None, chosen: Sequence[Model], undecided: list[str]) -> list[BranchColumn]:
    columns = []
    for field in model._meta.concrete_fields:
        label = f"{model._meta.label}.{field.name}"
        if field.primary_key or field.generated or label in EXCLUDED_COLUMNS or _refers_to_excluded(field):
            continue
        target = field.related_model if field.is_relation else None
        if target is not None and target not in chosen and not (target is User and field.null):
            undecided.append(f"{label}: it refers to {target._meta.label}, which is not in the file.")
        elif target is None and not is_supported(field):
            undecided.append(f"{label}: no cell can hold a {type(field).__name__} like this.")
        else:
            columns.append(BranchColumn(field, target, key_of(target) if target else None))
            if target is Branch and field.name != owner:
                undecided.append(f"{label}: a second branch. Leave it or the table out.")
    return columns


def _refers_to_excluded(field: models.Field) -> bool:
    """Return whether a column is an optional reference to an excluded table; users count as not excluded."""
    target = field.related_model
    return bool(target and field.null and target is not User and target._meta.label in EXCLUDED_TABLES)


def excluded_columns(table: BranchTable) -> list[tuple[models.Field, object]]:
    """Return the columns of a table that are not in the file, each with the reason."""
    found = []
    for field in table.model._meta.concrete_fields:
        if reason := EXCLUDED_COLUMNS.get(f"{table.model._meta.label}.{field.name}"):
            found.append((field, reason))
        elif _refers_to_excluded(field):
            found.append((field, EXCLUDED_TABLES[field.related_model._meta.label]))
    return found


def _in_order(columns: dict[Model, list[BranchColumn]], undecided: list[str]) -> list[Model]:
    """Return the models sorted after those to which they refer; optional references are ignored within a circle."""
    waiting, order = list(columns), []
    while waiting:
        free = _unblocked(columns, waiting) or _unblocked(columns, waiting, required_only=True)
        if not free:
            undecided.append(f"{', '.join(model._meta.label for model in waiting)}: they refer to one another.")
            return [*order, *waiting]
        order.append(free[0])
        waiting.remove(free[0])
    return order


def _unblocked(
    columns: dict[Model, list[BranchColumn]], waiting: Sequence[Model], *, required_only: bool = False
) -> list[Model]:
    """Return the models that refer to no other waiting model."""
    return [
        model
        for model in waiting
        if not any(_is_blocking(model, column, waiting, required_only=required_only) for column in columns[model])
    ]


def _is_blocking(model: Model, column: BranchColumn, waiting: Sequence[Model], *, required_only: bool) -> bool:
    is_optional = column.field.null
    if column.target not in waiting or (column.target is model and is_optional):
        return False
    return not (is_optional and required_only)


def _with_deferral(column: BranchColumn, index: int, order: Sequence[Model]) -> BranchColumn:
    """Return the column of the table at ``index``, with ``is_deferred`` set."""
    is_deferred = column.target in order and order.index(column.target) >= index
    return BranchColumn(column.field, column.target, column.key, is_deferred)


class BranchRows:
    """The rows of one branch, table by table."""

    def __init__(self, branch: Branch, tables: Sequence[BranchTable] | None = None):
        self.branch = branch
        self.tables = tables if tables is not None else branch_tables()
        self._by_model = {table.model: table for table in self.tables}
        self._used: dict[Model, set[int]] = {}

    def of(self, table: BranchTable) -> models.QuerySet:
        """Return the rows that are in the file, unordered."""
        rows = ScopedQuerySet(model=table.model)
        if table.matched_by:
            return rows.filter(pk__in=self._in_use(table))
        return rows.filter(self._belongs(table))

    def held_by_others(self, table: BranchTable) -> int:
        """Return how many rows of other branches the branch sees; they are not in the file."""
        if not getattr(table.model, "branch_paths", ()):
            return 0
        seen = ScopedQuerySet(model=table.model).in_branches([self.branch.pk])
        return seen.count() - self.of(table).count()

    def _belongs(self, table: BranchTable, prefix: str = "") -> Q:
        """Return the condition that a row, or the row at ``prefix``, is in the file. It uses joins only, for speed."""
        if table.model is Branch:
            return Q(**{f"{prefix}pk": self.branch.pk})
        if table.model._meta.label in INCLUDED_FROM_OTHERS:
            return self._is_seen(table.model, prefix)
        condition = Q()
        for column in table.columns:
            if column.name == table.owner or self._is_required_reference(column):
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

    def _is_required_reference(self, column: BranchColumn) -> bool:
        """Return whether a row can be in the file only together with the row to which the column refers."""
        table = self._by_model.get(column.target)
        return bool(table and table.owner and not column.field.null and column.label not in CROSS_BRANCH_REFERENCES)

    def _in_use(self, shared: BranchTable) -> set[int]:
        """Return the ids of the shared rows to which the branch refers, such as terms; these are few."""
        if shared.model not in self._used:
            self._used[shared.model] = {
                pk
                for table in self.tables
                for column in table.columns
                if column.target is shared.model and table.model is not shared.model
                for pk in self.of(table).order_by().values_list(column.field.attname, flat=True).distinct()
            }
        return self._used[shared.model] - {None}
