"""The Danish order of names: Æ, Ø and Å last, Aa as Å, small letters among large ones.

The database sorts, by the collation ``danish`` of every field with ``db_collation=DANISH``: on PostgreSQL the collation
``da`` of ICU, made by the migration ``0004_danish_order``, and on SQLite a function of each connection. Python sorts by
``danish_key``. All follow https://github.com/unicode-org/cldr/blob/main/common/collation/da.xml. They never take
different texts for equal, so unique constraints and ``=`` mean the same as without a collation.
"""

import functools
import re
import unicodedata

from django.db.backends.base.base import BaseDatabaseWrapper

DANISH = "danish"

_BLANKS = "\t\n\v\f\r\x85\u2028\u2029 "
_MARKS = "_‗-‐‑‒–—―,;:!¡?¿.…·'‘’‚‛‹›\"“”„‟«»()[]{}§¶@*/\\&#%‰†‡•`´˜^¯˘˙¨˚˝¸˛°©®+±÷×<=>¬|¦~−¤¢$£¥€"
_OTHER_SYMBOL = "\ue000"  # any sign that is not listed: after those listed, before the digits
_LATIN = "abcdefghʻʽiıjklmnŋopqĸrstŧuvwxyzʒʼæøå"
_ORDER = [*_BLANKS, *_MARKS, _OTHER_SYMBOL, *"0123456789", *_LATIN]
_PLACES = {char: chr(place) for place, char in enumerate(_ORDER, start=1)}
_ARABIC = "ءآأٱؤإئاٮبٻپڀةتثٹجچڇحخدذڈرزڑژسشصضطظعغفڤقكکڭگػلمنںهھہۃەوۆۇۈىيیېے"
_PLACES |= {char: f"\u0600{chr(place)}" for place, char in enumerate(_ARABIC, start=1)}

# The accents of Latin letters by their weight; those of other scripts follow in the order of Unicode.
_ACCENTS = "\u0313\u0314\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307\u0338\u0327\u0328\u0304\u0335"
_FIRST_ACCENT = 4
_STROKE = chr(_FIRST_ACCENT + _ACCENTS.index("\u0335"))
_PLAIN, _OTHER, _THIRD = "\x01\x02\x03"  # second level: the letter itself, and its variants
_LARGE, _LARGE_PAIR, _MIXED_PAIR, _SMALL, _SMALL_PAIR, _LIGATURE = "\x01\x02\x03\x04\x05\x06"  # third level
_PAIRS = {"aa": "\ue001", "Aa": "\ue002", "AA": "\ue003"}
_PAIR = re.compile("|".join(_PAIRS))
_IGNORED = "ـ"  # tatweel

Weights = tuple[str, str, str]


def _variant(base: str, second: str, third: str = _SMALL) -> Weights:
    return ("".join(_PLACES[letter] for letter in base), second, third)


_OWN = {
    "ä": _variant("æ", _OTHER),
    "ö": _variant("ø", _OTHER),
    "ő": _variant("ø", _THIRD),
    "ü": _variant("y", _OTHER),
    "ű": _variant("y", _THIRD),
    "đ": _variant("d", _OTHER),
    "ð": _variant("d", _THIRD),
    "ł": _variant("l", _PLAIN + _STROKE),
    "ħ": _variant("h", _PLAIN + _STROKE),
    "œ": _variant("oe", _PLAIN + _OTHER, _SMALL * 2),
    "ſ": _variant("s", _THIRD),
    "ß": _variant("ss", _OTHER + _PLAIN, _SMALL_PAIR * 2),
    "þ": _variant("th", _PLAIN * 2, _SMALL_PAIR + _LIGATURE),
    "Þ": _variant("th", _PLAIN * 2, _LARGE + _LIGATURE),
    "й": ("й", _PLAIN, _SMALL),
    _PAIRS["aa"]: _variant("å", _PLAIN, _SMALL_PAIR),
    _PAIRS["Aa"]: _variant("å", _PLAIN, _MIXED_PAIR),
    _PAIRS["AA"]: _variant("å", _PLAIN, _LARGE_PAIR),
}


@functools.cache
def _weights(char: str) -> Weights:
    """Return the weights of a character on the three levels: the letter, its accents, its size."""
    if char in _PLACES:
        return _PLACES[char], _PLAIN, _SMALL
    if char in _OWN:
        return _OWN[char]
    if char != (small := char.lower()) and len(small) == 1:
        first, second, third = _weights(small)
        return first, second, third.replace(_SMALL, _LARGE)
    if parts := unicodedata.decomposition(char).split():
        return _weights_of_parts(parts)
    return _weights_of_others(char)


def _weights_of_parts(parts: list[str]) -> Weights:
    """Return the weights of a letter with an accent, or of a form of other characters, such as ``²``."""
    is_form = parts[0].startswith("<")
    found = [_weights(chr(int(code, 16))) for code in parts[is_form:]]
    first, second, third = ("".join(level) for level in zip(*found, strict=True))
    return first, second, third.replace(_SMALL, _SMALL_PAIR) if is_form else third


def _weights_of_others(char: str) -> Weights:
    category = unicodedata.category(char)
    if category == "Mn":
        return "", chr(_FIRST_ACCENT + _ACCENTS.index(char)) if char in _ACCENTS else char, _SMALL
    if category in {"Cc", "Cf"} or char in _IGNORED:
        return "", "", ""
    if category == "Nd":
        return _PLACES[str(unicodedata.decimal(char))], _PLAIN, _SMALL
    if category[0] in "PSZN":
        return _PLACES[_OTHER_SYMBOL] + char, _PLAIN, _SMALL
    return char, _PLAIN, _SMALL  # a letter that is not listed: after å, in the order of Unicode


class _Level(dict[int, str]):
    """The weights on one level by code of the character, as ``str.translate`` reads them."""

    def __init__(self, level: int):
        super().__init__()
        self.level = level

    def __missing__(self, code: int) -> str:
        self[code] = _weights(chr(code))[self.level]
        return self[code]


_LEVELS = [_Level(level) for level in range(3)]


@functools.lru_cache(maxsize=20_000)
def danish_key(text: str) -> str:
    """Return the key that sorts texts in Danish order: ``sorted(names, key=danish_key)``.

    Letters count first, then accents, then size (large before small), then the code points. ``aa`` counts as ``å``
    wherever it is in a name, as in the database.
    """
    apart = _PAIR.sub(lambda pair: _PAIRS[pair[0]], unicodedata.normalize("NFD", text))
    joined = unicodedata.normalize("NFC", apart)
    return "\0".join([*(joined.translate(level) for level in _LEVELS), text])


def compare(one: str, other: str) -> int:
    """Return -1, 0 or 1, as a collation of SQLite does; 0 only for the same text."""
    if one == other:
        return 0
    return -1 if danish_key(one) < danish_key(other) else 1


def add_collation(connection: BaseDatabaseWrapper, **kwargs) -> None:
    """Give a new connection to SQLite the collation. Receives ``connection_created``."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(DANISH, compare)
