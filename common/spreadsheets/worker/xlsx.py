"""Scans the XML of an xlsx sheet for its marks, chunk by chunk.

Uses patterns instead of a parser, because 80 MB must be scanned within a second or two. Element names may have a
prefix, attributes either kind of quotation mark.
"""

import html
import re

from .cells import cell_name
from .marks import SheetMarks


class Patterns:
    """The patterns for a sheet. Without a prefix before element names the search is three times as fast."""

    def __init__(self, prefix):
        tag, close = rb"<" + prefix, rb"</" + prefix
        self.row = re.compile(tag + rb"row\b([^<>]*)>")
        self.column = re.compile(tag + rb"col\b([^<>]*)>")
        reference = rb"([A-Z]{1,3})(\d{1,7})"
        self.merge = re.compile(
            tag + rb"""mergeCell\b[^<>]*?\sref\s*=\s*["']""" + reference + b":" + reference + rb"""["']"""
        )
        self.error = re.compile(tag + rb"""c\b(?=[^<>]*?\st\s*=\s*["']e["'])([^<>]*)>""")
        value = rb"(" + tag + rb"v\s*/>|" + tag + rb"v>(?:\s*|0)" + close + rb"v>)?"
        formula = tag + rb"f\b(?:[^<>]*/>|[^<>]*>[^<]*" + close + rb"f>)"
        self.empty_formula = re.compile(
            tag + rb"c\b([^<>]*)>\s*" + formula + rb"\s*" + value + rb"\s*" + close + rb"c>"
        )


TAG = rb"<(?:\w+:)?"
PLAIN, PREFIXED = Patterns(rb""), Patterns(rb"(?:\w+:)?")
HIDDEN = re.compile(rb"""\s(?:hidden\s*=\s*["'](?:1|true)|(?:ht|width)\s*=\s*["']0(?:\.0*)?["'])""")
NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d{1,9})["']""")
REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
SPAN = (re.compile(rb"""\smin\s*=\s*["'](\d{1,5})["']"""), re.compile(rb"""\smax\s*=\s*["'](\d{1,5})["']"""))
IS_TEXT = re.compile(rb"""\st\s*=\s*["']str["']""")
MAX_UNFINISHED = 8 << 20  # bytes of an unfinished row that are kept until its end arrives

SHEET = re.compile(TAG + rb"sheet\b([^<>]*)>")
SHEET_NAME = re.compile(rb"""\sname\s*=\s*(?:"([^"]*)"|'([^']*)')""")
SHEET_ID = re.compile(rb"""\s\w+:id\s*=\s*["']([^"']*)["']""")
RELATION = re.compile(TAG + rb"Relationship\b([^<>]*)>")
RELATION_ID = re.compile(rb"""\sId\s*=\s*["']([^"']*)["']""")
RELATION_TARGET = re.compile(rb"""\sTarget\s*=\s*["']([^"']*)["']""")
NEVER_CALCULATED = re.compile(TAG + rb"""calcPr\b[^<>]*?\sfullCalcOnLoad\s*=\s*["'](?:1|true)["']""")


class SheetScanner:
    """Takes the XML of a sheet chunk by chunk and collects its marks."""

    def __init__(self, limits):
        self.limits = limits
        self.marks = SheetMarks()
        self.row = 0
        self._rest = b""

    def feed(self, chunk):
        text = self._rest + chunk
        end = self._end_of_rows(text)
        self._rest = text[end:]
        if end:
            self._scan(text[:end])

    @staticmethod
    def _end_of_rows(text):
        """Return the length of the text that can be scanned without splitting a row or a tag."""
        if (end := text.rfind(b"row>")) >= 0:
            return end + 4
        if len(text) > MAX_UNFINISHED:
            return len(text)
        return 0 if PREFIXED.row.search(text) else text.rfind(b">") + 1

    def close(self):
        """Scan the rest of the sheet."""
        self._scan(self._rest)
        self._rest = b""
        self.marks.rows = min(self.row, self.limits["rows"])

    def _scan(self, text):
        patterns = PREFIXED if any(name in text for name in (b":row", b":col", b":mergeCell")) else PLAIN
        self._scan_rows(text, patterns)
        if b"idden" in text or b"width" in text:
            for tag in patterns.column.finditer(text):
                self._scan_column(tag.group(1))
        for found in patterns.merge.finditer(text) if b"mergeCell" in text else ():
            letters, first, _last_letters, last = found.groups()
            self.marks.merge(int(first), min(int(last), self.limits["rows"]), column_of(letters))
        for found in patterns.error.finditer(text) if b'"e"' in text or b"'e'" in text else ():
            if place := place_of(found.group(1)):
                self.marks.add_error(*place)
        for found in patterns.empty_formula.finditer(text) if b"<f" in text or b":f" in text else ():
            self._scan_empty_formula(*found.groups())

    def _scan_rows(self, text, patterns):
        """Count rows and find hidden ones. Rows out of the limits are blank, or refused later."""
        if self.row > self.limits["rows"]:
            return
        for tag in patterns.row.finditer(text):
            attributes = tag.group(1)
            number = NUMBER.search(attributes)
            self.row = int(number.group(1)) if number else self.row + 1
            if self.row > self.limits["rows"]:
                return
            if HIDDEN.search(attributes):
                self.marks.hide_rows(self.row, self.row)

    def _scan_column(self, attributes):
        first, last = (pattern.search(attributes) for pattern in SPAN)
        if first and last and HIDDEN.search(attributes):
            self.marks.hide_columns(int(first.group(1)) - 1, min(int(last.group(1)), self.limits["columns"]) - 1)

    def _scan_empty_formula(self, attributes, value):
        """Mark a formula without a value. An empty text is a value; a zero may mean that it was never calculated."""
        place = place_of(attributes)
        if value and b">0<" in value:
            if place:
                self.marks.add_zero_formula(*place)
        elif not (value and IS_TEXT.search(attributes)):
            self.marks.formulas.add(cell_name(*place) if place else "")


def place_of(attributes):
    """Return (row, column) of a cell from its reference, the column from 0."""
    found = REFERENCE.search(attributes)
    return (int(found.group(2)), column_of(found.group(1))) if found else None


def column_of(letters):
    """Return the column, from 0, with these letters."""
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def marks_by_sheet(kept, scanners):
    """Return sheet name → marks, from the workbook's list of sheets and the scanner of each part."""
    workbook, relations = (bytes(kept.get(name) or b"") for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    targets = {}
    for tag in RELATION.finditer(relations):
        key, target = (pattern.search(tag.group(1)) for pattern in (RELATION_ID, RELATION_TARGET))
        if key and target:
            targets[key.group(1)] = target.group(1).decode(errors="replace")
    if NEVER_CALCULATED.search(workbook):
        for scanner in scanners.values():
            scanner.marks.mark_zero_formulas()
    found = {}
    for tag in SHEET.finditer(workbook):
        name, key = (pattern.search(tag.group(1)) for pattern in (SHEET_NAME, SHEET_ID))
        if name and key and key.group(1) in targets:
            target = targets[key.group(1)]
            scanner = scanners.get(target.removeprefix("/") if target.startswith("/") else f"xl/{target}")
            text = (name.group(1) or name.group(2) or b"").decode(errors="replace")
            if scanner:
                found[html.unescape(text)] = scanner.marks
    return found
