"""Hard rules: who cannot be proposed to this mentee at all, and the one rule that is named for each.

The first rule that applies, in the order of the numbers, is the one that counts; so every mentor of the programme is
either ranked or stands under exactly one rule. ``pool`` applies them to all mentors at once; the acts check again
(``matching.rules``).
"""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from matching.ranking.seeker import Seeker
from people.enums import Gender
from programmes.enums import ScreeningKind

FARTHEST_DAYS = 90  # a mentor who is free only later than this is not proposed yet

ALLOWED = 0
SAME_PERSON = 1
WISHED_GENDER = 2
GENDER_NOT_KNOWN = 3
MENTORS_GENDER = 4
NOT_INTERVIEWED = 5
MISSING_CHECK = 10  # and the numbers after it: one for each required check
NO_PLACE = 30
PAUSED = 31
LATER = 32


# Whom a condition about gender keeps out for certain; the others are counted as not known.
OPPOSITE = {Gender.MAN: Gender.WOMAN, Gender.WOMAN: Gender.MAN}


class RuleCount(NamedTuple):
    """A hard rule, how many mentors it keeps out, and both in words."""

    rule: int
    count: int
    words: str


class Refusal(NamedTuple):
    """The hard rule that keeps one mentor out, in words."""

    rule: int
    words: str


def count_words(rule: int, count: int, seeker: Seeker) -> str:
    """``18 kvinder (Ali ønsker en mand)``, ``9 uden straffeattest``: what stands on the closed line."""
    words = {"count": count, "name": seeker.first_name}
    if rule == WISHED_GENDER:
        return _wished_gender_words(count, seeker)
    if rule == MENTORS_GENDER:
        return ngettext("%(count)s asks for another gender", "%(count)s ask for another gender", count) % words
    if rule >= MISSING_CHECK and rule < NO_PLACE:
        check = seeker.required_checks[rule - MISSING_CHECK]
        words["check"] = str(ScreeningKind(check.kind).label).lower()
        return _("%(count)s without %(check)s") % words
    return {
        SAME_PERSON: _("%(name)s, who is a mentor as well"),
        GENDER_NOT_KNOWN: _("%(count)s whose gender is another or not known"),
        NOT_INTERVIEWED: _("%(count)s not interviewed"),
        NO_PLACE: _("%(count)s without a free place"),
        PAUSED: _("%(count)s on pause"),
        LATER: _("%(count)s not free within three months"),
    }[rule] % words


def _wished_gender_words(count: int, seeker: Seeker) -> str:
    words = {"count": count, "name": seeker.first_name}
    if seeker.required_gender == Gender.MAN:
        women = ngettext(
            "%(count)s woman (%(name)s asks for a man)", "%(count)s women (%(name)s asks for a man)", count
        )
        return women % words
    men = ngettext("%(count)s man (%(name)s asks for a woman)", "%(count)s men (%(name)s asks for a woman)", count)
    return men % words


def single_words(rule: int, seeker: Seeker) -> str:
    """The same rule said of one mentor, beside the name."""
    if rule >= MISSING_CHECK and rule < NO_PLACE:
        check = seeker.required_checks[rule - MISSING_CHECK]
        return _("lacks: %(check)s") % {"check": str(ScreeningKind(check.kind).label).lower()}
    return {
        SAME_PERSON: pgettext("hard rule", "is the mentee"),
        WISHED_GENDER: _wished_gender_single(seeker),
        GENDER_NOT_KNOWN: pgettext("hard rule", "gender another or not known"),
        MENTORS_GENDER: pgettext("hard rule", "asks for a mentee of another gender"),
        NOT_INTERVIEWED: pgettext("hard rule", "not interviewed yet"),
        NO_PLACE: pgettext("hard rule", "no free place"),
        PAUSED: pgettext("hard rule", "on pause"),
        LATER: pgettext("hard rule", "not free within three months"),
    }[rule]


def _wished_gender_single(seeker: Seeker) -> str:
    words = {"name": seeker.first_name}
    if seeker.required_gender == Gender.MAN:
        return _("%(name)s asks for a man") % words
    return _("%(name)s asks for a woman") % words
