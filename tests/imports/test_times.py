from decimal import Decimal

import pytest

from imports.engine.cells import read_hours


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        (2, "2.00"), (2.5, "2.50"), (2.06, "2.06"), ("2,5", "2.50"), ("2,06", "2.06"), ("2.5", "2.50"),
        ("2.25", "2.25"), ("2:30", "2.50"), ("02:30:00", "2.50"), ("2½", "2.50"), ("½", "0.50"), ("2 ½ time", "2.50"),
        ("2½ time", "2.50"), ("90 min", "1.50"), ("90 min.", "1.50"), ("45 minutter", "0.75"), ("2 t", "2.00"),
        ("1,5 timer", "1.50"), ("1 time og 30 min", "1.50"), ("2 t 15 m", "2.25"), ("2 hours", "2.00"), ("24", "24.00"),
        ("15 min", "0.25"), (True, None), (0, None), (25, None), ("0", None), ("2.30", None), ("to timer", None),
        ("10 min", None), ("", None), ("2.30 t", None), ("2-3", None), ("99 timer", None), (float("inf"), None),
        (1e30, None), (float("nan"), None), (3, "3.00"),
    ],
)  # fmt: skip
def test_read_hours(cell, hours):
    assert read_hours(cell) == (hours and Decimal(hours))
