"""The meetings of a match: a bar for each with its hours, and sums by month."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.charts.canvas import Canvas, Ink, middle
from common.charts.captions import Caption, DataTable
from common.charts.cumulative import MONTH_STEPS
from common.charts.letters import text_width
from common.charts.scales import DayScale, Series, ValueScale, figure, month_name, ticks

DASHED, DOTTED = (6, 4), (2, 3)
WIDEST_BAR, NARROWEST_BAR = 14, 3
DAYS_A_BAR = 2.4  # width of a bar in days, so that it is visible


@dataclass(frozen=True)
class MeetingBars:
    """Bars for the meetings, each (day, hours). ``required_hours`` is the programme's rule for one meeting."""

    title: str
    start: date
    end: date
    today: date
    meetings: Series
    required_hours: float | None = None

    size = (760, 172)
    phone_size = (326, 172)

    def hours_in(self, first: date, last: date) -> list[float]:
        return [hours for day, hours in self.meetings if first <= day <= last]

    def caption(self) -> Caption:
        hours = [hours for _day, hours in self.meetings]
        parts = [_("%(meetings)s, %(hours)s.") % {"meetings": _meetings(len(hours)), "hours": _hours(sum(hours))}]
        if self.required_hours:
            parts.append(_("Required for a meeting: %(hours)s.") % {"hours": _hours(self.required_hours)})
        return Caption(self.title, " ".join(parts))

    def table(self) -> DataTable:
        rows = tuple((date_format(day, "DATE_FORMAT"), hours) for day, hours in self.meetings)
        return DataTable(self.title, (_("Day"), _("Hours")), rows)

    def paint(self, canvas: Canvas) -> None:
        _MeetingsDrawing(self, canvas).paint()


def _meetings(count: int) -> str:
    return ngettext("%(count)s meeting", "%(count)s meetings", count) % {"count": figure(count)}


def _hours(hours: float) -> str:
    return ngettext("%(count)s hour", "%(count)s hours", 1 if hours == 1 else 2) % {"count": figure(hours, decimals=2)}


class _MeetingsDrawing:
    """Draws the bars of meetings on a canvas."""

    def __init__(self, plot: MeetingBars, canvas: Canvas):
        self.plot, self.canvas = plot, canvas
        highest = max([hours for _day, hours in plot.meetings] + [plot.required_hours or 0, 1])
        self.ticks = ticks(highest, lines=4)
        left = max(text_width(figure(tick)) for tick in self.ticks) + 18
        self.unit = _("hours per meeting")
        self.days = DayScale(plot.start, plot.end, left, canvas.width - 1)
        self.values = ValueScale(self.ticks[-1], canvas.height - 36, 36)

    def paint(self) -> None:
        if self.plot.start <= self.plot.today <= self.plot.end:
            self._today_area()
        self.canvas.text(0, 14, self.unit, Ink.INK2)
        self._grid()
        self._months()
        self._requirement()
        self._bars()
        if self.plot.start <= self.plot.today <= self.plot.end:
            self._today_line()

    @property
    def today(self) -> float:
        return self.days.finish(self.plot.today)

    def _today_area(self) -> None:
        self.canvas.box(self.today, 2, self.days.right - self.today, self.values.bottom - 2, Ink.SUNKEN)

    def _today_line(self) -> None:
        end_of_unit = text_width(self.unit)
        top = 2 if self.today > end_of_unit else 20  # below the unit in the first days of a match
        self.canvas.line([(self.today, top), (self.today, self.values.bottom)], Ink.INK, width=1.5)
        text = _("today")
        if self.today + text_width(text) + 7 <= self.canvas.width:
            self.canvas.text(max(self.today, end_of_unit) + 7, 16, text, over=Ink.SUNKEN)
        else:
            self.canvas.text(self.today - 7, 16, text, anchor="right")

    def _grid(self) -> None:
        for tick in self.ticks:
            y = self.values.at(tick)
            self.canvas.line([(self.days.left - 6, y), (self.days.right, y)], Ink.LINE)
            self.canvas.text(self.days.left - 14, middle(y), figure(tick), Ink.INK2, anchor="right")

    def _months(self) -> None:
        months = self.days.months()
        texts = self._month_texts(months)
        for (first, last), text in zip(months, texts, strict=True):
            x = self.days.begin(first)
            if first.day == 1 and text:
                self.canvas.line([(x, 18), (x, self.canvas.height - 8)], Ink.CONTROL, dashes=DOTTED)
            if text and text_width(text) + 6 <= self._room(first, last, texts):
                self.canvas.text(x + 6, self.canvas.height - 14, text, Ink.INK2)

    def _room(self, first: date, last: date, texts: list[str]) -> float:
        """Return the room for a month's text: up to the next month that has one."""
        following = [
            self.days.begin(start)
            for (start, _end), text in zip(self.days.months(), texts, strict=True)
            if start > last and text
        ]
        return min(following, default=self.days.right) - self.days.begin(first)

    def _month_texts(self, months: list[tuple[date, date]]) -> list[str]:
        """Return the longest texts that fit: full sums, short sums, names, or every 2nd, 3rd, … name."""
        room = self.days.day_width * min(30, (self.plot.end - self.plot.start).days + 1) - 8
        for write in (self._in_full, self._in_short, self._name):
            texts = [write(first, last) for first, last in months]
            if all(text_width(text) <= room for text in texts):
                return texts
        widest = max(map(text_width, texts))
        step = next((step for step in MONTH_STEPS if widest <= room * step), MONTH_STEPS[-1])
        return [text if number % step == 0 else "" for number, text in enumerate(texts)]

    def _in_full(self, first: date, last: date) -> str:
        hours = self.plot.hours_in(first, last)
        words = {
            "month": month_name(first, short=False),
            "meetings": _meetings(len(hours)),
            "hours": _hours(sum(hours)),
        }
        return _("%(month)s: %(meetings)s, %(hours)s") % words if hours else words["month"]

    def _in_short(self, first: date, last: date) -> str:
        hours = self.plot.hours_in(first, last)
        words = {"month": month_name(first), "meetings": _meetings(len(hours))}
        return _("%(month)s: %(meetings)s") % words if hours else words["month"]

    def _name(self, first: date, _last: date) -> str:
        return month_name(first)

    def _requirement(self) -> None:
        if not self.plot.required_hours:
            return
        y = self.values.at(self.plot.required_hours)
        self.canvas.line([(self.days.left - 6, y), (self.days.right, y)], Ink.INK2, width=1.4, dashes=DASHED)
        text = _("requirement %(hours)s") % {"hours": _hours(self.plot.required_hours)}
        room = self.days.right - self.today - 12
        if self.plot.today <= self.plot.end and text_width(text) > room:
            text = _("requirement")
        over = Ink.SUNKEN if self.plot.today <= self.plot.end and text_width(text) <= room else Ink.SURFACE
        self.canvas.text(self.days.right - 4, y - 6, text, anchor="right", over=over)

    def _bars(self) -> None:
        width = min(WIDEST_BAR, max(NARROWEST_BAR, self.days.day_width * DAYS_A_BAR))
        drawn: dict[date, int] = {}
        for day, hours in self.plot.meetings:
            shift = drawn.get(day, 0) * (width + 1)
            drawn[day] = drawn.get(day, 0) + 1
            centre = self.days.begin(day) + self.days.day_width / 2
            x = min(max(centre - width / 2, self.days.left - 6) + shift, self.days.right - width)
            y = self.values.at(hours)
            self.canvas.box(x, y, width, self.values.bottom - y, Ink.BAR, radius=2)
