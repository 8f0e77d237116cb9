"""Dates in Danish notation: 28-06-2011, 28/6-11, 28.6.2011, 2011-06-28, 28. juni 2011."""

import calendar
import datetime as dt
import re
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from common import clock

_MONTH_NAMES = ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
_ENGLISH = {"may": 5, "oct": 10}
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[-/.\s]\s*(\d{1,2})\s*[-/.\s]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DIGITS_ONLY = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_MONTH_IN_WORDS = re.compile(r"(\d{1,2})\.?\s*([a-zæøå]{3,9})\.?\s*(\d{4}|\d{2})")
_LEAP_DAY = (2, 29)
_OLDEST = 100
_FIRST_YEAR = 1900


def parse_danish_date(text: str, *, is_birth: bool = False) -> dt.date:
    """Return the date in a text: day, month, year, or year-month-day.

    A year of two digits means 20yy; for births 19yy, unless the person would be over 100. Raises ValidationError with a
    sentence about what is wrong.
    """
    year, month, day = _parts(text.strip().lower(), is_birth=is_birth)
    if not 1 <= month <= 12:
        raise ValidationError(_("A year has 12 months. Write a date that exists."), code="date")
    if day < 1 or year < 1:
        raise ValidationError(_("Write a date that exists."), code="date")
    last = calendar.monthrange(year, month)[1]
    if day > last:
        raise _day_refusal(year, month, day, last)
    return dt.date(year, month, day)


def _parts(text: str, *, is_birth: bool) -> tuple[int, int, int]:
    if found := _YEAR_FIRST.fullmatch(text):
        return tuple(int(part) for part in found.groups())
    if found := _DAY_FIRST.fullmatch(text) or _DIGITS_ONLY.fullmatch(text):
        day, month, year = found.groups()
        return _full_year(year, is_birth=is_birth), int(month), int(day)
    if found := _MONTH_IN_WORDS.fullmatch(text):
        day, name, year = found.groups()
        if month := _month_number(name):
            return _full_year(year, is_birth=is_birth), month, int(day)
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


def _day_refusal(year: int, month: int, day: int, last: int) -> ValidationError:
    if (month, day) == _LEAP_DAY:
        text = _("%(year)s is not a leap year: February has 28 days. Write a date that exists.")
    else:
        text = _("%(month)s has %(days)s days. Write a date that exists.")
    name = str(MONTHS[month])
    return ValidationError(text, code="date", params={"year": year, "month": name[0].upper() + name[1:], "days": last})


class DanishDateField(forms.DateField):
    """A date in Danish notation, shown as 28-06-2011.

    ``not_future`` refuses days after today, ``is_birth`` also days before 1900.
    """

    widget = forms.TextInput

    def __init__(self, *, not_future: bool = False, is_birth: bool = False, **kwargs):
        kwargs.setdefault("help_text", _("Day-month-year"))
        super().__init__(**kwargs)
        self.not_future = not_future or is_birth
        self.is_birth = is_birth

    def widget_attrs(self, widget) -> dict:
        return {"class": "date-field", "autocomplete": "off", "maxlength": "30"}

    def prepare_value(self, value):
        return f"{value:%d-%m-%Y}" if isinstance(value, dt.date) else value

    def to_python(self, value) -> dt.date | None:
        if value in self.empty_values or isinstance(value, dt.date):
            return value.date() if isinstance(value, dt.datetime) else value or None
        return parse_danish_date(str(value), is_birth=self.is_birth)

    def validate(self, value) -> None:
        super().validate(value)
        if value:
            check_day(value, not_future=self.not_future, is_birth=self.is_birth)

    def has_changed(self, initial, data) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def check_day(day: dt.date, *, not_future: bool, is_birth: bool) -> None:
    """Raise ValidationError for a day after today, or a birth before 1900."""
    if not_future and day > clock.today():
        raise ValidationError(_("The date is in the future. Write a date up to today."), code="future")
    if is_birth and day.year < _FIRST_YEAR:
        raise ValidationError(_("The date is before 1900. Check the year."), code="past")


class Birth(NamedTuple):
    """A date of birth, or only the year if the day is not known."""

    date: dt.date | None = None
    year: int | None = None


class BirthField(forms.CharField):
    """A date of birth or only its year: 03-05-1977 or 1977. The value is a ``Birth``."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("Day-month-year, or only the year"))
        super().__init__(**kwargs)

    def widget_attrs(self, widget) -> dict:
        return {"class": "date-field", "autocomplete": "off", "maxlength": "30"}

    def prepare_value(self, value):
        if isinstance(value, Birth):
            return f"{value.date:%d-%m-%Y}" if value.date else str(value.year or "")
        return value

    def clean(self, value) -> Birth:
        text = super().clean(value)
        if not text:
            return Birth()
        if re.fullmatch(r"\d{4}", text):
            if not _FIRST_YEAR <= int(text) <= clock.today().year:
                raise ValidationError(
                    _("Write a year between 1900 and %(year)s."), code="year", params={"year": clock.today().year}
                )
            return Birth(year=int(text))
        day = parse_danish_date(text, is_birth=True)
        check_day(day, not_future=True, is_birth=True)
        return Birth(date=day)
