"""Folding of names and search words, so that ``ågård``, ``MØLLER`` and ``Moller`` find each other.

Done in Python because SQLite's own case folding stops at ASCII.
"""

import functools
import unicodedata

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "å": "a", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th"})


@functools.lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case, accents and Danish letters folded to ASCII, ``aa`` as ``å``, blanks collapsed."""
    if text.isascii():
        return " ".join(text.lower().replace("aa", "a").split())
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return " ".join(bare.replace("aa", "a").split())
