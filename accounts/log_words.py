"""The sentences of the access log.

A row of the log stores a code and plain values. Each app declares the sentence of its codes in its ``hooks.py``, and
the reader gets it in their own language.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from common.exports import search_phrase
from common.hooks import Hook
from common.templatetags.danish import danish_date

OWN_WORDS = "text"  # the code of rows from before codes: their value ``text`` is the sentence as it was stored
Words = Callable[[Any], Any]  # puts a stored value into words


class ReadableJSONEncoder(DjangoJSONEncoder):
    """Stores letters such as ``ø`` as they are, so that the database finds them."""

    def __init__(self, **options):
        super().__init__(**options | {"ensure_ascii": False})


class LogSentence:
    """The sentence of a code, such as ``_("Match: %(status)s")``, and how its values are put into words.

    ``about`` names the value that precedes the sentence: ``Hanne Lund: Sign-in stopped``. ``words`` has a function for
    each value that is a code or a date; other values are shown as they are stored.
    """

    def __init__(self, template: Any, *, about: str = "", **words: Words):
        self.template = template
        self.about = about
        self.words = words

    def __call__(self, values: Mapping[str, Any]) -> str:
        """Return the sentence in the current language. A value that is missing is shown as a dash."""
        spoken = _Spoken(self.words, values)
        sentence = str(self.template) % spoken
        return f"{spoken[self.about]}: {sentence}" if self.about else sentence


@dataclass(frozen=True)
class LoggedList:
    """A list whose exports are logged: its name, and the label and the words of each filter by its query key.

    ``title`` says where the part goes that belongs to one export, such as the number of a match.
    """

    label: Any
    filters: Mapping[str, tuple[Any, Words]] = field(default_factory=dict)
    title: str = "%(label)s"

    def title_of(self, part: str) -> str:
        return self.title % {"label": self.label, "part": part}

    def filter_words(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return label and value of filters in words: ``[("Rolle", "Mentee"), ("Søg", "»ali«")]``."""
        names = sorted(values, key=list({**self.filters, **values}).index)  # PostgreSQL keeps no order in JSON
        known = [(self.filters.get(name, (name, str)), values[name]) for name in names]
        return [(str(label), str(words(value))) for (label, words), value in known]


class _ListSentence(LogSentence):
    """The sentence of an export, such as ``Personer, xlsx · Rolle: Mentee``."""

    def __call__(self, values: Mapping[str, Any]) -> str:
        key = values.get("list", "")
        logged = LISTS.get(key) or LoggedList(key)
        filters = logged.filter_words(values.get("filters", {}))
        sentence = super().__call__({"title": logged.title_of(values.get("part", "")), "file": values.get("file", "")})
        return " · ".join([sentence, *(f"{label}: {words}" for label, words in filters)])


class _Spoken(dict):
    def __init__(self, words: Mapping[str, Words], values: Mapping[str, Any]):
        super().__init__((name, words.get(name, str)(value)) for name, value in values.items())

    def __missing__(self, name: str) -> str:
        return "–"


def sentence_of(code: str, values: Mapping[str, Any]) -> str:
    """Return the sentence of a row in the current language; empty without a code."""
    if not code:
        return ""
    sentence = LOG_SENTENCES.get(code)
    if sentence is None:
        return _("An act that this version does not know (%(code)s)") % {"code": code}
    return sentence(values)


def choice_words(choices: Any) -> Words:
    """Return a function that gives the label of a choice's code; a code that is no longer a choice stays as it is."""
    labels = dict(getattr(choices, "choices", choices))
    return lambda code: str(labels.get(code, code))


def field_words(label: str) -> Words:
    """Return a function that gives the names of changed fields of a model, such as ``"people.Person"``."""
    return lambda names: list_words(_field_name(label, name) for name in names)


def _field_name(label: str, name: str) -> str:
    try:
        field = apps.get_model(label)._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    return str(field.verbose_name if isinstance(field, models.Field) else field.related_model._meta.verbose_name_plural)


def list_words(items: Iterable) -> str:
    """Return stored items as an enumeration."""
    return ", ".join(map(str, items))


def yes_or_no(value: bool) -> str:
    return _("yes") if value else _("no")


def day_words(value: str) -> str:
    """Return a stored ISO date as a Danish date with its year."""
    return danish_date(dt.date.fromisoformat(value), "year")


def filters_of(filter_set: Any) -> dict[str, tuple[Any, Words]]:
    """Return label and words of the filters that a FilterSet declares."""
    return {name: (one.label, _words_of(one)) for name, one in filter_set.base_filters.items()}


def _words_of(one: Any) -> Words:
    if "choices" in one.extra:
        return choice_words(one.extra["choices"])
    if issubclass(one.field_class, forms.DateField):
        return day_words
    return search_phrase if one.field_class is forms.CharField else str


LISTS: Hook[LoggedList] = Hook()  # by the key of the ``ListExport``
LOG_SENTENCES: Hook[LogSentence] = Hook()
LOG_SENTENCES.add_all(
    {
        OWN_WORDS: LogSentence("%(text)s"),
        "words_searched": LogSentence("%(words)s"),
        "cpr_number_searched": LogSentence(gettext_lazy("(a CPR number)")),
        "query_searched": LogSentence("%(query)s"),
        "history_opened": LogSentence(gettext_lazy("History")),
        "list_exported": _ListSentence("%(title)s, %(file)s"),
        "role_given": LogSentence("%(role)s, %(branch)s", about="user", role=choice_words(Role)),
        "invitation_sent_again": LogSentence(gettext_lazy("Invitation sent again"), about="user"),
        "invitation_accepted": LogSentence(
            gettext_lazy("Invitation accepted: %(role)s, %(branch)s"), about="user", role=choice_words(Role)
        ),
        "invitation_declined": LogSentence(gettext_lazy("Invitation declined"), about="user"),
        "user_removed": LogSentence(gettext_lazy("Removed from %(branch)s"), about="user"),
        "sign_in_stopped": LogSentence(gettext_lazy("Sign-in stopped"), about="user"),
        "sign_in_allowed": LogSentence(gettext_lazy("Sign-in allowed"), about="user"),
        "second_factor_reset": LogSentence(gettext_lazy("Second factor reset"), about="user"),
    }
)
