"""Reads text files: csv, tabs, and the encodings of Windows and old Macs."""

import contextlib
import csv
import io
import re
from collections import Counter
from itertools import islice

from .cells import json_value, without_apostrophe
from .marks import NAMED_CELLS, Places
from .refusals import MAX_CELL_TEXT, Budget, Refused
from .workbooks import RowWriter

SWALLOWED_SEPARATORS = 3  # on one line inside a quoted cell: the cell seems to hold a whole row
VALID_PER_INVALID = 4  # letters valid in UTF-8 for each that is not
FEW_ZEROS = 8  # zero bytes; more of them, and more than 2 %, mean that the file is not text
HIGHEST = 0x21  # high byte of European letters and punctuation in UTF-16
MOST_LETTERS = 200_000  # compared to distinguish Windows from an old Mac
LETTERS = "æøåäöüéèášž"
PUNCTUATION = "‘’‚“”„–—…€®©™«»°½´·\xa0"  # in Windows-1252 also next to words
QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')


def emit_text(data, limits, emit):
    """Emit a text file as one sheet. Raises Refused."""
    text, encoding = decode(data)
    text, stray = without_zeros(text)
    if not text.strip("\ufeff \t\r\n;,|"):
        raise Refused("empty")
    separator, text, skipped = find_separator(text)
    emit({"format": "csv", "encoding": encoding, "separator": separator})
    emit({"total": count_records(text, separator)})
    lost = text.count("\ufffd")
    found = {"lost_letters": lost, "stray_zeros": stray}
    emit({"sheet": "", "hidden": False, **{name: value for name, value in found.items() if value}})
    budget = Budget(limits)
    writer = RowWriter("", None, budget, emit)
    swallowed = Places()
    for number, line, cells in numbered_records(text, separator, skipped):
        if any("\n" in cell or "\r" in cell for cell in cells) and has_swallowed_rows(cells, separator):
            swallowed.add(str(line))
        try:
            budget.check_end(number - 1, len(cells) - 1)
            writer.write(number, [json_value(without_apostrophe(cell)) for cell in cells])
        except Refused as refusal:
            refusal.facts["line"] = line
            raise
    writer.close()
    if swallowed.count:
        emit({"swallowed": {"count": swallowed.count, "lines": swallowed.cells}})


def count_records(text, separator):
    """Return the number of records, or of lines when the quotation marks do not match."""
    if '"' in text:
        with contextlib.suppress(csv.Error):
            return sum(1 for _cells in records(text, separator))
    ends = text.count("\n") or text.count("\r")
    return ends + (not text.endswith(("\n", "\r")))


def records(text, separator):
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def numbered_records(text, separator, skipped):
    """Yield (record number, first line, cells). Raises Refused for an open quotation mark or a too long cell."""
    csv.field_size_limit(MAX_CELL_TEXT)
    reader = records(text, separator)
    number = line = begins = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise long_cell_refusal(text, separator, line, skipped) from error
        if cells is None:
            break
        begins, line, number = line, reader.line_num, number + 1
        yield number, begins + 1 + skipped, cells
    if line > begins + 1 and (opened := open_quote(text, separator, begins)):  # the rest of the file is one record
        raise Refused("open_quote", line=opened + skipped)


def long_cell_refusal(text, separator, begins, skipped):
    """Return the refusal of a cell that is too long: its quotation mark stays open, or it really is that long."""
    opened = open_quote(text, separator, begins, within=MAX_CELL_TEXT)
    if opened:
        return Refused("open_quote", line=opened + skipped)
    return Refused("long_cell", line=begins + 1 + skipped)


def open_quote(text, separator, begins, within=None):
    """Return the line of a quotation mark that is never closed, in the record after ``begins`` lines, or None.

    ``within`` is the largest number of characters between two marks.
    """
    at = place_after_lines(text, begins)
    line_end = re.compile(r"\r\n|\r|\n|" + re.escape(separator))
    while at < len(text):
        if text[at] == '"':
            found = QUOTED.match(text, at)
            if not found or (within and found.end() - at > within):
                return lines_before(text, at) + 1
            at = found.end()
        stop = line_end.search(text, at)
        if not stop or stop.group() != separator:
            return None
        at = stop.end()
    return None


def place_after_lines(text, count):
    """Return the position after so many lines."""
    at = 0
    for found in re.finditer(r"\r\n|\r|\n", text):
        if count <= 0:
            break
        at, count = found.end(), count - 1
    return at


def lines_before(text, place):
    """Return the number of line ends before a position."""
    return len(re.findall(r"\r\n|\r|\n", text[:place]))


def has_swallowed_rows(cells, separator):
    """Return whether a cell holds lines that look like rows, as after a stray quotation mark."""
    least = min(SWALLOWED_SEPARATORS, len(cells))
    return any(line.count(separator) >= least for cell in cells for line in cell.splitlines()[1:])


def decode(data):
    """Return the text and its encoding. Raises Refused for a file that is not text.

    Tries a byte order mark, UTF-16 by its zero bytes, UTF-8, and then Windows-1252 or Mac Roman by their letters.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace"), encoding
    sample = data[:4000]
    odd, even = sample[1::2], sample[::2]
    for high, encoding in ((odd, "utf-16-le"), (even, "utf-16-be")):
        if are_high_bytes(high, sample):
            return data.decode(encoding, errors="replace"), encoding
    zeros = sample.count(0)
    if zeros > max(FEW_ZEROS, len(sample) / 50):
        raise Refused("wrong_type")
    if sum(0 < byte < 9 or 13 < byte < 27 for byte in sample) > len(sample) / 50:
        raise Refused("wrong_type")
    text = data.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    if not lost or len(text) - len(text.encode("ascii", errors="ignore")) > (VALID_PER_INVALID + 1) * lost:
        return text, "utf-8"
    encoding = max(("cp1252", "mac_roman"), key=lambda each: likelihood(data, each))
    return data.decode(encoding, errors="replace"), encoding


def are_high_bytes(half, sample):
    """Return whether half of the bytes are the high bytes of UTF-16: mostly zeros, unlike the other half."""
    zeros = half.count(0)
    others = sample.count(0) - zeros
    return zeros > others and zeros >= max(len(sample) / 8, 4 * others, sum(byte > HIGHEST for byte in half))


def likelihood(data, encoding):
    """Return how well an encoding fits: letters of Danish names at the right places, minus signs inside words."""
    places = (found.start() for found in islice(re.finditer(rb"[\x80-\xff]", data), MOST_LETTERS))
    around = Counter(data[place - 1 : place + 2] if place else b" " + data[:2] for place in places)
    return sum(count * weight(*piece.decode(encoding, errors="replace")) for piece, count in around.items())


def weight(before, letter, after=" "):
    """Return 1 for a fitting letter, -1 for a sign or capital inside a word (S¿ren, M¯ller), 0 outside words."""
    if letter in PUNCTUATION or not (is_letter(before) or is_letter(after)):
        return 0
    is_right = letter in LETTERS or (letter in LETTERS.upper() and not before.islower())
    return 1 if is_right else -1


def is_letter(text):
    return text.isascii() and text.isalpha()


def without_zeros(text):
    """Return the text without zero characters, as faulty disks and programs leave them, and the lines that had them."""
    if "\0" not in text:
        return text, None
    found = Places()
    for rest_of_line in re.finditer(r"\0[^\r\n]*", text):
        is_named = found.count < NAMED_CELLS
        found.add(str(lines_before(text, rest_of_line.start()) + 1) if is_named else "")
    return text.replace("\0", ""), {"count": found.count, "lines": found.cells}


def find_separator(text):
    """Return the separator, the text after a first line ``sep=;``, and the number of lines which that took.

    Without such a line, the separator is the one that splits the first records most evenly.
    """
    named = re.match(r"\s*sep=([;,\t|])(?:\r\n?|\n)?", text, re.I)
    if named:
        return named.group(1), text[named.end() :], lines_before(text, named.end())
    return max(";,\t|", key=lambda separator: evenness(text[:20_000], separator)), text, 0


def evenness(text, separator):
    """Return the number of separators in the usual record, times the share of records that have as many."""
    csv.field_size_limit(MAX_CELL_TEXT)
    try:
        widths = [len(record) for record in records(text, separator) if any(record)][:50]
    except csv.Error:
        return 0
    if not widths:
        return 0
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    return (usual - 1) * widths.count(usual) / len(widths)
