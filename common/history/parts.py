"""Which entries of the journal belong to the history of a record: its own, and those of the parts a user may see.

A part is a record that is deleted with the record (``CASCADE``) and whose model is in ``RECORD_WORDS``, or a row of a
many-to-many table. Deleted parts are found by the references among their last values.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet, Value

from common.bulk import BATCH
from common.history.describing import RECORD_WORDS, hidden_fields
from common.models import Change, ChangeKind
from common.record_values import Values, as_stored, fields_of
from common.scoping import ScopedModel

Model = type[models.Model]
Key = tuple[Model, int]
FIRST_GAP, MOST_RANGES = 50, 200


@dataclass(frozen=True)
class Link:
    """A model whose records are parts of an owner, by a foreign key. ``path`` leads from the part to the record."""

    part: Model
    field: models.ForeignKey
    path: str

    @property
    def owner(self) -> Model:
        return self.field.related_model


def links_of(model: Model, path: str = "") -> Iterator[Link]:
    """Yield the links to the parts of a model, and to their parts."""
    for relation in model._meta.get_fields(include_hidden=True):
        if _is_owned(relation):
            field = relation.field
            link = Link(relation.related_model, field, f"{field.name}__{path}" if path else field.name)
            yield link
            yield from links_of(link.part, link.path)


def _is_owned(relation: Any) -> bool:
    if not (relation.auto_created and not relation.concrete and relation.one_to_many):
        return False
    part = relation.related_model
    is_described = part in RECORD_WORDS or part._meta.auto_created in RECORD_WORDS
    return is_described and relation.on_delete is models.CASCADE


class RecordParts:
    """A record with the parts that a user may see, those that exist and those that were deleted."""

    def __init__(self, record: models.Model, user: Any):
        self.record, self.user = record, user
        self.own_key: Key = (type(record), record.pk)
        self.links = list(links_of(type(record)))
        self.pks = self._existing()
        self.removed = self._visible_removed()
        for model, pk in self.removed:
            self.pks[model].add(pk)

    # ------------------------------------------------------------ parts that exist

    def _existing(self) -> defaultdict[Model, set[int]]:
        """Return model → ids of the record and its parts. One query."""
        found = defaultdict(set, {type(self.record): {self.record.pk}})
        queries = [self._rows_of(link) for link in self.links]
        if queries:
            for label, pk in queries[0].union(*queries[1:], all=True):
                found[apps.get_model(label)].add(pk)
        return found

    def _rows_of(self, link: Link) -> QuerySet:
        rows = self._visible_rows(link).filter(**{link.path: self.record.pk}).order_by()
        return rows.annotate(model_label=Value(link.part._meta.label)).values_list("model_label", "pk")

    def _visible_rows(self, link: Link) -> QuerySet:
        """Return the rows that the user may see by their own rule, or without one by the rule of their owner."""
        if issubclass(link.part, ScopedModel):
            return link.part.objects.visible_to(self.user)
        rows = link.part._base_manager.all()
        if link.owner is type(self.record):
            return rows
        owners = next(other for other in self.links if other.part is link.owner)
        return rows.filter(**{f"{link.field.name}__in": self._visible_rows(owners).order_by().values("pk")})

    # ------------------------------------------------------------ deleted parts

    def _visible_removed(self) -> dict[Key, Values]:
        """Return the deleted parts that the user may see, with their last values."""
        found = self._all_removed()
        by_model: dict[Model, dict[int, Values]] = defaultdict(dict)
        for (model, pk), values in found.items():
            if pk not in self.pks[model]:
                by_model[model][pk] = values
        visible: dict[Key, Values] = {}
        for model in self._part_models:  # owners come before their parts
            rows = by_model.get(model, {})
            for pk in self._allowed(model, rows, found, visible) if rows else ():
                visible[model, pk] = rows[pk]
        return visible

    @cached_property
    def _part_models(self) -> list[Model]:
        return list(dict.fromkeys(link.part for link in self.links))

    def _all_removed(self) -> dict[Key, Values]:
        """Return the last values of all deleted parts. One query for each level of parts."""
        found: dict[Key, Values] = {}
        owners = {model: set(pks) for model, pks in self.pks.items()}
        while owners:
            conditions = [
                Q(
                    model=link.part._meta.label_lower,
                    **{f"before__{link.field.attname}__in": sorted(owners[link.owner])},
                )
                for link in self.links
                if owners.get(link.owner)
            ]
            owners = defaultdict(set)
            for change in Change.objects.filter(any_of(conditions), kind=ChangeKind.REMOVED).order_by("pk"):
                model = apps.get_model(change.model)
                if (model, change.record_id) not in found:
                    owners[model].add(change.record_id)
                found[model, change.record_id] = stored_values(model, change.before)
            owners = {model: pks for model, pks in owners.items() if any(link.owner is model for link in self.links)}
        return found

    def _allowed(self, model: Model, rows: dict[int, Values], found: dict, visible: dict) -> set[int]:
        if not issubclass(model, ScopedModel):
            return {pk for pk, values in rows.items() if self._has_owner(model, values, visible)}
        branches = set(self.user.branch_ids_for(model.read_verb))
        return {pk for path in model.branch_paths for pk in _in_branches(model, rows, path, branches, found)}

    def _has_owner(self, model: Model, values: Values, visible: dict) -> bool:
        return any(self.has(link.owner, values.get(link.field.attname), visible) for link in self.links_to(model))

    def has(self, model: Model, pk: int, visible: dict | None = None) -> bool:
        """Return whether this is the record or a part of it."""
        return pk in self.pks[model] or (model, pk) in (visible or {})

    def links_to(self, model: Model) -> list[Link]:
        """Return the links by which records of a model are parts."""
        return [link for link in self.links if link.part is model]

    # ------------------------------------------------------------ entries

    @cached_property
    def changes(self) -> QuerySet[Change]:
        """The entries of the record and its parts, without those of fields that a history leaves out."""
        conditions = [Q(kind=ChangeKind.MADE, pk__in=self._made_entries())]
        for model, pks in self.pks.items():
            own = Q(model=model._meta.label_lower, record_id__in=sorted(pks))
            conditions.append(own & Q(kind=ChangeKind.CHANGED) & ~Q(field__in=hidden_fields(model)))
            conditions.append(own & Q(kind=ChangeKind.REMOVED))
        return Change.objects.filter(any_of(conditions))

    def _made_entries(self) -> list[int]:
        """Return the ids of the entries that say that one of the records was created. One query."""
        conditions = [
            Q(
                model=model._meta.label_lower,
                record_id__range=(first - BATCH + 1, last),
                last_id__gte=first,
            )
            for model, pks in self.pks.items()
            for first, last in ranges_of(sorted(pks))
        ]
        found = Change.objects.filter(any_of(conditions), kind=ChangeKind.MADE)
        return [
            pk
            for pk, label, first, last in found.values_list("pk", "model", "record_id", "last_id")
            if not self.pks[apps.get_model(label)].isdisjoint(range(first, last + 1))
        ]


def stored_values(model: Model, values: dict[str, Any]) -> Values:
    """Return values from the journal as the fields have them. Fields of earlier versions are left out."""
    return {name: as_stored(model, name, value) for name, value in values.items() if name in fields_of(model)}


def _in_branches(model: Model, rows: dict[int, Values], path: str, branches: set[int], found: dict) -> set[int]:
    """Return the ids of deleted rows that a path leads to one of the branches, possibly through other deleted rows."""
    name, _separator, rest = path.partition("__")
    field = model._meta.get_field(name)
    targets = {pk: values.get(field.attname) for pk, values in rows.items()}
    if not rest:
        return {pk for pk, target in targets.items() if target in branches}
    owner = field.related_model
    allowed = set(
        owner._base_manager.filter(pk__in=set(targets.values()) - {None}, **{f"{rest}__in": branches})
        .values_list("pk", flat=True)
        .distinct()
    )
    deleted = {target: found[owner, target] for target in targets.values() if (owner, target) in found}
    if deleted:
        allowed |= _in_branches(owner, deleted, rest, branches, found)
    return {pk for pk, target in targets.items() if target in allowed}


def any_of(conditions: Iterable[Q]) -> Q:
    combined = Q(pk__in=[])
    for condition in conditions:
        combined |= condition
    return combined


def ranges_of(pks: list[int]) -> list[tuple[int, int]]:
    """Return first and last id of ranges that hold all ids, few enough for one query."""
    gap = FIRST_GAP
    while True:
        found: list[tuple[int, int]] = []
        for pk in pks:
            if found and pk - found[-1][1] <= gap:
                found[-1] = (found[-1][0], pk)
            else:
                found.append((pk, pk))
        if len(found) <= MOST_RANGES:
            return found
        gap *= 2
