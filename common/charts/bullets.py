"""The bullet bar of a target for the tables of documents. Pages use the template tag ``bullet``."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.charts.canvas import Canvas, Ink
from common.charts.captions import Caption, DataTable
from common.charts.letters import text_width
from common.charts.scales import figure

BAR_TOP, BAR_HEIGHT = 4, 10
MARK_OVERHANG = 3
WHISKER_GAP = 6
HEADROOM = 1.35  # the axis ends at so many times the target, or at the top of the forecast


@dataclass(frozen=True)
class BulletBar:
    """A value with its target and plan; ``low`` to ``high`` is the forecast for the end of the period."""

    title: str
    value: float
    target: float
    plan: float | None = None
    low: float | None = None
    high: float | None = None
    decimals: int = 0

    size = (150, 28)
    phone_size = size

    def caption(self) -> Caption:
        return Caption(self.title, ", ".join(f"{name}: {text}" for name, text in self._facts()))

    def table(self) -> DataTable:
        facts = self._facts()
        return DataTable(self.title, tuple(name for name, _text in facts), (tuple(text for _name, text in facts),))

    def _facts(self) -> list[tuple[str, str]]:
        facts = [(_("Reached"), self.value), (_("Promised"), self.target), (_("Plan to date"), self.plan)]
        written = [(name, figure(value, decimals=self.decimals)) for name, value in facts if value is not None]
        if self.low is not None and self.high is not None:
            ends = dict.fromkeys(figure(value, decimals=self.decimals) for value in (self.low, self.high))
            written.append((_("Expected"), "–".join(ends)))
        return written

    def paint(self, canvas: Canvas) -> None:
        scale = (canvas.width - 4) / max(HEADROOM * self.target, self.high or 0, self.value, 1)
        canvas.box(0, BAR_TOP, self.target * scale, BAR_HEIGHT, Ink.LINE, radius=2)
        canvas.box(1, BAR_TOP + 1, self.target * scale - 2, BAR_HEIGHT - 2, Ink.SUNKEN, radius=1)
        canvas.box(0, BAR_TOP, self.value * scale, BAR_HEIGHT, Ink.BAR, radius=2)
        if self.plan is not None:
            paint_mark(canvas, self.plan * scale)
        if self.low is not None and self.high is not None:
            paint_whisker(canvas, self.low * scale, self.high * scale)


@dataclass(frozen=True)
class BulletLegend:
    """Legend of bullet bars, shown once above a table of them."""

    plan: str
    expected: str = ""

    size = (640, 22)
    phone_size = (326, 22)

    def caption(self) -> Caption:
        return Caption(_("Legend"), ", ".join(filter(None, (_("reached"), self.plan, self.expected))))

    def table(self) -> DataTable:
        return DataTable(_("Legend"), (), ())

    def paint(self, canvas: Canvas) -> None:
        canvas.box(0, 6, 26, BAR_HEIGHT, Ink.BAR, radius=2)
        canvas.text(32, 16, _("reached"), Ink.INK2)
        x = 32 + text_width(_("reached")) + 22
        canvas.line([(x, 2), (x, 20)], Ink.INK, width=2)
        canvas.text(x + 9, 16, self.plan, Ink.INK2)
        if self.expected:
            x += 9 + text_width(self.plan) + 20
            _whisker(canvas, x, x + 26, 11)
            canvas.text(x + 34, 16, self.expected, Ink.INK2)


def paint_mark(canvas: Canvas, x: float) -> None:
    """Paint the mark of the plan: two pixels wide, separated from the bar by two pixels of background."""
    top, bottom = BAR_TOP - MARK_OVERHANG, BAR_TOP + BAR_HEIGHT + MARK_OVERHANG
    canvas.line([(x, BAR_TOP), (x, BAR_TOP + BAR_HEIGHT)], Ink.SURFACE, width=6)
    canvas.line([(x, top), (x, bottom)], Ink.INK, width=2)


def paint_whisker(canvas: Canvas, low: float, high: float) -> None:
    """Paint the forecast below the bar: a whisker, or a dot when it has no range."""
    y = BAR_TOP + BAR_HEIGHT + WHISKER_GAP + 2
    if high - low < 3:
        canvas.dot((low + high) / 2, y, 3, Ink.BAR, Ink.BAR, edge_width=0)
    else:
        _whisker(canvas, low, high, y)


def _whisker(canvas: Canvas, low: float, high: float, y: float) -> None:
    canvas.line([(low, y), (high, y)], Ink.BAR, width=2)
    for x in (low, high):
        canvas.line([(x, y - 4), (x, y + 4)], Ink.BAR, width=2)
