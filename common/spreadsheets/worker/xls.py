"""Scans the records of an xls file for the marks of its sheets (MS-CFB for the container, MS-XLS for the records).

Only a few kinds of records are read. A sheet that cannot be parsed gets no marks, which the reader reports as unknown.
"""

import struct
from functools import partial
from itertools import islice

from .cells import cell_name
from .marks import PROGRESS_ROWS, SheetMarks
from .refusals import Refused

END_OF_CHAIN = 0xFFFFFFFA  # this and higher numbers are not sectors
HEADER_DIFAT = 109
MAX_RECORDS = 3_000_000  # read, in all sheets
BOUNDSHEET, BOF, EOF = 0x85, 0x809, 0x0A
ROW, COLUMN_INFO, MERGED_CELLS, BOOL_OR_ERROR, FORMULA = 0x208, 0x7D, 0xE5, 0x205, 0x06
CODE_PAGE, UTF_16, BIFF8 = 0x42, (1200).to_bytes(2, "little"), 0x600
ROW_IS_HIDDEN, COLUMN_IS_HIDDEN = 0x20, 0x01
RESULT_IS_ERROR = 2
VALUES = {0xFD, 0x203, 0x204, 0x27E, 0xBD, BOOL_OR_ERROR, FORMULA}  # the first five are texts and numbers
MOST_COLUMNS = 256
PARSE_ERRORS = (struct.error, IndexError, ValueError, OverflowError, UnicodeDecodeError)


def read_marks(data, limits, emit):
    """Return sheet name → marks for the sheets that can be parsed."""
    found = {}
    try:
        stream = CompoundFile(data).stream()
        budget = [MAX_RECORDS]
        for offset, name in bound_sheets(stream, budget):
            if name not in found:
                above = sum(marks.rows for marks in found.values())
                found[name] = marks_at(stream, offset, limits, budget, name, partial(report_row, emit, above))
    except PARSE_ERRORS:
        pass
    return found


def without_code_page(data):
    """Return the file with UTF-16 as its code page, if it is of Excel 97 or later.

    The strings of such a file do not depend on that record, but calamine uses the code page that is written there,
    which may be wrong. MS-XLS 2.4.52 and 2.5.240.
    """
    try:
        container = CompoundFile(data)
        stream = container.stream()
        if struct.unpack_from("<HHH", stream)[::2] != (BOF, BIFF8):
            return data
        for kind, content, offset in placed_records(stream, 0, [MAX_RECORDS]):
            if kind == CODE_PAGE and len(content) == 2 and content != UTF_16:
                data = bytearray(data)
                for place, byte in enumerate(UTF_16, start=offset):
                    data[container.place_in_file(place)] = byte
    except PARSE_ERRORS:
        pass
    return data


class CompoundFile:
    """The container of an xls file (MS-CFB): sectors, chained by a table."""

    def __init__(self, data):
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise ValueError(shift)
        self.sector, self.mini_sector = 1 << shift, 1 << mini_shift
        self.first_directory, _version, self.cutoff, first_mini, _minis, first_difat, _difats = struct.unpack_from(
            "<7I", data, 48
        )
        self.table = self._read_table(first_difat)
        self.mini_table = self._numbers(self.read_chain(first_mini))
        self.entries = list(self._directory())

    def _read_table(self, difat):
        places = list(struct.unpack_from(f"<{HEADER_DIFAT}I", self.data, 76))
        for _turn in range(len(self.data) // self.sector):
            if difat >= END_OF_CHAIN:
                break
            *more, difat = self._numbers(self._at(difat))
            places += more
        return self._numbers(b"".join(self._at(place) for place in places if place < END_OF_CHAIN))

    def _at(self, number):
        start = (number + 1) * self.sector
        if start >= len(self.data):
            raise ValueError(number)
        return self.data[start : start + self.sector].ljust(self.sector, b"\0")

    @staticmethod
    def _numbers(data):
        return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])

    def read_chain(self, number):
        """Return the bytes of a chain of sectors."""
        return b"".join(self._at(place) for place in chain(self.table, number))

    def _directory(self):
        directory = self.read_chain(self.first_directory)
        for start in range(0, len(directory) - 127, 128):
            length, kind = struct.unpack_from("<HB", directory, start + 64)
            first, size = struct.unpack_from("<II", directory, start + 116)
            yield directory[start : start + max(0, length - 2)].decode("utf-16-le", "replace"), kind, first, size

    def stream(self):
        """Return the bytes of the workbook's stream. A small one is kept in the stream of the root."""
        first, size = self._book()
        if size >= self.cutoff:
            return self.read_chain(first)[:size]
        root, step = self.read_chain(self.entries[0][2]), self.mini_sector
        return b"".join(root[at * step : (at + 1) * step] for at in chain(self.mini_table, first))[:size]

    def _book(self):
        """Return (first sector, size) of the workbook; that of Excel 97 if the file also has an older one."""
        streams = {name: (first, size) for name, _kind, first, size in reversed(self.entries)}
        found = streams.get("Workbook") or streams.get("Book")
        if not found:
            raise ValueError("Workbook")
        return found

    def place_in_file(self, offset):
        """Return the position in the file of a byte of the workbook's stream."""
        first, size = self._book()
        if size < self.cutoff:
            sector, within = divmod(offset, self.mini_sector)
            place = nth(chain(self.mini_table, first), sector) * self.mini_sector + within
            first, offset = self.entries[0][2], place
        sector, within = divmod(offset, self.sector)
        return (nth(chain(self.table, first), sector) + 1) * self.sector + within


def chain(table, number):
    """Yield the sectors of a chain. Raises ValueError for a chain that is a loop."""
    for _turn in range(len(table) + 1):
        if number >= END_OF_CHAIN:
            return
        yield number
        number = table[number]
    raise ValueError(number)


def nth(numbers, index):
    """Return the number at an index. Raises IndexError when there are fewer."""
    for number in islice(numbers, index, None):
        return number
    raise IndexError(index)


def records(stream, start, budget):
    """Yield (kind, content) of the records of the substream that begins at ``start``."""
    return ((kind, content) for kind, content, _offset in placed_records(stream, start, budget))


def placed_records(stream, start, budget):
    """Yield (kind, content, position of the content in the stream)."""
    depth = 0
    while start + 4 <= len(stream) and budget[0] > 0:
        budget[0] -= 1
        kind, size = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + size], start + 4
        start += 4 + size
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 0:
            return


def bound_sheets(stream, budget):
    """Yield (offset, name) of every sheet, from the list at the start of the workbook."""
    for kind, content in records(stream, 0, budget):
        if kind == BOUNDSHEET:
            offset, _visibility, _type, length, flags = struct.unpack_from("<IBBBB", content)
            text = content[8 : 8 + length * (2 if flags & 1 else 1)]
            yield offset, text.decode("utf-16-le" if flags & 1 else "latin-1")


def report_row(emit, above, row):
    if row % PROGRESS_ROWS == 0:
        emit({"scanned": above + row})


def marks_at(stream, offset, limits, budget, place, report):
    """Return the marks of the sheet at an offset of the stream."""
    marks = SheetMarks()
    for kind, content in records(stream, offset, budget):
        if kind in VALUES:
            extend_size(content, marks, place)
        if kind == ROW:
            row, flags = struct.unpack_from("<H10xI", content)
            report(row)
            if flags & ROW_IS_HIDDEN and row < limits["rows"]:
                marks.hide_rows(row + 1, row + 1)
        elif kind == COLUMN_INFO:
            first, last, _width, _format, flags = struct.unpack_from("<5H", content)
            if flags & COLUMN_IS_HIDDEN and first < limits["columns"]:
                marks.hide_columns(first, min(last, limits["columns"] - 1))
        elif kind == MERGED_CELLS:
            for first, last, column, _last_column in struct.iter_unpack(
                "<4H", content[2 : 2 + (len(content) - 2) // 8 * 8]
            ):
                marks.merge(first + 1, last + 1, column)
        elif kind in (BOOL_OR_ERROR, FORMULA):
            add_error(kind, content, marks)
    return marks


def extend_size(content, marks, place):
    """Extend the size of the sheet to a cell. Raises Refused for a cell outside the 256 columns of the format."""
    row, column = struct.unpack_from("<HH", content)
    if column >= MOST_COLUMNS:
        raise Refused("damaged", place=place, cell=cell_name(row + 1, column))
    marks.rows, marks.columns = max(marks.rows, row + 1), max(marks.columns, column + 1)


def add_error(kind, content, marks):
    """Add the cell to the marks if it holds an error. Calamine reads it as a blank."""
    row, column, _format = struct.unpack_from("<3H", content)
    if kind == BOOL_OR_ERROR:
        is_error = content[7] == 1
    else:
        is_error = content[12:14] == b"\xff\xff" and content[6] == RESULT_IS_ERROR
    if is_error:
        marks.add_error(row + 1, column)
