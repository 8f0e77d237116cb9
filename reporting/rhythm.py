"""The rhythm of a target: one event in each window of some months, apart from the months of a pause."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.dates import MONTHS_AP
from django.utils.translation import gettext_lazy as _


class WindowState(models.TextChoices):
    """Whether a window of the rhythm had its event; coming while it can still have one."""

    KEPT = "kept", _("Held")
    MISSED = "missed", _("Missed")
    COMING = "coming", _("Coming")


@dataclass(frozen=True)
class RhythmWindow:
    """Some months for which the agreement promises one event."""

    starts_on: dt.date
    ends_on: dt.date
    count: int
    state: WindowState

    @property
    def months(self) -> str:
        """The months of the window, such as ``jan.–feb.``"""
        first, last = MONTHS_AP[self.starts_on.month], MONTHS_AP[self.ends_on.month]
        return str(first) if first == last else f"{first}–{last}"


def month_end(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def rhythm_spans(
    start: dt.date, end: dt.date, every: int, pause_months: Collection[int] = ()
) -> list[tuple[dt.date, dt.date]]:
    """Return the first and last day of each window of ``every`` months from ``start`` to ``end``.

    Months of the pause belong to no window. Months at the end that do not fill a window are left out.
    """
    spans, months, day = [], [], start
    while day <= end:
        last = min(month_end(day), end)
        if day.month not in pause_months:
            months.append((day, last))
        if len(months) == every:
            spans.append((months[0][0], months[-1][1]))
            months = []
        day = last + dt.timedelta(days=1)
    return spans


def rhythm_windows(
    spans: list[tuple[dt.date, dt.date]], counts: Mapping[dt.date, int], on: dt.date
) -> tuple[RhythmWindow, ...]:
    """Return the windows with the number of events by ``on``. One that ends by ``on`` without an event is missed."""
    windows = []
    for first, last in spans:
        count = sum(number for day, number in counts.items() if first <= day <= last)
        over = WindowState.MISSED if last <= on else WindowState.COMING
        windows.append(RhythmWindow(first, last, count, WindowState.KEPT if count else over))
    return tuple(windows)
