"""Do two people look like one? Names that sound alike, and what else is the same. Knows no database.

By the exact rule they are one: same name and the same e-mail, a phone in common or the same full birth date. Likeness
is what that rule does not find: names spelt in two ways, in another order, with a name left out or a letter off, that
also share a birth year, a phone, an e-mail or a postcode.
"""

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import OSA

from common.folding import fold

ALIKE = 85  # names of which a shared phone, e-mail or birthday makes a probable pair
CLOSE = 88  # … of which the birth year alone does
NEARLY_EQUAL = 96  # … of which the postcode does, or a contact though something speaks against it
MOST_IN_BLOCK = 40  # a phone that more people than this have is an office's and tells nobody apart
LONGER_NAME = 4  # points a name that only one of the two has takes off; they stop after three
OTHER_ORDER = 3
RENAMED = 70  # another last name, when birthday and phone or e-mail are the same
ONE_WORD = 80  # a first name alone against a full name
KNOWN_GENDERS = frozenset({"woman", "man"})
WEIGHTS = {"email": 24, "phone": 20, "birth": 20, "birth_year": 12, "postcode": 6}
AGAINST = 15
MARKS = {
    "name": _("name"),
    "email": _("e-mail"),
    "phone": _("phone"),
    "birth": _("birthday"),
    "birth_year": _("birth year"),
    "postcode": _("postcode"),
}

_LOST = "?"
_WORDS = re.compile(r"[^\W_]+(?:\?+[^\W_]*)*|\?+[^\W_]+(?:\?+[^\W_]*)*")
_MOHAMED = re.compile(r"^(?:m[aou]?[hx]+[aou]m+[aeu]d+|mohd|mhd|muh|moh)$")
_SOUNDS = {
    "ae": "e", "oe": "o", "ou": "u", "oo": "u", "y": "i", "j": "i", "ph": "f", "sch": "s", "sh": "s", "ch": "k",
    "kh": "k", "th": "t", "ce": "se", "ci": "si", "cy": "si", "c": "k", "q": "k", "w": "v", "z": "s", "x": "ks",
}  # fmt: skip
_SPELLINGS = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_DOUBLED = re.compile(r"([^\W\d_])\1+")


@dataclass(frozen=True, slots=True)
class Word:
    """One part of a name: folded letters, and how it sounds whatever the spelling."""

    letters: str
    sound: str

    @property
    def is_initial(self) -> bool:
        return len(self.letters) == 1


@functools.lru_cache(maxsize=50_000)
def _word(text: str) -> Word:
    letters = fold(text)
    if _MOHAMED.match(letters):
        return Word(letters, "mohamed")
    sound = _SPELLINGS.sub(lambda found: _SOUNDS[found[0]], letters)
    return Word(letters, _DOUBLED.sub(r"\1", sound).rstrip("h") or letters)


@functools.lru_cache(maxsize=1_000)
def _split(text: str) -> tuple[Word, ...]:
    return tuple(_word(part) for part in _WORDS.findall(text))


def words_of(name: str) -> tuple[Word, ...]:
    """The parts of a name; hyphens and dots part them, apostrophes do not. A lost letter stays a question mark."""
    found: list[Word] = []
    for part in name.replace("'", "").replace("’", "").replace("\ufffd", _LOST).split():
        if part.isalnum():
            found.append(_word(part))
        else:
            found.extend(_split(part))
    return tuple(found)


@dataclass(slots=True, eq=False)
class Facts:
    """What is compared of one person. `ref` is the caller's: whatever finds the person again."""

    name: str
    emails: frozenset[str] | set[str] = frozenset()
    phones: frozenset[str] | set[str] = frozenset()
    birth_date: dt.date | None = None
    birth_year: int | None = None
    postcode: str = ""
    gender: str = ""
    ref: Any = None
    words: tuple[Word, ...] = field(init=False)
    keys: list[Any] | None = field(init=False, default=None)  # once somebody asked for them

    def __post_init__(self) -> None:
        self.words = words_of(self.name)
        if self.birth_date:
            self.birth_year = self.birth_date.year


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much speaks for one person (0–100), and what is the same: keys of `marks`. `other` is whom `find` found."""

    score: int
    same: tuple[str, ...]
    is_exact: bool = False
    other: Facts | None = None


# ---------------------------------------------------------------- names


def name_key(name: str) -> str:
    """Return what the spellings of one name share: capitals, hyphens and runs of blanks do not matter."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().replace("-", " ").split())


def name_likeness(a: Sequence[Word], b: Sequence[Word]) -> float:
    """How alike two names are, 0 to 100. 0 also when only a last name is the same, or only a first name.

    Every part of the shorter name has to be found in the longer one, and one of them must sound the same.
    """
    if a == b:
        return 100.0 if a else 0.0
    if len(a) > len(b):
        a, b = b, a
    if len(a) == 0:
        return 0.0
    if len(a) == 1:
        return _one_word(a[0], b)
    if len(a) == len(b) and sorted(word.sound for word in a) != sorted(word.sound for word in b):
        in_order = _paired(a, b)
        if in_order:
            return in_order
    return max(_any_order(a, b), _run_together(a, b))


def _one_word(word: Word, words: Sequence[Word]) -> float:
    alike = _word_likeness(word, words[0])
    if len(words) == 1:
        return alike
    return ONE_WORD if alike >= NEARLY_EQUAL else 0.0


def _paired(a: Sequence[Word], b: Sequence[Word]) -> float:
    return _mean([_word_likeness(one, other) for one, other in zip(a, b, strict=True)])


def _any_order(a: Sequence[Word], b: Sequence[Word]) -> float:
    """Each part of the shorter name beside the most alike of the longer one; those left over take some off."""
    left, found, places = list(range(len(b))), [], []
    for word in a:
        alike, place = max((_word_likeness(word, b[index]), -index) for index in left)
        if not alike:
            return 0.0
        found.append(alike)
        places.append(-place)
        left.remove(-place)
    longer = min(len(left), 3) * LONGER_NAME
    return max(_mean(found) - longer - (OTHER_ORDER if places != sorted(places) else 0), 0.0)


def _run_together(a: Sequence[Word], b: Sequence[Word]) -> float:
    """Anne Marie and Annemarie."""
    return 98.0 if "".join(word.sound for word in a) == "".join(word.sound for word in b) else 0.0


def _mean(found: list[float]) -> float:
    return sum(found) / len(found) if min(found) and max(found) >= NEARLY_EQUAL else 0.0


def _word_likeness(a: Word, b: Word) -> float:
    """100 the same letters · 97 the same sound · less for one letter off · 80 an initial · 0."""
    one, other = a.letters, b.letters
    if one == other:
        return 100.0
    if a.sound == b.sound:
        return 97.0
    if _LOST in one or _LOST in other:
        return 97.0 if _fits(one, other) else 0.0
    if a.is_initial or b.is_initial:
        return 80.0 if one[0] == other[0] else 0.0
    if min(len(one), len(other)) < 4 or OSA.distance(one, other, score_cutoff=1) > 1:
        return 0.0
    return 100.0 - 100.0 / max(len(one), len(other))


def _fits(one: str, other: str) -> bool:
    """Whether two words are the same but for letters that one of them has lost."""
    return len(one) == len(other) and all(
        x == y or _LOST in (x, y) for x, y in zip(one, other, strict=True)
    )  # fmt: skip


# ---------------------------------------------------------------- two people


class Identifiable(Protocol):
    """Whoever has a name and what identifies people: a stored person, a row, or the facts of one."""

    name: str
    emails: Iterable[str]
    phones: Iterable[str]
    birth_date: dt.date | None


def share_a_mark(one: Identifiable, other: Identifiable) -> bool:
    """Whether an e-mail, a phone or the full birth date is the same. The first of January is a birthday like any."""
    return bool(
        {email.lower() for email in one.emails} & {email.lower() for email in other.emails}
        or set(one.phones) & set(other.phones)
        or (one.birth_date is not None and one.birth_date == other.birth_date)
    )


def is_exactly(one: Identifiable, other: Identifiable) -> bool:
    """Whether the two are one person by the exact rule."""
    return name_key(one.name) == name_key(other.name) and share_a_mark(one, other)


def same_words(marks: Iterable[str]) -> str:
    """What is the same: ``navn, telefon og fødselsår``."""
    return get_text_list([str(MARKS[mark]) for mark in marks], gettext("and"))


def likeness(a: Facts, b: Facts, *, with_exact: bool = False) -> Likeness | None:
    """Whether two people are probably one. None when they are not, and, unless `with_exact`, when they are for sure."""
    has_contact = not (a.emails.isdisjoint(b.emails) and a.phones.isdisjoint(b.phones))
    is_other_birthday = _is_other_birthday(a, b)
    if is_other_birthday and not has_contact:
        return None
    names = name_likeness(a.words, b.words)
    if not names and not has_contact:
        return None
    marks = _marks(a, b)
    if not names and "birth" in marks and _same_first_name(a, b):
        names = RENAMED
    if not names or not marks:
        return None
    is_exact = names == 100 and is_exactly(a, b)
    if is_exact and not with_exact:
        return None
    against = is_other_birthday + (a.gender != b.gender and {a.gender, b.gender} <= KNOWN_GENDERS)
    if not is_exact and not _is_probable(names, marks, against, is_one_word=1 in (len(a.words), len(b.words))):
        return None
    same = (*(["name"] if names >= NEARLY_EQUAL else []), *(mark for mark in WEIGHTS if mark in marks))
    score = 0.6 * names + sum(WEIGHTS[mark] for mark in marks) - AGAINST * against
    return Likeness(round(min(max(score, 0), 100)), same, is_exact)


def _is_probable(names: float, marks: set[str], against: int, *, is_one_word: bool) -> bool:
    """Whether a coordinator would agree that the pair deserves a look: the less is the same, the more the names."""
    has_contact = not marks.isdisjoint(("email", "phone"))
    if is_one_word and names < NEARLY_EQUAL:
        return has_contact and not against and names == ONE_WORD
    if names == RENAMED:
        return not against
    if against:
        return against == 1 and names >= NEARLY_EQUAL and (has_contact or "birth" in marks)
    if has_contact or "birth" in marks:
        return names >= ALIKE
    return names >= (CLOSE if "birth_year" in marks else NEARLY_EQUAL)


def _marks(a: Facts, b: Facts) -> set[str]:
    """What is the same, but for the name."""
    marks = set()
    if not a.emails.isdisjoint(b.emails):
        marks.add("email")
    if not a.phones.isdisjoint(b.phones):
        marks.add("phone")
    if a.postcode and a.postcode == b.postcode:
        marks.add("postcode")
    if a.birth_year and a.birth_year == b.birth_year:
        if a.birth_date and a.birth_date == b.birth_date and not _is_guess(a.birth_date):
            marks.add("birth")
        elif not _is_other_birthday(a, b):
            marks.add("birth_year")
    return marks


def _is_other_birthday(a: Facts, b: Facts) -> bool:
    """Whether two birthdays, or the years when a day is not known, say that they are two people."""
    one, other = a.birth_date, b.birth_date
    if one and other:
        return one != other and not _mistyped(one, other)
    return bool(a.birth_year and b.birth_year and a.birth_year != b.birth_year)


def _mistyped(one: dt.date, other: dt.date) -> bool:
    """Day and month changed about, one digit off, or a first of January that only stands for the year."""
    if one.year != other.year:
        same_day = (one.month, one.day) == (other.month, other.day)
        return same_day and _one_digit_off(one.year, other.year)
    if one.month == other.month:
        return _one_digit_off(one.day, other.day) or _is_guess(one) or _is_guess(other)
    if one.day == other.day:
        return _one_digit_off(one.month, other.month) or _is_guess(one) or _is_guess(other)
    return (one.day, one.month) == (other.month, other.day) or _is_guess(one) or _is_guess(other)


def _one_digit_off(one: int, other: int) -> bool:
    return sum(x != y for x, y in zip(f"{one:04}", f"{other:04}", strict=True)) == 1


def _is_guess(day: dt.date) -> bool:
    """The first of January stands for a birthday that nobody knows, and half a class may have it."""
    return day.month == 1 and day.day == 1


def _same_first_name(a: Facts, b: Facts) -> bool:
    return bool(a.words and b.words) and _word_likeness(a.words[0], b.words[0]) >= NEARLY_EQUAL


# ---------------------------------------------------------------- among many


class LikeIndex:
    """People to look among. A question takes a few microseconds, whatever their number.

    Nobody is compared with everybody, only with those who share an e-mail, a phone, the birth year and a part of the
    name (with the initial of another), or the postcode and the sound of the whole name.
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
        """The people most like `facts`, best first; not `facts` itself."""
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
    """The blocks that somebody stands in: texts for e-mails and phones, hashes for the rest."""
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
