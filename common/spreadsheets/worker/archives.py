"""Scans zip archives (xlsx and ods) before anything is unpacked to memory."""

import re
import zipfile
import zlib
from collections import Counter

from .broken import part_name
from .ods import read_marks as read_ods_marks
from .refusals import Refused
from .xlsx import SheetScanner, column_of, marks_by_sheet

ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
FAR_CELL = re.compile(rb"""\sr\s*=\s*["'](?=[A-Z]{3}|[A-Z]+(?:[5-9]\d{4}|\d{6}))([A-Z]{1,4})(\d{1,9})["']""")
CHUNK = 1 << 20
OVERLAP = 64  # bytes carried from one chunk to the next, longer than any match of the patterns
MAX_MEMBERS = 2_000
KEPT_PARTS = ("content.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
READ_PARTS = re.compile(r"content\.xml|xl/(?:worksheets/.*|_rels/.*|workbook\.xml|sharedStrings\.xml|styles\.xml)")
WIDE_STARTS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"\0\0")  # of UTF-16 and UTF-32


def check_archive(file, limits, emit):
    """Return the format, the marks of the sheets by name, and the name of the largest part. Raises Refused."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            file_format = archive_format({member.filename for member in members}, archive)
            check_sizes(members, limits)
            scanner = ArchiveScanner(archive, file_format, limits, emit)
            for member in members:
                scanner.scan(member)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, ValueError, OSError, RuntimeError) as error:
        raise Refused("damaged") from error
    if file_format == "ods":
        marks = read_ods_marks(scanner.kept["content.xml"], limits, emit)
        return file_format, marks, next(iter(marks)) if len(marks) == 1 else "content.xml"
    read_on_opening = [member for member in members if not member.filename.startswith("xl/worksheets/")]
    return file_format, marks_by_sheet(scanner.kept, scanner.sheets), largest(read_on_opening)


def largest(members):
    """Return the file name of the largest member."""
    return part_name(max(members, key=lambda member: member.file_size).filename)


def archive_format(names, archive):
    """Return "xlsx" or "ods". Raises Refused for any other archive."""
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and is_ods(archive):
        if "content.xml" in names:
            return "ods"
        if "encrypted-package" in names:  # ODF 1.4 encrypts the whole file
            raise Refused("password")
        raise Refused("damaged", place="content.xml")
    if any(name.startswith("xl/worksheets/") and name.endswith(".xml") for name in names):
        raise Refused("damaged", place="workbook.xml")
    raise Refused("wrong_type")


def is_ods(archive):
    try:
        with archive.open("mimetype") as member:
            return member.read(200).startswith(b"application/vnd.oasis.opendocument.spreadsheet")
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Refused("damaged", place="mimetype") from error


def check_sizes(members, limits):
    """Raise Refused for encrypted, strangely packed or repeated members, and for too many or too large ones."""
    if any(member.flag_bits & 0x1 for member in members):
        raise Refused("password")
    for member in members:
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("damaged", place=part_name(member.filename))
    if len(members) > MAX_MEMBERS:
        raise Refused("damaged")
    (name, times), *_others = Counter(member.filename for member in members).most_common(1)
    if times > 1:
        raise Refused("damaged", place=part_name(name))
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits["unpacked"]:
        raise Refused("unpacks_too_large", megabytes=unpacked // 1_000_000, place=largest(members))


class ArchiveScanner:
    """Unpacks members chunk by chunk, and refuses what would fill the memory of the reader."""

    def __init__(self, archive, file_format, limits, emit):
        self.archive, self.format, self.limits, self.emit = archive, file_format, limits, emit
        self.kept, self.sheets = {}, {}  # by name: content of small parts, scanners of sheets

    def scan(self, member):
        """Scan a member. Raises Refused, with the member's name if it cannot be unpacked."""
        name = member.filename
        if not name.endswith((".xml", ".rels")):
            return
        try:
            with self.archive.open(member) as stream:
                self._read(name, stream)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError) as error:
            raise Refused("damaged", place=part_name(name)) from error
        except MemoryError as error:
            megabytes = self.limits["unpacked"] // 1_000_000
            raise Refused("unpacks_too_large", megabytes=megabytes, place=part_name(name)) from error

    def _read(self, name, stream):
        sheet = None
        if self.format == "xlsx" and name.startswith("xl/worksheets/"):
            sheet = self.sheets[name] = SheetScanner(self.limits)
        kept = self.kept[name] = bytearray() if name in KEPT_PARTS else None
        rest = b""
        while chunk := stream.read(CHUNK):
            if not rest and chunk.startswith(WIDE_STARTS) and READ_PARTS.fullmatch(name):
                raise Refused("strange_letters", place=part_name(name))
            self._check(name, rest + chunk)
            rest = chunk[-OVERLAP:]
            if sheet:
                sheet.feed(chunk)
                self.emit({"scanned": sum(each.row for each in self.sheets.values())})
            if kept is not None:
                kept += chunk
        if sheet:
            sheet.close()

    def _check(self, name, chunk):
        if ENTITIES.search(chunk):
            raise Refused("entities", place=part_name(name))
        if name == "META-INF/manifest.xml" and b"encryption-data" in chunk:
            raise Refused("password")
        if self.format == "xlsx" and name.startswith("xl/worksheets/"):
            check_references(chunk, self.limits)


def check_references(chunk, limits):
    """Raise Refused for a cell out of the limits: calamine builds a grid up to the last cell, of up to 17 billion."""
    for found in FAR_CELL.finditer(chunk):
        letters, digits = found.groups()
        if column_of(letters) >= limits["columns"] or int(digits) > limits["rows"]:
            raise Refused("far_cell", cell=(letters + digits).decode())
