"""The figures of a drawing in words and numbers, shown beside it."""

from dataclasses import dataclass

Cell = str | int | float | None


@dataclass(frozen=True)
class DataTable:
    """Headers and rows of what a drawing shows; ``None`` is a figure that does not exist (yet)."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
