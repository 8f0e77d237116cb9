"""Finds Danish civil registration (CPR) numbers, so that they are refused and never stored."""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

DIGITS = 10
_DASH = "\\-\u2010-\u2015"
_BLANK = " \u00a0"
# Day, month, year and four digits, also as 01.01.70-1234, 01 01 70 1234, 010170 - 1234, and as 20280-1234 after a
# spreadsheet dropped the leading zero.
_PATTERN = re.compile(
    rf"(?<![\d+])(?:(\d\d)([{_BLANK}./{_DASH}]?)(\d\d)([{_BLANK}./{_DASH}]?)(\d\d)"
    rf"([{_BLANK}]?[./{_DASH}]?[{_BLANK}]?)|(\d)(\d\d)(\d\d)[{_DASH}])(\d{{4}})(?!\d)"
)


def find_cpr_numbers(text: str) -> list[str]:
    """Return the parts of a text that look like a CPR number: ten digits of which the first six are a valid date."""
    found, start = [], 0
    while match := _PATTERN.search(text, start):
        is_number = _is_date(match) and _is_one_number(match)
        if is_number:
            found.append(match.group())
        start = match.end() if is_number else match.start() + 1
    return found


def remove_cpr_numbers(text: str) -> str:
    """Return a text with three dots instead of each part that looks like a CPR number."""
    for number in find_cpr_numbers(text):
        text = text.replace(number, "…")
    return text


def _is_date(match: re.Match) -> bool:
    day, month, year = (int(match.group(long) or match.group(short)) for long, short in ((1, 7), (3, 8), (5, 9)))
    try:
        dt.date(2000 + year, month, day)
    except ValueError:
        return False
    return True


def _is_one_number(match: re.Match) -> bool:
    """Return False for a date with a postcode (01-01-70 2700) or a phone number with one (22 10 10 12 2700)."""
    within = {match.group(2), match.group(4)} - {"", None}
    if not within:
        return True
    if within <= set(_BLANK):
        before = match.string[: match.start()]
        return not (before[-1:].isspace() and before[-2:-1].isdigit())
    return bool(match.group(6).strip())


REFUSAL = _("The text holds something that looks like a CPR number. Remove it: we never store CPR numbers.")


def refuse_cpr(value: str) -> None:
    """Raise ValidationError for a text with a CPR number (validator of models and forms).

    Danish law allows storing a CPR number only by statute or consent.
    """
    if find_cpr_numbers(value):
        raise ValidationError(REFUSAL, code="cpr")
