"""Danish civil registration (CPR) numbers: found, so that they can be refused. Never stored."""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

DIGITS = 10
_DASH = "\\-\u2010-\u2015"
_BLANK = " \u00a0"
# Day, month, year and four digits, also as 01.01.70-1234, 01 01 70 1234, 010170 - 1234, and as 20280-1234 when a
# spreadsheet has taken the leading nought for superfluous.
_PATTERN = re.compile(
    rf"(?<![\d+])(?:(\d\d)([{_BLANK}./{_DASH}]?)(\d\d)([{_BLANK}./{_DASH}]?)(\d\d)"
    rf"([{_BLANK}]?[./{_DASH}]?[{_BLANK}]?)|(\d)(\d\d)(\d\d)[{_DASH}])(\d{{4}})(?!\d)"
)


def find_cpr_numbers(text: str) -> list[str]:
    """The stretches of ``text`` that look like a CPR number: ten digits of which six are a real date."""
    found, start = [], 0
    while match := _PATTERN.search(text, start):
        is_number = _is_date(match) and _is_one_number(match)
        if is_number:
            found.append(match.group())
        start = match.end() if is_number else match.start() + 1
    return found


def _is_date(match: re.Match) -> bool:
    day, month, year = (int(match.group(long) or match.group(short)) for long, short in ((1, 7), (3, 8), (5, 9)))
    try:
        dt.date(2000 + year, month, day)
    except ValueError:
        return False
    return True


def _is_one_number(match: re.Match) -> bool:
    """Not a birth date and a postcode (01-01-70 2700), nor the end of a phone number and one (22 10 10 12 2700)."""
    within = {match.group(2), match.group(4)} - {"", None}
    if not within:
        return True
    if within <= set(_BLANK):
        before = match.string[: match.start()]
        return not (before[-1:].isspace() and before[-2:-1].isdigit())
    return bool(match.group(6).strip())


REFUSAL = _("The text holds something that looks like a CPR number. Remove it: we never store CPR numbers.")


def refuse_cpr(value: str) -> None:
    """Model and form validator for free text.

    Raises ValidationError when the text holds a CPR number (Danish rule: store it only by law or consent).
    """
    if find_cpr_numbers(value):
        raise ValidationError(REFUSAL, code="cpr")
