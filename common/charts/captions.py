"""What a plot says in words: a caption for screen readers, and its figures as a table."""

from dataclasses import dataclass

Figure = str | int | float | None


@dataclass(frozen=True)
class Caption:
    """Title and description of a plot for users who do not see it."""

    title: str
    description: str


@dataclass(frozen=True)
class DataTable:
    """The figures of a plot. None is a figure that does not exist, or not yet."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Figure, ...], ...]
