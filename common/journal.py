"""The change journal of an import: the records it made and changed, so that it can be undone."""

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

from common.bulk import clean_columns, store_changed, store_new

SEPARATOR = "\x1f"


class Journal:
    """Collects the records made, in the order of storing, and the records changed, with their former values.

    Holds the objects themselves, which may still change until :meth:`pack`.
    """

    def __init__(self):
        self._made: dict[type[models.Model], list[models.Model]] = {}
        self._made_ids: set[int] = set()
        self._changed: dict[tuple[type[models.Model], int], tuple[models.Model, dict[str, Any]]] = {}

    def made(self, records: Sequence[models.Model]) -> None:
        """Add records that were just stored and have their ids."""
        if records:
            self._made.setdefault(type(records[0]), []).extend(records)
            self._made_ids.update(map(id, records))

    def create(self, model: type[models.Model], records: Sequence[models.Model], **options: Any) -> list[models.Model]:
        """Validate records, store them in bulk and return them with their ids. Raises ValidationError."""
        clean_columns(model._meta.concrete_fields, records)
        stored = store_new(model, records, **options)
        self.made(stored)
        return stored

    def save(self, model: type[models.Model], records: Iterable[models.Model], names: Sequence[str]) -> None:
        """Validate and store fields of stored, locked records, whose changes were added. Raises ValidationError."""
        unique = list({record.pk: record for record in records}.values())
        clean_columns([model._meta.get_field(name) for name in names], unique)
        store_changed(model, unique, names)

    def has_made(self, record: models.Model) -> bool:
        """Return whether this object was added as made."""
        return id(record) in self._made_ids

    def changes(self, record: models.Model, names: Iterable[str]) -> None:
        """Add the current values of fields that are about to change. The first values of a field are kept."""
        _record, before = self._changed.setdefault((type(record), record.pk), (record, {}))
        for name in names:
            field = record._meta.get_field(name)
            before.setdefault(field.attname, _copy(field.value_from_object(record)))

    def pack(self) -> bytes:
        """Return compressed JSON: id and fingerprint of records made, values before and after of records changed."""
        made = [
            [model._meta.label_lower, [[record.pk, fingerprint(record)] for record in records]]
            for model, records in self._made.items()
        ]
        own = {model: {record.pk for record in records} for model, records in self._made.items()}
        changed = []
        for (model, pk), (record, before) in self._changed.items():
            if pk in own.get(model, ()):
                continue  # made by the same import: no values to restore
            after = {name: record.__dict__[name] for name in before}
            values = {name: [old, after[name]] for name, old in before.items() if old != after[name]}
            if values:
                changed.append([model._meta.label_lower, pk, values])
        content = {"made": made, "changed": changed}
        return zlib.compress(json.dumps(content, cls=ExactEncoder, separators=(",", ":")).encode(), level=1)


class ExactEncoder(DjangoJSONEncoder):
    """Encodes datetimes with microseconds. Restored without them, a time of change would look like another change."""

    def default(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, dt.datetime) else super().default(value)


def unpack_journal(content: bytes) -> tuple[list[tuple[type[models.Model], dict[int, int]]], list[tuple]]:
    """Return records made (model, id → fingerprint) and records changed (model, id, field → (before, after))."""
    values = json.loads(zlib.decompress(content))
    made = [(apps.get_model(label), dict(records)) for label, records in values["made"]]
    changed = [
        (apps.get_model(label), pk, {name: _as_stored(label, name, pair) for name, pair in fields.items()})
        for label, pk, fields in values["changed"]
    ]
    return made, changed


def fingerprint(record: models.Model) -> int:
    """Return a checksum of all stored values of a record, including the time of its last change.

    It is 0 for a row of a many-to-many table, which has no values of its own.
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
    """Return a getter of all stored values, and the indexes of those for which ``str`` is not stable."""
    fields = model._meta.concrete_fields
    careful = (models.DateTimeField, models.DecimalField, models.JSONField)
    exact = [index for index, field in enumerate(fields) if isinstance(field, careful)]
    return operator.itemgetter(*(field.attname for field in fields)), exact


def plain(value: Any) -> str:
    """Return a value as a text that is the same before storing and after reading back."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)  # PostgreSQL does not keep the order of keys
    return str(value)


def _copy(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


def _as_stored(label: str, name: str, pair: list) -> tuple[Any, Any]:
    field = next(field for field in apps.get_model(label)._meta.concrete_fields if field.attname == name)
    before, after = (field.to_python(value) for value in pair)
    return before, after
