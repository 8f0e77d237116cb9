"""Filters that format dates, times, numbers and phone numbers in Danish, or in English when English is active.

Examples: 28. juni 2011 (without the year inside the current year, and with no line break after the day), kl. 16.30,
1.478, 16,5 timer, 57 26 96 17, 9 dage over.
"""

import datetime as dt
import re
from decimal import Decimal

from django import template
from django.utils import dateformat, formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common import clock

register = template.Library()

NBSP = "\xa0"
RANGE = "–"


def _is_danish() -> bool:
    return (get_language() or "da").startswith("da")


def _as_date(value):
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _day(value: dt.date, month: str) -> str:
    """Return day and month. ``month`` is a letter of Django's date format: F in full, N abbreviated."""
    dot = "." if _is_danish() else ""
    return dateformat.format(value, f"j{dot}{NBSP}{month}")


@register.filter
def machine_time(value):
    """Return a time of the machine, such as that of a task, as pages show it: in the demo on the days of the demo."""
    return clock.as_shown(value) if value else value


@register.filter
def danish_date(value, style="") -> str:
    """Format a date as ``28. juni`` in the current year, otherwise as ``28. juni 2011``.

    Styles, separated by commas: ``short`` abbreviates the month, ``year`` always shows the year, ``noyear`` never.
    """
    if not value:
        return ""
    day = _as_date(value)
    text = _day(day, "N" if "short" in style else "F")
    with_year = "noyear" not in style and (style.startswith("year") or day.year != clock.today().year)
    return f"{text} {day.year}" if with_year else text


@register.filter
def danish_weekday(value) -> str:
    """Return the weekday with a capital letter: ``Fredag``."""
    return dateformat.format(_as_date(value), "l").capitalize() if value else ""


@register.filter
def danish_long_date(value) -> str:
    """Format a date as ``Torsdag den 15. september 2011``."""
    if not value:
        return ""
    day = _as_date(value)
    joint = " den " if _is_danish() else " "
    return f"{danish_weekday(day)}{joint}{danish_date(day, 'year')}"


@register.filter
def danish_time(value) -> str:
    """Format a time as ``16.30``, or ``13`` on the hour; in English as ``16:30``. ``at_time`` adds *kl.*"""
    if value is None or value == "":
        return ""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if not _is_danish():
        return f"{value:%H:%M}"
    return f"{value.hour}.{value.minute:02}" if value.minute else f"{value.hour}"


@register.filter
def at_time(value) -> str:
    """Format a time as ``kl. 16.30``."""
    if value is None or value == "":
        return ""
    return f"kl.{NBSP}{danish_time(value)}" if _is_danish() else f"at{NBSP}{danish_time(value)}"


@register.filter
def danish_datetime(value) -> str:
    """Format a datetime as ``28. juni kl. 16.30``."""
    return f"{danish_date(value)} {at_time(value)}" if value else ""


@register.filter
def danish_moment(value) -> str:
    """Format a datetime as ``i dag kl. 16.30``, ``i går kl. 16.30`` or ``28. juni kl. 16.30``."""
    if not value:
        return ""
    near = {0: _("today"), 1: _("yesterday")}.get((clock.today() - _as_date(value)).days)
    return f"{near} {at_time(value)}" if near else danish_datetime(value)


@register.filter
def danish_number(value, decimals=None) -> str:
    """Format a number as ``1.478`` or ``16,5``. Without ``decimals`` it gets those it needs, at most two."""
    if value is None or value == "":
        return ""
    number = Decimal(str(value))
    if decimals is None:
        number = number.quantize(Decimal("0.01")).normalize() if number % 1 else number.to_integral_value()
        decimals = max(0, -number.as_tuple().exponent)
    return formats.number_format(number, decimal_pos=int(decimals), use_l10n=True, force_grouping=True)


@register.filter
def in_hours(value) -> str:
    """Format a number of hours as ``16,5 timer``."""
    if value is None or value == "":
        return ""
    return ngettext("%(count)s hour", "%(count)s hours", 1 if value == 1 else 2) % {"count": danish_number(value)}


@register.filter
def in_days(value) -> str:
    """Format a number of days as ``148 dage``."""
    if value is None or value == "":
        return ""
    return ngettext("%(count)s day", "%(count)s days", value) % {"count": danish_number(value)}


@register.filter
def due_words(value) -> str:
    """Return how far away a day is: ``9 dage over``, ``I dag``, ``I morgen``, ``Om 5 dage``."""
    if not value:
        return ""
    away = (_as_date(value) - clock.today()).days
    if away == 0:
        return _("Today")
    if away == 1:
        return _("Tomorrow")
    if away < 0:
        return ngettext("%(count)s day over", "%(count)s days over", -away) % {"count": danish_number(-away)}
    return ngettext("In %(count)s day", "In %(count)s days", away) % {"count": danish_number(away)}


@register.filter
def late_words(done_on, due_on) -> str:
    """Return ``6 dage for sent`` for something done after its due day, otherwise an empty text."""
    if not done_on or not due_on:
        return ""
    late = (_as_date(done_on) - _as_date(due_on)).days
    if late <= 0:
        return ""
    return ngettext("%(count)s day late", "%(count)s days late", late) % {"count": danish_number(late)}


@register.filter
def danish_period(start, end) -> str:
    """Format a period as ``1. januar–31. december 2011``."""
    if not start or not end:
        return danish_date(start or end)
    first, last = _as_date(start), _as_date(end)
    return f"{danish_date(first, 'noyear' if first.year == last.year else 'year')}{RANGE}{danish_date(last, 'year')}"


@register.filter
def phone(value) -> str:
    """Format a phone number: Danish ones as ``57 26 96 17``, others with their country code."""
    text = str(value or "").strip()
    digits = re.sub(r"[\s().-]", "", text)
    digits = re.sub(r"^(\+45|0045)(?=\d{8}$)", "", digits)
    if re.fullmatch(r"\d{8}", digits):
        return NBSP.join(digits[i : i + 2] for i in range(0, 8, 2))
    return text


@register.filter
def phone_uri(value) -> str:
    """Return a phone number for a ``tel:`` link: ``+4557269617``."""
    digits = re.sub(r"[^\d+]", "", str(value or ""))
    return f"+45{digits}" if re.fullmatch(r"\d{8}", digits) else digits


@register.filter
def quoted(value) -> str:
    """Put a text in quotation marks: ``»citat«``, in English ``“quotation”``."""
    text = str(value or "").strip().strip('»«"“”')
    if not text:
        return ""
    return f"»{text}«" if _is_danish() else f"“{text}”"
