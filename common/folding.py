"""Folds names and search words, so that a search for ``moller`` finds ``Møller``.

Done in Python, because SQLite folds ASCII only.
"""

import functools
import unicodedata

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "å": "a", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th"})


@functools.lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return a text in lower case without accents and Danish letters, with ``aa`` as ``å`` and single blanks."""
    if text.isascii():
        return " ".join(text.lower().replace("aa", "a").split())
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    if not lowered.isascii():
        lowered = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return " ".join(lowered.replace("aa", "a").split())
