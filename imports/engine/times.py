"""Times of day and hours in cells."""

import datetime as dt
import re
from decimal import Decimal

from common.spreadsheets import Cell
from imports.engine import cells

CLOCK = re.compile(r"(?<!\d)(?:kl\.? ?)?(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?(?!\d)")
TIME_OF_DAY = re.compile(r"(?<![\d.:-])(\d{1,2})[:.](\d{2})(?::\d{2})?$")
FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
QUARTERS = {"", "0", "00", "5", "25", "50", "75"}
DECIMAL_HOURS = re.compile(r"^(\d{1,2})(?:([.,])(\d+))?$")
HALF_HOURS = re.compile(r"^(\d{1,2})? ?([½¼¾])$")
CLOCK_HOURS = re.compile(r"^(\d{1,2}):([0-5]\d)(?::\d{2})?$")
WORDED_HOURS = re.compile(
    r"^(?:(\d{1,2}(?:[.,]\d+)?|\d{0,2} ?[½¼¾]) ?(?:timer|time|t|hours|hour|h)\b\.?)?"
    r"(?: ?(?:og|and) ?)? ?(?:(\d{1,3}) ?(?:minutter|minutes|minut|min|m)\b\.?)?$"
)
HUNDREDTH = Decimal("0.01")
LEAST_HOURS, MOST_HOURS = Decimal("0.25"), Decimal(24)
MINUTES = 60


def read_time(value: Cell) -> dt.time | None:
    """Return a time of day (19, 19.30, ``kl. 19:30``, or that of a date with one), or None."""
    if isinstance(value, dt.datetime):
        return value.time()
    if isinstance(value, float) and 0 < value < 1:  # a time of day as spreadsheets store it
        minutes = round(value * 24 * MINUTES)
        return dt.time(minutes // MINUTES % 24, minutes % MINUTES)
    found = CLOCK.search(cells.as_line(value).casefold())
    if not found or int(found.group(1)) > 23 or int(found.group(2) or 0) > 59:
        return None
    return dt.time(int(found.group(1)), int(found.group(2) or 0))


def time_after_day(value: Cell) -> dt.time | None:
    """Return the time of day that follows a date in the same cell, or None."""
    if isinstance(value, dt.date):
        return value.time() if isinstance(value, dt.datetime) else None
    found = TIME_OF_DAY.search(cells.as_line(value))
    return read_time(found.group(0)) if found and " " in cells.as_line(value) else None


def read_hours(value: Cell) -> Decimal | None:
    """Return the hours in a cell (``2,5``, ``2:30``, ``2½ time``, ``90 min``, ``1 time og 30 min``), or None.

    ``2.30`` is None, because it can mean two hours and a half or 2.3 hours. So is less than a quarter of an hour or
    more than 24 hours.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _plausible(Decimal(str(value)))
    text = cells.as_line(value).casefold()
    if found := CLOCK_HOURS.match(text):
        return _plausible(int(found.group(1)) + Decimal(int(found.group(2))) / MINUTES)
    if (bare := _bare_hours(text)) is not None:
        return _plausible(bare)
    found = WORDED_HOURS.match(text)
    if not found or not any(found.groups()):
        return None
    hours = _bare_hours(found.group(1).strip()) if found.group(1) else Decimal(0)
    return None if hours is None else _plausible(hours + Decimal(found.group(2) or 0) / MINUTES)


def _bare_hours(text: str) -> Decimal | None:
    if found := HALF_HOURS.match(text):
        return Decimal(found.group(1) or 0) + FRACTIONS[found.group(2)]
    found = DECIMAL_HOURS.match(text)
    if not found or (found.group(2) == "." and len(found.group(3)) > 1 and found.group(3) not in QUARTERS):
        return None
    return Decimal(f"{found.group(1)}.{found.group(3) or 0}")


def _plausible(hours: Decimal) -> Decimal | None:
    if not hours.is_finite() or not LEAST_HOURS <= hours <= MOST_HOURS:
        return None
    return hours.quantize(HUNDREDTH)
