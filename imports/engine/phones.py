"""Phone numbers in a cell, as ``phonenumbers`` finds them, with Denmark as the home country."""

from __future__ import annotations

import re

from common.lazy import LazyModule
from common.spreadsheets import Cell
from imports.engine.cells import as_text

phonenumbers = LazyModule("phonenumbers")

MOST_TEXT = 1_000  # characters of a cell in which numbers are sought; the search takes time
PARTS = re.compile(r"[/,;\n]|:::|\beller\b|\bor\b|(?<=\d)\+(?=\d{8}(?!\d))")  # ::: is Google's
BRACKETS = re.compile(r"[()]")
DANISH = re.compile(r"(?:(?:\+45|0045)[ .-]*)?[2-9](?:[ .-]*\d){7}")
TWO_DANISH = re.compile(rf"(?<![\d+])({DANISH.pattern})(?=[ .-]+{DANISH.pattern}(?!\d))")  # one to the library
FOREIGN = re.compile(r"\+(?!45)(?:[ .-]*\d){8,15}(?!\d)")  # also of countries that the library does not know
NOT_DIGITS = re.compile(r"[^\d+]")
WORDS = re.compile(r"[^\W\d_]+|\d+")
JOINING_WORDS = {"og", "and", "samt", "plus", "el", "tlf", "tlfnr", "telefon", "nr", "tel", "phone", "dk"}
PLACE_WORDS = {
    "mobil", "mob", "mobile", "m", "t", "privat", "priv", "pr", "p", "hjem", "hjemme", "home", "h", "fastnet", "arb",
    "arbejde", "a", "work", "w", "job", "kontor", "office", "direkte", "dir",
}  # fmt: skip
MANY_DIGITS = 5  # perhaps a number that cannot be read


def read_phones(value: Cell) -> tuple[list[str], list[str]]:
    """Return the numbers as +4512345678, in their order, and the parts of the cell with no number or with more.

    A number is eight digits, the first 2-9, with or without +45 or 0045, or + and 8-15 digits. Words are more only in
    a cell with several numbers, which they distinguish; further digits always are.
    """
    text = as_text(value)
    if DANISH.fullmatch(text):  # most cells; without the library this takes a tenth of the time
        return [f"+45{NOT_DIGITS.sub('', text)[-8:]}"], []
    parts = [(part, *_numbers_in(part)) for part in _parts_of(text)]
    numbers = list(dict.fromkeys(number for _part, found, _rest in parts for number in found))
    leftovers = [
        part
        for part, found, rest in parts
        if not found or any(word.isdigit() or (numbers[1:] and word not in JOINING_WORDS) for word in rest)
    ]
    return numbers, leftovers


def has_unread_numbers(value: Cell) -> bool:
    """Whether a part with a number has a word that says whose another number is, or digits that may be a number.

    Words for a place, such as ``Privat`` and ``Arb.``, are not counted: the number is the same person's.
    """
    for found, rest in map(_numbers_in, _parts_of(as_text(value))):
        words = [word for word in rest if word not in JOINING_WORDS | PLACE_WORDS]
        if found and any(len(word) >= MANY_DIGITS if word.isdigit() else found[1:] for word in words):
            return True
    return False


def _parts_of(text: str) -> list[str]:
    return [part.strip() for part in PARTS.split(text.lower()) if part.strip()]


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
