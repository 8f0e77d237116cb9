"""What the apps declare in their ``hooks.py``, so that their records and acts have a history in words."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from common.hooks import Hook


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWords:
    """How a history shows the records of a model.

    ``names`` are the fields that name a record in the history of what it is a part of. ``hidden`` fields are left out,
    as are those that users cannot edit. ``words`` has a function for each field whose values are codes of the app.
    ``called`` returns what a record is called where another one refers to it. ``url`` gives the page of a record whose
    history can be opened by its address. ``acts`` returns ids of acts that belong to the history of a record even if
    they changed nothing that is shown.
    """

    names: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    words: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    called: Callable[[models.Model], str] = str
    url: Callable[[models.Model], str] | None = None
    acts: Callable[[models.Model], models.QuerySet] | None = None


@dataclass(frozen=True, slots=True)
class ActNote:
    """A sentence about an act, such as the file that it imported. ``url`` leads to more, if the reader may open it."""

    text: str
    url: str = ""


# By model. Neither a record nor a part of one is shown without it.
RECORD_WORDS: Hook[RecordWords] = Hook()
# By the name of the service: what it did, such as »Details corrected«.
ACT_WORDS: Hook[Any] = Hook()
# Each returns id of an act → its note, for those of the acts that have one, in a constant number of queries.
ACT_NOTES: Hook[Callable[[Collection[int], Any], dict[int, ActNote]]] = Hook()

# Field name → the day before and after a correction.
DayChanges = Mapping[str, tuple[dt.date | None, dt.date | None]]
# ``source(record, changes)`` returns sentences about the figures that a correction of a record's days moves.
FIGURE_SOURCES: Hook[Callable[[models.Model, DayChanges], list[str]]] = Hook()


def moved_figures(record: models.Model, changes: DayChanges) -> list[str]:
    """Return sentences about the figures that a correction of a record's days moves."""
    changed = {name: days for name, days in changes.items() if days[0] != days[1]}
    return [sentence for source in FIGURE_SOURCES for sentence in source(record, changed)] if changed else []


def hidden_fields(model: type[models.Model]) -> set[str]:
    """Return the attnames of fields whose changes a history leaves out: derived ones, and times of storing."""
    words = RECORD_WORDS.get(model)
    named = set(words.hidden) if words else set()
    columns = model._meta.concrete_fields
    return {one.attname for one in columns if one.name in named or one.primary_key or not one.editable}


def named_fields(model: type[models.Model]) -> list[models.Field]:
    """Return the fields that name a record of a model."""
    words = RECORD_WORDS.get(model)
    return [model._meta.get_field(name) for name in (words.names if words else ())]
