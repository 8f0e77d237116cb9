"""A drawing as SVG for pages and files, and as PNG for documents without SVG."""

import hashlib
from collections.abc import Callable

import resvg_py
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from common.charts.canvas import LIGHT, VARIABLES, Canvas, Ink
from common.charts.captions import Caption
from common.charts.fonts import FAMILY, font_files
from common.charts.letters import TEXT_SIZE, printable

Painter = Callable[[Canvas], None]


def to_svg(
    width: int, height: int, paint: Painter, caption: Caption, *, uid: str = "", variables: bool = True
) -> SafeString:
    """Return the drawing of ``paint(canvas)`` as an ``<svg>`` element for a page or a file.

    With ``variables`` the colours are CSS variables, otherwise those of the light theme. ``uid`` gives different ids to
    equal drawings on one page.
    """
    canvas = Canvas(width, height, VARIABLES if variables else LIGHT)
    paint(canvas)
    return _write(canvas, caption, uid=uid, paint_order=variables)


def to_png(width: int, height: int, paint: Painter, *, scale: float = 3) -> bytes:
    """Return the drawing of ``paint(canvas)`` on white as PNG, ``scale`` pixels per unit."""
    canvas = Canvas(width, height, LIGHT, scale=scale)
    paint(canvas)
    return resvg_py.svg_to_bytes(
        svg_string=_write(canvas, Caption("", "")),
        background=LIGHT[Ink.SURFACE],
        width=round(width * scale),
        font_files=[str(file) for file in font_files().values()],
        skip_system_fonts=True,
    )


def _write(canvas: Canvas, caption: Caption, *, uid: str = "", paint_order: bool = False) -> SafeString:
    """Return the drawing as SVG. Browsers know ``paint-order``, which draws a text's halo; other programs may not."""
    content = f"{caption}{canvas.width}{canvas.height}{canvas.shapes}{canvas.texts}"
    context = {
        "key": uid or hashlib.sha256(content.encode()).hexdigest()[:10],
        "width": str(canvas.width),
        "height": str(canvas.height),
        "title": printable(caption.title),
        "description": printable(caption.description),
        "shapes": canvas.shapes,
        "texts": canvas.texts,
        "family": FAMILY,
        "size": str(TEXT_SIZE),
        "paint_order": paint_order,
    }
    return render_to_string("common/chart.svg", context)
