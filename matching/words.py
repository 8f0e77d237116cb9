"""Words for counts, durations, checks and genders inside sentences: two references, a year, 2 hours and 4 minutes."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags.danish import danish_number
from people.enums import Gender
from people.models import Person
from programmes.enums import ScreeningKind


def given_name(person: Person) -> str:
    """Return the first of a person's first names, for use in a sentence."""
    return (person.first_name or person.name).split()[0]


def joined(words: Sequence[str]) -> str:
    """Return ``a, b og c``."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return the text with a small first letter, unless it is an abbreviation such as ``IT``."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def gender_words(gender: str) -> str:
    """Return ``en kvinde``, ``en mand`` or ``en af et andet køn``."""
    return {Gender.WOMAN: _("a woman"), Gender.MAN: _("a man")}.get(gender, _("someone of another gender"))


def number_word(number: int) -> str:
    """Return ``to``, ``tre`` … ``tolv``; figures above, and for one, whose word depends on the noun."""
    words = {
        2: _("two"),
        3: _("three"),
        4: _("four"),
        5: _("five"),
        6: _("six"),
        7: _("seven"),
        8: _("eight"),
        9: _("nine"),
        10: _("ten"),
        11: _("eleven"),
        12: _("twelve"),
    }
    return words.get(number, danish_number(number))


def months_words(months: int) -> str:
    """Return ``et år``, ``to år``, ``tre måneder``."""
    if months % 12 == 0 and months:
        years = months // 12
        return ngettext("a year", "%(count)s years", years) % {"count": number_word(years)}
    return ngettext("a month", "%(count)s months", months) % {"count": number_word(months)}


def time_words(hours: Decimal) -> str:
    """Return ``2 timer og 4 minutter`` for 2.06 hours."""
    whole, minutes = divmod(round(float(hours) * 60), 60)
    parts = []
    if whole:
        parts.append(ngettext("%(count)s hour", "%(count)s hours", whole) % {"count": whole})
    if minutes or not whole:
        parts.append(ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes})
    return joined(parts)


def month_word(day: dt.date) -> str:
    """Return the name of the month: ``juli``."""
    return dateformat.format(day, "F")


def check_words(kind: str, count: int) -> str:
    """Return ``straffeattest``, ``to referencer``: checks of one kind inside a sentence."""
    words = {
        ScreeningKind.REFERENCE: ngettext("a reference", "%(count)s references", count),
        ScreeningKind.CRIMINAL_RECORD: ngettext("criminal record", "%(count)s criminal records", count),
        ScreeningKind.CHILD_CERTIFICATE: ngettext(
            "child protection certificate", "%(count)s child protection certificates", count
        ),
        ScreeningKind.CONFIDENTIALITY: ngettext(
            "declaration of confidentiality", "%(count)s declarations of confidentiality", count
        ),
        ScreeningKind.TRAINING: ngettext("training", "%(count)s trainings", count),
    }
    return words[ScreeningKind(kind)] % {"count": number_word(count)}
