"""What a merge moved, changed and took away, step by step, so that each step can be taken back."""

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

PLAIN = (bool, int, str, list, dict)


def packed(row: models.Model, name: str) -> Any:
    """A field's value as JSON can hold it, without loss."""
    value = getattr(row, name)
    if value is None or isinstance(value, PLAIN):
        return value
    return row._meta.get_field(name).value_to_string(row)


def unpacked(model: type[models.Model], name: str, value: Any) -> Any:
    return model._meta.get_field(name).to_python(value)


def snapshot(row: models.Model) -> dict[str, Any]:
    return {column.attname: packed(row, column.attname) for column in row._meta.concrete_fields}


@dataclass
class Left:
    """What undoing leaves as it is now: the fields of a row changed since, or a row (without fields) that is gone."""

    model: type[models.Model]
    pk: Any
    names: list[str] = field(default_factory=list)


class Journal:
    """Writes and remembers. `remarks` are lines for the person's notes."""

    def __init__(self):
        self.steps: list[dict] = []
        self.remarks: list[str] = []

    def change(self, row: models.Model, values: Values) -> None:
        """Store the values that differ, and remember what stood there."""
        values = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not values:
            return
        before = {name: packed(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        self._remember(row, before)

    def remove(self, row: models.Model) -> None:
        """Take a row away that nothing refers to any more, and keep every field of it."""
        self.steps.append({"do": "remove", "model": row._meta.label_lower, "row": snapshot(row)})
        row.delete()

    @contextlib.contextmanager
    def observed(self, rows: models.QuerySet) -> Iterator[None]:
        """Remember what somebody else changes in these rows meanwhile."""
        before = {row.pk: snapshot(row) for row in rows.all()}
        yield
        for row in rows.all():
            old = before.get(row.pk, {})
            self._remember(row, {name: value for name, value in old.items() if packed(row, name) != value})

    def _remember(self, row: models.Model, before: dict[str, Any]) -> None:
        if before:
            after = {name: packed(row, name) for name in before}
            step = {"do": "change", "model": row._meta.label_lower, "pk": row.pk, "before": before, "after": after}
            self.steps.append(step)

    def pack(self) -> bytes:
        return zlib.compress(json.dumps(self.steps, ensure_ascii=False).encode())


def unpack(content: bytes) -> list[dict]:
    return json.loads(zlib.decompress(bytes(content)))


# ---------------------------------------------------------------- taking it back


def take_back(steps: list[dict]) -> list[Left]:
    """Undo the steps, the last one first. What somebody has changed since is left as it is now, and returned."""
    left: list[Left] = []
    for step in reversed(steps):
        model = apps.get_model(step["model"])
        found = _put_back(model, step["row"]) if step["do"] == "remove" else _change_back(model, step)
        if found:
            left.append(found)
    return left


def _put_back(model: type[models.Model], values: dict[str, Any]) -> Left | None:
    """Store a row again as it was, under its old id. What it pointed at may be gone by now."""
    row = model(**{name: unpacked(model, name, value) for name, value in values.items()})
    for column in model._meta.concrete_fields:
        if not _points_at_something(row, column):
            if not column.null:
                return Left(model, row.pk)
            setattr(row, column.attname, None)
    for name, value in rule_of(model).restore(row).items():
        setattr(row, name, value)
    row.save_base(raw=True, force_insert=True)
    return None


def _points_at_something(row: models.Model, column: models.Field) -> bool:
    """False only for a reference to a row that was deleted since."""
    if not column.is_relation or getattr(row, column.attname) is None:
        return True
    try:
        return getattr(row, column.name) is not None
    except ObjectDoesNotExist:
        return False


def _change_back(model: type[models.Model], step: dict) -> Left | None:
    row = model._base_manager.filter(pk=step["pk"]).first()
    if row is None:
        return Left(model, step["pk"])
    names = [name for name, value in step["after"].items() if packed(row, name) == value]
    for name in names:
        setattr(row, name, unpacked(model, name, step["before"][name]))
    gone = [name for name in names if not _points_at_something(row, model._meta.get_field(name))]
    names = [name for name in names if name not in gone]
    values = {name: getattr(row, name) for name in names}
    values |= rule_of(model).restore(row) if values else {}
    if values:
        model._base_manager.filter(pk=row.pk).update(**values)
    changed = [name for name in step["after"] if name not in names]
    return Left(model, row.pk, changed) if changed else None
