"""Recognises the format of a file and passes it to the reader of that format."""

import io
import re

from .archives import check_archive
from .refusals import Refused
from .texts import emit_text
from .workbooks import emit_workbook
from .xls import read_marks as read_xls_marks
from .xls import without_code_page

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
BEFORE_A_TAG = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n\v\f"  # byte order marks, blanks, and the zero bytes of UTF-16
WEB_ARCHIVE = re.compile(rb"MIME-Version:|From: <Saved by", re.I)  # a web page saved as MHTML
OTHER_FILE_TYPES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"\x7fELF",
)


def read_file(file, limits, emit):
    """Recognise the format, check the file before unpacking it, and emit its sheets. Raises Refused."""
    start = file.read(8192)
    file.seek(0)
    if not start:
        raise Refused("empty")
    if start.startswith(ZIP_MAGIC):
        file_format, marks, largest = check_archive(file, limits, emit)
    elif start.startswith(OLE_MAGIC):
        data = file.read()
        file_format, marks = "xls", check_ole(data, limits, emit)
        largest = max(marks, key=lambda name: marks[name].rows * marks[name].columns, default="")
        file = io.BytesIO(without_code_page(data))
    elif start.lstrip(BEFORE_A_TAG)[:1] == b"<" or WEB_ARCHIVE.match(start):
        raise Refused("markup")
    elif start.startswith(OTHER_FILE_TYPES) or start[:2] == b"PK":
        raise Refused("wrong_type")
    else:
        return emit_text(file.read(), limits, emit)
    file.seek(0)
    return emit_workbook(file, file_format, marks, limits, emit, largest)


def check_ole(data, limits, emit):
    """Return the marks of an xls file. Raises Refused for other files in the same container, such as encrypted ones."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused("password")
    if "WordDocument".encode("utf-16-le") in data or "PowerPoint Document".encode("utf-16-le") in data:
        raise Refused("wrong_type")
    return read_xls_marks(data, limits, emit)
