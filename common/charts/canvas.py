"""The drawing of a plot: shapes and texts in pixels from the top left corner.

A plot names the *role* of a colour. On a page the role becomes a CSS variable, so that the same SVG fits the light and
the dark theme; in a document it becomes the light colour.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from common.charts.letters import TEXT_SIZE, printable

CAP_HEIGHT = 0.66  # share of the text size, in Source Sans 3
ANCHORS = {"left": "start", "center": "middle", "right": "end"}


class Ink(StrEnum):
    """Role of a colour. The value is the name of its CSS variable."""

    INK = "ink"
    INK2 = "ink2"
    ACCENT = "accent"
    ACCENT_TINT = "accent-t"
    BAR = "bar"
    LINE = "line"
    CONTROL = "control"
    SUNKEN = "sunken"
    SURFACE = "surface"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    IDLE = "idle"


LIGHT = {
    Ink.INK: "#2a2329",
    Ink.INK2: "#5e545b",
    Ink.ACCENT: "#6d2858",
    Ink.ACCENT_TINT: "#f5e9f0",
    Ink.BAR: "#6d2858",
    Ink.LINE: "#e1d9cc",
    Ink.CONTROL: "#8c8174",
    Ink.SUNKEN: "#efe9de",
    Ink.SURFACE: "#ffffff",
    Ink.OK: "#0a6553",
    Ink.WARN: "#7a5000",
    Ink.BAD: "#a01c20",
    Ink.IDLE: "#5e545b",
}
VARIABLES = {role: f"var(--{role})" for role in Ink}

Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """A ``<path>``: its outline and its style rules."""

    path: str
    style: str


@dataclass(frozen=True)
class Text:
    """A ``<text>``. ``halo`` is the colour of the thin edge that separates its letters from lines they cross."""

    x: str
    y: str
    text: str
    fill: str
    halo: str
    anchor: str
    weight: str


class Canvas:
    """A drawing of ``width`` × ``height`` pixels. Later shapes cover earlier ones; texts are always on top.

    ``scale``: pixels per unit of a PNG; its horizontal and vertical lines are moved to whole pixels, so that they are
    sharp. 0 for SVG, whose size is not known.
    """

    def __init__(self, width: int, height: int, colours: dict[Ink, str], *, scale: float = 0):
        self.width, self.height, self.colours, self.scale = width, height, colours, scale
        self.shapes: list[Shape] = []
        self.texts: list[Text] = []

    def line(self, points: list[Point], ink: Ink, *, width: float = 1, dashes: tuple[float, ...] = ()) -> None:
        """Draw a line through points. ``dashes`` are pixels on, off, on, …"""
        style = f"fill: none; {self._stroke(ink, width)}"
        if dashes:
            style += f"; stroke-dasharray: {' '.join(map(number, dashes))}"
        self.shapes.append(Shape(_polyline(self._snap(points, width)), style))

    def area(self, points: list[Point], ink: Ink) -> None:
        """Draw a filled polygon."""
        self.shapes.append(Shape(f"{_polyline(points)} Z", self._fill(ink)))

    def box(self, x: float, y: float, width: float, height: float, ink: Ink, *, radius: float = 0) -> None:
        """Draw a filled rectangle with its top left corner at (x, y)."""
        if width <= 0 or height <= 0:
            return
        radius = min(radius, width / 2, height / 2)
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        outline = _rounded(corners, radius) if radius else f"{_polyline(self._snap(corners))} Z"
        self.shapes.append(Shape(outline, self._fill(ink)))

    def dot(self, x: float, y: float, radius: float, fill: Ink, edge: Ink, *, edge_width: float = 2) -> None:
        """Draw a circle with its centre at (x, y)."""
        style = self._fill(fill)
        if edge_width:
            style += f"; {self._stroke(edge, edge_width)}"
        self.shapes.append(Shape(_circle(x, y, radius), style))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        ink: Ink = Ink.INK,
        *,
        anchor: str = "left",
        weight: int = 400,
        over: Ink = Ink.SURFACE,
    ) -> None:
        """Draw a text with its baseline at y. ``anchor`` is the part of it at x: left, center or right.

        ``over`` is the colour of the background, which is also that of the halo.
        """
        fill, halo = self.colours[ink], self.colours[over]
        self.texts.append(Text(number(x), number(y), printable(text), fill, halo, ANCHORS[anchor], str(weight)))

    def _snap(self, points: list[Point], width: float = 0) -> list[Point]:
        """Return the points of a line so that its edges are on whole pixels, unless a part of it is slanted."""
        if not self.scale or any(x != next_x and y != next_y for (x, y), (next_x, next_y) in pairwise(points)):
            return points
        shift = round(width * self.scale) % 2 / 2

        def snapped(at: float) -> float:
            return (math.floor(at * self.scale + 0.5) + shift) / self.scale

        return [(snapped(x), snapped(y)) for x, y in points]

    def _fill(self, ink: Ink) -> str:
        return f"fill: {self.colours[ink]}"

    def _stroke(self, ink: Ink, width: float) -> str:
        return f"stroke: {self.colours[ink]}; stroke-width: {number(width)}"


def middle(y: float) -> float:
    """Return the baseline for digits that are centred on y."""
    return y + TEXT_SIZE * CAP_HEIGHT / 2


def number(value: float) -> str:
    """Return a coordinate with at most two decimals, in the notation of SVG."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _polyline(points: list[Point]) -> str:
    return "M " + " L ".join(f"{number(x)} {number(y)}" for x, y in points)


def _rounded(corners: list[Point], radius: float) -> str:
    """Return the outline of a rectangle with a curve in place of each corner, clockwise from the top left one."""
    (left, top), (right, bottom) = corners[0], corners[2]
    near, far = (left + radius, top + radius), (right - radius, bottom - radius)
    steps = [
        ("M", near[0], top),
        ("L", far[0], top),
        ("Q", right, top, right, near[1]),
        ("L", right, far[1]),
        ("Q", right, bottom, far[0], bottom),
        ("L", near[0], bottom),
        ("Q", left, bottom, left, far[1]),
        ("L", left, near[1]),
        ("Q", left, top, near[0], top),
    ]
    return " ".join(" ".join([command, *map(number, at)]) for command, *at in steps) + " Z"


def _circle(x: float, y: float, radius: float) -> str:
    half = f"A {number(radius)} {number(radius)} 0 0 1"
    left, right = (f"{number(at)} {number(y)}" for at in (x - radius, x + radius))
    return f"M {left} {half} {right} {half} {left} Z"
