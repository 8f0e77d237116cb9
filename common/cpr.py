"""Danish civil registration (CPR) numbers: found, so that they can be refused. Never stored."""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_PATTERN = re.compile(r"(?<![\d+])(\d{2})(\d{2})(\d{2})[- \u00a0\u2010-\u2015]?(\d{4})(?!\d)")


def find_cpr_numbers(text: str) -> list[str]:
    """The stretches of ``text`` that look like a CPR number: ten digits of which six are a real date."""
    return [match.group(0) for match in _PATTERN.finditer(text) if _is_date(match)]


def _is_date(match: re.Match) -> bool:
    day, month, year = (int(part) for part in match.groups()[:3])
    try:
        dt.date(2000 + year, month, day)
    except ValueError:
        return False
    return True


def refuse_cpr(value: str) -> None:
    """Model and form validator for free text.

    Raises ValidationError when the text holds a CPR number (Danish rule: store it only by law or consent).
    """
    if find_cpr_numbers(value):
        raise ValidationError(
            _("The text holds something that looks like a CPR number. Remove it: we never store CPR numbers."),
            code="cpr",
        )
