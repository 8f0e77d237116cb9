"""Hooks: how an upper app adds to what a lower app shows or does without being imported by it.

A lower app declares a ``Hook`` where it uses it. An upper app fills it in its own ``hooks.py``, which
``CommonConfig.ready()`` imports once all models are loaded. ``grep -rn "Hook(" --include=*.py .`` lists them all.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class Hook(Generic[Entry]):
    """Entries in the order in which they were added, each found by its key.

    The key of an entry is the entry itself unless another is given. Adding under a key again replaces the entry.
    """

    def __init__(self) -> None:
        self._entries: dict[Hashable, Entry] = {}

    def add(self, entry: Entry, *, key: Hashable = None) -> Entry:
        """Add an entry and return it, so that ``@HOOK.add`` can decorate a function."""
        self._entries[entry if key is None else key] = entry
        return entry

    def add_all(self, entries: Mapping[Hashable, Entry]) -> None:
        """Add several entries under their keys."""
        self._entries.update(entries)

    def get(self, key: Hashable, default: Entry | None = None) -> Entry | None:
        """Return the entry with a key, or ``default``."""
        return self._entries.get(key, default)

    def __getitem__(self, key: Hashable) -> Entry:
        """Return the entry with a key. Raises KeyError."""
        return self._entries[key]

    def __contains__(self, key: Hashable) -> bool:
        return key in self._entries

    def keys(self) -> Iterable[Hashable]:
        """Return the keys in the order in which they were added."""
        return self._entries.keys()

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A card that an upper app adds to a page of a lower one.

    The template gets the context as ``panel``. A page sorts its cards by ``order`` where it says so.
    """

    template: str
    context: dict = field(default_factory=dict)
    order: int = 10
