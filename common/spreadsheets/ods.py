"""A writer of OpenDocument spreadsheets (ODF 1.3) for LibreOffice.

The libraries for it (odfpy, ezodf, and tablib with odfpy) build the whole document in memory: 40,000 rows take hundreds
of megabytes. This writer adds the sheet to the archive in chunks.

An OpenDocument file has formulas only in the attribute ``table:formula``, which is never written: ``=1+1`` is a text,
and so is the phone number ``+45 50 25 28 58``.
"""

import datetime
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from common.spreadsheets.values import (
    Spool,
    cell_value,
    danish_day,
    danish_time,
    plain_text,
    sheet_name,
    with_widths,
)
from common.spreadsheets.worker.cells import cell_name

MIME_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
CHUNK_ROWS = 200  # rows written at a time
CHARACTER_CM = 0.22  # width of a character of the body text
SPECIAL_SPACE = re.compile(r"^ | {2,}| $|\t|\r\n|\r|\n")
NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("style", "style"),
        ("table", "table"),
        ("text", "text"),
        ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"),
        ("config", "config"),
        ("manifest", "manifest"),
    )
)
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'

MANIFEST = f"""{XML}<manifest:manifest {NAMESPACES} manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIME_TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""

STYLES = f"""{XML}<office:document-styles {NAMESPACES} office:version="1.3"><office:styles>
<style:default-style style:family="table-cell"><style:text-properties fo:language="da" fo:country="DK"/>\
</style:default-style>
<style:style style:name="Default" style:family="table-cell"/>
</office:styles></office:document-styles>"""

# Freezes the row of headings.
SETTINGS = f"""{XML}<office:document-settings {NAMESPACES} office:version="1.3"><office:settings>
<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">
<config:config-item-map-entry>
<config:config-item config:name="ViewId" config:type="string">view1</config:config-item>
<config:config-item-map-named config:name="Tables"><config:config-item-map-entry config:name=%s>
<config:config-item config:name="VerticalSplitMode" config:type="short">2</config:config-item>
<config:config-item config:name="VerticalSplitPosition" config:type="int">1</config:config-item>
<config:config-item config:name="ActiveSplitRange" config:type="short">2</config:config-item>
<config:config-item config:name="PositionBottom" config:type="int">1</config:config-item>
</config:config-item-map-entry></config:config-item-map-named>
</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set>
</office:settings></office:document-settings>"""

DAY = (
    '<number:day number:style="long"/><number:text>-</number:text><number:month number:style="long"/>'
    '<number:text>-</number:text><number:year number:style="long"/>'
)
CLOCK = '<number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/>'
DANISH = 'number:language="da" number:country="DK"'
CELL_STYLES = f"""<number:date-style style:name="N1" {DANISH}>{DAY}</number:date-style>
<number:date-style style:name="N2" {DANISH}>{DAY}<number:text> </number:text>{CLOCK}</number:date-style>
<number:time-style style:name="N3" {DANISH}>{CLOCK}</number:time-style>
<style:style style:name="head" style:family="table-cell" style:parent-style-name="Default">\
<style:table-cell-properties fo:border-bottom="0.05pt solid #000000"/>\
<style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="day" style:family="table-cell" style:parent-style-name="Default" \
style:data-style-name="N1"/>
<style:style style:name="time" style:family="table-cell" style:parent-style-name="Default" \
style:data-style-name="N2"/>
<style:style style:name="clock" style:family="table-cell" style:parent-style-name="Default" \
style:data-style-name="N3"/>
"""


def write_ods(title: str, columns: Sequence[object], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """Write a document of one sheet and return the open file, rewound.

    Arguments and types are those of :func:`common.spreadsheets.writing.write_xlsx`.
    """
    name = sheet_name(title)
    target = Spool()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIME_TYPE, zipfile.ZIP_STORED)  # first and uncompressed, as ODF requires
        with archive.open("content.xml", "w", force_zip64=True) as content:
            for chunk in _content(name, [plain_text(column) for column in columns], rows):
                content.write(chunk.encode())
        archive.writestr("styles.xml", STYLES)
        archive.writestr("settings.xml", SETTINGS % quoteattr(name))
        archive.writestr("META-INF/manifest.xml", MANIFEST)
    target.seek(0)
    return target


def _content(name: str, headings: list[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield content.xml in chunks of 200 rows."""
    widths, rows = with_widths(headings, rows)
    yield f'{XML}<office:document-content {NAMESPACES} office:version="1.3"><office:automatic-styles>\n{CELL_STYLES}'
    for number, width in enumerate(widths):
        yield (
            f'<style:style style:name="co{number}" style:family="table-column"><style:table-column-properties '
            f'style:column-width="{width * CHARACTER_CM:.2f}cm"/></style:style>\n'
        )
    yield "</office:automatic-styles><office:body><office:spreadsheet>\n"
    yield f"<table:table table:name={quoteattr(name)}>\n"
    yield "".join(f'<table:table-column table:style-name="co{number}"/>' for number in range(len(widths)))
    yield f"\n<table:table-header-rows>{_row(headings, style='head')}</table:table-header-rows>\n"
    count = 0
    while chunk := list(islice(rows, CHUNK_ROWS)):
        count += len(chunk)
        yield "".join(map(_row, chunk))
    yield "</table:table>\n"
    if headings:
        yield _filter_buttons(name, len(headings), count)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _filter_buttons(name: str, columns: int, rows: int) -> str:
    """Return the range whose headings get filter buttons, as in the xlsx file."""
    sheet = "'" + name.replace("'", "''") + "'"
    last = cell_name(rows + 1, columns - 1)
    return (
        '<table:database-ranges><table:database-range table:name="__Anonymous_Sheet_DB__0" '
        f"table:target-range-address={quoteattr(f'{sheet}.A1:{sheet}.{last}')} "
        'table:display-filter-buttons="true"/></table:database-ranges>\n'
    )


def _row(values: Sequence[Any], style: str = "") -> str:
    cells = "".join(_cell(cell_value(value), style) for value in values) or "<table:table-cell/>"
    return f"<table:table-row>{cells}</table:table-row>\n"


def _cell(value: Any, style: str) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, datetime.datetime):
        return _typed("date", "date-value", value.isoformat(timespec="seconds"), "time", danish_time(value))
    if isinstance(value, datetime.date):
        return _typed("date", "date-value", value.isoformat(), "day", danish_day(value))
    if isinstance(value, datetime.time):
        return _typed("time", "time-value", f"{value:PT%HH%MM%SS}", "clock", f"{value:%H:%M}")
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
    return _text(plain_text(value), style)


def _text(text: str, style: str) -> str:
    """Return a cell of text. Tabs and old line ends are repeated in an attribute, for readers that skip them."""
    attributes = f' table:style-name="{style}"' if style else ""
    if "\t" in text or "\r" in text:
        attributes += f" office:string-value={quoteattr(text)}"
    return f'<table:table-cell office:value-type="string"{attributes}>{_paragraphs(text)}</table:table-cell>'


def _typed(kind: str, attribute: str, value: str, style: str, shown: str) -> str:
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="{kind}" office:{attribute}="{value}">'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )


def _paragraphs(text: str) -> str:
    """Return a text as paragraphs, one for each line, with every space that OpenDocument would collapse written out."""
    return f"<text:p>{SPECIAL_SPACE.sub(_space, escape(text))}</text:p>"


def _space(found: re.Match) -> str:
    space = found.group()
    if space == "\t":
        return "<text:tab/>"
    if space[0] == " ":
        return f'<text:s text:c="{len(space)}"/>'
    return "</text:p><text:p>"
