"""Fields for days and births, which are read by ``common.forms.day_reading``."""

import datetime as dt
import re
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common import clock
from common.forms.day_reading import Tense, parse_danish_date

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_HELP = {
    Tense.PAST: _("Such as 14-09-2011, 14/9 or yesterday"),
    Tense.PLANNED: _("Such as 14-09-2011, 14/9 or tomorrow"),
    Tense.NEAREST: _("Day-month-year, such as 14-09-2011 or 14/9"),
}


class DanishDateField(forms.DateField):
    """A date in Danish notation, shown as 28-06-2011.

    ``not_future`` and ``is_birth`` refuse days after today. Years before 1900 and after 2100 are typing errors. A day
    without a year means the last one with ``not_future``, the next one with ``is_planned``, otherwise the nearest.
    """

    widget = forms.TextInput

    def __init__(self, *, not_future: bool = False, is_planned: bool = False, is_birth: bool = False, **kwargs):
        self.tense = Tense.PAST if not_future else Tense.PLANNED if is_planned else Tense.NEAREST
        kwargs.setdefault("help_text", _("Day-month-year") if is_birth else _HELP[self.tense])
        super().__init__(**kwargs)
        self.not_future = not_future or is_birth
        self.is_birth = is_birth

    def widget_attrs(self, widget) -> dict:
        return {"class": "date-field", "autocomplete": "off", "maxlength": "40"}

    def prepare_value(self, value):
        return f"{value:%d-%m-%Y}" if isinstance(value, dt.date) else value

    def to_python(self, value) -> dt.date | None:
        if value in self.empty_values or isinstance(value, dt.date):
            return value.date() if isinstance(value, dt.datetime) else value or None
        return parse_danish_date(str(value), is_birth=self.is_birth, tense=self.tense)

    def validate(self, value) -> None:
        super().validate(value)
        if value:
            check_day(value, not_future=self.not_future)

    def has_changed(self, initial, data) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def check_day(day: dt.date, *, not_future: bool) -> None:
    """Raise ValidationError for a day before 1900 or after 2100 or, with ``not_future``, after today."""
    if not_future and day > clock.today():
        raise ValidationError(_("The date is in the future. Write a date up to today."), code="future")
    if day.year < _FIRST_YEAR:
        raise ValidationError(_("The date is before 1900. Check the year."), code="past")
    if day.year > _LAST_YEAR:
        raise ValidationError(_("The date is after 2100. Check the year."), code="future")


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
        check_day(day, not_future=True)
        return Birth(date=day)
