"""Signs of states for documents: a triangle for a warning, an octagon for bad, a circle otherwise; filled if done."""

import math
from dataclasses import dataclass
from typing import ClassVar

from common.charts.canvas import Canvas, Ink
from common.charts.captions import Caption, DataTable

CENTRE, RADIUS = 8, 7
TICK = [(4.8, 8.3), (7.1, 10.6), (11.3, 5.9)]


@dataclass(frozen=True)
class StateMark:
    """A sign of 16 × 16 pixels. ``kind`` is done, good, warn, bad or idle."""

    kind: str
    word: str

    size: ClassVar = (16, 16)
    phone_size: ClassVar = size

    def caption(self) -> Caption:
        return Caption(self.word, "")

    def table(self) -> DataTable:
        return DataTable(self.word, (), ())

    def paint(self, canvas: Canvas) -> None:
        {"done": _done, "good": _good, "warn": _warn, "bad": _bad}.get(self.kind, _idle)(canvas)


def _done(canvas: Canvas) -> None:
    canvas.dot(CENTRE, CENTRE, RADIUS, Ink.OK, Ink.OK, edge_width=0)
    canvas.line(TICK, Ink.SURFACE, width=1.6)


def _good(canvas: Canvas) -> None:
    canvas.dot(CENTRE, CENTRE, RADIUS - 0.6, Ink.SURFACE, Ink.OK, edge_width=1.2)
    canvas.line(TICK, Ink.OK, width=1.6)


def _idle(canvas: Canvas) -> None:
    canvas.dot(CENTRE, CENTRE, RADIUS - 0.6, Ink.SURFACE, Ink.IDLE, edge_width=1.2)
    canvas.line([(4.8, CENTRE), (11.2, CENTRE)], Ink.IDLE, width=1.6)


def _warn(canvas: Canvas) -> None:
    canvas.area([(8, 1), (15.4, 14.6), (0.6, 14.6)], Ink.WARN)
    _exclaim(canvas, 5.4, 10, 12.4)


def _bad(canvas: Canvas) -> None:
    turns = [math.radians(22.5 + 45 * corner) for corner in range(8)]
    canvas.area([(CENTRE + 7.5 * math.cos(turn), CENTRE + 7.5 * math.sin(turn)) for turn in turns], Ink.BAD)
    _exclaim(canvas, 3.9, 8.9, 11.5)


def _exclaim(canvas: Canvas, top: float, bottom: float, dot: float) -> None:
    canvas.line([(CENTRE, top), (CENTRE, bottom)], Ink.SURFACE, width=1.8)
    canvas.dot(CENTRE, dot, 1.1, Ink.SURFACE, Ink.SURFACE, edge_width=0)
