"""Plots for pages and documents, drawn after the pictures of the design.

A plot is a frozen dataclass of plain figures that can ``paint`` itself, say what it shows in words
(``caption()``) and as a table (``table()``). ``svg`` and ``png`` turn any of them into a picture.
"""

from functools import lru_cache
from typing import Protocol

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from common.charts.bullets import BulletBar, BulletLegend
from common.charts.canvas import LIGHT, Canvas, Caption, to_png, to_svg
from common.charts.cumulative import CumulativePlot, Forecast
from common.charts.fonts import FAMILY, font_files
from common.charts.marks import StateMark
from common.charts.meetings import MeetingBars
from common.charts.tables import DataTable

__all__ = [
    "FAMILY",
    "LIGHT",
    "BulletBar",
    "BulletLegend",
    "Caption",
    "CumulativePlot",
    "DataTable",
    "Forecast",
    "MeetingBars",
    "Plot",
    "StateMark",
    "font_files",
    "png",
    "svg",
]


class Plot(Protocol):
    """What every plot can do. Sizes are width and height in pixels."""

    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def phone_size(self) -> tuple[int, int]: ...
    def paint(self, canvas: Canvas) -> None: ...
    def caption(self) -> Caption: ...
    def table(self) -> DataTable: ...


def svg(plot: Plot, *, phone: bool = False, variables: bool = True, uid: str = "") -> SafeString:
    """The plot as an ``<svg>`` element whose colours follow the page (``variables``) or are the light ones.

    ``phone`` is a drawing of its own, 326 wide. ``uid`` is needed only when the same plot stands on a page twice.
    The same figures are drawn once: a page that is shown again and again, as while a report is written, is quick.
    """
    try:
        hash(plot)
    except TypeError:  # it holds lists
        return _draw(plot, phone, variables, uid, get_language())
    return _draw_once(plot, phone, variables, uid, get_language())


def _draw(plot: Plot, phone: bool, variables: bool, uid: str, _language: str | None) -> SafeString:
    width, height = plot.phone_size if phone else plot.size
    return to_svg(width, height, plot.paint, plot.caption(), uid=uid, variables=variables)


_draw_once = lru_cache(maxsize=256)(_draw)


def png(plot: Plot, *, phone: bool = False, scale: float = 3) -> bytes:
    """The plot as PNG for documents that hold no SVG, ``scale`` pixels a unit."""
    width, height = plot.phone_size if phone else plot.size
    return to_png(width, height, plot.paint, scale=scale)
