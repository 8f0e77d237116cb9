"""A canvas for plots, drawn by matplotlib and returned as SVG text or PNG bytes.

Coordinates are pixels from the top left corner. A plot names the *role* of a colour. On a page the role becomes a CSS
variable, so that the same SVG fits the light and the dark theme; in a document it becomes the light colour.
"""

import hashlib
import io
import math
import re
import threading
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from xml.etree import ElementTree

from django.utils.safestring import SafeString, mark_safe

from common.charts.captions import Caption
from common.charts.fonts import FAMILY, font_files

SVG = "http://www.w3.org/2000/svg"
PAGE_FAMILY = f"'{FAMILY}', system-ui, sans-serif"
TEXT_SIZE = 14
BOLD = 600
TEXT_LAYER = 1000
HALO = "halo-"
HALO_STYLE = "; paint-order: stroke; stroke: {}; stroke-width: 3; stroke-linejoin: round"
CAP_HEIGHT = 0.66  # share of the text size, in Source Sans 3
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

# One drawing at a time: matplotlib is not thread-safe.
_drawing = threading.RLock()


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
# matplotlib takes no CSS variables: each role is drawn in a colour of its own, which the variable then replaces.
PLACEHOLDERS = {role: f"#fe01{number:02x}" for number, role in enumerate(Ink)}

Point = tuple[float, float]
Painter = Callable[["Canvas"], None]


def _matplotlib():
    """Return the parts of matplotlib."""
    from common.charts import backend  # noqa: PLC0415 - takes a second to import

    return backend


@lru_cache
def _font(weight: int, size: float = TEXT_SIZE):
    """Return the page's font at a weight, or matplotlib's DejaVu Sans if the font is missing."""
    file, properties = font_files().get(weight), _matplotlib().font_manager.FontProperties
    if file:
        return properties(fname=str(file), size=size, weight=weight)
    return properties(family="DejaVu Sans", size=size, weight="bold" if weight >= BOLD else "normal")


@lru_cache(maxsize=2000)
def text_width(text: str, *, weight: int = 400) -> float:
    """Return the width of a text in pixels."""
    with _drawing:
        letters = _matplotlib().font_manager.get_font(_matplotlib().font_manager.findfont(_font(weight)))
        letters.set_size(TEXT_SIZE, 72)
        letters.set_text(_clean(text), 0.0)
        return letters.get_width_height()[0] / 64


class Canvas:
    """A drawing of ``width`` × ``height`` pixels. Later marks cover earlier ones; texts are always on top."""

    def __init__(self, width: int, height: int, colours: dict[Ink, str], *, haloed: bool = False):
        backend = _matplotlib()
        self.width, self.height, self.colours, self.haloed = width, height, colours, haloed
        self.figure = backend.Figure(figsize=(width / 72, height / 72), dpi=72, frameon=False)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)
        self.axes.axis("off")
        self._layer = 1

    def _add(self, artist) -> None:
        self._layer += 1
        artist.set_zorder(self._layer)
        artist.set_clip_on(False)
        self.axes.add_artist(artist)

    def line(self, points: list[Point], ink: Ink, *, width: float = 1, dashes: tuple[float, ...] = ()) -> None:
        """Draw a line through points. ``dashes`` are pixels on, off, on, …"""
        xs, ys = zip(*points, strict=True)
        line = _matplotlib().lines.Line2D(xs, ys, color=self.colours[ink], linewidth=width, solid_joinstyle="miter")
        line.set_solid_capstyle("butt")
        if dashes:
            line.set_linestyle((0, dashes))
        self._add(line)

    def area(self, points: list[Point], ink: Ink) -> None:
        """Draw a filled polygon."""
        self._add(_matplotlib().patches.Polygon(points, closed=True, facecolor=self.colours[ink], linewidth=0))

    def box(self, x: float, y: float, width: float, height: float, ink: Ink, *, radius: float = 0) -> None:
        """Draw a filled rectangle with its top left corner at (x, y)."""
        patches, fill = _matplotlib().patches, {"facecolor": self.colours[ink], "linewidth": 0}
        if width <= 0 or height <= 0:
            return
        radius = min(radius, width / 2, height / 2)
        if radius:
            style = patches.BoxStyle("Round", pad=0, rounding_size=radius)
            self._add(patches.FancyBboxPatch((x, y), width, height, boxstyle=style, **fill))
        else:
            self._add(patches.Rectangle((x, y), width, height, **fill))

    def dot(self, x: float, y: float, radius: float, fill: Ink, edge: Ink, *, edge_width: float = 2) -> None:
        """Draw a circle with its centre at (x, y)."""
        colours = {"facecolor": self.colours[fill], "edgecolor": self.colours[edge]}
        self._add(_matplotlib().patches.Circle((x, y), radius, linewidth=edge_width, **colours))

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

        ``over`` is the colour of the background; a thin halo of it separates the letters from lines they cross.
        """
        self.axes.text(
            x,
            y,
            _clean(text),
            color=self.colours[ink],
            fontproperties=_font(weight),
            ha=anchor,
            va="baseline",
            parse_math=False,
            clip_on=False,
            zorder=TEXT_LAYER,
            path_effects=self.halo(over),
            gid=f"{HALO}{over}",
        )

    def halo(self, over: Ink) -> list:
        """Return the path effect of a halo, or none."""
        return [_matplotlib().patheffects.withStroke(linewidth=3, foreground=self.colours[over])] if self.haloed else []


def middle(y: float) -> float:
    """Return the baseline for digits that are centred on y."""
    return y + TEXT_SIZE * CAP_HEIGHT / 2


def to_svg(
    width: int, height: int, paint: Painter, caption: Caption, *, uid: str = "", variables: bool = True
) -> SafeString:
    """Return the drawing of ``paint(canvas)`` as an ``<svg>`` element for a page or a file.

    With ``variables`` the colours are CSS variables, otherwise those of the light theme. ``uid`` gives different ids to
    equal drawings on one page.
    """
    with _drawing:
        canvas = Canvas(width, height, PLACEHOLDERS if variables else LIGHT)
        paint(canvas)
        stream = io.StringIO()
        metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        _matplotlib().FigureCanvasSVG(canvas.figure).print_svg(stream, metadata=metadata)
    return mark_safe(_page_svg(stream.getvalue(), canvas, caption, uid))  # ElementTree has escaped every text


def to_png(width: int, height: int, paint: Painter, *, scale: float = 3) -> bytes:
    """Return the drawing of ``paint(canvas)`` on white as PNG, ``scale`` pixels per unit."""
    with _drawing:
        canvas = Canvas(width, height, LIGHT, haloed=True)
        paint(canvas)
        stream = io.BytesIO()
        canvas.figure.set_facecolor(LIGHT[Ink.SURFACE])
        canvas.figure.set_frameon(True)
        canvas.figure.set_dpi(72 * scale)
        _matplotlib().FigureCanvasAgg(canvas.figure).print_png(stream, metadata={"Software": None})
    return stream.getvalue()


def _clean(text: str) -> str:
    return UNPRINTABLE.sub("", str(text))


def _page_svg(source: str, canvas: Canvas, caption: Caption, uid: str) -> str:
    """Return matplotlib's SVG reduced to paths and texts, with title and description, without style rules."""
    drawing = ElementTree.fromstring(source)  # noqa: S314 - our own drawing
    variables = canvas.colours is PLACEHOLDERS
    key = uid or hashlib.sha256(f"{caption}{source}".encode()).hexdigest()[:10]
    svg = ElementTree.Element(
        "svg",
        {
            "xmlns": SVG,
            "viewBox": f"0 0 {canvas.width} {canvas.height}",
            "role": "img",
            "aria-labelledby": f"plot-{key}-title plot-{key}-desc",
            "class": "drawing",
        },
    )
    ElementTree.SubElement(svg, "title", {"id": f"plot-{key}-title"}).text = _clean(caption.title)
    ElementTree.SubElement(svg, "desc", {"id": f"plot-{key}-desc"}).text = _clean(caption.description)
    for group in drawing.iter(f"{{{SVG}}}g"):
        svg.extend(_plain_path(path) for path in group.findall(f"{{{SVG}}}path"))
        halo = canvas.colours[Ink(group.get("id").removeprefix(HALO))] if group.get("id", "").startswith(HALO) else ""
        for text in group.findall(f"{{{SVG}}}text"):
            svg.extend([_plain_text(text, halo)] if variables or not halo else _text_over(text, halo))
    text = ElementTree.tostring(svg, encoding="unicode")
    for role, placeholder in PLACEHOLDERS.items():
        text = text.replace(placeholder, f"var(--{role})")
    return text


def _style(element) -> dict[str, str]:
    pairs = (rule.partition(":") for rule in element.get("style", "").split(";") if rule.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _plain_path(mark):
    style = _style(mark)
    if style.get("stroke-dashoffset") == "0":
        del style["stroke-dashoffset"]
    style.setdefault("stroke-linecap", "butt")
    path = " ".join(mark.get("d").split())
    return ElementTree.Element("path", {"d": path, "style": "; ".join(f"{k}: {v}" for k, v in style.items())})


def _plain_text(mark, halo: str):
    style = _style(mark)
    bold = style.get("font-weight", "400") not in ("400", "normal")
    text = ElementTree.Element(
        "text",
        {
            "x": _number(mark.get("x")),
            "y": _number(mark.get("y")),
            "font-family": PAGE_FAMILY,
            "font-size": str(TEXT_SIZE),
            "font-weight": str(BOLD if bold else 400),
            "text-anchor": style.get("text-anchor", "start"),
            "style": f"fill: {style['fill']}" + (HALO_STYLE.format(halo) if halo else ""),
        },
    )
    text.text = mark.text
    return text


def _text_over(mark, halo: str) -> list:
    """Return the text twice, the halo first, for programs without ``paint-order``."""
    under, text = _plain_text(mark, halo), _plain_text(mark, "")
    under.set("aria-hidden", "true")
    under.set("style", under.get("style").replace(f"fill: {_style(mark)['fill']}", f"fill: {halo}"))
    return [under, text]


def _number(text: str) -> str:
    value = float(text)
    return str(int(value)) if math.isclose(value, round(value)) else f"{value:.2f}"
