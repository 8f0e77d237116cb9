"""All that happened around a person, in one list. Upper apps register what they add in ``AppConfig.ready()``.

A source is branch-safe by itself: it returns only what rests on rows ``visible_to(user)``, in a constant number
of queries.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from people.models import Person


class EntryKind(models.TextChoices):
    """What the segments above the timeline choose between."""

    FOLLOW_UP = "follow_up", _("Follow-ups")
    MATCH = "match", _("Match")
    EVENT = "event", _("Events")
    PERSON = "person", _("Person")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One line of the timeline. Texts are ready to be shown, in the user's language."""

    on: dt.date
    title: str
    kind: str
    text: str = ""
    author: str = ""
    icon: str = "circle"  # name of an icon, see the ``icon`` tag
    ring: str = ""  # a match's state instead of the icon, see the ``ring`` tag
    badge: str = ""  # a state of the ``badge`` tag, such as "good"
    badge_text: str = ""
    is_future: bool = False
    is_first: bool = False  # the first meeting: a filled circle
    url: str = ""
    order: int = 0  # within a day, the higher stands above


Source = Callable[[Person, User], Iterable[TimelineEntry]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Add a source; may be used as a decorator. Registering twice counts once."""
    if source not in _sources:
        _sources.append(source)
    return source


def entries_for(person: Person, user: User, kind: str | None = None) -> list[TimelineEntry]:
    """What ``user`` may see of the person's course, newest first; ``kind`` is a value of EntryKind."""
    from people.course import course_entries  # noqa: PLC0415 - it makes entries of this module's kind

    entries = [entry for source in _sources for entry in source(person, user)]
    entries += course_entries(person, user, entries)
    if kind:
        entries = [entry for entry in entries if entry.kind == kind]
    return sorted(entries, key=lambda entry: (entry.is_future, entry.on, entry.order), reverse=True)


@dataclass(frozen=True, slots=True)
class TimelineBlock:
    """Entries under one heading: what is planned, this year's, or those of an earlier year."""

    entries: list[TimelineEntry]
    year: int | None = None  # set when a grey row with the year stands above
    has_today: bool = False  # the dot *Today* stands above


def blocks_of(entries: list[TimelineEntry]) -> list[TimelineBlock]:
    """Entries in the order of the page, with the dot *Today* and a row for each earlier year."""
    this_year = clock.today().year
    future = [entry for entry in entries if entry.is_future]
    blocks = [TimelineBlock(future)] if future else []
    past = [entry for entry in entries if not entry.is_future]
    by_year = {year: list(rows) for year, rows in groupby(past, key=lambda entry: entry.on.year)}
    if future or this_year in by_year:
        blocks.append(TimelineBlock(by_year.pop(this_year, []), has_today=bool(future)))
    return blocks + [TimelineBlock(rows, year=year) for year, rows in by_year.items()]
