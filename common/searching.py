"""What is searched for, read as it is stored: numbers, e-mails, phones and the folded words of names."""

import re
from collections.abc import Iterable

from common.folding import fold, fold_number
from common.phones import phones_and_words, read_typed_phones
from common.texts import clean_text

_EMAIL = re.compile(r"(?:mailto:)?([^\s<>\"(),;:]*@[^\s<>\"(),;:]*)", re.I)
_NUMBER = re.compile(r"(?<![\w-])([^\W\d_]{1,3})[- ]?(\d{4})(?:[- ]?(\d{3})|[- ](\d{4,6}))(?![\w-])")
_PART_OF_NUMBER = re.compile(r"[^\W\d_]{1,3}-\d{1,4}-?\d*|\d{4}-\d{1,6}")
_STORED_PHONE = re.compile(r"\+[0-9]+")
_EDGES = ",;.:<>()\"'+/"
DIGITS_OF_PHONE = 8


def words_to_find(text: str) -> list[str]:
    """Return the words that a search text must contain: ``tlf. 20 12 34 56`` is 4520123456, ``t2011033`` t-2011-033."""
    text = clean_text(text)
    found = [fold(word) for word in _EMAIL.findall(text)]
    text = _EMAIL.sub(" ", text)
    found += [_folded_number(match) for match in _NUMBER.finditer(text)]
    text = _NUMBER.sub(" ", text)
    if sum(letter.isdecimal() for letter in text) >= DIGITS_OF_PHONE:
        phones, words = phones_and_words(text)
        if phones:
            found += [phone.removeprefix("+") for phone in phones]
            text = " ".join(words)
    for word in text.split():
        found += _words(word.strip(_EDGES))
    return [word for words in found for word in words.split()] or fold(text).split() or text.split()


def searched_text(texts: Iterable[str], phones: Iterable[str] = ()) -> str:
    """Return the text of a record that contains every word of ``words_to_find``: folded texts, and digits of phones."""
    return " ".join(filter(None, [*map(fold, texts), *(digits for phone in phones for digits in phone_digits(phone))]))


def phone_digits(phone: str) -> list[str]:
    """Return the digits of the numbers in a stored phone with their country codes; without a number, all its digits."""
    if _STORED_PHONE.fullmatch(phone):  # most phones; reading takes time
        return [phone[1:]]
    numbers, _unreadable = read_typed_phones(phone)
    return [number[1:] for number in numbers] or ["".join(letter for letter in phone if letter.isdecimal())]


def as_number(text: str) -> str:
    """Return a typed number as records have it (``t2011033`` is T-2011-033), any other text as it is."""
    match = _NUMBER.fullmatch(text.strip())
    return _folded_number(match).upper() if match else text


def _folded_number(match: re.Match) -> str:
    letters, year, *running = match.groups()
    return fold_number(f"{letters}-{year}-{running[0] or running[1]}")


def _words(word: str) -> list[str]:
    """Return the folded words of a word: the parts between hyphens, but a part of a number as a whole."""
    return [fold_number(word)] if _PART_OF_NUMBER.fullmatch(word) else fold(word).split()
