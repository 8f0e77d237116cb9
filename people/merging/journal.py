"""The merge journal: what a merge changed and removed, step by step, so that undoing can revert each step."""

import contextlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from people.merging.rules import Values, rule_of

JSON_TYPES = (bool, int, str, list, dict)


def to_json(row: models.Model, name: str) -> Any:
    """Return a field's value as JSON can hold it without loss."""
    value = getattr(row, name)
    if value is None or isinstance(value, JSON_TYPES):
        return value
    return row._meta.get_field(name).value_to_string(row)


def from_json(model: type[models.Model], name: str, value: Any) -> Any:
    return model._meta.get_field(name).to_python(value)


def snapshot(row: models.Model) -> dict[str, Any]:
    return {column.attname: to_json(row, column.attname) for column in row._meta.concrete_fields}


@dataclass
class Unreverted:
    """What undoing could not revert: the fields of a row changed since, or (without names) a row deleted since."""

    model: type[models.Model]
    pk: Any
    names: list[str] = field(default_factory=list)


class MergeJournal:
    """Makes the changes of a merge and records each. ``remarks`` are lines for the person's notes."""

    def __init__(self):
        self.steps: list[dict] = []
        self.remarks: list[str] = []

    def change(self, row: models.Model, values: Values) -> None:
        """Store the values that differ, and record the old ones."""
        values = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not values:
            return
        before = {name: to_json(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        self._record(row, before)

    def remove(self, row: models.Model) -> None:
        """Delete a row that nothing refers to any more, and record all its fields."""
        self.steps.append({"do": "remove", "model": row._meta.label_lower, "row": snapshot(row)})
        row.delete()

    @contextlib.contextmanager
    def observed(self, rows: models.QuerySet) -> Iterator[None]:
        """Record what other code changes in these rows inside the ``with`` block."""
        before = {row.pk: snapshot(row) for row in rows.all()}
        yield
        for row in rows.all():
            old = before.get(row.pk, {})
            self._record(row, {name: value for name, value in old.items() if to_json(row, name) != value})

    def _record(self, row: models.Model, before: dict[str, Any]) -> None:
        if before:
            after = {name: to_json(row, name) for name in before}
            step = {"do": "change", "model": row._meta.label_lower, "pk": row.pk, "before": before, "after": after}
            self.steps.append(step)

    def pack(self) -> bytes:
        return zlib.compress(json.dumps(self.steps, ensure_ascii=False).encode())


def unpack(content: bytes) -> list[dict]:
    return json.loads(zlib.decompress(bytes(content)))


# ---------------------------------------------------------------- undoing


def revert_steps(steps: list[dict]) -> list[Unreverted]:
    """Revert the steps, last one first, and return what was changed or deleted since and is left unchanged."""
    unreverted: list[Unreverted] = []
    for step in reversed(steps):
        model = apps.get_model(step["model"])
        found = _restore_row(model, step["row"]) if step["do"] == "remove" else _revert_change(model, step)
        if found:
            unreverted.append(found)
    return unreverted


def _restore_row(model: type[models.Model], values: dict[str, Any]) -> Unreverted | None:
    """Store a removed row under its old id. References to rows deleted since become null where they may."""
    row = model(**{name: from_json(model, name, value) for name, value in values.items()})
    for column in model._meta.concrete_fields:
        if not _target_exists(row, column):
            if not column.null:
                return Unreverted(model, row.pk)
            setattr(row, column.attname, None)
    for name, value in rule_of(model).restore(row).items():
        setattr(row, name, value)
    row.save_base(raw=True, force_insert=True)
    return None


def _target_exists(row: models.Model, column: models.Field) -> bool:
    """Whether the column's value is anything but a reference to a deleted row."""
    if not column.is_relation or getattr(row, column.attname) is None:
        return True
    try:
        return getattr(row, column.name) is not None
    except ObjectDoesNotExist:
        return False


def _revert_change(model: type[models.Model], step: dict) -> Unreverted | None:
    row = model._base_manager.filter(pk=step["pk"]).first()
    if row is None:
        return Unreverted(model, step["pk"])
    names = [name for name, value in step["after"].items() if to_json(row, name) == value]
    for name in names:
        setattr(row, name, from_json(model, name, step["before"][name]))
    names = [name for name in names if _target_exists(row, model._meta.get_field(name))]
    values = {name: getattr(row, name) for name in names}
    values |= rule_of(model).restore(row) if values else {}
    if values:
        model._base_manager.filter(pk=row.pk).update(**values)
    changed = [name for name in step["after"] if name not in names]
    return Unreverted(model, row.pk, changed) if changed else None


def removed_person_id(content: bytes) -> int:
    """Return the former id of the person whom a merge removed: the last step of its journal."""
    return unpack(content)[-1]["row"]["id"]
