"""Strength: strong, good or possible, by the share of the mentee's wishes that a mentor meets.

- strong match: at least three of five wishes are met, and nothing weighs heavily against;
- good match: at least two of five;
- possible match: fewer. Every mentor that the hard rules allow is in one of the three.

Only wishes that the mentee has named count, so a mentee with three wishes is served as well as one with six. A strength
depends on the two people alone, never on the other mentors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.lazy import LazyModule
from matching.ranking.pool import Pool
from matching.ranking.seeker import Seeker
from people.enums import TermKind

np = LazyModule("numpy")

STRONG_OF_FIVE = 3
GOOD_OF_FIVE = 2
HEAVY = -2.0  # a factor with these points or fewer weighs heavily against


class Wish(NamedTuple):
    """A wish of a mentee: whether the mentee has named it, and which mentors meet it."""

    title: Promise
    is_named: Callable[[Seeker], bool]
    is_met: Callable[[Pool], np.ndarray]


def _of_terms(title: Promise, kind: str) -> Wish:
    return Wish(title, lambda seeker: bool(seeker.terms[kind]), lambda pool: pool.shared(kind) > 0)


def _needs_language(seeker: Seeker) -> bool:
    return bool(seeker.languages) and not seeker.speaks_danish_well


def _names_place(seeker: Seeker) -> bool:
    return bool(seeker.terms[TermKind.AREA] or seeker.person.postcode)


def _names_gender(seeker: Seeker) -> bool:
    return bool(seeker.wished_gender) and not seeker.required_gender


def _names_age(seeker: Seeker) -> bool:
    return (seeker.enrolment.min_age, seeker.enrolment.max_age) != (None, None)


WISHES = [
    _of_terms(_("help with one of the topics"), TermKind.TOPIC),
    _of_terms(_("the field of work"), TermKind.INDUSTRY),
    _of_terms(_("a time to meet"), TermKind.TIME),
    Wish(
        _("a language in common, if the mentee does not speak Danish well"),
        _needs_language,
        lambda pool: pool.shared_languages > 0,
    ),
    Wish(
        _("a mentor who lives close by, or can meet in an area that the mentee has named"),
        _names_place,
        lambda pool: (pool.shared(TermKind.AREA) > 0) | (pool.near > 0),
    ),
    Wish(
        _("the gender of the mentor, if it is a wish and no condition"),
        _names_gender,
        lambda pool: pool.gender_of_mentor() > 0,
    ),
    Wish(_("the age of the mentor"), _names_age, lambda pool: pool.age_of_mentor() > 0),
]


def wishes_met(pool: Pool) -> tuple[np.ndarray, int]:
    """Return how many of the mentee's wishes each mentor meets, and how many the mentee has named."""
    named = [wish for wish in WISHES if wish.is_named(pool.seeker)]
    met = np.zeros(len(pool), dtype=np.int64)
    for wish in named:
        met += wish.is_met(pool)
    return met, len(named)


def strength_levels(met: np.ndarray, named: int, points: np.ndarray) -> np.ndarray:
    """Return 0 for strong, 1 for good and 2 for possible mentors. ``points`` has a row for each factor."""
    if not named:
        return np.full(len(met), 2)
    is_hindered = points.min(axis=0) <= HEAVY
    is_strong = (met * 5 >= named * STRONG_OF_FIVE) & ~is_hindered
    return np.select([is_strong, met * 5 >= named * GOOD_OF_FIVE], [0, 1], 2)
