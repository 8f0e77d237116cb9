"""Where a workbook is broken: looked for after the reader of values has given up, because it does not say."""

import zipfile
import zlib
from contextlib import suppress
from pathlib import PurePosixPath
from xml.parsers import expat

from .refusals import cell_name
from .xls import BOF, EOF, LOST, MAX_RECORDS, Container, bound_sheets, chain, records

PIECE = 1 << 20
READ_ON_OPENING = (
    "_rels/.rels",
    "xl/_rels/workbook.xml.rels",
    "xl/workbook.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
)
NUMBERS = {"float", "percentage", "currency"}


def broken_place(file, kind):
    """The facts of the refusal: a part or a sheet, and in an ods the cell; nothing where nothing is known."""
    file.seek(0)
    if kind == "xls":
        return broken_xls(file.read())
    try:
        with zipfile.ZipFile(file) as archive:
            return broken_ods(archive) if kind == "ods" else broken_xlsx(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError):
        return {}


def part_name(name):
    return PurePosixPath(name).name


def broken_xlsx(archive):
    """The first of the parts read on opening that is not well-formed XML, or not there."""
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
        while piece := part.read(PIECE):
            parser.Parse(piece)
        parser.Parse(b"", True)  # noqa: FBT003 - takes no names
    except (expat.ExpatError, ValueError):
        return False
    return True


def broken_ods(archive):
    """The sheet and the cell that stand where the XML ends to be XML, or a value to be what it says."""
    walk = Walk()
    with archive.open("content.xml") as part:
        is_well_formed(part, walk.parser)
    if not walk.sheet:
        return {"place": "content.xml"}
    if walk.is_over:
        return {"place": walk.sheet if walk.sheets == 1 else "content.xml"}
    return {"place": walk.sheet, "cell": cell_name(walk.row, walk.column)} if walk.row else {"place": walk.sheet}


class Walk:
    """Goes through an ods sheet by sheet, row by row, cell by cell, until something cannot be."""

    def __init__(self):
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.open
        self.parser.EndElementHandler = self.close
        self.sheet, self.sheets, self.is_over = "", 0, False
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
        self.is_over = self.is_over or name == "office:spreadsheet"


class Torn(Container):
    """A container of which a part is missing: what is not there is nothing but marks."""

    def _at(self, number):
        start = (number + 1) * self.sector
        return self.data[start : start + self.sector].ljust(self.sector, b"\xff")

    def read_chain(self, number):
        """As far as the chain can be followed."""
        sectors = []
        with suppress(*LOST):
            for place in chain(self.table, number):
                sectors.append(self._at(place))  # noqa: PERF401 - those before the break are wanted
        return b"".join(sectors)


def broken_xls(data):
    """The first sheet whose records do not follow each other to its end, or else the book."""
    try:
        stream = Torn(data).stream()
    except LOST:
        return {}
    book, budget = {"place": "Workbook"}, [MAX_RECORDS]
    if not comes_to_its_end(stream, 0, budget):
        return book
    try:
        sheets = bound_sheets(stream, budget)
        torn = next((name for offset, name in sheets if not comes_to_its_end(stream, offset, budget)), "")
    except LOST:
        return book
    return {"place": torn} if torn and budget[0] > 0 else book


def comes_to_its_end(stream, offset, budget):
    first = last = None
    for last, _content in records(stream, offset, budget):
        first = first or last
    return (first, last) == (BOF, EOF)
