"""Forecast ranges hold in 8 of 10 cases."""

import random

import pytest

from common.charts import Forecast
from reporting.forecasting import forecast_pace, forecast_rhythm


@pytest.mark.parametrize(
    ("value", "elapsed", "remaining", "expected"),
    [
        (12, 258, 107, Forecast(14, 17, 21)),
        (0, 258, 107, Forecast(0, 0, 1)),
        (12, 365, 0, Forecast(12, 12, 12)),
        (60_000, 258, 107, Forecast(83_319, 83_551, 83_783)),
    ],
)
def test_pace_gives_a_range(value, elapsed, remaining, expected):
    assert forecast_pace(value=value, elapsed=elapsed, remaining=remaining, planned=25) == expected


def test_plan_dominates_the_forecast_of_the_first_days():
    found = forecast_pace(value=1, elapsed=1, remaining=364, planned=25)
    assert found == Forecast(13, 40, 93)


def test_range_holds_in_at_least_eight_of_ten_years():
    """Random years with a known pace: the range of mid-September contains the total of the year."""
    dice = random.Random(80)
    held = 0
    for _year in range(1000):
        days = [dice.random() < 30 / 365 for _day in range(365)]
        found = forecast_pace(value=sum(days[:258]), elapsed=258, remaining=107, planned=30)
        held += found.low <= sum(days) <= found.high
    assert 800 <= held <= 930


@pytest.mark.parametrize(
    ("value", "promised", "kept", "missed", "coming", "expected"),
    [
        (3, 5, 3, 0, 2, Forecast(5, 5, 5)),
        (1, 4, 1, 1, 2, Forecast(2, 3, 4)),
        (2, 2, 1, 0, 1, Forecast(2, 2, 2)),
        (0, 4, 0, 3, 1, Forecast(0, 1, 2)),
        (0, 5, 0, 0, 5, Forecast(5, 5, 5)),
        (3, 5, 3, 2, 0, Forecast(3, 3, 3)),
    ],
)
def test_rhythm_forecast_counts_coming_windows(value, promised, kept, missed, coming, expected):
    assert forecast_rhythm(value=value, promised=promised, kept=kept, missed=missed, coming=coming) == expected
