"""Hard rules, which exclude a mentor from the ranking, and their sentences.

A mentor is excluded by the first rule that applies, in the order of the rules' numbers, so every mentor of the
programme is either ranked or counted under exactly one rule. ``pool`` applies the rules to all mentors at once; the
services check a pair again (``matching.rules.pairs``).
"""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from matching.ranking.seeker import Seeker
from people.enums import Gender
from programmes.enums import ScreeningKind

MAX_WAIT_DAYS = 90  # a mentor who is free later than this is excluded

ALLOWED = 0
SAME_PERSON = 1
WISHED_GENDER = 2
GENDER_NOT_KNOWN = 3
MENTORS_GENDER = 4
NOT_INTERVIEWED = 5
MISSING_CHECK = 10  # and the next numbers, one for each required check
NO_PLACE = 30
PAUSED = 31
LATER = 32

# Genders that a required gender excludes for certain; others count as not known.
OPPOSITE = {Gender.MAN: Gender.WOMAN, Gender.WOMAN: Gender.MAN}


class ExclusionCount(NamedTuple):
    """A hard rule, the number of mentors it excludes, and both in words."""

    rule: int
    count: int
    words: str


class Exclusion(NamedTuple):
    """The hard rule that excludes one mentor, in words."""

    rule: int
    words: str


def count_words(rule: int, count: int, seeker: Seeker) -> str:
    """Return ``18 kvinder (Ali ønsker en mand)``, ``9 uden straffeattest``: a rule with its number of mentors."""
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
    """Return the rule as it is written after the name of one mentor."""
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
