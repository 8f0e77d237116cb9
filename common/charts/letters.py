"""Widths of texts, from a table of the font's letters."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

TEXT_SIZE = 14
BOLD = 600
WIDTHS_FILE = Path(__file__).with_name("letter_widths.toml")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@lru_cache
def letter_widths(weight: int) -> dict[str, float]:
    """Return letter → width in pixels, at ``TEXT_SIZE``."""
    widths = tomllib.loads(WIDTHS_FILE.read_text(encoding="utf-8"))[str(weight)]
    return {letter: float(width) for width, letters in widths.items() for letter in letters}


def text_width(text: str, *, weight: int = 400) -> float:
    """Return the width of a text in pixels. A letter that is not in the table counts as an m."""
    widths = letter_widths(weight)
    return sum(widths.get(letter, widths["m"]) for letter in printable(text))


def printable(text: str) -> str:
    """Return the text without the control characters that XML does not allow."""
    return UNPRINTABLE.sub("", str(text))
