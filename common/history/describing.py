"""What the apps declare in their ``hooks.py``, so that their records and acts have a history in words."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import models

from common.hooks import Hook


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWords:
    """How a history shows the records of a model.

    ``names`` are the fields that name a record in the history of what it is a part of. ``hidden`` fields are left out,
    as are all that users cannot edit. ``url`` gives the page of a record whose history can be opened by its address.
    """

    names: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    url: Callable[[models.Model], str] | None = None


@dataclass(frozen=True, slots=True)
class ActFile:
    """The file from which an act took its records. Without ``url`` the reader may not open its page."""

    name: str
    url: str = ""


# By model. Neither a record nor a part of one is shown without it.
RECORD_WORDS: Hook[RecordWords] = Hook()
# By the name of the service: what it did, such as »Details corrected«.
ACT_WORDS: Hook[Any] = Hook()
# Each returns id of an act → its file, for those of the acts that have one, in a constant number of queries.
ACT_FILES: Hook[Callable[[Collection[int], Any], dict[int, ActFile]]] = Hook()


def hidden_fields(model: type[models.Model]) -> set[str]:
    """Return the attnames of fields whose changes a history leaves out: derived ones, and times of storing."""
    words = RECORD_WORDS.get(model)
    named = set(words.hidden) if words else set()
    return {
        field.attname
        for field in model._meta.concrete_fields
        if field.name in named or field.primary_key or not field.editable
    }
