"""Issue the header row, the meaning of each column and the kind of list."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from common.spreadsheets import Cell, Sheet, Spreadsheet
from imports.engine.cells import as_line
from imports.engine.fields import Field, normal
from imports.engine.profiles import profile_of
from imports.engine.table import HEADER_WITHIN, SourceRow, Table

FEWEST_COLUMNS = 2  # recognised, before a row counts as a header
TELLING_WEIGHT = 3
SHORTEST_LIKE = 4
LIKE_ENOUGH = 80  # of 100: a heading with a slip of the pen is a guess, and shown as one


@dataclass
class Mapping:
    """Which column (from 0) holds which field, and which of them are guesses.

    `profile`: code of the export whose headings these are (:mod:`.profiles`), or blank.
    """

    columns: dict[str, int] = field(default_factory=dict)
    guesses: set[str] = field(default_factory=set)
    profile: str = ""


def recognise_columns(
    headers: Sequence[str], fields: Iterable[Field], leave_out: Collection[int] = (), *, may_guess: bool = True
) -> Mapping:
    """Give each field the column whose heading fits best: the very word, a phrase, then a likeness.

    The headings of a known export go first, as :mod:`.profiles` has them. A column has one meaning, a field one
    column; the left one wins. Columns to `leave_out` (hidden ones) get none.
    """
    fields = list(fields)
    headings = {
        index: normal(header) for index, header in enumerate(headers) if normal(header) and index not in leave_out
    }
    mapping = Mapping()
    if profile := profile_of(headings.values()):
        mapping.profile = profile.code
        mapping.columns = profile.columns_of(headings, {candidate.key for candidate in fields})
        headings = {index: heading for index, heading in headings.items() if heading not in profile.headings}
    for fits in (_is_word, _has_phrase, _is_like)[: 3 if may_guess else 2]:
        for index, heading in headings.items():
            if index in mapping.columns.values():
                continue
            free = [candidate for candidate in fields if candidate.key not in mapping.columns]
            found = fits(heading, headers[index], free)
            if found:
                mapping.columns[found.key] = index
                if fits is _is_like:
                    mapping.guesses.add(found.key)
    return mapping


def _is_word(heading: str, original: str, fields: list[Field]) -> Field | None:
    """The heading, or one half of `Køn / Gender`, is a field's very word."""
    spellings = _spellings(heading, original)
    return next((candidate for candidate in fields if not candidate.words.isdisjoint(spellings)), None)


def _spellings(heading: str, original: str) -> set[str]:
    return {heading, *(normal(half) for half in original.split("/"))} if "/" in original else {heading}


def _has_phrase(heading: str, original: str, fields: list[Field]) -> Field | None:
    padded = f" {heading} "
    return next((f for f in fields if any(f" {phrase} " in padded for phrase in f.phrases)), None)


def _is_like(heading: str, original: str, fields: list[Field]) -> Field | None:
    owners: dict[str, Field] = {}
    for candidate in fields:
        for word in candidate.words:
            if len(word) >= SHORTEST_LIKE:
                owners.setdefault(word, candidate)
    if len(heading) < SHORTEST_LIKE or not owners:
        return None
    best = process.extractOne(heading, list(owners), scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
    return owners[best[0]] if best else None


def kind_score(headers: Sequence[str], fields: Iterable[Field], required: Sequence[Sequence[str]]) -> int:
    """How much a header row looks like a kind of list: columns known, those seldom found elsewhere counting three.

    0 when a column is missing without which the kind makes no sense (`required`: one of each group).
    """
    by_key = {candidate.key: candidate for candidate in fields}
    sure = set(recognise_columns(headers, by_key.values(), may_guess=False).columns)
    if not all(sure & set(group) for group in required):
        return 0
    return sum(TELLING_WEIGHT if by_key[key].is_telling else 1 for key in sure)


def recognise_kind(headers: Sequence[str], kinds: Iterable):
    """The kind of list whose columns fit best, or None when none fits or two fit equally well.

    An address book says nothing of roles: None, for somebody to choose.
    """
    if profile_of(normal(header) for header in headers):
        return None
    scores = sorted(
        ((kind_score(headers, kind.fields, kind.required), index, kind) for index, kind in enumerate(kinds)),
        key=lambda entry: (-entry[0], entry[1]),
    )
    if not scores or scores[0][0] < FEWEST_COLUMNS:
        return None
    return scores[0][2] if len(scores) == 1 or scores[0][0] > scores[1][0] else None


class Vocabulary:
    """All headings that some kind of list knows: tells at a glance that most rows are no header."""

    def __init__(self, kinds: Iterable):
        fields = {id(candidate): candidate for kind in kinds for candidate in kind.fields}.values()
        self.words = frozenset().union(*(candidate.words for candidate in fields))
        self.phrases = {f" {phrase} " for candidate in fields for phrase in candidate.phrases}

    def knows_enough_of(self, headers: Sequence[str]) -> bool:
        headings = [(normal(header), header) for header in headers if header]
        if profile_of(heading for heading, _header in headings):
            return True
        return sum(self._knows(*heading) for heading in headings) >= FEWEST_COLUMNS

    def _knows(self, heading: str, header: str) -> bool:
        if not self.words.isdisjoint(_spellings(heading, header)):
            return True
        padded = f" {heading} "
        return any(phrase in padded for phrase in self.phrases)


def known_columns(headers: Sequence[str], kinds: Iterable) -> int:
    """How many cells of a row are headings that some kind of list knows."""
    mappings = (recognise_columns(headers, kind.fields, may_guess=False) for kind in kinds)
    return max((len(mapping.columns) for mapping in mappings), default=0)


def find_header_row(sheet: Sheet, kinds: Iterable) -> int | None:
    """The row number of the header: of the first rows, the one with most known headings (two at least)."""
    kinds = list(kinds)
    vocabulary = Vocabulary(kinds)
    best, best_count = None, FEWEST_COLUMNS - 1
    for number, cells in sheet.rows[:HEADER_WITHIN]:
        headers = headings_of(cells)
        if vocabulary.knows_enough_of(headers) and (count := known_columns(headers, kinds)) > best_count:
            best, best_count = number, count
    return best


def choose_sheet(spreadsheet: Spreadsheet, kinds: Iterable) -> tuple[Sheet, int | None]:
    """The first visible sheet with a header we know, and its header row; else the longest."""
    kinds = list(kinds)
    filled = [sheet for sheet in spreadsheet.sheets if sheet.rows]
    visible = [sheet for sheet in filled if not sheet.is_hidden] or filled
    for sheet in visible:
        if header_row := find_header_row(sheet, kinds):
            return sheet, header_row
    return max(visible, key=lambda sheet: len(sheet.rows)), None


def headings_of(cells: Sequence[Cell]) -> list[str]:
    """Heading texts of a row, one for each column."""
    return [as_line(cell) for cell in cells]


def told_apart(headers: Sequence[str]) -> list[str]:
    """The headings, a second `Telefon` as `Telefon (2)`."""
    seen: Counter[str] = Counter()
    apart = []
    for header in headers:
        seen[normal(header)] += bool(header)
        times = seen[normal(header)]
        apart.append(f"{header} ({times})" if times > 1 else header)
    return apart


def is_header_again(cells: Sequence[Cell], normal_headers: Sequence[str]) -> bool:
    """Whether a row repeats the header; most rows differ in their first cell already."""
    if len(cells) != len(normal_headers):
        return False
    return all(normal(as_line(cell)) == header for cell, header in zip(cells, normal_headers, strict=True))


def make_table(sheet: Sheet, header_row: int, *, with_hidden_rows: bool = False) -> Table:
    """The sheet from its header down: rows, with repeated headers, blank and hidden rows counted and left out.

    A cell merged over several rows gives its value to each of them that holds something. Columns to the right of the
    last heading are columns without one.
    """
    headers = headings_of(next((cells for number, cells in sheet.rows if number == header_row), []))
    normal_headers = [normal(header) for header in headers]
    table = Table(sheet=sheet.name, header_row=header_row, headers=told_apart(headers))
    table.hidden_columns, table.remarks = list(sheet.hidden_columns), list(sheet.remarks)
    merged, hidden = _merged_cells(sheet, header_row), set(sheet.hidden_rows)
    last = header_row
    for number, cells in sheet.rows:
        if number <= header_row:
            continue
        table.blank_rows += number - last - 1
        last = number
        if is_header_again(cells, normal_headers):
            table.repeated_header_rows += 1
            continue
        if number in hidden:
            table.hidden_rows.append(number)
        if number not in hidden or with_hidden_rows:
            table.rows.append(SourceRow(number, _with_merged(cells, merged.get(number))))
    widest = max((len(row.cells) for row in table.rows), default=0)
    table.headers += [""] * (widest - len(table.headers))
    return table


def _merged_cells(sheet: Sheet, header_row: int) -> dict[int, dict[int, Cell]]:
    """Row number → column → value, of the rows that a merged cell below the header covers."""
    if not sheet.merges:
        return {}
    rows = dict(sheet.rows)
    numbers = [number for number, _cells in sheet.rows]
    found: dict[int, dict[int, Cell]] = {}
    covered: dict[int, int] = {}  # column → last row; merged cells that overlap are no honest ones
    for first, last, column in sorted(sheet.merges):
        cells = rows.get(first, ())
        if first <= max(header_row, covered.get(column, 0)) or column >= len(cells) or cells[column] is None:
            continue
        covered[column] = last
        for number in numbers[bisect_right(numbers, first) : bisect_right(numbers, last)]:
            found.setdefault(number, {})[column] = cells[column]
    return found


def _with_merged(cells: list[Cell], merged: dict[int, Cell] | None) -> list[Cell]:
    if not merged:
        return cells
    width = max(len(cells), *(column + 1 for column in merged))
    return [merged.get(index, cells[index] if index < len(cells) else None) for index in range(width)]
