"""Reads one spreadsheet in a process of its own, with hard limits on memory, time and output.

Run as a script: limits as JSON in the first argument, the file as standard input (seekable), the result on
standard output, one JSON value a line: ``{"format": …}``, then for each sheet ``{"sheet": …, "hidden": …}``
followed by its rows that are not blank, ``[row number, [cells]]``; at the end ``{"end": true}``. A file that is
refused gives ``{"refused": code, …}`` as its last line. Imports nothing of the project, so that it starts in
a few milliseconds and a crash of the reader under a hostile file is only a dead child.
"""

import csv
import datetime
import io
import json
import re
import sys
import zipfile

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
MARKUP = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|table|meta|\?xml|div|style|script)", re.I)
KNOWN_STRANGERS = (
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
ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
FAR_CELL = re.compile(rb"""\sr\s*=\s*["'](?=[A-Z]{3}|[A-Z]+(?:[5-9]\d{4}|\d{6}))([A-Z]{1,4})(\d{1,9})["']""")
TAG_REST = rb"""(?:[^>"']|"[^"]*"|'[^']*')*>"""
ODS_TAG = re.compile(rb"<(/?table:table-row|table:covered-table-cell|table:table-cell)\b" + TAG_REST)
ODS_ROWS_REPEATED = re.compile(rb"""number-rows-repeated\s*=\s*["'](\d+)["']""")
ODS_COLUMNS_REPEATED = re.compile(rb"""number-columns-repeated\s*=\s*["'](\d+)["']""")
CHUNK = 1 << 20
OVERLAP = 64  # bytes carried from one chunk to the next, longer than any pattern that is looked for
MAX_MEMBERS = 2_000
MAX_CELL_TEXT = 100_000
EXACT_BELOW = 1e15  # a float that is larger may not be the whole number that was typed


class Refused(Exception):
    """The file is not read; `code` says why, `facts` are the figures of the sentence."""

    def __init__(self, code, **facts):
        super().__init__(code)
        self.code, self.facts = code, facts


# ---------------------------------------------------------------- what kind of file


def read_file(file, limits, emit):
    """Find out what the file is, check it before it is unpacked, and emit its sheets."""
    start = file.read(8192)
    file.seek(0)
    if not start:
        raise Refused("empty")
    if start.startswith(ZIP_MAGIC):
        kind = check_archive(file, limits)
    elif start.startswith(OLE_MAGIC):
        kind = check_ole(file)
    elif MARKUP.match(start) or start.lstrip()[:1] == b"<":
        raise Refused("markup")
    elif start.startswith(KNOWN_STRANGERS) or start[:2] == b"PK":
        raise Refused("wrong_type")
    else:
        return emit_text(file.read(), limits, emit)
    file.seek(0)
    return emit_workbook(file, kind, limits, emit)


def check_ole(file):
    """An old Excel file, or the wrapping that Office puts around an encrypted one."""
    data = file.read()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused("password")
    if "WordDocument".encode("utf-16-le") in data or "PowerPoint Document".encode("utf-16-le") in data:
        raise Refused("wrong_type")
    return "xls"


# ---------------------------------------------------------------- zip archives: xlsx and ods


def check_archive(file, limits):
    """Return "xlsx" or "ods" after every member was looked through without unpacking it to memory."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            kind = archive_kind({member.filename for member in members}, archive)
            check_sizes(members, limits)
            for member in members:
                check_member(archive, member, kind, limits)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Refused("damaged") from error
    return kind


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


def check_member(archive, member, kind, limits):
    """Unpack one member piece by piece and refuse what would make the reader swell."""
    if not member.filename.endswith((".xml", ".rels")):
        return
    checks = [check_entities]
    if kind == "xlsx" and member.filename.startswith("xl/worksheets/"):
        checks.append(lambda piece: check_references(piece, limits))
    if member.filename == "META-INF/manifest.xml":
        checks.append(check_encryption)
    whole = bytearray() if member.filename == "content.xml" else None
    with archive.open(member) as stream:
        rest = b""
        while piece := stream.read(CHUNK):
            for check in checks:
                check(rest + piece)
            rest = piece[-OVERLAP:]
            if whole is not None:
                whole += piece
    if whole is not None:
        check_repetitions(whole, limits)


def check_entities(piece):
    if ENTITIES.search(piece):
        raise Refused("entities")


def check_encryption(piece):
    if b"encryption-data" in piece:
        raise Refused("password")


def check_references(piece, limits):
    """No cell far out: one in the last column of the last row would make a grid of 17 billion cells."""
    for found in FAR_CELL.finditer(piece):
        letters, digits = found.groups()
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        if column > limits["columns"] or int(digits) > limits["rows"]:
            raise Refused("far_cell", cell=(letters + digits).decode())


def check_repetitions(content, limits):
    """No repeated cells or rows with something in them beyond the limits; blank ones at the edge are usual."""
    rows = cells = 0
    row_times, filled, position, width = 1, 0, 0, 0
    for tag in ODS_TAG.finditer(content):
        name, whole = tag.group(1), tag.group(0)
        if name == b"table:table-row":
            row_times, filled, position, width = repeated(ODS_ROWS_REPEATED, whole), 0, 0, 0
        elif name == b"/table:table-row":
            rows += row_times if filled else 0
            cells += filled * row_times
            refuse_beyond(rows, cells, width, limits)
        else:
            times = repeated(ODS_COLUMNS_REPEATED, whole)
            position += times
            if not whole.endswith(b"/>") or b"office:value" in whole:
                filled, width = filled + times, position


def refuse_beyond(rows, cells, width, limits):
    if width > limits["columns"]:
        raise Refused("too_many_columns", limit=limits["columns"])
    if rows > limits["rows"]:
        raise Refused("too_many_rows", limit=limits["rows"])
    if cells > limits["cells"]:
        raise Refused("too_many_cells_in_file", limit=limits["cells"])


def repeated(pattern, attributes):
    found = pattern.search(attributes)
    return int(found.group(1)) if found else 1


# ---------------------------------------------------------------- workbooks


def emit_workbook(file, kind, limits, emit):
    import python_calamine as calamine  # noqa: PLC0415 - only where a workbook is read: a csv does without

    try:
        workbook = calamine.CalamineWorkbook.from_filelike(file)
        emit({"format": kind})
        budget = Budget(limits)
        for metadata in workbook.sheets_metadata:
            if metadata.typ == calamine.SheetTypeEnum.WorkSheet:
                emit_sheet(workbook.get_sheet_by_name(metadata.name), metadata, budget, emit)
    except calamine.PasswordError as error:
        raise Refused("password") from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise Refused("damaged") from error


def emit_sheet(sheet, metadata, budget, emit):
    emit({"sheet": metadata.name, "hidden": not str(metadata.visible).endswith(".Visible")})
    if sheet.end is None:
        return
    budget.check_end(*sheet.end)
    left = [None] * sheet.start[1]
    for number, values in enumerate(sheet.iter_rows(), start=1):
        emit_row(number, left + [plain(value) for value in values], budget, emit)


def plain(value):
    """A cell's value as JSON can carry it: blanks as null, whole floats as integers, days and times tagged."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < EXACT_BELOW else value
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return {"day": value.date().isoformat()} if midnight else {"time": value.isoformat(timespec="seconds")}
    if isinstance(value, datetime.date):
        return {"day": value.isoformat()}
    if isinstance(value, datetime.time | datetime.timedelta):
        return str(value)
    return value


class Budget:
    """What may still come out of the file: rows a sheet, cells and text in all."""

    def __init__(self, limits):
        self.limits = limits
        self.cells, self.text = limits["cells"], limits["text"]

    def check_end(self, last_row, last_column):
        refuse_beyond(last_row + 1, 0, last_column + 1, self.limits)

    def spend(self, cells):
        self.cells -= len(cells)
        for cell in cells:
            if isinstance(cell, str):
                if len(cell) > MAX_CELL_TEXT:
                    raise Refused("long_cell")
                self.text -= len(cell)
        if self.cells < 0:
            raise Refused("too_many_cells_in_file", limit=self.limits["cells"])
        if self.text < 0:
            raise Refused("unpacks_too_large", megabytes=self.limits["text"] // 1_000_000)


def emit_row(number, cells, budget, emit):
    """Emit a row unless it is blank, without the nulls at its end."""
    while cells and cells[-1] is None:
        cells.pop()
    if cells:
        budget.spend(cells)
        emit([number, cells])


# ---------------------------------------------------------------- text: csv, tabs, old Macs


def emit_text(data, limits, emit):
    text, encoding = decode(data)
    if not text.strip("\ufeff\0 \t\r\n;,|"):
        raise Refused("empty")
    separator, text = find_separator(text)
    emit({"format": "csv", "encoding": encoding, "separator": separator})
    emit({"sheet": "", "hidden": False})
    budget = Budget(limits)
    csv.field_size_limit(MAX_CELL_TEXT)
    try:
        for number, cells in enumerate(records(text, separator), start=1):
            budget.check_end(number - 1, len(cells) - 1)
            emit_row(number, [plain(unescape(cell)) for cell in cells], budget, emit)
    except csv.Error as error:
        raise Refused("open_quote") from error


def records(text, separator):
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def unescape(cell):
    """Take off the apostrophe that our own csv writer puts before what a spreadsheet would calculate."""
    if cell.startswith("'") and re.match(r"^'[\s']*[=+\-@|%\t\r\n]", cell):
        return cell[1:]
    return cell


def decode(data):
    """Byte order mark, then UTF-16 by its zeros, strict UTF-8, old Macs by their line ends, Windows-1252."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace"), encoding
    sample = data[:4000]
    if b"\0" in sample:
        odd, even = sample[1::2].count(0), sample[::2].count(0)
        if max(odd, even) < len(sample) / 8:
            raise Refused("wrong_type")
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        return data.decode(encoding, errors="replace"), encoding
    if sum(byte < 9 or 13 < byte < 27 for byte in sample) > len(sample) / 50:
        raise Refused("wrong_type")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if data.count(b"\r") > data.count(b"\n") and mac_letters(data):
        return data.decode("mac_roman"), "mac_roman"
    return data.decode("cp1252", errors="replace"), "cp1252"


def mac_letters(data):
    """Whether æøåÆØÅ stand where an old Mac has them rather than where Windows has them."""
    windows = sum(data.count("æøåÆØÅ".encode("cp1252")[i : i + 1]) for i in range(6))
    mac = sum(data.count("æøåÆØÅ".encode("mac_roman")[i : i + 1]) for i in range(6))
    return mac > windows


def find_separator(text):
    """The separator named in a first line `sep=;`, or the one that cuts the first records most evenly."""
    named = re.match(r"\s*sep=([;,\t|])\r?\n?", text, re.I)
    if named:
        return named.group(1), text[named.end() :]
    return max(";,\t|", key=lambda separator: evenness(text[:20_000], separator)), text


def evenness(text, separator):
    """How many cells the usual record has, weighted by how many records have just as many."""
    csv.field_size_limit(MAX_CELL_TEXT)
    try:
        widths = [len(record) for record in records(text, separator) if any(record)][:50]
    except csv.Error:
        return 0
    if not widths:
        return 0
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    return (usual - 1) * widths.count(usual) / len(widths)


# ---------------------------------------------------------------- the process


def limit_this_process(limits):
    try:
        import resource  # noqa: PLC0415 - not on Windows: the checks before unpacking stand alone there
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["output"], limits["output"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main():
    limits = json.loads(sys.argv[1])
    limit_this_process(limits)
    output = sys.stdout
    encode = json.JSONEncoder(separators=(",", ":")).encode

    def emit(value):
        output.write(encode(value) + "\n")

    try:
        read_file(sys.stdin.buffer, limits, emit)
        emit({"end": True})
    except Refused as refusal:
        emit({"refused": refusal.code, **refusal.facts})
    except MemoryError:
        emit({"refused": "unpacks_too_large", "megabytes": limits["unpacked"] // 1_000_000})


if __name__ == "__main__":
    main()
