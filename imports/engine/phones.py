"""Phone numbers in a cell."""

import re

from common.spreadsheets import Cell
from imports.engine.cells import as_text

PHONE_PARTS = re.compile(r"[/,;\n]|:::|\beller\b|\bor\b|(?<=\d)\+(?=\d{8}(?!\d))")  # ::: is Google's
PHONE_STRETCH = re.compile(r"\+?\d[\d .()-]*")
ONE_OF_SEVERAL = re.compile(r"(?:(?:\+45|0045)[ .()-]*)?[2-9](?:[ .()-]*\d){7}(?!\d)")
SEVERAL_PHONES = re.compile(rf"(?:{ONE_OF_SEVERAL.pattern}[ .()-]*){{2,}}")
BESIDE_PHONES = re.compile(r"[^\W\d_]+|\d+")
WORD_BETWEEN_DIGITS = re.compile(r"\d\D*[^\W\d_]\D*\d")
PHONE_JOINTS = {"og", "and", "samt", "plus", "el", "tlf", "tlfnr", "telefon", "nr", "tel", "phone", "dk"}
PHONE_PLACES = {
    "mobil", "mob", "mobile", "m", "t", "privat", "priv", "pr", "p", "hjem", "hjemme", "home", "h", "fastnet", "arb",
    "arbejde", "a", "work", "w", "job", "kontor", "office", "direkte", "dir",
}  # fmt: skip
MANY_DIGITS = 5  # beside a number: perhaps another one that cannot be read
DANISH_PHONE = re.compile(r"^(?:\+45|0045)?([2-9]\d{7})$")
FOREIGN_PHONE = re.compile(r"^\+(?!45)\d{8,15}$")


def read_phones(value: Cell) -> tuple[list[str], list[str]]:
    """Numbers as +4512345678 in the order they stand, and the parts that hold none, or more than numbers.

    A number: eight digits, the first 2-9, +45 or 0045 before them allowed; or + and 8-15 digits. Words beside the
    only number of a cell do not matter; those that tell several apart do, and so do digits that are left.
    """
    parts = [(part, *_phones_in(part)) for part in _phone_parts(value)]
    numbers = list(dict.fromkeys(number for _part, found, _beside in parts for number in found))
    leftovers = [
        part
        for part, found, beside in parts
        if not found or any(word.isdigit() or (numbers[1:] and word not in PHONE_JOINTS) for word in beside)
    ]
    return numbers, leftovers


def has_unread_numbers(value: Cell) -> bool:
    """Whether a cell with a number says whose another one is, or holds more digits that make none.

    `Privat` and `Arb.` say where a phone stands, not whose it is.
    """
    for found, beside in map(_phones_in, _phone_parts(value)):
        others = [word for word in beside if word not in PHONE_JOINTS | PHONE_PLACES]
        if found and any(len(word) >= MANY_DIGITS if word.isdigit() else found[1:] for word in others):
            return True
    return False


def _phone_parts(value: Cell) -> list[str]:
    return [part.strip() for part in PHONE_PARTS.split(as_text(value).lower()) if part.strip()]


def _phones_in(text: str) -> tuple[list[str], list[str]]:
    """The numbers in a text with words, blanks, dots, hyphens and brackets beside their digits, and what is left.

    First all digits together, so that words may stand inside a Danish number; then each stretch of digits.
    """
    if not (text.count("+") and WORD_BETWEEN_DIGITS.search(text)) and (number := _as_phone(text)):
        return [number], [word for word in BESIDE_PHONES.findall(text) if not word.isdigit()]
    found: list[str] = []

    def take(stretch: re.Match) -> str:
        numbers = _phones_of_stretch(stretch.group())
        found.extend(numbers)
        return " " if numbers else stretch.group()

    return found, BESIDE_PHONES.findall(PHONE_STRETCH.sub(take, text))


def _phones_of_stretch(stretch: str) -> list[str]:
    if number := _as_phone(stretch):
        return [number]
    several = ONE_OF_SEVERAL.findall(stretch) if SEVERAL_PHONES.fullmatch(stretch) else []
    return [number for text in several if (number := _as_phone(text))]


def _as_phone(text: str) -> str | None:
    digits = re.sub(r"[^\d+]", "", text)
    if found := DANISH_PHONE.match(digits):
        return f"+45{found.group(1)}"
    return digits if FOREIGN_PHONE.match(digits) else None
