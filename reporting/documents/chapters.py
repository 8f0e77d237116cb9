"""The chapters of a report, in the order in which every format writes them; empty chapters are left out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags.danish import danish_number
from reporting.documents.contents import Count, EventLine, Report, TargetLine, Total
from reporting.documents.sections import FIRST_KEYS, LAST_KEYS, Area
from reporting.enums import TargetState

SMALL = 3  # fewer people than this could be identified, so that the figure is not written
WORTH_A_PLOT = 5  # a plot of a smaller target shows no more than the table
LIST_MARKS = ("- ", "– ", "• ", "* ")
FOLLOWS_PLAN = (TargetState.ON_PLAN, TargetState.AHEAD)


@dataclass(frozen=True)
class Block:
    """A paragraph, or the items of a bulleted list."""

    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A heading with the text and the figures under it."""

    key: str
    heading: str
    blocks: tuple[Block, ...] = ()
    rows: tuple[TargetLine | Total, ...] = ()
    plots: tuple[TargetLine, ...] = ()
    facts: tuple[str, ...] = ()
    outcomes: tuple[tuple[str, str], ...] = ()
    events: tuple[EventLine, ...] = ()
    invitations: tuple[EventLine, ...] = ()

    @property
    def is_empty(self) -> bool:
        counted = self.rows or self.plots or self.facts or self.outcomes or self.events or self.invitations
        return not (self.blocks or counted)

    @property
    def notes(self) -> list[str]:
        """The notes under the table, without repetitions."""
        return list(dict.fromkeys(row.note for row in self.rows if isinstance(row, TargetLine) and row.note))

    @property
    def attendance(self) -> int:
        return sum(event.attendance for event in self.events)


@dataclass
class _BlockBuilder:
    """Collect lines into paragraphs and bulleted lists."""

    blocks: list[Block] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)

    def close(self) -> None:
        if self.lines:
            self.blocks.append(Block(text=" ".join(self.lines)))
        if self.items:
            self.blocks.append(Block(items=tuple(self.items)))
        self.lines, self.items = [], []


def blocks_of(text: str) -> tuple[Block, ...]:
    """Split a text into paragraphs and lists: an empty line ends a paragraph, lines with a leading dash are items."""
    found = _BlockBuilder()
    for line in (line.strip() for line in text.splitlines()):
        is_item = line.startswith(LIST_MARKS)
        if not line or (is_item and found.lines):
            found.close()
        if is_item:
            found.items.append(line[1:].strip())
        elif line and found.items:
            found.items[-1] = f"{found.items[-1]} {line}"
        elif line:
            found.lines.append(line)
    found.close()
    return tuple(found.blocks)


def chapters_of(report: Report) -> list[Chapter]:
    """Return the chapters in order: introduction and purpose, targets, the areas, lessons, next steps."""
    texts = {section.key: section for section in report.sections}
    first = [_written(texts[key]) for key in FIRST_KEYS if key in texts]
    last = [_written(texts[key]) for key in LAST_KEYS if key in texts]
    targets = Chapter("targets", _("Targets"), rows=tuple(report.table()))
    areas = [_area(report, area, texts) for area in Area]
    return [chapter for chapter in (*first, targets, *areas, *last) if not chapter.is_empty]


def _written(section) -> Chapter:
    return Chapter(section.key, section.heading, blocks_of(section.text))


def _area(report: Report, area: Area, texts: dict) -> Chapter:
    section = texts.get(area)
    is_matching = area == Area.MATCHING
    return Chapter(
        key=str(area),
        heading=section.heading if section else str(area.label),
        blocks=blocks_of(section.text) if section else (),
        plots=tuple(line for line in report.targets_of(area) if line.target >= WORTH_A_PLOT),
        facts=tuple(f"{danish_number(count.value)} {count.label}" for count in report.match_counts)
        if is_matching
        else (),
        outcomes=tuple(_few(report.outcomes)) if is_matching else (),
        events=tuple(report.events_of(area)),
        invitations=tuple(report.invitations) if area == Area.NETWORK_EVENTS else (),
    )


def _few(counts: Sequence[Count]) -> list[tuple[str, str]]:
    """Return label and figure of each count. Counts below ``SMALL`` share one row that says "under 3" only."""
    rows = [(count.label, danish_number(count.value)) for count in counts if count.value >= SMALL]
    few = [count.label for count in counts if count.value < SMALL]
    if few:
        rows.append((", ".join(few), ngettext("under %(count)s", "under %(count)s each", len(few)) % {"count": SMALL}))
    return rows


def summary(report: Report) -> str:
    """Return the number of targets in each state, such as ``9 mål: 6 på plan, 2 bagud, 1 nås næppe.``"""
    states = [line.state for line in report.targets]
    if not states:
        return ""
    total = ngettext("%(count)s target", "%(count)s targets", len(states)) % {"count": len(states)}
    parts = [
        _part(states, (TargetState.REACHED,), _("%(count)s reached")),
        _part(states, FOLLOWS_PLAN, _("%(count)s on plan")),
        _part(states, (TargetState.BEHIND,), _("%(count)s behind")),
        _part(states, (TargetState.UNLIKELY,), _("%(count)s unlikely to be reached")),
        _part(states, (TargetState.MISSED,), _("%(count)s not reached")),
        _part(states, (TargetState.COMING,), _("%(count)s not started")),
        _part(states, (TargetState.UNCOUNTED,), _("%(count)s with an unknown indicator")),
    ]
    return f"{total}: {', '.join(part for part in parts if part)}."


def _part(states: list[str], wanted: tuple[str, ...], words: str) -> str:
    count = sum(state in wanted for state in states)
    return words % {"count": count} if count else ""
