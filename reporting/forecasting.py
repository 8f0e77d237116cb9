"""Forecasts for the end of a period, as ranges that hold in 8 of 10 cases.

Counts that come one by one (people, matches) follow a Poisson process whose pace is not known exactly. The pace so far,
together with the plan's pace at the weight of one record, gives a gamma distribution of the pace. The number still to
come is then negative binomial; its 10 % and 90 % quantiles bound the range. Events with a rhythm have a simpler rule.
"""

import math

from common.charts import Forecast

# The plan weighs as much as one record: it steadies the forecast in the first weeks and soon matters little.
PLAN_WEIGHT = 1.0
LOWER, MIDDLE, UPPER = 0.1, 0.5, 0.9
LARGE = 2000  # above this mean the normal distribution is as exact, and faster
NORMAL_POINTS = {LOWER: -1.2816, MIDDLE: 0.0, UPPER: 1.2816}


def forecast_pace(*, value: int, elapsed: int, remaining: int, planned: float) -> Forecast:
    """Return the range for counts that come one by one.

    ``elapsed`` and ``remaining`` are days, where today is elapsed; ``planned`` is the plan for the whole period.
    """
    if remaining <= 0:
        return Forecast(value, value, value)
    shape = value + PLAN_WEIGHT
    rate = elapsed + PLAN_WEIGHT * (elapsed + remaining) / max(planned, 1)
    low, mid, high = (_to_come(point, shape, rate, remaining) for point in (LOWER, MIDDLE, UPPER))
    return Forecast(value + low, value + mid, value + high)


def _to_come(point: float, shape: float, rate: float, days: int) -> int:
    """Return the quantile ``point`` of the number of records in the next ``days``, which is negative binomial."""
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
    """Return the range for events with a rhythm, from the numbers of windows kept, missed and still to come.

    The middle is one event in each coming window. At worst the share of windows kept so far continues; at best each
    coming window also makes up for a missed one. The range never exceeds ``promised``.
    """
    ended = kept + missed
    ceiling = max(value, promised)
    worst = coming * kept // ended if ended else coming
    best = coming + min(missed, coming)
    return Forecast(min(value + worst, ceiling), min(value + coming, ceiling), min(value + best, ceiling))
