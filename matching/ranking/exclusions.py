"""Names behind the closed line of hard rules."""

import datetime as dt
from dataclasses import dataclass

from matching.ranking.rules import NO_PLACE, single_words
from matching.ranking.seeker import Seeker
from people.models import Enrolment


@dataclass(frozen=True)
class ExcludedMentor:
    """A mentor whom a hard rule keeps out, and that rule in words."""

    enrolment: Enrolment
    words: str
    is_full: bool  # no free place: a reason opens one more


def excluded_mentors(enrolment: Enrolment, on: dt.date, *, start: int, number: int) -> tuple[list[ExcludedMentor], int]:
    """A page of the mentors kept out, by rule and then by enrolment, and how many there are in all."""
    # numpy, as in the engine.
    import numpy as np  # noqa: PLC0415

    from matching.ranking.pool import Pool  # noqa: PLC0415

    seeker = Seeker.of(enrolment, on)
    pool = Pool(seeker)
    places = np.flatnonzero(~pool.is_allowed)
    places = places[np.argsort(pool.rule[places], kind="stable")]
    page = places[start : start + number]
    found = Enrolment.objects.select_related("person").in_bulk(pool.roster.ids[page].tolist())
    rows = [
        ExcludedMentor(found[pk], single_words(rule, seeker), rule == NO_PLACE)
        for pk, rule in zip(pool.roster.ids[page].tolist(), pool.rule[page].tolist(), strict=True)
        if pk in found
    ]
    return rows, len(places)
