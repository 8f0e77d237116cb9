"""Folds names and search words, so that a search for ``moller`` finds ``Møller``.

Done in Python, because SQLite folds ASCII only.
"""

import functools
import unicodedata

# Apostrophes of any keyboard and the similar marks, and what joins or lengthens letters without a sound.
SILENT = dict.fromkeys("'`´’‘‛ʼʻʽʹʾʿ′＇\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeffـء")
HYPHENS = dict.fromkeys("-‐‑‒–—−﹣－", " ")
ARABIC = dict(zip("یىېکةۀہھٱ", "يييكهههها", strict=True))  # one spelling of letters that keyboards confuse
DIGITS = {digit: str(number) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for number, digit in enumerate(digits)}
LETTERS = {"ø": "o", "œ": "o", "æ": "ae", "å": "a", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th"}
_FOLDED = str.maketrans(SILENT | HYPHENS | ARABIC | DIGITS | LETTERS)
_SILENT = str.maketrans(SILENT)


@functools.lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return a text in lower case without accents, apostrophes, hyphens and Danish letters, with single blanks.

    ``aa`` is ``å`` and ``oe`` is ``ø``. Arabic is without vowels and hamza, and letters that look alike are one.
    """
    if text.isascii():
        folded = text.lower().replace("'", "").replace("`", "").replace("-", " ")
    else:
        folded = unicodedata.normalize("NFC", text).casefold().translate(_FOLDED)
        if not folded.isascii():
            decomposed = unicodedata.normalize("NFKD", folded)
            folded = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_FOLDED)
    return " ".join(folded.replace("aa", "a").replace("oe", "o").split())


def fold_number(number: str) -> str:
    """Return a case or match number folded, with its hyphens: ``t-2011-033``."""
    return "-".join(map(fold, number.split("-")))


def without_apostrophes(text: str) -> str:
    """Return a text without apostrophes and invisible marks."""
    return text.replace("'", "").replace("`", "") if text.isascii() else text.translate(_SILENT)
