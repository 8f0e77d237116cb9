"""Recognition of a list: its header row, the field of each column, its kind, and the words that are not known."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from common.folding import fold
from common.lazy import LazyModule
from common.spreadsheets import Cell, Sheet, Spreadsheet
from imports.engine.cells import as_line
from imports.engine.fields import Field, Words, normal, profile_of
from imports.engine.table import CPR_MARK, HEADER_WITHIN, SourceRow, Table

fuzz, process = LazyModule("rapidfuzz.fuzz"), LazyModule("rapidfuzz.process")

FEWEST_COLUMNS = 2  # recognised, before a row counts as a header
TELLING_WEIGHT = 3
SHORTEST_LIKE = 4
LIKE_ENOUGH = 80  # of 100: a heading with a typing error is a guess, and shown as one
MOST_UNKNOWN = 20  # unknown words of a column that are shown; a column with more holds free text
LONGEST_WORD = 80


@dataclass
class Mapping:
    """A column mapping: field key → column (from 0), and the keys of the fields that are guesses.

    ``profile`` is the code of the export whose headings these are (:mod:`.profiles`), or blank.
    """

    columns: dict[str, int] = field(default_factory=dict)
    guesses: set[str] = field(default_factory=set)
    profile: str = ""


def recognise_columns(
    headers: Sequence[str], fields: Iterable[Field], leave_out: Collection[int] = (), *, may_guess: bool = True
) -> Mapping:
    """Return the mapping in which each field has the column whose heading fits best.

    Headings of a known export are mapped by its profile. Then an exact heading wins over a phrase in a heading, and a
    phrase over a similar heading; of two columns the left one wins. Columns in ``leave_out`` get no field.
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
            if index not in mapping.columns.values():
                free = [candidate for candidate in fields if candidate.key not in mapping.columns]
                if found := fits(heading, headers[index], free):
                    mapping.columns[found.key] = index
                    mapping.guesses |= {found.key} if fits is _is_like else set()
    return mapping


def _is_word(heading: str, original: str, fields: list[Field]) -> Field | None:
    """Return the field of which the heading, or one half of ``Køn / Gender``, is an exact heading."""
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
    """Return how well a header row fits a kind of list: one point a known column, three if other kinds seldom have it.

    The score is 0 when a required column is missing; ``required`` lists groups of fields, one of each is needed.
    """
    by_key = {candidate.key: candidate for candidate in fields}
    sure = set(recognise_columns(headers, by_key.values(), may_guess=False).columns)
    if not all(sure & set(group) for group in required):
        return 0
    return sum(TELLING_WEIGHT if by_key[key].is_telling else 1 for key in sure)


def recognise_kind(headers: Sequence[str], kinds: Iterable):
    """Return the kind of list whose columns fit best, or None when none fits or two fit equally well.

    The headings of an address book do not say whether it lists mentors or mentees: None, so that a user chooses.
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


class KnownHeadings:
    """The headings of all kinds of lists: a quick test that excludes most rows as header rows."""

    def __init__(self, kinds: Iterable):
        fields = {id(candidate): candidate for kind in kinds for candidate in kind.fields}.values()
        self.words = frozenset().union(*(candidate.words for candidate in fields))
        self.phrases = {f" {phrase} " for candidate in fields for phrase in candidate.phrases}

    def knows_enough_of(self, headers: Sequence[str]) -> bool:
        """Whether at least two cells of a row are known headings, or the row is the header of a known export."""
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
    """Return how many cells of a row are headings of one kind of list; the highest count of all kinds."""
    mappings = (recognise_columns(headers, kind.fields, may_guess=False) for kind in kinds)
    return max((len(mapping.columns) for mapping in mappings), default=0)


def find_header_row(sheet: Sheet, kinds: Iterable) -> int | None:
    """Return the number of the header row: of the first 100 rows the one with most known headings, two at least."""
    kinds = list(kinds)
    known = KnownHeadings(kinds)
    best, best_count = None, FEWEST_COLUMNS - 1
    for number, cells in sheet.rows[:HEADER_WITHIN]:
        headers = headings_of(cells)
        if known.knows_enough_of(headers) and (count := known_columns(headers, kinds)) > best_count:
            best, best_count = number, count
    return best


def choose_sheet(spreadsheet: Spreadsheet, kinds: Iterable) -> tuple[Sheet, int | None]:
    """Return the first visible sheet with a known header and its header row, or the longest visible sheet and None."""
    kinds = list(kinds)
    filled = [sheet for sheet in spreadsheet.sheets if sheet.rows]
    visible = [sheet for sheet in filled if not sheet.is_hidden] or filled
    for sheet in visible:
        if header_row := find_header_row(sheet, kinds):
            return sheet, header_row
    return max(visible, key=lambda sheet: len(sheet.rows)), None


def headings_of(cells: Sequence[Cell]) -> list[str]:
    """Return the cells of a row as heading texts, one for each column."""
    return [as_line(cell) for cell in cells]


def numbered_headings(headers: Sequence[str]) -> list[str]:
    """Return the headings with repeated ones numbered: a second ``Telefon`` becomes ``Telefon (2)``."""
    seen: Counter[str] = Counter()
    numbered = []
    for header in headers:
        seen[normal(header)] += bool(header)
        times = seen[normal(header)]
        numbered.append(f"{header} ({times})" if times > 1 else header)
    return numbered


def is_header_again(cells: Sequence[Cell], normal_headers: Sequence[str]) -> bool:
    """Whether a row repeats the header row. Most rows differ in their first cell, so this is cheap."""
    if len(cells) != len(normal_headers):
        return False
    return all(normal(as_line(cell)) == header for cell, header in zip(cells, normal_headers, strict=True))


def make_table(sheet: Sheet, header_row: int, *, with_hidden_rows: bool = False) -> Table:
    """Return the table below a header row, without blank rows, hidden rows and repeated headers, which are counted.

    The value of a merged cell counts for each of its rows that is not blank. Other columns get a blank heading.
    """
    headers = headings_of(next((cells for number, cells in sheet.rows if number == header_row), []))
    normal_headers = [normal(header) for header in headers]
    table = Table(sheet=sheet.name, header_row=header_row, headers=numbered_headings(headers))
    table.hidden_columns, table.remarks = list(sheet.hidden_columns), list(sheet.remarks)
    merged, hidden, last = _merged_cells(sheet, header_row), set(sheet.hidden_rows), header_row
    for number, cells in sheet.rows:
        if number <= header_row:
            continue
        table.blank_rows += number - last - 1
        last = number
        if is_header_again(cells, normal_headers):
            table.repeated_header_rows += 1
        else:
            if number in hidden:
                table.hidden_rows.append(number)
            if number not in hidden or with_hidden_rows:
                table.rows.append(SourceRow(number, _with_merged(cells, merged.get(number))))
    widest = max((len(row.cells) for row in table.rows), default=0)
    table.headers += [""] * (widest - len(table.headers))
    return table


def _merged_cells(sheet: Sheet, header_row: int) -> dict[int, dict[int, Cell]]:
    """Return row number → column → value for the rows that a merged cell below the header covers."""
    if not sheet.merges:
        return {}
    rows = dict(sheet.rows)
    numbers = [number for number, _cells in sheet.rows]
    found: dict[int, dict[int, Cell]] = {}
    covered: dict[int, int] = {}  # column → last row; merged cells that overlap are ignored
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


@dataclass(frozen=True)
class UnknownWord:
    """A word that no choice of its field covers: as first written, folded, and the number of rows with it."""

    text: str
    folded: str
    count: int


def unknown_words(table: Table, fields: Iterable[Field], columns: dict[str, int]) -> dict[str, list[UnknownWord]]:
    """Return field → unknown words of its column, the most frequent first, so that a user can give them a meaning."""
    found = {}
    for field_ in fields:
        if field_.choices and field_.key in columns:
            words = _unknown_in(table, field_, columns[field_.key])
            if words:
                found[field_.key] = words[:MOST_UNKNOWN]
    return found


def _unknown_in(table: Table, field_: Field, index: int) -> list[UnknownWord]:
    texts: Counter[str] = Counter()
    for row in table.rows:
        text = as_line(row.cells[index]) if index < len(row.cells) else ""
        if text and len(text) <= LONGEST_WORD and CPR_MARK not in text:
            texts[text] += 1
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for text, count in texts.items():
        if not any(choice.covers(text) for choice in field_.choices):
            counts[fold(text)] += count
            first.setdefault(fold(text), text)
    return [UnknownWord(first[folded], folded, count) for folded, count in counts.most_common()]


def known_meanings(words: Words, field_: Field) -> dict[str, str]:
    """Return word → meaning as saved for a field, without meanings that the field no longer has."""
    meanings = {choice.word for choice in field_.choices}
    return {word: meaning for word, meaning in words.get(field_.key, {}).items() if meaning in meanings}
