"""The cumulative plot of a target: plan, reached and forecast."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.charts.canvas import Canvas, Ink, Point, middle
from common.charts.captions import Caption, DataTable, Figure
from common.charts.letters import BOLD, text_width
from common.charts.scales import DayScale, Series, ValueScale, figure, month_name, ticks

DASHED, DOTTED = (6, 4), (3, 4)
LINE_HEIGHT = 19
GAP = 9
MONTH_STEPS = (1, 2, 3, 6, 12)


@dataclass(frozen=True)
class Forecast:
    """The value expected at the end of the period: a range and its middle."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class CumulativePlot:
    """A target over its period, added up day by day.

    ``plan``: points of the planned line, from (start, 0); one segment for each phase of the plan.
    ``plan_steps``: the plan rises in steps (a rhythm such as one event every second month).
    ``reached``: (day, total) for each day on which the total changed.
    ``today``: the day of the figures. ``plan_today``: the planned total on that day.
    ``today_label``: text for that day in documents, which are read on another day.
    """

    title: str
    start: date
    end: date
    today: date
    plan: Series
    reached: Series
    plan_today: float | None = None
    forecast: Forecast | None = None
    plan_steps: bool = False
    decimals: int = 0
    today_label: str = ""

    size = (760, 304)
    phone_size = (326, 236)

    @property
    def total(self) -> float:
        """The total today."""
        return self.reached_on(self.last_day)

    @property
    def last_day(self) -> date:
        """The last day with known figures."""
        return max(min(self.today, self.end), self.start)

    @property
    def target(self) -> float:
        return self.plan[-1][1] if self.plan else 0

    @property
    def is_running(self) -> bool:
        return self.start <= self.today < self.end

    def reached_on(self, day: date) -> float:
        """Return the total at the end of a day."""
        return max((total for on, total in self.reached if on <= day), default=0)

    def planned_on(self, day: date) -> float:
        """Return the plan at the end of a day: interpolated between two points, or the last step."""
        before = [point for point in self.plan if point[0] <= day]
        after = [point for point in self.plan if point[0] > day]
        if not before:
            return 0
        if self.plan_steps or not after:
            return before[-1][1]
        (first, low), (last, high) = before[-1], after[0]
        return low + (high - low) * ((day - first).days / (last - first).days)

    def write(self, value: float) -> str:
        return figure(value, decimals=self.decimals)

    def write_forecast(self) -> str:
        low, high = self.write(self.forecast.low), self.write(self.forecast.high)
        return low if low == high else f"{low}–{high}"

    def caption(self) -> Caption:
        day = date_format(self.last_day, "DATE_FORMAT")
        parts = [_("Reached on %(day)s: %(value)s.") % {"day": day, "value": self.write(self.total)}]
        if self.plan:
            parts.append(_("Plan for the period: %(value)s.") % {"value": self.write(self.target)})
        if self.plan_today is not None and self.is_running:
            parts.append(_("Plan for that day: %(value)s.") % {"value": self.write(self.plan_today)})
        if self.forecast and self.is_running:
            end = date_format(self.end, "DATE_FORMAT")
            parts.append(_("Expected on %(day)s: %(value)s.") % {"day": end, "value": self.write_forecast()})
        return Caption(self.title, " ".join(parts))

    def table(self) -> DataTable:
        """Return plan and total at the end of each month, and the forecast at the end of the period."""
        scale = DayScale(self.start, self.end, 0, 1)
        headers = [_("Until"), _("Plan"), _("Reached")]
        rows: list[tuple[Figure, ...]] = []
        with_forecast = self.forecast is not None and self.is_running
        for first, last in scale.months():
            day = min(last, self.last_day) if first <= self.last_day else last
            reached = self.reached_on(day) if day <= self.last_day and self.today >= first else None
            row: tuple[Figure, ...] = (date_format(day, "DATE_FORMAT"), self._round(self.planned_on(day)), reached)
            rows.append((*row, self.write_forecast() if last == self.end else None) if with_forecast else row)
        return DataTable(self.title, (*headers, _("Expected")) if with_forecast else tuple(headers), tuple(rows))

    def _round(self, value: float) -> float:
        rounded = round(value + 1e-9, self.decimals)
        return int(rounded) if rounded == int(rounded) else rounded

    def paint(self, canvas: Canvas) -> None:
        _CumulativeDrawing(self, canvas).paint()


@dataclass(frozen=True)
class _Label:
    text: str
    ink: Ink
    weight: int = 400

    @property
    def width(self) -> float:
        """The width with the gap to the line."""
        return text_width(self.text, weight=self.weight) + GAP


class _CumulativeDrawing:
    """Draws a cumulative plot on a canvas."""

    def __init__(self, plot: CumulativePlot, canvas: Canvas):
        self.plot, self.canvas = plot, canvas
        highest = max(plot.target, plot.total, plot.forecast.high if plot.forecast and plot.is_running else 0, 1)
        self.ticks = ticks(max(highest, *(value for _day, value in plot.plan), 0))
        left = max(text_width(figure(tick)) for tick in self.ticks) + 12
        lines = [line for _value, text, _ink in self._end_labels() for line in text.split("\n")]
        right = max((text_width(line, weight=BOLD) for line in lines), default=0) + 12
        self.days = DayScale(plot.start, plot.end, left, canvas.width - right)
        self.values = ValueScale(self.ticks[-1], canvas.height - 30, 28)
        self.ends = self._place_ends()

    def paint(self) -> None:
        self._grid()
        self._months()
        self._forecast()
        self._plan()
        self._reached()
        if self.plot.is_running:
            self._today()
        self._label_ends()

    def _at(self, day: date, value: float) -> Point:
        return self.days.finish(day), self.values.at(value)

    def _grid(self) -> None:
        for tick in self.ticks:
            y = self.values.at(tick)
            self.canvas.line([(self.days.left, y), (self.days.right, y)], Ink.LINE)
            self.canvas.text(self.days.left - 10, middle(y), figure(tick), Ink.INK2, anchor="right")

    def _months(self) -> None:
        """Draw the names of the months under their middle, or of every 2nd, 3rd, … month under its start."""
        months, y = self.days.months(), self.canvas.height - 8
        names = [month_name(first) for first, _last in months]
        if len(months) > 12:  # then the year is needed
            names = [f"{name} {first.year}" for name, (first, _last) in zip(names, months, strict=True)]
        room = (self.days.right - self.days.left) / len(months)
        widest = max(map(text_width, names)) + 8
        step = next((step for step in MONTH_STEPS if widest <= room * step), MONTH_STEPS[-1])
        for name, (first, last) in list(zip(names, months, strict=True))[::step]:
            begin = self.days.begin(first)
            if step == 1:
                self.canvas.text((begin + self.days.finish(last)) / 2, y, name, Ink.INK2, anchor="center")
            elif begin + text_width(name) <= self.canvas.width:
                bottom = self.values.bottom
                self.canvas.line([(begin, bottom), (begin, bottom + 5)], Ink.CONTROL)
                self.canvas.text(begin, y, name, Ink.INK2)

    def _plan(self) -> None:
        corners, before = [], 0.0
        for corner, value in self.plot.plan:
            day = min(max(corner, self.plot.start), self.plot.end)
            x, y = (self.days.begin(day), self.values.at(value)) if not corners else self._at(day, value)
            if self.plot.plan_steps and corners:
                corners.append((x, self.values.at(before)))
            corners.append((x, y))
            before = value
        if corners and corners[-1][0] < self.days.right:
            corners.append((self.days.right, corners[-1][1]))
        if corners:
            self.canvas.line(corners, Ink.INK2, width=1.6, dashes=DASHED)

    def _reached(self) -> None:
        if self.plot.today < self.plot.start:
            return
        corners, total = [(self.days.left, self.values.at(0))], 0.0
        for day, value in self.plot.reached:
            if self.plot.start <= day <= self.plot.last_day and value != total:
                x, y = self._at(day, value)
                corners += [(x, self.values.at(total)), (x, y)]
                total = value
        corners.append(self._at(self.plot.last_day, total))
        self.canvas.line(corners, Ink.BAR, width=3)

    def _forecast(self) -> None:
        plot = self.plot
        if not (plot.forecast and plot.is_running):
            return
        start = self._at(plot.last_day, plot.total)
        low, centre, high = (
            self._at(plot.end, value) for value in (plot.forecast.low, plot.forecast.middle, plot.forecast.high)
        )
        if low != high:
            self.canvas.area([start, high, low], Ink.ACCENT_TINT)
            self.canvas.line([start, high], Ink.BAR)
            self.canvas.line([start, low], Ink.BAR)
        self.canvas.line([start, centre], Ink.BAR, width=2, dashes=DOTTED)

    def _today(self) -> None:
        plot, canvas = self.plot, self.canvas
        x, y = self._at(plot.last_day, plot.total)
        canvas.line([(x, 14), (x, self.values.bottom)], Ink.INK, width=1.5)
        today = _Label(plot.today_label or _("today"), Ink.INK)
        self._draw_label(today, x, 24, left=x - today.width > self.days.left)
        labels = [(y, _Label(_("reached %(value)s") % {"value": plot.write(plot.total)}, Ink.ACCENT, BOLD))]
        if plot.plan_today is not None:
            plan_y = self.values.at(plot.plan_today)
            canvas.dot(x, plan_y, 4.5, Ink.SURFACE, Ink.INK2)
            words = _("planned %(value)s") if plot.today_label else _("plan today %(value)s")
            labels.append((plan_y, _Label(words % {"value": plot.write(plot.plan_today)}, Ink.INK)))
        canvas.dot(x, y, 5.5, Ink.BAR, Ink.SURFACE)
        self._label_today(x, sorted(labels, key=lambda label: label[0]))

    def _label_today(self, x: float, labels: list[tuple[float, _Label]]) -> None:
        """Draw the labels of the points of today.

        The label of the upper point is above it on the left. That of the lower point is, too, if there is room between
        them and the upper one is the plan, whose line then passes above; otherwise it is below on the right.
        """
        (upper_y, upper), (lower_y, lower) = labels[0], labels[-1]
        left = x - max(label.width for _y, label in labels) > self.days.left
        upper_at = max(upper_y - 10, 40)
        if upper is lower:
            return self._draw_label(upper, x, upper_at, left=left)
        roomy = lower_y - upper_y >= 2 * LINE_HEIGHT + 4 and lower.weight == BOLD
        if left and roomy:
            self._draw_label(lower, x, lower_y - 10, left=True)
        elif left:
            self._below(lower, x, lower_y + LINE_HEIGHT)
        else:
            lower_at = min(lower_y - 10, self.values.bottom - 8)
            upper_at = min(upper_at, lower_at - LINE_HEIGHT)
            self._draw_label(lower, x, lower_at, left=False)
        return self._draw_label(upper, x, upper_at, left=left)

    def _below(self, label: _Label, x: float, y: float) -> None:
        """Draw a label on the right, below the labels at the ends of the lines."""
        right = x + label.width
        if right > self.days.right:
            for top, bottom, _text, _ink in self.ends:
                if top - 4 < y and y - LINE_HEIGHT < bottom:
                    y = bottom + LINE_HEIGHT - 4
        fits = right <= self.canvas.width and y < self.values.bottom
        self._draw_label(label, x, min(y, self.values.bottom - 5), left=not fits)

    def _draw_label(self, label: _Label, x: float, y: float, *, left: bool) -> None:
        edge, anchor = (x - GAP, "right") if left else (x + GAP, "left")
        self.canvas.text(edge, y, label.text, label.ink, anchor=anchor, weight=label.weight)

    def _end_labels(self) -> list[tuple[float, str, Ink]]:
        """Return (value, text, colour) of the labels at the right ends of the lines."""
        plot, labels = self.plot, []
        if plot.plan:
            labels.append((plot.target, _("plan %(value)s") % {"value": plot.write(plot.target)}, Ink.INK))
        if plot.today >= plot.end:
            text = _("reached %(value)s") % {"value": plot.write(plot.total)}
            labels.append((plot.total, text, Ink.ACCENT))
        elif plot.forecast and plot.is_running:
            labels.append((plot.forecast.middle, _("expected") + f"\n{plot.write_forecast()}", Ink.ACCENT))
        return labels

    def _place_ends(self) -> list[tuple[float, float, str, Ink]]:
        """Return (top, bottom, text, colour) of these labels, from the top, moved down where they would overlap."""
        placed, free_from = [], 0.0
        for value, text, ink in sorted(self._end_labels(), key=lambda label: -label[0]):
            height = len(text.split("\n")) * LINE_HEIGHT
            top = max(self.values.at(value) - height / 2, free_from)
            free_from = top + height
            placed.append((top, free_from, text, ink))
        return placed

    def _label_ends(self) -> None:
        for top, _bottom, text, ink in self.ends:
            for number, line in enumerate(text.split("\n")):
                y = middle(top + (number + 0.5) * LINE_HEIGHT)
                self.canvas.text(self.days.right + 12, y, line, ink, weight=BOLD if ink is Ink.ACCENT else 400)
