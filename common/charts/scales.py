"""Scales from days and values to pixels, and the labels of the axes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.dates import MONTHS, MONTHS_AP
from django.utils.formats import number_format

Series = Sequence[tuple[date, float]]
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class DayScale:
    """Maps the days from ``start`` to ``end``, both included, to the pixels from ``left`` to ``right``."""

    start: date
    end: date
    left: float
    right: float

    @property
    def day_width(self) -> float:
        return (self.right - self.left) / ((self.end - self.start).days + 1)

    def begin(self, day: date) -> float:
        """Return the x of the start of a day."""
        return self.left + (day - self.start).days * self.day_width

    def finish(self, day: date) -> float:
        """Return the x of the end of a day, where the values of that day are drawn."""
        return self.begin(day) + self.day_width

    def months(self) -> list[tuple[date, date]]:
        """Return first and last day of each month within the period."""
        spans, day = [], self.start
        while day <= self.end:
            following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            spans.append((day, min(following - timedelta(days=1), self.end)))
            day = following
        return spans


@dataclass(frozen=True)
class ValueScale:
    """Maps the values from 0 to ``highest`` to the pixels from ``bottom`` to ``top``."""

    highest: float
    bottom: float
    top: float

    def at(self, value: float) -> float:
        """Return the y of a value."""
        return self.bottom - value / self.highest * (self.bottom - self.top)


def ticks(highest: float, *, lines: int = 5) -> list[int]:
    """Return round numbers from 0 to at least ``highest``, in at most ``lines`` steps of 1, 2, 5, 10, 20, …"""
    size = 1
    while True:
        for step in (size * factor for factor in STEPS):
            count = max(1, math.ceil(highest / step))
            if count <= lines:
                return [step * number for number in range(count + 1)]
        size *= 10


def month_name(day: date, *, short: bool = True) -> str:
    return str((MONTHS_AP if short else MONTHS)[day.month])


def figure(value: float, *, decimals: int = 0) -> str:
    """Return a number in the active language, without trailing zeros: 1.478 or 16,5."""
    whole, _point, fraction = f"{round(value + 1e-9, decimals):f}".partition(".")
    return number_format(
        Decimal(f"{whole}.{fraction.rstrip('0') or '0'}"), decimal_pos=len(fraction.rstrip("0")), force_grouping=True
    )
