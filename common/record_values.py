"""The values of records as JSON and as digests, for the journal."""

import datetime as dt
import functools
import hashlib
import json
import operator
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

SEPARATOR = "\x1f"
SALT_LENGTH, MARK_LENGTH = 16, 8  # bytes
Values = dict[str, Any]  # attname → value


class ExactEncoder(DjangoJSONEncoder):
    """Encodes datetimes with microseconds. Restored without them, a time of change would look like another change."""

    def default(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, dt.datetime) else super().default(value)


_encode = ExactEncoder(sort_keys=True, separators=(",", ":")).encode


@functools.cache
def fields_of(model: type[models.Model]) -> dict[str, models.Field]:
    """Return attname → field of all stored fields that the journal records, in the order of the model.

    A model names the fields that no journal may hold, such as a password, in ``journal_excludes``.
    """
    excluded = getattr(model, "journal_excludes", ())
    return {
        field.attname: field
        for field in model._meta.concrete_fields
        if not isinstance(field, models.BinaryField) and field.name not in excluded
    }


@functools.cache
def times_of_change(model: type[models.Model]) -> frozenset[str]:
    """Return the attnames of the fields that hold the time of a record's last change."""
    return frozenset(field.attname for field in model._meta.concrete_fields if getattr(field, "auto_now", False))


def values_of(record: models.Model) -> Values:
    """Return all values of a record that the journal records."""
    return {name: copy_of(record.__dict__[name]) for name in fields_of(type(record))}


def copy_of(value: Any) -> Any:
    """Return a value that does not change with the record."""
    return value.copy() if isinstance(value, list | dict) else value


def as_stored(model: type[models.Model], name: str, value: Any) -> Any:
    """Return a value that was read from the journal's JSON as the field of the model has it."""
    return fields_of(model)[name].to_python(value)


def mark_of(record: models.Model, salt: bytes) -> bytes:
    """Return eight bytes that differ when any value of a record does, including the time of its last change.

    They are the same for every row of a many-to-many table, which has no values of its own.
    """
    if record._meta.auto_created:
        return bytes(MARK_LENGTH)
    pick, exact = _picker(type(record))
    values = list(pick(record.__dict__))
    for index in exact:
        values[index] = plain(values[index])
    return hashlib.sha256(salt + SEPARATOR.join(map(str, values)).encode()).digest()[:MARK_LENGTH]


def digest_of(salt: bytes, before: Any, after: Any, marks: bytes | None) -> bytes:
    """Return a salted digest of the values of a change. It can outlive the values without revealing them."""
    return hashlib.sha256(salt + _encode([before, after]).encode() + (marks or b"")).digest()


@functools.cache
def _picker(model: type[models.Model]) -> tuple[operator.itemgetter, list[int]]:
    """Return a getter of all stored values but the excluded ones, and the indexes of those with an unstable ``str``."""
    excluded = getattr(model, "journal_excludes", ())
    fields = [field for field in model._meta.concrete_fields if field.name not in excluded]
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
