"""Likeness of names: how alike two names are in spelling, sound and order of their parts."""

import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from common.folding import fold, without_apostrophes
from common.lazy import LazyModule

OSA = LazyModule("rapidfuzz.distance.OSA")

NEARLY_EQUAL = 96  # a likeness from which two parts count as the same sound
LONGER_NAME = 4  # points off for each part that only one of the names has, at most three times
OTHER_ORDER = 3  # points off for parts in another order
ONE_WORD = 80  # only a first name against a full name

_LOST = "?"
_WORDS = re.compile(r"[^\W_]+(?:\?+[^\W_]*)*|\?+[^\W_]+(?:\?+[^\W_]*)*")
# Names whose spellings differ more than sounds explain, such as Somali ones (c for ayn, x for h).
_SPELLED = {
    "mohamed": "m[aou]?[hx]+[aou]m+[aeu]d+|mohd|mhd|muh|moh",
    "omar": "c?[ou]ma+r",
    "osman": "c?[iou]s+ma+n",
    "ali": "cali",
    "husein": "[hx]us+(?:ee|[ae]?[iy])n",
    "fatuma": "fa+[dt][ou]+m[ao]",
    "aisha": "c?a+[iy]?sh[ao]",
    "ismail": "isma+c?[ie]+l",
}
_NAMES = re.compile("|".join(f"(?P<{sound}>{pattern})" for sound, pattern in _SPELLED.items()))
# Cabdi, Xasan, Axmed and Faarax, but not Xavier and Max.
_SOMALI = re.compile(r"^c(?=abd)|^x(?=[aiu](?!vi|nd|nt|me))|(?<=a)x(?=[mr])|(?<=[^\W_][^\W_]a)x$")
_SOUNDS = {
    "ae": "e", "oe": "o", "ou": "u", "oo": "u", "y": "i", "j": "i", "ph": "f", "sch": "s", "sh": "s", "ch": "k",
    "kh": "k", "th": "t", "ce": "se", "ci": "si", "cy": "si", "c": "k", "q": "k", "w": "v", "z": "s", "x": "ks",
}  # fmt: skip
_SPELLINGS = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_DOUBLED = re.compile(r"([^\W\d_])\1+")


@dataclass(frozen=True, slots=True)
class Word:
    """One part of a name: its folded letters, and its sound, which is the same for several spellings."""

    letters: str
    sound: str

    @property
    def is_initial(self) -> bool:
        return len(self.letters) == 1


@functools.lru_cache(maxsize=50_000)
def _word(text: str) -> Word:
    letters = fold(text)
    if found := _NAMES.fullmatch(letters):
        return Word(letters, found.lastgroup)
    sound = _SOMALI.sub(lambda found: "h" if found[0] == "x" else "", letters)
    sound = _SPELLINGS.sub(lambda found: _SOUNDS[found[0]], sound)
    return Word(letters, _DOUBLED.sub(r"\1", sound).rstrip("h") or letters)


@functools.lru_cache(maxsize=1_000)
def _split(text: str) -> tuple[Word, ...]:
    return tuple(_word(part) for part in _WORDS.findall(text if text.isascii() else fold(text)))


def words_of(name: str) -> tuple[Word, ...]:
    """Split a name at blanks, hyphens and dots, but not at apostrophes. An unreadable letter becomes ``?``."""
    found: list[Word] = []
    for part in without_apostrophes(name).replace("\ufffd", _LOST).split():
        if part.isalnum():
            found.append(_word(part))
        else:
            found.extend(_split(part))
    return tuple(found)


def name_key(name: str) -> str:
    """Return what the spellings of one name share: capitals, hyphens and runs of blanks do not matter."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().replace("-", " ").split())


def name_likeness(a: Sequence[Word], b: Sequence[Word]) -> float:
    """Return how alike two names are, from 0 to 100.

    Every part of the shorter name must resemble a part of the longer one, and at least one must sound the same. A
    first or last name alone is not enough.
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
        in_order = _part_by_part(a, b)
        if in_order:
            return in_order
    return max(_any_order(a, b), _run_together(a, b))


def _one_word(word: Word, words: Sequence[Word]) -> float:
    alike = word_likeness(word, words[0])
    if len(words) == 1:
        return alike
    return ONE_WORD if alike >= NEARLY_EQUAL else 0.0


def _part_by_part(a: Sequence[Word], b: Sequence[Word]) -> float:
    return _mean([word_likeness(one, other) for one, other in zip(a, b, strict=True)])


def _any_order(a: Sequence[Word], b: Sequence[Word]) -> float:
    """Compare each part of the shorter name with the most similar part of the longer one, in any order."""
    left, found, places = list(range(len(b))), [], []
    for word in a:
        alike, place = max((word_likeness(word, b[index]), -index) for index in left)
        if not alike:
            return 0.0
        found.append(alike)
        places.append(-place)
        left.remove(-place)
    longer = min(len(left), 3) * LONGER_NAME
    return max(_mean(found) - longer - (OTHER_ORDER if places != sorted(places) else 0), 0.0)


def _run_together(a: Sequence[Word], b: Sequence[Word]) -> float:
    """Compare the names without blanks, so that ``Anne Marie`` equals ``Annemarie``."""
    return 98.0 if "".join(word.sound for word in a) == "".join(word.sound for word in b) else 0.0


def _mean(found: list[float]) -> float:
    return sum(found) / len(found) if min(found) and max(found) >= NEARLY_EQUAL else 0.0


def word_likeness(a: Word, b: Word) -> float:
    """Return 100 for the same letters, 97 for the same sound, less for one wrong letter, 80 for an initial, else 0."""
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
    """Whether two words are the same except for unreadable letters."""
    return len(one) == len(other) and all(
        x == y or _LOST in (x, y) for x, y in zip(one, other, strict=True)
    )  # fmt: skip
