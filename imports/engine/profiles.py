"""Exports of address books, recognised by their headings (``data/profiles.toml``).

Some of their headings mean something else than in a coordinator's list: ``Titel`` is Hr. or Fru in Outlook, and
``Location`` is not a town. The profile therefore lists the columns of an export that are read; its other headings have
no meaning. Columns that a user added are recognised as in any list.
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from imports.engine.fields import load_data, normal

NUMBERS = range(1, 7)  # of a numbered heading, such as "Phone 2 - Value"


@dataclass(frozen=True)
class Profile:
    """A known export.

    ``telling``: groups of headings, of which an export always has one each. ``columns``: field → headings, best first.
    ``headings``: all headings of the export, read or not.
    """

    code: str
    label: str
    telling: tuple[frozenset[str], ...]
    columns: dict[str, tuple[str, ...]]
    headings: frozenset[str]

    def fits(self, headings: set[str]) -> bool:
        return all(group & headings for group in self.telling)

    def columns_of(self, headings: Mapping[int, str], keys: set[str]) -> dict[str, int]:
        """Return field → column for the fields in ``keys``. Each column goes to the first field that lists it."""
        places: dict[str, int] = {}
        for index, heading in headings.items():
            places.setdefault(heading, index)
        found: dict[str, int] = {}
        for key, wanted in self.columns.items():
            for heading in wanted if key in keys else ():
                if heading in places and places[heading] not in found.values():
                    found[key] = places[heading]
                    break
        return found


@functools.cache
def profiles() -> tuple[Profile, ...]:
    """Return all exports that are known."""
    return tuple(_make_profile(code, entry) for code, entry in load_data("profiles.toml").items())


def _make_profile(code: str, entry: dict) -> Profile:
    columns = {key: _normal(headings) for key, headings in entry["fields"].items()}
    numbered = [heading.replace("#", str(number)) for heading in entry.get("numbered", ()) for number in NUMBERS]
    headings = frozenset(_normal([*entry["others"], *numbered])).union(*columns.values())
    return Profile(
        code, entry["label"], tuple(frozenset(_normal(group)) for group in entry["telling"]), columns, headings
    )


def _normal(headings: Iterable[str]) -> tuple[str, ...]:
    return tuple(normal(heading) for heading in headings)


def profile_of(headings: Iterable[str]) -> Profile | None:
    """Return the export whose headings (see :func:`~imports.engine.fields.normal`) these are, or None."""
    present = set(headings)
    return next((profile for profile in profiles() if profile.fits(present)), None)
