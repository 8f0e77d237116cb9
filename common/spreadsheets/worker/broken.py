"""Finds where a workbook is damaged. Needed because calamine does not say where it failed."""

import zipfile
import zlib
from contextlib import suppress
from pathlib import PurePosixPath
from xml.parsers import expat

from .cells import cell_name
from .xls import BOF, EOF, MAX_RECORDS, PARSE_ERRORS, CompoundFile, bound_sheets, chain, records

CHUNK = 1 << 20
READ_ON_OPENING = (
    "_rels/.rels",
    "xl/_rels/workbook.xml.rels",
    "xl/workbook.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
)
NUMBERS = {"float", "percentage", "currency"}


def broken_place(file, file_format):
    """Return the facts for the refusal: a part or a sheet, in an ods also the cell. Empty when nothing is found."""
    file.seek(0)
    if file_format == "xls":
        return broken_xls(file.read())
    try:
        with zipfile.ZipFile(file) as archive:
            return broken_ods(archive) if file_format == "ods" else broken_xlsx(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError):
        return {}


def part_name(name):
    """Return the file name of a part of an archive without its folders."""
    return PurePosixPath(name).name


def broken_xlsx(archive):
    """Return the first part read on opening that is missing or not well-formed XML."""
    names = set(archive.namelist())
    for name in READ_ON_OPENING:
        if name in names:
            with archive.open(name) as part:
                if not is_well_formed(part):
                    return {"place": part_name(name)}
        elif name.endswith((".rels", "workbook.xml")):
            return {"place": part_name(name)}
    return {}


def is_well_formed(part, parser=None):
    parser = parser or expat.ParserCreate()
    try:
        while chunk := part.read(CHUNK):
            parser.Parse(chunk)
        parser.Parse(b"", True)  # noqa: FBT003 - takes positional arguments only
    except (expat.ExpatError, ValueError):
        return False
    return True


def broken_ods(archive):
    """Return the sheet and the cell at which the XML or a value is invalid."""
    finder = OdsErrorFinder()
    with archive.open("content.xml") as part:
        is_well_formed(part, finder.parser)
    if not finder.sheet:
        return {"place": "content.xml"}
    if finder.is_past_sheets:
        return {"place": finder.sheet if finder.sheets == 1 else "content.xml"}
    place = {"place": finder.sheet}
    return place | {"cell": cell_name(finder.row, finder.column)} if finder.row else place


class OdsErrorFinder:
    """Follows an ods sheet by sheet, row by row and cell by cell until the parser or a number fails."""

    def __init__(self):
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.open
        self.parser.EndElementHandler = self.close
        self.sheet, self.sheets, self.is_past_sheets = "", 0, False
        self.row = self.column = 0
        self.next_row, self.next_column = 1, 0

    def open(self, name, attributes):
        if name == "table:table":
            self.sheet, self.sheets = attributes.get("table:name", ""), self.sheets + 1
            self.row, self.next_row = 0, 1
        elif name == "table:table-row":
            self.row, self.column, self.next_column = self.next_row, 0, 0
            self.next_row += int(attributes.get("table:number-rows-repeated", 1))
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self.column = self.next_column
            self.next_column += int(attributes.get("table:number-columns-repeated", 1))
            if attributes.get("office:value-type") in NUMBERS:
                float(attributes.get("office:value", ""))

    def close(self, name):
        self.is_past_sheets = self.is_past_sheets or name == "office:spreadsheet"


class DamagedCompoundFile(CompoundFile):
    """A compound file of which sectors are missing. Missing bytes are read as 0xFF."""

    def _at(self, number):
        start = (number + 1) * self.sector
        return self.data[start : start + self.sector].ljust(self.sector, b"\xff")

    def read_chain(self, number):
        """Return the sectors of a chain up to the first one that cannot be found."""
        sectors = []
        with suppress(*PARSE_ERRORS):
            for place in chain(self.table, number):
                sectors.append(self._at(place))  # noqa: PERF401 - keeps the sectors before the error
        return b"".join(sectors)


def broken_xls(data):
    """Return the first sheet whose records break off before its end, or the workbook as a whole."""
    try:
        stream = DamagedCompoundFile(data).stream()
    except PARSE_ERRORS:
        return {}
    book, budget = {"place": "Workbook"}, [MAX_RECORDS]
    if not is_complete(stream, 0, budget):
        return book
    try:
        sheets = bound_sheets(stream, budget)
        broken = next((name for offset, name in sheets if not is_complete(stream, offset, budget)), "")
    except PARSE_ERRORS:
        return book
    return {"place": broken} if broken and budget[0] > 0 else book


def is_complete(stream, offset, budget):
    """Return whether the records of a substream run from its BOF to its EOF."""
    first = last = None
    for last, _content in records(stream, offset, budget):
        first = first or last
    return (first, last) == (BOF, EOF)
