"""What an import made and changed, so that it can be undone: written once, read once."""

import datetime as dt
import functools
import json
import operator
import zlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

SEPARATOR = "\x1f"


class Journal:
    """Records made (in the order they were stored) and records changed (with the values from before).

    Keeps the objects themselves: what is told here may still be changed until :meth:`pack`.
    """

    def __init__(self):
        self._made: dict[type[models.Model], list[models.Model]] = {}
        self._changed: dict[tuple[type[models.Model], int], tuple[models.Model, dict[str, Any]]] = {}

    def made(self, records: Sequence[models.Model]) -> None:
        """Records that were stored just now; each has its id."""
        if records:
            self._made.setdefault(type(records[0]), []).extend(records)

    def changes(self, record: models.Model, names: Iterable[str]) -> None:
        """A stored record is about to be changed in these fields: keep how it is now. The first telling counts."""
        _record, before = self._changed.setdefault((type(record), record.pk), (record, {}))
        for name in names:
            field = record._meta.get_field(name)
            before.setdefault(field.attname, _copy(field.value_from_object(record)))

    def pack(self) -> bytes:
        """All as compressed JSON: id and fingerprint of what was made, before and after of what was changed."""
        made = [
            [model._meta.label_lower, [[record.pk, fingerprint(record)] for record in records]]
            for model, records in self._made.items()
        ]
        own = {model: {record.pk for record in records} for model, records in self._made.items()}
        changed = []
        for (model, pk), (record, before) in self._changed.items():
            if pk in own.get(model, ()):
                continue  # made by the same import: there is nothing to set back to
            after = {name: record.__dict__[name] for name in before}
            values = {name: [old, after[name]] for name, old in before.items() if old != after[name]}
            if values:
                changed.append([model._meta.label_lower, pk, values])
        content = {"made": made, "changed": changed}
        return zlib.compress(json.dumps(content, cls=ExactEncoder, separators=(",", ":")).encode(), level=1)


class ExactEncoder(DjangoJSONEncoder):
    """Moments to the microsecond: set back to less, a time of a change would look like another change."""

    def default(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, dt.datetime) else super().default(value)


def unpack_journal(content: bytes) -> tuple[list[tuple[type[models.Model], dict[int, int]]], list[tuple]]:
    """Made: models with id → fingerprint, in the order of storing. Changed: (model, id, field → (before, after))."""
    values = json.loads(zlib.decompress(content))
    made = [(apps.get_model(label), dict(records)) for label, records in values["made"]]
    changed = [
        (apps.get_model(label), pk, {name: _as_stored(label, name, pair) for name, pair in fields.items()})
        for label, pk, fields in values["changed"]
    ]
    return made, changed


def fingerprint(record: models.Model) -> int:
    """A number that changes when any stored value of the record does, the time of its last change among them.

    Of a line between two records it is 0: it is there or it is not.
    """
    if record._meta.auto_created:
        return 0
    pick, exact = _picker(type(record))
    values = list(pick(record.__dict__))
    for index in exact:
        values[index] = plain(values[index])
    return zlib.crc32(SEPARATOR.join(map(str, values)).encode())


@functools.cache
def _picker(model: type[models.Model]) -> tuple[operator.itemgetter, list[int]]:
    """What takes all stored values out of a record, and the places of those that need care to be the same texts."""
    fields = model._meta.concrete_fields
    careful = (models.DateTimeField, models.DecimalField, models.JSONField)
    exact = [index for index, field in enumerate(fields) if isinstance(field, careful)]
    return operator.itemgetter(*(field.attname for field in fields)), exact


def plain(value: Any) -> str:
    """A value as one text, the same before it is stored and after it is read back."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)  # PostgreSQL keeps no order of keys
    return str(value)


def _copy(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


def _as_stored(label: str, name: str, pair: list) -> tuple[Any, Any]:
    field = next(field for field in apps.get_model(label)._meta.concrete_fields if field.attname == name)
    before, after = (field.to_python(value) for value in pair)
    return before, after
