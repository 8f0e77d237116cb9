"""Days that are possible but unlikely: the form asks once, and the same days sent again are accepted."""

import datetime as dt
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _

from common.forms import DanishDateField
from common.templatetags.danish import danish_date
from people.models import Person
from programmes.models import Programme


class DoubtsMixin(forms.Form):
    """Asks about days before the programme began or before one of the people was born.

    ``sure`` holds the days about which the form has asked. Subclasses define ``doubted_of``.
    """

    sure = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def doubted_of(self) -> tuple[Programme, Iterable[Person]]:
        """Return the programme and the people that the days of the form concern."""
        raise NotImplementedError

    def clean(self):
        cleaned = super().clean()
        values = self.cleaned_data if cleaned is None else cleaned
        programme, people = self.doubted_of()
        days = {name: values.get(name) for name, field in self.fields.items() if isinstance(field, DanishDateField)}
        found = {name: words for name, day in days.items() if day and (words := day_doubt(day, programme, people))}
        asked = " ".join(f"{name}={days[name]}" for name in sorted(found))
        if found and values.get("sure") != asked:
            self.data = self.data.copy()
            self.data["sure"] = asked
            for name, words in found.items():
                question = _("Send the form again if the day is right.")
                self.add_error(name, f"{words} {question}")
        return values


def day_doubt(day: dt.date, programme: Programme, people: Iterable[Person]) -> str:
    """Return why a day is unlikely; empty if it is not."""
    if day < programme.starts_on:
        words = {"programme": programme, "day": danish_date(programme.starts_on, "year")}
        return _("%(programme)s began %(day)s. The day is before that.") % words
    for person in people:
        if person.birth_date and day < person.birth_date:
            words = {"name": person.name, "day": danish_date(person.birth_date, "year")}
            return _("%(name)s was born %(day)s. The day is before that.") % words
    return ""
