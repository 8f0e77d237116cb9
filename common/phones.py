"""Phone numbers in a text, as ``phonenumbers`` finds them, with Denmark as the home country.

The one reader of phones: of the cells of a list, of what is typed into a form, and of what is searched for.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from common.lazy import LazyModule

phonenumbers = LazyModule("phonenumbers")

MOST_TEXT = 1_000  # characters of a cell in which numbers are sought; the search takes time
PARTS = re.compile(r"[/,;\n]|:::|\beller\b|\bor\b|(?<=\d)\+(?=\d{8}(?!\d))", re.I)  # ::: is Google's
BRACKETS = re.compile(r"[()]")
DANISH = re.compile(r"(?:(?:\+45|0045)[ .-]*)?[2-9](?:[ .-]*\d){7}")
TWO_DANISH = re.compile(rf"(?<![\d+])({DANISH.pattern})(?=[ .-]+{DANISH.pattern}(?!\d))")  # one to the library
FOREIGN = re.compile(r"\+(?!45)(?:[ .-]*\d){8,15}(?!\d)")  # also of countries that the library does not know
DIGIT_RUN = re.compile(r"(?<![\d+])\d[\d .()-]*")
BARE_CODE = re.compile(r"45[2-9]\d{7}")  # Denmark's code without a plus
NOT_DIGITS = re.compile(r"[^\d+]")
WORDS = re.compile(r"[^\W\d_]+|\d+")
JOINING_WORDS = {"og", "and", "samt", "plus", "el", "tlf", "tlfnr", "telefon", "nr", "tel", "phone", "dk"}
PLACE_WORDS = {
    "mobil", "mob", "mobile", "m", "t", "privat", "priv", "pr", "p", "hjem", "hjemme", "home", "h", "fastnet", "arb",
    "arbejde", "a", "work", "w", "job", "kontor", "office", "direkte", "dir",
}  # fmt: skip
MANY_DIGITS = 5  # perhaps a number that cannot be read


class PhonePart(NamedTuple):
    """A part of a text: its numbers, and the words and digits, in lower case, that belong to none."""

    text: str
    numbers: list[str]
    rest: list[str]


def read_phones(text: str) -> tuple[list[str], list[str]]:
    """Return the numbers as +4512345678, in their order, and the parts of the cell with no number or with more.

    A number is eight digits, the first 2-9, with or without +45 or 0045, or + and 8-15 digits. Words are more only in
    a cell with several numbers, which they distinguish; further digits always are.
    """
    if DANISH.fullmatch(text) and text.isascii():  # most cells; without the library this takes a tenth of the time
        return [f"+45{NOT_DIGITS.sub('', text)[-8:]}"], []
    parts = _parts_of(text)
    numbers = _distinct(parts)
    leftovers = [
        part.text.lower()
        for part in parts
        if not part.numbers or any(word.isdigit() or (numbers[1:] and word not in JOINING_WORDS) for word in part.rest)
    ]
    return numbers, leftovers


def read_typed_phones(text: str) -> tuple[list[str], list[str]]:
    """Return the numbers in a typed text, and the parts that cannot be read.

    Reads like ``read_phones``, and also 00 and the code of any country, and 45 before eight digits. Words next to one
    number are no matter, nor are words for a place.
    """
    parts = _parts_of(_as_typed(text))
    unreadable = [part.text for part in parts if not part.numbers or _has_unread(part, JOINING_WORDS | PLACE_WORDS)]
    return _distinct(parts), unreadable


def phones_and_words(text: str) -> tuple[list[str], list[str]]:
    """Return the numbers in a typed text, and its other words in lower case, without those about phones."""
    parts = _parts_of(_as_typed(text))
    words = [word for part in parts for word in part.rest if word not in JOINING_WORDS | PLACE_WORDS]
    return _distinct(parts), words


def _as_typed(text: str) -> str:
    """Return a typed text with + for 00 and before Denmark's code."""
    return DIGIT_RUN.sub(_with_plus, _with_plain_digits(text))


def _with_plus(match: re.Match) -> str:
    digits = match[0]
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+{digits}" if BARE_CODE.fullmatch(NOT_DIGITS.sub("", digits)) else digits


def has_unread_numbers(text: str) -> bool:
    """Whether a part with a number has a word that says whose another number is, or digits that may be a number.

    Words for a place, such as ``Privat`` and ``Arb.``, are not counted: the number is the same person's.
    """
    for part in _parts_of(text):
        words = [word for word in part.rest if word not in JOINING_WORDS | PLACE_WORDS]
        if part.numbers and any(len(word) >= MANY_DIGITS if word.isdigit() else part.numbers[1:] for word in words):
            return True
    return False


def _has_unread(part: PhonePart, known_words: set[str]) -> bool:
    """Whether other digits are in a part, or words that distinguish several numbers."""
    return any(word.isdigit() or (part.numbers[1:] and word not in known_words) for word in part.rest)


def _distinct(parts: list[PhonePart]) -> list[str]:
    return list(dict.fromkeys(number for part in parts for number in part.numbers))


def _parts_of(text: str) -> list[PhonePart]:
    pieces = [piece.strip() for piece in PARTS.split(_with_plain_digits(text)) if piece.strip()]
    return [PhonePart(piece, *_numbers_in(piece.lower())) for piece in pieces]


def _with_plain_digits(text: str) -> str:
    """Return a text with the digits 0-9 for those of other scripts, such as Arabic."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)


def _numbers_in(part: str) -> tuple[list[str], list[str]]:
    """Return the numbers in a part of a cell, and the words and digits that belong to none."""
    text = BRACKETS.sub(" ", part)
    if len(text) > MOST_TEXT:
        return [], WORDS.findall(text)
    text = TWO_DANISH.sub(r"\1;", text)
    numbers, rest, end = [], [], 0
    for match in phonenumbers.PhoneNumberMatcher(text, "DK", leniency=phonenumbers.Leniency.POSSIBLE):
        if number := _as_number(match):
            numbers.append(number)
            rest += [text[end : match.start], match.number.extension or ""]
            end = match.end
    rest = " ".join([*rest, text[end:]])
    numbers += [NOT_DIGITS.sub("", number) for number in FOREIGN.findall(rest)]
    return numbers, WORDS.findall(FOREIGN.sub(" ", rest))


def _as_number(match: phonenumbers.PhoneNumberMatch) -> str | None:
    """Return the number of a match, unless it breaks the rule of ``read_phones``: 0046… and 45… without a plus."""
    if not match.raw_string.startswith("+") or match.number.country_code == 45:
        digits = NOT_DIGITS.sub("", match.raw_string).removesuffix(match.number.extension or "")
        if not DANISH.fullmatch(digits):
            return None
    return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
