"""Undo an act: restore the values it changed and the records it deleted, and delete the records it created.

What was changed since remains. Making a :class:`Reversal` only reads, so that a page can show it in advance.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import models

from common import clock
from common.bulk import locked, store_changed
from common.hooks import Hook
from common.journal.recording import current_journal
from common.models import Act, Change, ChangeKind
from common.record_values import MARK_LENGTH, Values, as_stored, fields_of, mark_of, times_of_change

BATCH = 500
CHANGED, USED, NEEDED, PART, DELETED = "changed", "used", "needed", "part", "deleted"
Model = type[models.Model]
Records = dict[int, models.Model]  # by id
Made = dict[int, tuple[bytes, bytes, tuple[str, ...]]]  # id → salt, mark and marked fields of a created record
Read = Callable[[Model, Iterable[int]], Records]
# Changes further fields of records of a model that are about to be restored, and returns the names of these fields.
RESTORERS: Hook[Callable[[list[models.Model]], Iterable[str]]] = Hook()  # the key is the model
# Returns the ids of those of the records of a model, created by an act, that others use without a foreign key.
USES: Hook[Callable[[list[models.Model]], Iterable[int]]] = Hook()  # the key is the model
# Fields of a model that are restored together, or left together if one of them was changed since.
UNITS: Hook[Sequence[str]] = Hook()  # the key is the model


@dataclass(frozen=True, slots=True)
class Remaining:
    """A record that undoing an act leaves, or leaves in part.

    ``why``: its fields ``names`` were changed since (for a record that the act created, without names); it is used by
    something newer; another record that remains needs it; it is a part of one; or it was deleted since.
    """

    model: Model
    pk: int
    why: str
    names: tuple[str, ...] = ()
    record: models.Model | None = None


def revert(act: Act) -> list[Remaining]:
    """Undo an act within the open one, on locked records, and return what remains. Raises IntegrityError."""
    reversal = Reversal(act)
    reversal.execute()
    return reversal.remaining()


class Reversal:
    """What undoing an act does.

    ``read`` returns records by their ids: :func:`as_read` for a preview, :func:`common.bulk.locked` to execute it.
    """

    def __init__(self, act: Act, read: Read = locked):
        self.act = act
        changes = _Changes(act)
        self.restored = changes.removed
        self.reverts = Reverts(changes.changed, changes.removed, read)
        self.deletions = Deletions(changes.made, self.reverts, read)
        self._order = changes.order

    def remaining(self) -> list[Remaining]:
        """Return what was changed, used or deleted since, the last change first."""
        return [*self.reverts.remaining, *self.deletions.remaining()]

    def execute(self) -> None:
        """Restore values and records, the last change first, and delete records, in the open act."""
        current_journal().act.undoes = self.act
        for (model, kind), keys in groupby(reversed(self._order), key=lambda step: step[:2]):
            pks = [pk for _model, _kind, pk in keys]
            if kind == ChangeKind.REMOVED:
                self._restore(model, pks)
            else:
                self.reverts.store(model, pks)
        self.deletions.remove()

    def _restore(self, model: Model, pks: list[int]) -> None:
        """Store deleted records under their old ids. References to records deleted since become null where they may."""
        for pk in pks:
            record = model(**self.restored[model, pk])
            lost = [column for column in model._meta.concrete_fields if not _target_exists(record, column)]
            if any(not column.null for column in lost):
                self.reverts.remaining.append(Remaining(model, pk, DELETED))
                continue
            for column in lost:
                setattr(record, column.attname, None)
            _restore_more(model, [record])
            record.save_base(raw=True, force_insert=True)
            current_journal().made([record])


def as_read(model: Model, pks: Iterable[int]) -> Records:
    """Return id → record, read without a lock."""
    return model._base_manager.order_by("pk").in_bulk(list(pks))


def in_batches(pks: Iterable[int]) -> Iterator[list[int]]:
    """Return the ids in lists that are short enough for a query."""
    pks = list(pks)
    return (pks[start : start + BATCH] for start in range(0, len(pks), BATCH))


class _Changes:
    """The changes of an act by model and record. ``order`` lists changed and deleted records, the first one first.

    Entries whose values were erased are left out: a record that was erased from the journal stays as it is.
    """

    def __init__(self, act: Act):
        self.made: dict[Model, Made] = {}
        self.changed: dict[tuple[Model, int], dict[str, tuple[Any, Any]]] = {}
        self.removed: dict[tuple[Model, int], Values] = {}
        order: dict[tuple[Model, str, int], None] = {}
        for change in Change.objects.filter(act=act, salt__isnull=False).order_by("pk"):
            model, pk = apps.get_model(change.model), change.record_id
            if change.kind == ChangeKind.MADE:
                self.made.setdefault(model, {}).update(_marks_of(change))
                continue
            if change.kind == ChangeKind.CHANGED:
                if change.field not in fields_of(model):
                    continue  # the model has lost the field
                values = (as_stored(model, change.field, change.before), as_stored(model, change.field, change.after))
                self.changed.setdefault((model, pk), {})[change.field] = values
            elif change.before is not None:
                names = change.before.keys() & fields_of(model).keys()
                self.removed[model, pk] = {name: as_stored(model, name, change.before[name]) for name in names}
            order[model, change.kind, pk] = None
        self.order = list(order)


def _marks_of(change: Change) -> Made:
    salt, marks, names = bytes(change.salt), bytes(change.marks), tuple(change.marked_fields)
    return {
        change.record_id + index: (salt, marks[start : start + MARK_LENGTH], names)
        for index, start in enumerate(range(0, len(marks), MARK_LENGTH))
    }


class Reverts:
    """Restores the former values of changed records. Values that were changed since remain.

    The time of a record's last change is restored if all its values are, and is now otherwise. It is not counted.
    """

    def __init__(self, changed: dict, restored: Iterable[tuple[Model, int]], read: Read):
        self.count, self.remaining = 0, []
        self._records: dict[Model, Records] = {}
        self._values: dict[Model, dict[int, Values]] = {}
        by_model: dict[Model, dict[int, dict]] = {}
        for (model, pk), values in reversed(changed.items()):
            by_model.setdefault(model, {})[pk] = values
        restored = set(restored)
        for model, wanted in by_model.items():
            self._records[model], self._values[model] = read(model, wanted), {}
            missing = _missing_targets(model, wanted, restored)
            for pk, values in wanted.items():
                self._plan(model, pk, values, missing)

    def _plan(self, model: Model, pk: int, wanted: dict[str, tuple], missing: dict[str, set[int]]) -> None:
        record = self._records[model].get(pk)
        if record is None:
            self.remaining.append(Remaining(model, pk, DELETED))
            return
        times = {name: wanted[name] for name in times_of_change(model) if name in wanted}
        values, left = {}, []
        for name, (before, after) in wanted.items():
            if name in times:
                continue
            if record.__dict__[name] == after and before not in missing.get(name, ()):
                values[name] = before
            else:
                left.append(name)
        if not set(left).isdisjoint(unit := UNITS.get(model, ())):
            left = [name for name in wanted if name in left or name in unit]
            values = {name: value for name, value in values.items() if name not in unit}
        if left:
            self.remaining.append(Remaining(model, pk, CHANGED, tuple(left), record))
        self.count += len(values)
        for name, (before, after) in times.items() if values else ():
            values[name] = before if not left and record.__dict__[name] == after else clock.now()
        self._values[model][pk] = values

    @property
    def models(self) -> list[Model]:
        """The models of the changed records."""
        return list(self._records)

    def records(self) -> list[tuple[Model, int]]:
        """Return model and id of the changed records that still exist."""
        return [(model, pk) for model, records in self._records.items() for pk in records]

    def sets(self, model: Model, pk: int, attname: str) -> bool:
        """Whether a field of a record is restored, so that it no longer refers to a record of the act."""
        return attname in self._values.get(model, {}).get(pk, {})

    def store(self, model: Model, pks: Iterable[int]) -> None:
        """Store the former values of some records, and what depends on them."""
        planned = {pk: values for pk in pks if (values := self._values[model].get(pk))}
        records = [self._records[model][pk] for pk in planned]
        names = {name for values in planned.values() for name in values}
        for record in records:
            current_journal().changes(record, fields_of(model))
            for name, value in planned[record.pk].items():
                setattr(record, name, value)
        if records:
            names |= set(_restore_more(model, records))
            columns = [column.attname for column in model._meta.concrete_fields if column.attname in names]
            store_changed(model, records, columns)


def _restore_more(model: Model, records: list[models.Model]) -> Iterable[str]:
    restorer = RESTORERS.get(model)
    return restorer(records) if restorer else ()


def _missing_targets(model: Model, wanted: dict[int, dict], restored: set[tuple[Model, int]]) -> dict[str, set[int]]:
    """Return field → ids of the records that it referred to before, and that neither exist nor are restored."""
    missing = {}
    for column in (column for column in model._meta.concrete_fields if column.is_relation):
        before = {values[column.attname][0] for values in wanted.values() if column.attname in values} - {None}
        if before:
            target = column.related_model
            found = set(target._base_manager.filter(pk__in=before).values_list("pk", flat=True))
            missing[column.attname] = {pk for pk in before - found if (target, pk) not in restored}
    return missing


def _target_exists(record: models.Model, column: models.Field) -> bool:
    """Whether the column's value is anything but a reference to a deleted record."""
    value = getattr(record, column.attname)
    if not column.is_relation or value is None:
        return True
    return column.related_model._base_manager.filter(pk=value).exists()


class Deletions:
    """Sorts the records that an act created into those to delete and those to keep.

    A record is kept if it was changed since, or if a record that the act did not create refers to it. A kept record
    keeps its parts (a person its enrolments, languages and consents, a match its steps) and what it refers to.
    """

    def __init__(self, made: dict[Model, Made], reverts: Reverts, read: Read):
        self.made, self.reverts = made, reverts
        self.records = {model: read(model, marks) for model, marks in made.items()}
        self.missing = sum(len(marks) - len(self.records[model]) for model, marks in made.items())
        self.kept: dict[Model, dict[int, str]] = {model: {} for model in made}
        self._keep_changed()
        self._keep_referred_to()
        self._keep_related()
        self._keep_used()

    def _pks(self) -> Iterator[tuple[Model, list[int]]]:
        """Yield models with the ids of the records to delete, the last stored model first."""
        for model in reversed(list(self.made)):
            if pks := [pk for pk in self.records[model] if pk not in self.kept[model]]:
                yield model, pks

    def counts(self) -> dict[str, int]:
        """Return model → number of records to delete."""
        return {model._meta.label_lower: len(pks) for model, pks in self._pks()}

    def remove(self) -> None:
        """Delete the records that are not kept. Their values are not recorded."""
        for model, pks in self._pks():
            for pk in pks:
                current_journal().removed(self.records[model][pk], keeps_values=False)
            for some in in_batches(pks):
                model._base_manager.filter(pk__in=some).delete()

    def _keep_changed(self) -> None:
        for model, records in self.records.items():
            for pk, record in records.items():
                salt, mark, names = self.made[model][pk]
                if mark_of(record, salt, names) != mark:
                    self.kept[model][pk] = CHANGED

    def _keep_referred_to(self) -> None:
        for model, records in self.records.items():
            for relation in model._meta.get_fields(include_hidden=True):
                is_foreign = relation.auto_created and not relation.concrete and relation.is_relation
                if is_foreign and not relation.many_to_many:
                    self._keep_if_referred(model, list(records), relation)

    def _keep_if_referred(self, model: Model, pks: list[int], relation) -> None:
        source, field = relation.related_model, relation.field
        ours = self.records.get(source, {})
        for some in in_batches(pks):
            found = source._base_manager.filter(**{f"{field.name}__in": some})
            for source_pk, target in found.values_list("pk", field.attname):
                if source_pk not in ours and not self.reverts.sets(source, source_pk, field.attname):
                    self.kept[model].setdefault(target, USED)

    def _keep_related(self) -> None:
        """Keep what kept records refer to, and the parts of kept records."""
        parts = self._parts()
        waiting = [(model, pk, True) for model, pks in self.kept.items() for pk in pks]
        whole = set()
        while waiting:
            model, pk, is_whole = waiting.pop()
            for target, target_pk, is_part in self._needed_by(model, pk):
                is_whole_too = is_part and (target, target_pk) not in whole
                if target_pk not in self.kept[target] or is_whole_too:
                    self.kept[target].setdefault(target_pk, NEEDED)
                    waiting.append((target, target_pk, is_part))
            if is_whole and (model, pk) not in whole:
                whole.add((model, pk))
                for part, part_pk in parts.get((model, pk), ()):
                    self.kept[part].setdefault(part_pk, PART)
                    waiting.append((part, part_pk, True))

    def _keep_used(self) -> None:
        """Keep further records that others use without a foreign key, and what these refer to."""
        for model, records in self.records.items():
            removed = [record for pk, record in records.items() if pk not in self.kept[model]]
            uses = USES.get(model)
            if used := uses(removed) if uses else ():
                self.kept[model] |= dict.fromkeys(used, USED)
                self._keep_related()

    def _needed_by(self, model: Model, pk: int) -> Iterator[tuple[Model, int, bool]]:
        """Yield the made records that a record refers to, and whether it is a part of them."""
        owners = owners_of(model)
        for field in model._meta.concrete_fields:
            target = field.related_model if field.is_relation else None
            value = self.records[model][pk].__dict__[field.attname]
            if target in self.records and value in self.records[target]:
                yield target, value, owners == [field]

    def _parts(self) -> dict[tuple[Model, int], list[tuple[Model, int]]]:
        """Return the parts of each made record that were made too."""
        parts = {}
        for model, records in self.records.items():
            for owner in owners_of(model)[:1]:
                for pk, record in records.items():
                    key = (owner.related_model, record.__dict__[owner.attname])
                    parts.setdefault(key, []).append((model, pk))
        return parts

    def remaining(self) -> list[Remaining]:
        """Return the kept records and why."""
        return [
            Remaining(model, pk, why, record=self.records[model][pk])
            for model, kept in self.kept.items()
            for pk, why in kept.items()
        ]


def owners_of(model: Model) -> list[models.ForeignKey]:
    """Return the foreign keys to what a record is a part of. Distinct people have two equal ones, so no owner."""
    if model._meta.auto_created:
        return [field for field in model._meta.fields if field.related_model is model._meta.auto_created]
    owners = [
        field
        for field in model._meta.concrete_fields
        if field.is_relation and field.remote_field.on_delete is models.CASCADE
    ]
    return owners if len({field.related_model for field in owners}) == len(owners) else []
