"""Read a day from a text in Danish or English: 28-06-2011, 28/6-11, 28. juni 2011, 14/9, d. 3. sept., i går, på mandag.

A day without a year, and a weekday, mean the nearest one that is plausible: see ``Tense``.
"""

import calendar
import datetime as dt
import enum
import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext_lazy as _

from common import clock


class Tense(enum.Enum):
    """What a day without a year means: the last such day, the next one, or the one that is nearest to today."""

    PAST = "past"
    PLANNED = "planned"
    NEAREST = "nearest"


_MONTH_NAMES = ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
_ENGLISH = {"may": 5, "oct": 10}
_YEAR = r"(?P<year>\d{4}|\d{2})"
_DAY = r"(?P<day>\d{1,2})"
_MONTH = r"(?P<month>\d{1,2})"
_NAME = r"(?P<name>[a-zæøå]{3,9})"
_NOTATIONS = [
    re.compile(pattern)
    for pattern in (
        rf"(?P<year>\d{{4}})-{_MONTH}-{_DAY}",
        rf"{_DAY}\s*[-/.\s]\s*{_MONTH}\s*[-/.\s]\s*{_YEAR}",
        rf"(?P<day>\d{{2}})(?P<month>\d{{2}}){_YEAR}",
        rf"{_DAY}(?:\.|st|nd|rd|th)?\s*{_NAME}\.?,?\s*{_YEAR}?",
        rf"{_NAME}\.?\s*{_DAY}(?:st|nd|rd|th)?(?:,?\s+(?P<year>\d{{4}}))?",
        rf"{_DAY}\s*[-/.]\s*{_MONTH}\s*[-/.]?",
    )
]
_ARTICLE = re.compile(r"(?:d\.?|den|the|on) (?:the )?|d\.")
_NEAR_DAYS = {
    "i dag": 0,
    "today": 0,
    "i går": -1,
    "yesterday": -1,
    "i forgårs": -2,
    "the day before yesterday": -2,
    "i morgen": 1,
    "tomorrow": 1,
    "i overmorgen": 2,
    "the day after tomorrow": 2,
}
_WEEKDAYS = [
    ("mandag", "monday"),
    ("tirsdag", "tuesday"),
    ("onsdag", "wednesday"),
    ("torsdag", "thursday"),
    ("fredag", "friday"),
    ("lørdag", "saturday"),
    ("søndag", "sunday"),
]
_WEEKDAY_NUMBERS = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
_LAST_WEEKDAY = re.compile(r"(?:i|sidste|last)\s+([a-zæøå]+?)s?")
_NEXT_WEEKDAY = re.compile(r"(?:på|næste|next)\s+([a-zæøå]+)")
_WEEKDAY_FIRST = re.compile(r"([a-zæøå]+),? (.+)")
_LEAP_DAY = (2, 29)
_LEAP_GAP = 8  # most years from one leap day to the next: 1896–1904
_OLDEST = 100


def parse_danish_date(text: str, *, is_birth: bool = False, tense: Tense = Tense.NEAREST) -> dt.date:
    """Return the day in a text, in words or figures.

    A year of two digits means 20yy; for births 19yy, unless the person would be over 100. A birth needs its year.
    Raises ValidationError with a sentence about what is wrong.
    """
    text = " ".join(text.lower().replace("aa", "å").split())
    if not is_birth and (day := _day_in_words(text, tense)):
        return day
    weekday, text = _split_weekday(text)
    day = _day_in_figures(
        text.removeprefix(found.group()) if (found := _ARTICLE.match(text)) else text, is_birth, tense
    )
    if weekday is not None and day.weekday() != weekday:
        raise ValidationError(
            _("That day is a %(weekday)s. Check the day and the weekday."),
            code="date",
            params={"weekday": str(WEEKDAYS[day.weekday()]).lower()},
        )
    return day


def _day_in_words(text: str, tense: Tense) -> dt.date | None:
    """Return the day of ``i går``, ``mandag``, ``i mandags`` or ``på mandag``; None for other texts."""
    today = clock.today()
    near = _NEAR_DAYS.get(re.sub(r"^i(?=dag$|går$|forgårs$|morgen$|overmorgen$)", "i ", text))
    if near is not None:
        return today + dt.timedelta(days=near)
    if text in _WEEKDAY_NUMBERS:
        days = (_WEEKDAY_NUMBERS[text] - today.weekday()) % 7
        return today + dt.timedelta(days=days - 7 if tense is Tense.PAST and days else days)
    found = _LAST_WEEKDAY.fullmatch(text)
    if found and found.group(1) in _WEEKDAY_NUMBERS:
        return today - dt.timedelta(days=(today.weekday() - _WEEKDAY_NUMBERS[found.group(1)]) % 7 or 7)
    found = _NEXT_WEEKDAY.fullmatch(text)
    if found and found.group(1) in _WEEKDAY_NUMBERS:
        return today + dt.timedelta(days=(_WEEKDAY_NUMBERS[found.group(1)] - today.weekday()) % 7 or 7)
    return None


def _split_weekday(text: str) -> tuple[int | None, str]:
    """Return the number of a weekday in front of a date, if there is one, and the rest of the text."""
    found = _WEEKDAY_FIRST.fullmatch(text)
    if found and found.group(1) in _WEEKDAY_NUMBERS:
        return _WEEKDAY_NUMBERS[found.group(1)], found.group(2)
    return None, text


def _day_in_figures(text: str, is_birth: bool, tense: Tense) -> dt.date:
    year, month, day = _parts(text)
    if not 1 <= month <= 12:
        raise ValidationError(_("A year has 12 months. Write a date that exists."), code="date")
    if day < 1 or (year is not None and int(year) < 1 and len(year) == 4):
        raise ValidationError(_("Write a date that exists."), code="date")
    if year is None and is_birth:
        raise ValidationError(_("Write the year as well, such as 28-06-1977."), code="date")
    number = None if year is None else _full_year(year, is_birth=is_birth)
    last = 29 if number is None and month == _LEAP_DAY[0] else calendar.monthrange(number or 1, month)[1]
    if day > last:
        raise _day_refusal(number, month, day, last)
    return _plausible_day(month, day, tense) if number is None else dt.date(number, month, day)


def _parts(text: str) -> tuple[str | None, int, int]:
    """Return the year as written, month and day."""
    for notation in _NOTATIONS:
        found = notation.fullmatch(text)
        if not found:
            continue
        groups = found.groupdict()
        month = _month_number(groups["name"]) if groups.get("name") else int(groups["month"])
        if month is not None:
            return groups.get("year"), month, int(groups["day"])
    raise ValidationError(_("Write the date as day-month-year, such as 28-06-2011."), code="date")


def _month_number(name: str) -> int | None:
    short = name[:3]
    return _MONTH_NAMES.index(short) + 1 if short in _MONTH_NAMES else _ENGLISH.get(short)


def _full_year(year: str, *, is_birth: bool) -> int:
    if len(year) == 4:
        return int(year)
    recent, earlier = 2000 + int(year), 1900 + int(year)
    this_year = clock.today().year
    if not is_birth or (this_year - earlier > _OLDEST and recent <= this_year):
        return recent
    return earlier


def _plausible_day(month: int, day: int, tense: Tense) -> dt.date:
    """Return the last or the next such day, today included, or the nearer of the two."""
    today = clock.today()
    last, following = next(_days(month, day, -1)), next(_days(month, day, 1))
    if tense is Tense.NEAREST:
        return last if today - last <= following - today else following
    return last if tense is Tense.PAST else following


def _days(month: int, day: int, step: int) -> Iterator[dt.date]:
    """Yield the days with this month and day up to today (``step`` -1) or from today on (``step`` 1)."""
    today = clock.today()
    for years in range(_LEAP_GAP + 1):
        year = today.year + years * step
        if day <= calendar.monthrange(year, month)[1]:
            found = dt.date(year, month, day)
            if (found - today).days * step >= 0:
                yield found


def _day_refusal(year: int | None, month: int, day: int, last: int) -> ValidationError:
    if (month, day) == _LEAP_DAY:
        text = _("%(year)s is not a leap year: February has 28 days. Write a date that exists.")
    else:
        text = _("%(month)s has %(days)s days. Write a date that exists.")
    name = str(MONTHS[month])
    return ValidationError(text, code="date", params={"year": year, "month": name[0].upper() + name[1:], "days": last})
