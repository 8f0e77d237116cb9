"""Times of day in Danish notation: 16.30, 16:30, 1630, 16, kl. 16.30."""

import datetime as dt
import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_TIME = re.compile(r"(?:kl\.?\s*)?(\d{1,2})(?:\s*[.:,]?\s*(\d{2}))?", re.IGNORECASE)


def parse_danish_time(text: str) -> dt.time:
    """Return the time of day in a text. Raises ValidationError with a sentence about what is wrong."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise ValidationError(_("Write the time as hours and minutes, such as 16.30."), code="time")
    hour, minute = int(found.group(1)), int(found.group(2) or 0)
    if hour > 23 or minute > 59:
        raise ValidationError(_("A day ends at 23.59. Write a time that exists."), code="time")
    return dt.time(hour, minute)


def at_danish_time(day: dt.date, time: dt.time) -> dt.datetime:
    """Return the aware datetime of a day and a time in Denmark; the first one in the repeated hour in October.

    Raises ValidationError for the hour that is skipped when summer time begins.
    """
    instant = timezone.make_aware(dt.datetime.combine(day, time))
    round_trip = timezone.localtime(instant.astimezone(dt.UTC))
    if round_trip.replace(tzinfo=None) != instant.replace(tzinfo=None):
        raise ValidationError(
            _("Summer time begins that night: this hour does not exist. Write another time."), code="time"
        )
    return instant


class DanishTimeField(forms.TimeField):
    """A time of day in Danish notation, shown as 16.30."""

    widget = forms.TextInput

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("Such as 16.30"))
        super().__init__(**kwargs)

    def widget_attrs(self, widget) -> dict:
        return {"class": "date-field", "autocomplete": "off", "inputmode": "decimal", "maxlength": "12"}

    def prepare_value(self, value):
        return f"{value:%H.%M}" if isinstance(value, dt.time | dt.datetime) else value

    def to_python(self, value) -> dt.time | None:
        if value in self.empty_values or isinstance(value, dt.time):
            return value or None
        return parse_danish_time(str(value))
