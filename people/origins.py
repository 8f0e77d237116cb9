"""The origin of records: the row of an import they came from. The import fills the hook, pages show the origins."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db import models

from accounts.models import User
from common.hooks import Hook

Key = tuple[str, int]  # a model's label in small letters, such as "people.person", and an id


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The file and row that a record came from, and the address of the row for users who may import there."""

    file_name: str
    row: int
    imported_at: dt.datetime | None
    is_undone: bool = False
    url: str = ""


OriginSource = Callable[[Collection[Key], User], dict[Key, Origin]]
ORIGIN_SOURCES: Hook[OriginSource] = Hook()


def key_of(record: models.Model) -> Key:
    return record._meta.label_lower, record.pk


def origins_of(keys: Iterable[Key], user: User) -> dict[Key, Origin]:
    """Return the origins of those records that have one, in a constant number of queries."""
    keys = set(keys)
    return {key: origin for source in ORIGIN_SOURCES for key, origin in source(keys, user).items()} if keys else {}


def origin_of(record: models.Model, user: User) -> Origin | None:
    return origins_of([key_of(record)], user).get(key_of(record))
