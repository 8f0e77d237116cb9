"""Declares the columns of exported lists, and reads the filters that are set."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.core.validators import EMPTY_VALUES
from django.utils.translation import gettext as _

from common.cpr import find_cpr_numbers
from common.templatetags.danish import phone, quoted


@dataclass(frozen=True)
class Column:
    """A column of an exported list.

    ``value`` is a function of the row; by default the attribute ``key`` is read. ``verb`` is a right that the user
    needs in addition to the one for the list; the column is not offered to other users.
    """

    key: str
    label: Any
    value: Callable[[Any], Any] | None = None
    is_default: bool = True
    verb: str | None = None

    def __post_init__(self):
        if self.value is None:
            object.__setattr__(self, "value", attrgetter(self.key))


@dataclass(frozen=True)
class ListExport:
    """A list that can be exported. A user's last choice of columns is stored under ``key``."""

    key: str
    label: Any
    columns: tuple[Column, ...]

    def __post_init__(self):
        keys = [column.key for column in self.columns]
        if len(set(keys)) < len(keys):
            raise ImproperlyConfigured(f"The list {self.key} declares a column twice.")

    def permitted(self, may: Callable[[str], bool]) -> list[Column]:
        """Return the columns for which ``may(verb)`` is true, in their order."""
        return [column for column in self.columns if column.verb is None or may(column.verb)]


def chosen_columns(permitted: Iterable[Column], keys: Iterable[str] | None) -> list[Column]:
    """Return the permitted columns with these keys, in the order of the list; the default ones if there are none."""
    permitted, wanted = list(permitted), set(keys or ())
    chosen = [column for column in permitted if column.key in wanted]
    return chosen or [column for column in permitted if column.is_default]


def filter_values(form: forms.Form) -> dict[str, Any]:
    """Return the plain value of every filter that is set: the code of a choice, an ISO date, the name of a record."""
    values = form.cleaned_data if form.is_bound and (form.is_valid() or form.errors) else {}
    return {name: _plain(values[name]) for name in form.fields if values.get(name) not in EMPTY_VALUES}


def _plain(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, datetime.date) else search_value(str(value))


def search_value(words: str) -> str | None:
    """Return search words as they may be logged: None if they hold a CPR number."""
    return None if find_cpr_numbers(words) else words


def search_phrase(words: str | None) -> str:
    """Return search words in quotation marks, or a placeholder if they held a CPR number."""
    return _("(a CPR number)") if words is None else quoted(words)


def phone_words(numbers: Iterable[str]) -> str:
    """Return phone numbers as one text with ordinary spaces: ``57 26 96 17, +46 8 508 28 508``."""
    return ", ".join(phone(number) for number in numbers if number).replace("\xa0", " ")
