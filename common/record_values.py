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

    A model names in ``journal_excludes`` the fields that no journal may hold, such as a password, or that are computed
    from others.
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


def marked_fields(model: type[models.Model]) -> tuple[str, ...]:
    """Return the fields that the mark of a new record covers: all, with the time of the last change.

    None of a many-to-many table, whose rows have no values of their own.
    """
    return () if model._meta.auto_created else tuple(fields_of(model))


def mark_of(record: models.Model, salt: bytes, names: tuple[str, ...]) -> bytes:
    """Return eight bytes that differ when one of the named values of a record does.

    Without names they are the same for every record; they are empty if the model no longer has a field of the name.
    """
    if not names:
        return bytes(MARK_LENGTH)
    pick, exact = _picker(type(record), names)
    if pick is None:
        return b""
    values = list(pick(record.__dict__))
    for index in exact:
        values[index] = plain(values[index])
    return hashlib.sha256(salt + SEPARATOR.join(map(str, values)).encode()).digest()[:MARK_LENGTH]


def digest_of(salt: bytes, before: Any, after: Any, marks: bytes | None) -> bytes:
    """Return a salted digest of the values of a change. It can outlive the values without revealing them."""
    return hashlib.sha256(salt + _encode([before, after]).encode() + (marks or b"")).digest()


@functools.cache
def _picker(model: type[models.Model], names: tuple[str, ...]) -> tuple[operator.itemgetter | None, list[int]]:
    """Return a getter of the named values, two or more, and the indexes of those for which ``str`` is not stable.

    There is no getter if the model has no field of a name.
    """
    if not fields_of(model).keys() >= set(names):
        return None, []
    careful = (models.DateTimeField, models.DecimalField, models.JSONField)
    exact = [index for index, name in enumerate(names) if isinstance(fields_of(model)[name], careful)]
    return operator.itemgetter(*names), exact


def plain(value: Any) -> str:
    """Return a value as a text that is the same before storing and after reading back."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)  # PostgreSQL does not keep the order of keys
    return str(value)
