"""What can be expected at the end of a period, as a range that holds in 8 of 10 cases.

Counts that come one by one (people, matches) follow a Poisson process whose pace is not known exactly: the pace so
far, beside the plan's pace with the weight of a single record, gives a gamma distribution; the number still to come
is then negative binomial, and its 10 % and 90 % points bound the range. Events with a rhythm follow a plainer rule.
"""

import math
from dataclasses import dataclass

# The plan weighs as much as one record: it steadies the first weeks and is soon outweighed by what happens.
PLAN_WEIGHT = 1.0
LOWER, MIDDLE, UPPER = 0.1, 0.5, 0.9
LARGE = 2000  # beyond this mean the normal distribution is as good, and quicker
NORMAL_POINTS = {LOWER: -1.2816, MIDDLE: 0.0, UPPER: 1.2816}


@dataclass(frozen=True)
class Forecast:
    """What is expected at the end of the period: 8 times of 10 from ``low`` to ``high``, ``mid`` half of the time."""

    low: int
    mid: int
    high: int


def forecast_pace(*, value: int, elapsed: int, remaining: int, planned: float) -> Forecast:
    """The range for counts that come one by one.

    ``elapsed`` and ``remaining`` are days (today is elapsed); ``planned`` is the plan for the whole period.
    """
    if remaining <= 0:
        return Forecast(value, value, value)
    shape = value + PLAN_WEIGHT
    rate = elapsed + PLAN_WEIGHT * (elapsed + remaining) / max(planned, 1)
    low, mid, high = (_to_come(point, shape, rate, remaining) for point in (LOWER, MIDDLE, UPPER))
    return Forecast(value + low, value + mid, value + high)


def _to_come(point: float, shape: float, rate: float, days: int) -> int:
    """The smallest number that is not passed with probability ``point``: a quantile of the negative binomial."""
    mean, success = shape * days / rate, rate / (rate + days)
    if mean > LARGE:
        return max(0, round(mean + NORMAL_POINTS[point] * math.sqrt(mean / success)))
    number, below = 0, 0.0
    base = shape * math.log(success) - math.lgamma(shape)
    while True:
        log_share = math.lgamma(number + shape) - math.lgamma(number + 1) + base + number * math.log1p(-success)
        below += math.exp(log_share)
        if below >= point:
            return number
        number += 1


def forecast_rhythm(*, value: int, promised: int, kept: int, missed: int, coming: int) -> Forecast:
    """The range for events with a rhythm, from the windows that are over and those to come.

    Expected is one event in each window to come. At worst the share of windows kept so far goes on; at best each
    window to come makes good one that was missed. More than promised is not foretold.
    """
    ended = kept + missed
    ceiling = max(value, promised)
    worst = coming * kept // ended if ended else coming
    best = coming + min(missed, coming)
    return Forecast(min(value + worst, ceiling), min(value + coming, ceiling), min(value + best, ceiling))
