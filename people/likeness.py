"""Likeness: whether two people are probably the same person. Pure functions, without a database.

By the exact rule two people are the same when they have the same name and share an e-mail, a phone or the full birth
date other than 1 January, unless their full birth dates differ. Likeness finds what the exact rule misses: a name in
another spelling or order, with a part missing or a letter wrong, together with a shared birth year, phone, e-mail or
postcode; and the same name and contact with different birth dates, such as a mother and daughter.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.names import NEARLY_EQUAL, ONE_WORD, Word, name_key, name_likeness, word_likeness, words_of

# Likeness of two names (0–100) from which a shared attribute makes the pair probable. ``NEARLY_EQUAL`` is needed with
# the same postcode, or with the same phone or e-mail despite a contradiction.
ALIKE = 85  # with the same phone, e-mail or birthday
CLOSE = 88  # with the same birth year
RENAMED = 70  # another last name, but the same birthday and the same phone or e-mail

MOST_IN_BLOCK = 40  # a phone or e-mail of more people than this is an office's and says nothing about likeness
KNOWN_GENDERS = frozenset({"woman", "man"})
WEIGHTS = {"email": 24, "phone": 20, "birth": 20, "birth_year": 12, "postcode": 6}
CONTRADICTION = 15  # points off
ATTRIBUTE_LABELS = {
    "name": _("name"),
    "email": _("e-mail"),
    "phone": _("phone"),
    "birth": _("birthday"),
    "birth_year": _("birth year"),
    "postcode": _("postcode"),
}


@dataclass(slots=True, eq=False)
class Facts:
    """The attributes of one person that are compared. ``ref`` is for the caller, to find the person by."""

    name: str
    emails: frozenset[str] | set[str] = frozenset()
    phones: frozenset[str] | set[str] = frozenset()
    birth_date: dt.date | None = None
    birth_year: int | None = None
    postcode: str = ""
    gender: str = ""
    ref: Any = None
    words: tuple[Word, ...] = field(init=False)
    keys: list[Any] | None = field(init=False, default=None)  # computed on first use

    def __post_init__(self) -> None:
        self.words = words_of(self.name)
        if self.birth_date:
            self.birth_year = self.birth_date.year


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two people are (0–100), and the shared attributes. ``other`` is set by ``LikeIndex.find``."""

    score: int
    same: tuple[str, ...]
    is_exact: bool = False
    other: Facts | None = None


# ---------------------------------------------------------------- two people


class Identifiable(Protocol):
    """Anything with a name and what identifies a person: a stored person, a row of an import, or ``Facts``."""

    name: str
    emails: Iterable[str]
    phones: Iterable[str]
    birth_date: dt.date | None


def share_contact(one: Identifiable, other: Identifiable) -> bool:
    """Whether the two share an e-mail or a phone."""
    emails = {email.lower() for email in one.emails} & {email.lower() for email in other.emails}
    return bool(emails or set(one.phones) & set(other.phones))


def identifying_birth_date(person: Identifiable) -> dt.date | None:
    """Return the full birth date unless it is 1 January, often entered when only the year is known."""
    return None if person.birth_date is None or _is_placeholder(person.birth_date) else person.birth_date


def have_other_birth_dates(one: Identifiable, other: Identifiable) -> bool:
    """Whether the two have full birth dates that differ, which makes them two people by the exact rule."""
    return one.birth_date is not None and other.birth_date is not None and one.birth_date != other.birth_date


def is_exactly(one: Identifiable, other: Identifiable) -> bool:
    """Whether the two are the same person by the exact rule."""
    if name_key(one.name) != name_key(other.name) or have_other_birth_dates(one, other):
        return False
    birth_date = identifying_birth_date(one)
    return share_contact(one, other) or (birth_date is not None and birth_date == other.birth_date)


def same_words(attributes: Iterable[str]) -> str:
    """Return the labels of shared attributes as text: ``navn, telefon og fødselsår``."""
    return get_text_list([str(ATTRIBUTE_LABELS[name]) for name in attributes], gettext("and"))


def likeness(a: Facts, b: Facts, *, with_exact: bool = False) -> Likeness | None:
    """Return how alike two people are, or None if they are probably not the same person.

    Also returns None when they are the same by the exact rule, unless ``with_exact``.
    """
    has_contact = not (a.emails.isdisjoint(b.emails) and a.phones.isdisjoint(b.phones))
    is_other_birthday = _is_other_birthday(a, b)
    if is_other_birthday and not has_contact:
        return None
    names = name_likeness(a.words, b.words)
    if not names and not has_contact:
        return None
    same = _shared_attributes(a, b)
    if not names and "birth" in same and _same_first_name(a, b):
        names = RENAMED
    if not names or not same:
        return None
    is_exact = names == 100 and is_exactly(a, b)
    if is_exact and not with_exact:
        return None
    contradictions = is_other_birthday + (a.gender != b.gender and {a.gender, b.gender} <= KNOWN_GENDERS)
    is_namesake = names == 100 and has_contact  # a relative, or a wrong date: a question in any case
    is_one_word = 1 in (len(a.words), len(b.words))
    if not (is_exact or is_namesake or _is_probable(names, same, contradictions, is_one_word=is_one_word)):
        return None
    return _scored(names, same, contradictions, is_exact=is_exact)


def _scored(names: float, same: set[str], contradictions: int, *, is_exact: bool) -> Likeness:
    score = 0.6 * names + sum(WEIGHTS[name] for name in same) - CONTRADICTION * contradictions
    in_order = (*(["name"] if names >= NEARLY_EQUAL else []), *(name for name in WEIGHTS if name in same))
    return Likeness(round(min(max(score, 0), 100)), in_order, is_exact)


def _is_probable(names: float, same: set[str], contradictions: int, *, is_one_word: bool) -> bool:
    """Whether a coordinator would want to see the pair: the fewer attributes are the same, the stricter on names."""
    has_contact = not same.isdisjoint(("email", "phone"))
    if is_one_word and names < NEARLY_EQUAL:
        return has_contact and not contradictions and names == ONE_WORD
    if names == RENAMED:
        return not contradictions
    if contradictions:
        return contradictions == 1 and names >= NEARLY_EQUAL and (has_contact or "birth" in same)
    if has_contact or "birth" in same:
        return names >= ALIKE
    return names >= (CLOSE if "birth_year" in same else NEARLY_EQUAL)


def _shared_attributes(a: Facts, b: Facts) -> set[str]:
    """Return the keys of ``WEIGHTS`` that are the same."""
    same = set()
    if not a.emails.isdisjoint(b.emails):
        same.add("email")
    if not a.phones.isdisjoint(b.phones):
        same.add("phone")
    if a.postcode and a.postcode == b.postcode:
        same.add("postcode")
    if a.birth_year and a.birth_year == b.birth_year:
        if a.birth_date and a.birth_date == b.birth_date and not _is_placeholder(a.birth_date):
            same.add("birth")
        elif not _is_other_birthday(a, b):
            same.add("birth_year")
    return same


def _is_other_birthday(a: Facts, b: Facts) -> bool:
    """Whether the birthdays, or the years where a day is unknown, contradict."""
    one, other = a.birth_date, b.birth_date
    if one and other:
        return one != other and not _may_be_typo(one, other)
    return bool(a.birth_year and b.birth_year and a.birth_year != b.birth_year)


def _may_be_typo(one: dt.date, other: dt.date) -> bool:
    """Whether day and month are swapped, one digit is wrong, or 1 January is only a placeholder for the year."""
    if one.year != other.year:
        same_day = (one.month, one.day) == (other.month, other.day)
        return same_day and _one_digit_off(one.year, other.year)
    if one.month == other.month:
        return _one_digit_off(one.day, other.day) or _is_placeholder(one) or _is_placeholder(other)
    if one.day == other.day:
        return _one_digit_off(one.month, other.month) or _is_placeholder(one) or _is_placeholder(other)
    return (one.day, one.month) == (other.month, other.day) or _is_placeholder(one) or _is_placeholder(other)


def _one_digit_off(one: int, other: int) -> bool:
    return sum(x != y for x, y in zip(f"{one:04}", f"{other:04}", strict=True)) == 1


def _is_placeholder(day: dt.date) -> bool:
    """Whether the day is 1 January, which is often entered when only the year is known."""
    return day.month == 1 and day.day == 1


def _same_first_name(a: Facts, b: Facts) -> bool:
    return bool(a.words and b.words) and word_likeness(a.words[0], b.words[0]) >= NEARLY_EQUAL


# ---------------------------------------------------------------- one person among many


class LikeIndex:
    """An index of people that finds those who resemble a person, in microseconds at any size.

    It only compares people who share a block: an e-mail, a phone, the birth year with one part of the name and the
    initial of another, or the postcode with the sound of the whole name.
    """

    def __init__(self, people: Iterable[Facts] = (), *, with_exact: bool = False):
        self._blocks: dict[Any, Facts | list[Facts]] = {}
        self._with_exact = with_exact
        for facts in people:
            self.add(facts)

    def add(self, facts: Facts) -> None:
        blocks = self._blocks
        for key in _keys(facts):
            block = blocks.setdefault(key, facts)
            if block is facts:
                continue
            if not isinstance(block, list):
                blocks[key] = [block, facts]
            elif len(block) <= MOST_IN_BLOCK or not isinstance(key, str):
                block.append(facts)

    def find(self, facts: Facts, limit: int = 3) -> list[Likeness]:
        """Return the people most like ``facts``, best first, without ``facts`` itself."""
        found: dict[int, Facts] = {}
        for key in _keys(facts):
            block = self._blocks.get(key)
            if block is None:
                continue
            if not isinstance(block, list):
                found[id(block)] = block
            elif len(block) <= MOST_IN_BLOCK or not isinstance(key, str):
                found.update((id(other), other) for other in block)
        found.pop(id(facts), None)
        alike = [
            replace(like, other=other)
            for other in found.values()
            if (like := likeness(facts, other, with_exact=self._with_exact))
        ]
        return sorted(alike, key=lambda like: -like.score)[:limit]


def _keys(facts: Facts) -> list[Any]:
    """Return the keys of a person's blocks: texts for e-mails and phones, hashes for the others."""
    if facts.keys is None:
        facts.keys = _find_keys(facts)
    return facts.keys


def _find_keys(facts: Facts) -> list[Any]:
    keys: list[Any] = [*facts.emails, *facts.phones]
    words = facts.words
    if len(words) < 2:
        return keys
    if facts.birth_year:
        pairs = {
            hash((facts.birth_year, one.sound, other.sound[0]))
            for one in words
            if not one.is_initial
            for other in words
            if other is not one
        }
        keys.extend(pairs)
    if facts.postcode:
        keys.append(hash((facts.postcode, *sorted(word.sound for word in words))))
    return keys
