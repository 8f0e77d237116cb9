"""Hostile files that expand when they are read, built from a harmless workbook."""

import functools
import io
import zipfile

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"
SHEET_HEAD = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
SHEET_TAIL = "</sheetData></worksheet>"
ODS_HEAD = (
    '<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body>'
    '<office:spreadsheet><table:table table:name="A">'
)
ODS_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def workbook(write=lambda sheet: sheet.write(0, 0, "Navn")) -> bytes:
    """A workbook of one sheet that `write` fills."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    write(book.add_worksheet("Ark"))
    book.close()
    return target.getvalue()


def xlsx(sheet="", *, strings=None, head=SHEET_HEAD, **members) -> bytes:
    """A workbook whose sheet (an iterable of texts) and shared strings are replaced by hand."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as base, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in base.namelist():
            if name == SHEET:
                with archive.open(name, "w") as file:
                    for part in (head, *([sheet] if isinstance(sheet, str) else sheet), SHEET_TAIL):
                        file.write(part.encode())
            elif name == "xl/sharedStrings.xml" and strings:
                archive.writestr(name, f"<sst><si><t>{strings}</t></si></sst>")
            else:
                archive.writestr(name, base.read(name))
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def ods(rows: str, *, manifest="", mimetype=ODS_TYPE) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        archive.writestr("content.xml", f"{ODS_HEAD}{rows}{ODS_TAIL}")
    return target.getvalue()


def ods_cell(attributes="") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>x</text:p></table:table-cell>'


def ods_row(cells: str, attributes="") -> str:
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def text_cells(count: int, text: str) -> str:
    return "<row>" + f'<c t="inlineStr"><is><t>{text}</t></is></c>' * count + "</row>"


def encrypted_zip() -> bytes:
    """Return a zip whose members are marked as encrypted."""
    data = bytearray(workbook())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 1)
    return bytes(data)


def changed(name: str, change, **members) -> bytes:
    """Return a harmless workbook with one member changed and others added, with correct checksums."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as base, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in base.namelist():
            content = base.read(member)
            archive.writestr(member, change(content) if member == name else content)
        for member, content in members.items():
            archive.writestr(member, content)
    return target.getvalue()


def sheets_of_one_part(count: int) -> bytes:
    """A workbook whose list of sheets points to the same part many times."""
    more = b"".join(b'<sheet name="A%d" sheetId="%d" r:id="rId1"/>' % (number, number) for number in range(9, count))
    return changed("xl/workbook.xml", lambda content: content.replace(b"<sheets>", b"<sheets>" + more))


def merged_cells(count: int) -> bytes:
    merges = b'<mergeCell ref="A1:A40000"/>' * count
    return changed(SHEET, lambda content: content.replace(b"</sheetData>", b"</sheetData><mergeCells>" + merges))


def with_directory_value(offset: int, value: bytes) -> bytes:
    """Return a workbook whose central directory has a wrong value for its sheet."""
    data = bytearray(workbook())
    place = data.find(b"PK\x01\x02")
    while not data[place + 46 :].startswith(SHEET.encode()):
        place = data.find(b"PK\x01\x02", place + 1)
    data[place + offset : place + offset + len(value)] = value
    return bytes(data)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

MANY_NINES = "9" * 5_000
HOSTILE = {
    "nothing at all": (lambda: b"", "empty"),
    "blank cells only": (lambda: b";;;\r\n \r\n", "empty"),
    "an empty sheet": (lambda: workbook(lambda sheet: None), "empty"),
    "only the last cell": (lambda: workbook(lambda sheet: sheet.write(1_048_575, 16_383, "x")), "far_cell"),
    "first and last cell": (
        lambda: workbook(lambda sheet: [sheet.write(*place, "x") for place in ((0, 0), (1_048_575, 16_383))]),
        "far_cell",
    ),
    "far row by its row number": (lambda: xlsx('<row r="1048576"><c><v>1</v></c></row>'), "too_many_rows"),
    "600 MB unpacked": (lambda: xlsx(text_cells(1000, "a" * 1000) for _ in range(600)), "unpacks_too_large"),
    "a long text a million times": (
        lambda: xlsx(("<row>" + '<c t="s"><v>0</v></c>' * 20 + "</row>" for _ in range(40_000)), strings="b" * 30_000),
        "unpacks_too_large",
    ),
    "cells beyond counting": (
        lambda: xlsx("<row>" + "<c><v>1</v></c>" * 190 + "</row>" for _ in range(5_500)), "too_many_cells_in_file"
    ),
    "one endless text": (lambda: xlsx('<row><c t="s"><v>0</v></c></row>', strings="c" * 200_000), "long_cell"),
    "entities": (
        lambda: xlsx(head=SHEET_HEAD.replace("<worksheet", '<!DOCTYPE x [<!ENTITY a "aaa">]><worksheet')), "entities"
    ),
    "a hundred thousand sheets": (lambda: sheets_of_one_part(100_000), "too_many_sheets"),
    "a million merged cells": (lambda: merged_cells(1_000_000), "too_many_merges"),
    "shared texts beyond counting": (
        lambda: changed("xl/sharedStrings.xml", lambda content: b"<sst>" + b"<si/>" * 15_000_000), "unpacks_too_large"
    ),
    "a wrong checksum": (lambda: with_directory_value(16, b"\0\0\0\0"), "damaged"),
    "a size of minus one": (lambda: with_directory_value(24, b"\xff\xff\xff\xff"), "unpacks_too_large"),
    "a workbook instead of its sheet": (lambda: changed(SHEET, lambda content: workbook()), "damaged"),
    "ods: a hundred thousand sheets": (
        lambda: ods("".join(f'</table:table><table:table table:name="S{number}">' for number in range(100_000))),
        "too_many_sheets",
    ),
    "ods: a cell repeated": (
        lambda: ods(ods_row(ods_cell('table:number-columns-repeated="16384"'))), "too_many_columns"
    ),
    "ods: a row repeated": (
        lambda: ods(ods_row(ods_cell(), 'table:number-rows-repeated="1048576"')), "too_many_rows"
    ),
    "ods: a row repeated four billion times": (
        lambda: ods(ods_row(ods_cell() * 3, 'table:number-rows-repeated="4000000000"')), "too_many_rows"
    ),
    "ods: a row repeated by a number of 5,000 digits": (
        lambda: ods(ods_row(ods_cell(), f'table:number-rows-repeated="{MANY_NINES}"')), "too_many_rows"
    ),
    "ods: many cells many times": (
        lambda: ods(ods_row(ods_cell('table:number-columns-repeated="150"'), 'table:number-rows-repeated="40000"')),
        "too_many_cells_in_file",
    ),
    "ods: a cell far to the right": (
        lambda: ods(ods_row(f'{ods_cell()}<table:table-cell table:number-columns-repeated="9000"/>{ods_cell()}')),
        "too_many_columns",
    ),
    "ods: rows never closed": (lambda: ods("<table:table-row>" * 200_000), "damaged"),
    "ods: encrypted": (lambda: ods("", manifest="<manifest:encryption-data/>"), "password"),
    "xlsx: encrypted by Office": (lambda: OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"), "password"),
    "zip: encrypted": (encrypted_zip, "password"),
    "a Word document": (lambda: ods("", mimetype="application/vnd.oasis.opendocument.text"), "wrong_type"),
    "an old Word document": (lambda: OLE + b"\0" * 500 + "WordDocument".encode("utf-16-le"), "wrong_type"),
    "an old Excel file cut short": (lambda: OLE + b"\xff" * 600, "damaged"),
    "xlsx cut short": (lambda: workbook()[:2000], "damaged"),
    "a web page": (lambda: b"<html><table><tr><td>Navn</td></tr></table></html>", "markup"),
    "a web page after a mark and a comment": (
        lambda: b"\xef\xbb\xbf<!-- x -->\n<table>\n<tr><td>Navn</td><td>By</td></tr>\n</table>\n", "markup"
    ),
    "a web page in UTF-16": (
        lambda: "<html><table><tr><td>Navn;By</td></tr>\n</table></html>\n".encode("utf-16"), "markup"
    ),
    "a web page with its pictures": (
        lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n<html>\r\n", "markup"
    ),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "wrong_type"),
    "noise": (lambda: bytes(range(256)) * 40, "wrong_type"),
    "control characters": (lambda: bytes(range(1, 8)) * 400, "wrong_type"),
    "a quotation mark left open": (lambda: b'Navn;By\r\n"' + b"x" * 150_000, "open_quote"),
    "a quotation mark left open in a short file": (
        lambda: b'Navn;By\r\nHanne;Lund\r\n"Bo;x\r\nIda;y\r\n', "open_quote"
    ),
    "a text without end": (lambda: b"Navn\n" + b"a" * 9_000_000, "long_cell"),
    "NULs": (lambda: b"Navn;By\n\0\0\0;x\n" * 50, "wrong_type"),
    "a line without end": (lambda: b"a;" * 400_000, "too_many_columns"),
    "lines without end": (lambda: b"a\n" * 60_000, "too_many_rows"),
}  # fmt: skip
HOSTILE = {name: (functools.cache(make), code) for name, (make, code) in HOSTILE.items()}  # several tests try each
