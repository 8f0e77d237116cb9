"""Texts as they are stored: NFC, without control characters and invisible marks."""

import re
import unicodedata

_BREAKS = str.maketrans({"\n": " ", "\r": " ", "\t": " "})
_LINES = str.maketrans({"\u2028": "\n", "\u2029": "\n"})
_UNWANTED = {"Cc", "Cf", "Cs"}  # Unicode's control characters, format characters and halves of characters
_NO_CHARACTERS = "\ufffe\uffff"
_KEPT = "\n\r\t\u200c\u200d"
_LOOSE_JOINERS = re.compile(r"(?<!\S)[\u200c\u200d]+|[\u200c\u200d]+(?!\S)")


def clean_text(text: str) -> str:
    """Return a text in NFC without control characters and invisible marks. Tabs and line breaks stay.

    Every typed text and every cell of a list goes through it. The joiners ZWNJ and ZWJ stay inside a word, which
    Persian, Urdu and Hindi need. Every kind of blank becomes a plain one.
    """
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if text.isprintable() or text.translate(_BREAKS).isprintable():
        return text
    letters = (letter for letter in text.translate(_LINES) if letter in _KEPT or _is_wanted(letter))
    return _LOOSE_JOINERS.sub(
        "", "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in letters)
    )


def _is_wanted(letter: str) -> bool:
    return unicodedata.category(letter) not in _UNWANTED and letter not in "\ufffe\uffff"
