"""Zip archives (xlsx and ods), looked through before anything is unpacked to memory."""

import re
import zipfile
import zlib
from collections import Counter

from .broken import part_name
from .ods import read_marks as read_ods_marks
from .refusals import Refused
from .xlsx import PartReader, column_of, marks_by_sheet

ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
FAR_CELL = re.compile(rb"""\sr\s*=\s*["'](?=[A-Z]{3}|[A-Z]+(?:[5-9]\d{4}|\d{6}))([A-Z]{1,4})(\d{1,9})["']""")
CHUNK = 1 << 20
OVERLAP = 64  # bytes carried from one chunk to the next, longer than any pattern that is looked for
MAX_MEMBERS = 2_000
KEPT_WHOLE = ("content.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
READ = re.compile(r"content\.xml|xl/(?:worksheets/.*|_rels/.*|workbook\.xml|sharedStrings\.xml|styles\.xml)")
WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"\0\0")  # the begin of UTF-16 and UTF-32


def check_archive(file, limits, emit):
    """Return "xlsx" or "ods", the marks of its sheets by name and its largest part, after looking all through."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            kind = archive_kind({member.filename for member in members}, archive)
            check_sizes(members, limits)
            look = Look(archive, kind, limits, emit)
            for member in members:
                look.at_member(member)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, ValueError, OSError, RuntimeError) as error:
        raise Refused("damaged") from error
    if kind == "ods":
        marks = read_ods_marks(look.whole["content.xml"], limits, emit)
        return kind, marks, next(iter(marks)) if len(marks) == 1 else "content.xml"
    opened_at_once = [member for member in members if not member.filename.startswith("xl/worksheets/")]
    return kind, marks_by_sheet(look.whole, look.parts), largest(opened_at_once)


def largest(members):
    return part_name(max(members, key=lambda member: member.file_size).filename)


def archive_kind(names, archive):
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and is_ods(archive):
        if "content.xml" in names:
            return "ods"
        if "encrypted-package" in names:  # ODF 1.4: all of it behind the password
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


class Look:
    """Unpacks members piece by piece and refuses what would make the reader swell."""

    def __init__(self, archive, kind, limits, emit):
        self.archive, self.kind, self.limits, self.emit = archive, kind, limits, emit
        self.whole, self.parts = {}, {}

    def at_member(self, member):
        """Raises Refused; of a member that cannot be unpacked, with its name."""
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
        part = None
        if self.kind == "xlsx" and name.startswith("xl/worksheets/"):
            part = self.parts[name] = PartReader(self.limits)
        whole = self.whole[name] = bytearray() if name in KEPT_WHOLE else None
        rest = b""
        while piece := stream.read(CHUNK):
            if not rest and piece.startswith(WIDE) and READ.fullmatch(name):
                raise Refused("strange_letters", place=part_name(name))
            self._check(name, rest + piece)
            rest = piece[-OVERLAP:]
            if part:
                part.feed(piece)
                self.emit({"looked": sum(each.row for each in self.parts.values())})
            if whole is not None:
                whole += piece
        if part:
            part.close()

    def _check(self, name, piece):
        if ENTITIES.search(piece):
            raise Refused("entities", place=part_name(name))
        if name == "META-INF/manifest.xml" and b"encryption-data" in piece:
            raise Refused("password")
        if self.kind == "xlsx" and name.startswith("xl/worksheets/"):
            check_references(piece, self.limits)


def check_references(piece, limits):
    """No cell far out: one in the last column of the last row would make a grid of 17 billion cells."""
    for found in FAR_CELL.finditer(piece):
        letters, digits = found.groups()
        if column_of(letters) >= limits["columns"] or int(digits) > limits["rows"]:
            raise Refused("far_cell", cell=(letters + digits).decode())
