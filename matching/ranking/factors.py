"""Factors that speak for or against a mentor (EEPM 4th edition, standard 4; Big Brothers Big Sisters).

A factor gives points to all mentors at once, and a sentence about the points of a mentor who is shown. Positive points
are listed under *for*, negative ones under *against*; a factor without points is not mentioned. The sum of the points
decides the order of mentors of the same strength (``strength``).

The page shows the sentences, not the points: the coordinator chooses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.lazy import LazyModule
from matching.ranking import words
from matching.ranking.pool import FAR, NEAR, SAME, Pool
from people.enums import TermKind

np = LazyModule("numpy")

MAX_TOPICS = 3  # more shared topics give no more points

Points: TypeAlias = "np.ndarray | float"


class Factor(NamedTuple):
    """A factor: ``points`` returns the points of all mentors, ``sentence`` one mentor's points in words."""

    name: str
    title: Promise
    explanation: Promise
    points: Callable[[Pool], Points]
    sentence: Callable[..., str]


def topics(pool: Pool) -> Points:
    if not pool.seeker.terms[TermKind.TOPIC]:
        return 0.0
    shared = np.minimum(pool.shared(TermKind.TOPIC), MAX_TOPICS)
    return np.where(shared > 0, 1.0 + shared, -1.0)


def industry(pool: Pool) -> Points:
    if not pool.seeker.terms[TermKind.INDUSTRY]:
        return 0.0
    return np.where(pool.shared(TermKind.INDUSTRY) > 0, 3.0, -1.0)


def languages(pool: Pool) -> Points:
    """Weigh shared languages, which count most if the mentee does not speak Danish well."""
    seeker = pool.seeker
    if not seeker.languages:
        return 0.0
    if seeker.speaks_danish_well:
        return np.where(pool.shared_languages > 0, 2.0, -0.5)
    return np.where(pool.shared_languages > 0, 3.0, -3.0)


def near(pool: Pool) -> Points:
    level = pool.near
    return np.select([level == SAME, level == NEAR, level == FAR], [1.5, 1.0, -0.5], 0.0)


def area(pool: Pool) -> Points:
    return np.where(pool.shared(TermKind.AREA) > 0, 1.0, 0.0)


def times(pool: Pool) -> Points:
    if not pool.seeker.terms[TermKind.TIME]:
        return 0.0
    shared = np.minimum(pool.shared(TermKind.TIME), 2)
    return np.where(shared > 0, 0.5 + shared * 0.75, -2.0)


def gender_of_mentor(pool: Pool) -> Points:
    return _weigh(pool.gender_of_mentor(), good=1.0, bad=2.0)


def gender_of_mentee(pool: Pool) -> Points:
    return _weigh(pool.gender_of_mentee(), bad=1.0)


def age_of_mentor(pool: Pool) -> Points:
    return _weigh(pool.age_of_mentor(), good=0.5, bad=2.0)


def age_of_mentee(pool: Pool) -> Points:
    return _weigh(pool.age_of_mentee(), bad=2.0)


def free_later(pool: Pool) -> Points:
    return _weigh(pool.free_later(), bad=1.0)


def experience(pool: Pool) -> Points:
    return np.where(pool.roster.past_matches > 0, 0.75, -0.25)


def has_mentees(pool: Pool) -> Points:
    return np.where(pool.roster.open_matches > 0, -0.25, 0.0)


def earlier(pool: Pool) -> Points:
    return _weigh(pool.earlier(), bad=4.0)


def _weigh(level: np.ndarray, *, bad: float, good: float = 0.0) -> Points:
    return np.select([level > 0, level < 0], [good, -bad], 0.0)


FACTORS = [
    Factor(
        "industry",
        _("Field of work"),
        _("The mentor works in, or knows, the field that the mentee wants to enter."),
        industry,
        words.industry,
    ),
    Factor(
        "topics",
        _("What the mentee wants help with"),
        _("Each topic that the mentee seeks and the mentor offers counts, up to three."),
        topics,
        words.topics,
    ),
    Factor(
        "languages",
        _("Languages in common"),
        _("Counts most when the mentee does not speak Danish well."),
        languages,
        words.languages,
    ),
    Factor(
        "times",
        _("Times in common"),
        _("No time in common weighs heavily: then they do not meet."),
        times,
        words.times,
    ),
    Factor(
        "near",
        _("Where they live"),
        _("The same postcode or one next to it."),
        near,
        words.near,
    ),
    Factor(
        "area",
        _("Where they can meet"),
        _("An area that both have named."),
        area,
        words.area,
    ),
    Factor(
        "gender_of_mentor",
        _("The mentee's wish about gender"),
        _("As a wish it counts for or against; as a condition it excludes."),
        gender_of_mentor,
        words.gender_of_mentor,
    ),
    Factor(
        "gender_of_mentee",
        _("The mentor's wish about gender"),
        _("Likewise."),
        gender_of_mentee,
        words.gender_of_mentee,
    ),
    Factor(
        "age_of_mentor",
        _("The mentee's wish about age"),
        _("Inside it speaks for, outside against."),
        age_of_mentor,
        words.age_of_mentor,
    ),
    Factor(
        "age_of_mentee",
        _("The mentor's wish about age"),
        _("A mentee outside it speaks against."),
        age_of_mentee,
        words.age_of_mentee,
    ),
    Factor(
        "earlier",
        _("An earlier match of the two"),
        _("A match that was declined or has ended speaks strongly against a new one."),
        earlier,
        words.earlier,
    ),
    Factor(
        "free_later",
        _("Free from"),
        _("A mentor who is free within three months speaks a little against; later than that is excluded."),
        free_later,
        words.free_later,
    ),
    Factor(
        "experience",
        _("Experience as a mentor"),
        _("Earlier and current matches as a mentor count a little."),
        experience,
        words.experience,
    ),
    Factor(
        "has_mentees",
        _("Mentees already"),
        _("A mentor with a mentee comes a little later than one without."),
        has_mentees,
        words.has_mentees,
    ),
]
