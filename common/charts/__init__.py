"""Plots for pages and documents.

A plot is a frozen dataclass of figures that can ``paint`` itself, and describe itself in words (``caption()``) and as a
table (``table()``). ``svg`` and ``png`` turn a plot into a picture.
"""

from functools import lru_cache
from typing import Protocol

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from common.charts.bullets import BulletBar, BulletLegend
from common.charts.canvas import LIGHT, Canvas
from common.charts.captions import Caption, DataTable
from common.charts.cumulative import CumulativePlot, Forecast
from common.charts.fonts import FAMILY, font_files
from common.charts.marks import StateMark
from common.charts.meetings import MeetingBars
from common.charts.pictures import to_png, to_svg

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
    """Interface of all plots. Sizes are width and height in pixels."""

    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def phone_size(self) -> tuple[int, int]: ...
    def paint(self, canvas: Canvas) -> None: ...
    def caption(self) -> Caption: ...
    def table(self) -> DataTable: ...


def svg(plot: Plot, *, phone: bool = False, variables: bool = True, uid: str = "") -> SafeString:
    """Return a plot as an ``<svg>`` element.

    With ``variables`` the colours are CSS variables of the page, otherwise those of the light theme. ``phone`` draws a
    version 326 pixels wide. ``uid`` is needed only for the second of two equal plots on a page. Plots are cached by
    their figures, because the preview of a report shows them again and again.
    """
    try:
        hash(plot)
    except TypeError:  # it has lists, and is not cached
        return _draw(plot, phone, variables, uid, get_language())
    return _draw_once(plot, phone, variables, uid, get_language())


def _draw(plot: Plot, phone: bool, variables: bool, uid: str, _language: str | None) -> SafeString:
    width, height = plot.phone_size if phone else plot.size
    return to_svg(width, height, plot.paint, plot.caption(), uid=uid, variables=variables)


_draw_once = lru_cache(maxsize=256)(_draw)


def png(plot: Plot, *, phone: bool = False, scale: float = 3) -> bytes:
    """Return a plot as PNG for documents without SVG, ``scale`` pixels per unit."""
    width, height = plot.phone_size if phone else plot.size
    return to_png(width, height, plot.paint, scale=scale)
