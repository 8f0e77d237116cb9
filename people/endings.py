"""What a state of a person ends in the upper apps: matches, interviews, invitations.

Apps add a ``StateEnding`` to ``STATE_ENDINGS``. Its groups show what is open, before a user confirms, and what the
state has ended, so that a user can reopen it after a mistake.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import models
from django.db.models import QuerySet

from accounts.models import User
from common.hooks import Hook
from common.models import Change, ChangeKind
from people.models import Person, PersonState


class EndingItem(NamedTuple):
    """A record that a state ends or has ended. ``url`` is its page."""

    text: str
    url: str = ""


class EndingGroup(NamedTuple):
    """Records of one kind: ``title`` counts them, such as ``2 matcher``; ``items`` are those that the user may see."""

    title: str
    items: list[EndingItem]


@dataclass(frozen=True, kw_only=True)
class StateEnding:
    """What one app ends.

    ``lock(person)`` locks what its services lock before people, and returns the ids of further people to lock.
    ``open_groups(person, user)`` returns what is open, ``end(state, by)`` ends it in the open act, and
    ``ended_groups(state, user)`` returns what ``state.act`` ended.
    """

    lock: Callable[[Person], Iterable[int]]
    open_groups: Callable[[Person, User | None], Iterable[EndingGroup]]
    end: Callable[[PersonState, User | None], None]
    ended_groups: Callable[[PersonState, User], Iterable[EndingGroup]]


STATE_ENDINGS: Hook[StateEnding] = Hook()


def open_groups(person: Person, user: User | None) -> list[EndingGroup]:
    """Return what a state of the person would end, as the user may see it. ``None`` sees all."""
    return [group for ending in STATE_ENDINGS for group in ending.open_groups(person, user)]


def ended_groups(state: PersonState, user: User) -> list[EndingGroup]:
    """Return what a state ended, as the user may see it; nothing if its act is not known here."""
    if state.act_id is None:
        return []
    return [group for ending in STATE_ENDINGS for group in ending.ended_groups(state, user)]


def changed_in(state: PersonState, model: type[models.Model]) -> QuerySet:
    """Return the ids of the stored records of a model that the act of a state changed."""
    rows = Change.objects.filter(act=state.act_id, model=model._meta.label_lower, kind=ChangeKind.CHANGED)
    return rows.values("record_id")


def removed_in(state: PersonState, model: type[models.Model]) -> list[dict]:
    """Return the values of the records of a model that the act of a state deleted."""
    rows = Change.objects.filter(act=state.act_id, model=model._meta.label_lower, kind=ChangeKind.REMOVED)
    return [values for values in rows.order_by("pk").values_list("before", flat=True) if values]


def groups_digest(groups: Iterable[EndingGroup]) -> str:
    """Return a short digest of groups, by which a form detects that they changed since it was shown."""
    texts = [[group.title, *(item.text for item in group.items)] for group in groups]
    return hashlib.sha256(repr(texts).encode()).hexdigest()[:16]
