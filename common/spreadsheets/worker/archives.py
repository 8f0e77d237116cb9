"""Zip archives (xlsx and ods), looked through before anything is unpacked to memory."""

import re
import zipfile
import zlib

from .ods import read_marks as read_ods_marks
from .refusals import Refused
from .xlsx import PartReader, marks_by_sheet

ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
FAR_CELL = re.compile(rb"""\sr\s*=\s*["'](?=[A-Z]{3}|[A-Z]+(?:[5-9]\d{4}|\d{6}))([A-Z]{1,4})(\d{1,9})["']""")
CHUNK = 1 << 20
OVERLAP = 64  # bytes carried from one chunk to the next, longer than any pattern that is looked for
MAX_MEMBERS = 2_000
KEPT_WHOLE = ("content.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")


def check_archive(file, limits):
    """Return "xlsx" or "ods" and the marks of its sheets by name, after every member was looked through."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            kind = archive_kind({member.filename for member in members}, archive)
            check_sizes(members, limits)
            look = Look(archive, kind, limits)
            for member in members:
                look.at_member(member)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Refused("damaged") from error
    if kind == "ods":
        return kind, read_ods_marks(look.whole["content.xml"], limits)
    return kind, marks_by_sheet(look.whole, look.parts)


def archive_kind(names, archive):
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        with archive.open("mimetype") as member:
            if member.read(200).startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
                return "ods"
    raise Refused("wrong_type")


def check_sizes(members, limits):
    if any(member.flag_bits & 0x1 for member in members):
        raise Refused("password")
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise Refused("damaged")
    if len(members) > MAX_MEMBERS or len({member.filename for member in members}) < len(members):
        raise Refused("damaged")
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits["unpacked"]:
        raise Refused("unpacks_too_large", megabytes=unpacked // 1_000_000)


class Look:
    """Unpacks members piece by piece and refuses what would make the reader swell."""

    def __init__(self, archive, kind, limits):
        self.archive, self.kind, self.limits = archive, kind, limits
        self.whole, self.parts = {}, {}

    def at_member(self, member):
        """Raises Refused; of a member that cannot be unpacked, with its name."""
        name = member.filename
        if not name.endswith((".xml", ".rels")):
            return
        try:
            with self.archive.open(member) as stream:
                self._read(name, stream)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise Refused("damaged", place=name.rpartition("/")[2]) from error

    def _read(self, name, stream):
        part = None
        if self.kind == "xlsx" and name.startswith("xl/worksheets/"):
            part = self.parts[name] = PartReader(self.limits)
        whole = self.whole[name] = bytearray() if name in KEPT_WHOLE else None
        rest = b""
        while piece := stream.read(CHUNK):
            self._check(name, rest + piece)
            rest = piece[-OVERLAP:]
            if part:
                part.feed(piece)
            if whole is not None:
                whole += piece
        if part:
            part.close()

    def _check(self, name, piece):
        if ENTITIES.search(piece):
            raise Refused("entities", place=name.rpartition("/")[2])
        if name == "META-INF/manifest.xml" and b"encryption-data" in piece:
            raise Refused("password")
        if self.kind == "xlsx" and name.startswith("xl/worksheets/"):
            check_references(piece, self.limits)


def check_references(piece, limits):
    """No cell far out: one in the last column of the last row would make a grid of 17 billion cells."""
    for found in FAR_CELL.finditer(piece):
        letters, digits = found.groups()
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        if column > limits["columns"] or int(digits) > limits["rows"]:
            raise Refused("far_cell", cell=(letters + digits).decode())
