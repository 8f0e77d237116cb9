"""Fields: what the columns of a spreadsheet may hold, and profiles of address books, read from ``imports/data``.

``data/fields.toml`` holds the fields that several kinds share, ``data/kinds/<code>.toml`` the fields of each kind with
examples, ``data/words.toml`` the words of columns that hold few words. Each file explains its keys.
"""

import functools
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from django.utils.functional import Promise, lazy
from django.utils.translation import get_language

from common.folding import fold
from common.hooks import Hook

DATA = Path(__file__).resolve().parent.parent / "data"
MOST_COLUMNS = 5  # numbered columns of one meaning, such as Sprog 1 to Sprog 5
Words = dict[str, dict[str, str]]  # field → word of a branch, folded → our word


def normal(heading: str) -> str:
    """Return a heading in small ASCII letters with blanks for punctuation: ``E-mail`` and ``e mail`` are equal."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(heading)).split())


@functools.cache
def load_data(name: str) -> dict[str, Any]:
    """Return the content of a TOML file in ``imports/data``."""
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)


def _in_language(da: str, en: str) -> str:
    return da if get_language() == "da" else en


in_language = lazy(_in_language, str)


@dataclass(frozen=True)
class Choice:
    """A word that a column may hold: ``word`` as the reader accepts it, with all spellings of the same meaning."""

    word: str
    label: str | Promise
    spellings: frozenset[str] = frozenset()  # folded

    def covers(self, text: str) -> bool:
        folded = fold(text)
        return folded == fold(self.word) or folded in self.spellings


def _folded(words: Iterable[str]) -> Iterator[str]:
    return (fold(spelling) for word in words for spelling in (word, f"{word}."))


class WordList:
    """The words that a column may hold, each with the value that it means, read from ``data/words.toml`` when needed.

    Capitals, accents and a final dot do not matter. The labels come from the enumeration, if there is one.
    """

    def __init__(self, name: str, values: type[Enum] | None = None):
        self._name, self._values = name, values

    @functools.cached_property
    def _spellings(self) -> dict[Any, list[str]]:
        spellings = load_data("words.toml")[self._name]
        return {self._values(value) if self._values else value: words for value, words in spellings.items()}

    @functools.cached_property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(
            Choice(words[0], getattr(value, "label", words[0]), frozenset(_folded(words)))
            for value, words in self._spellings.items()
        )

    @functools.cached_property
    def _meanings(self) -> dict[str, Any]:
        return {word: value for value, words in self._spellings.items() for word in _folded(words)}

    def meaning(self, text: str) -> Any:
        """Return the value that a word means, or None."""
        return self._meanings.get(fold(text))

    @property
    def words(self) -> str:
        """The first spelling of every value, joined by commas, for a sentence."""
        return ", ".join(choice.word for choice in self.choices)


@dataclass(frozen=True)
class Field:
    """A meaning that a column can have. ``is_telling``: other kinds of lists seldom have this field.

    ``words`` are whole headings, ``phrases`` parts of longer ones, both as :func:`normal` returns them. A field with
    ``choices`` holds one of a few words. ``explanation`` and ``examples`` are for the template to download, which
    leaves out fields without examples.
    """

    key: str
    label: str | Promise
    words: frozenset[str]
    phrases: tuple[str, ...] = ()
    is_telling: bool = False
    choices: tuple[Choice, ...] = ()
    explanation: str | Promise = ""
    examples: tuple[str, ...] = ()


CHOICES: Hook[Callable[[], tuple[Choice, ...]]] = Hook()  # the key is the name by which the data refers to the choices


def word_list(name: str, values: type[Enum] | None = None) -> WordList:
    """Return a word list of ``data/words.toml`` and add its choices to ``CHOICES``."""
    words = WordList(name, values)
    CHOICES.add(lambda: words.choices, key=name)
    return words


def load_fields(kind: str) -> tuple[Field, ...]:
    """Return the fields of a kind of list, in the order of its file."""
    entries: dict[str, dict] = {key: {"key": key, **entry} for key, entry in load_data("fields.toml").items()}
    keys = []
    for entry in load_data(f"kinds/{kind}.toml")["fields"]:
        name = f"{kind}: {entry.get('key') or entry['use']}"
        entries[name] = entry
        entries.setdefault(entry.get("key", ""), entry)
        keys.append(name)
    return tuple(_make_field(name, entries) for name in keys)


def _make_field(name: str, entries: Mapping[str, dict]) -> Field:
    entry = _merged(name, entries)
    words = {normal(heading) for heading in (*entry["headings"], *entry.get("more_headings", ()))}
    if "number" in entry:
        words |= {
            f"{word}{blank}{count}" for word in words for blank in ("", " ") for count in range(1, MOST_COLUMNS + 1)
        }
    return Field(
        entry["key"],
        in_language(**entry["label"]),
        frozenset(words),
        tuple(normal(phrase) for phrase in entry.get("phrases", ())),
        entry.get("is_telling", False),
        CHOICES[entry["choices"]]() if entry.get("choices") else (),
        in_language(**entry["explanation"]) if "explanation" in entry else "",
        tuple(entry.get("examples", ())),
    )


def _merged(name: str, entries: Mapping[str, dict]) -> dict:
    """Return an entry with the keys of the entry it uses. A numbered column takes over the headings only."""
    entry = entries[name]
    base = _merged(entry["use"], entries) if "use" in entry else {}
    if "number" in entry:
        base = {key: base[key] for key in ("headings", "phrases") if key in base}
    return base | entry


# ---------------------------------------------------------------- exports of address books

NUMBERS = range(1, 7)  # of a numbered heading, such as "Phone 2 - Value"


@dataclass(frozen=True)
class Profile:
    """A known export of an address book.

    Some headings of exports mean something else than in other lists: ``Titel`` is Hr. or Fru in Outlook. The profile
    therefore lists the columns that are read; the other headings have no meaning.

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
    """Return the export whose headings (see :func:`normal`) these are, or None."""
    present = set(headings)
    return next((profile for profile in profiles() if profile.fits(present)), None)
