"""A Word document with what python-docx lacks: language, page numbers, table borders, alternative texts."""

import io
from collections.abc import Sequence
from typing import IO

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from common import clock
from common.spreadsheets.writing import plain_text

FONT = "Arial"  # office programs have it or a font of the same widths, so that lines break alike everywhere
INK, INK2, ACCENT, LINE, SUNKEN = "2a2329", "5e545b", "6d2858", "e1d9cc", "efe9de"
TEXT_WIDTH = 175  # mm
STYLES = {
    # name: (points, bold, colour, space before, space after)
    "Normal": (10.5, False, INK, 0, 6),
    "Title": (22, True, INK, 0, 10),
    "Subtitle": (10.5, False, INK2, 0, 0),
    "Heading 1": (14, True, ACCENT, 18, 6),
    "Heading 2": (10.5, True, INK, 10, 3),
    "Caption": (9.5, False, INK2, 2, 3),
    "List Bullet": (10.5, False, INK, 0, 3),
    "Header": (9, False, INK2, 0, 0),
    "Footer": (9, False, INK2, 0, 0),
}


class WordDocument:
    """A Word document, written from top to bottom."""

    def __init__(self, *, title: str, author: str, subject: str):
        self.document = Document()
        properties = self.document.core_properties
        properties.title, properties.author, properties.subject = title, author, subject
        properties.language, properties.comments = "da-DK", ""
        properties.created = properties.modified = clock.now()
        self._set_styles()
        self._set_paper()

    def _set_paper(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(17.5), Mm(17.5)
        section.top_margin, section.bottom_margin = Mm(22), Mm(20)
        section.header_distance, section.footer_distance = Mm(11), Mm(10)

    def _set_styles(self) -> None:
        for name, (points, bold, colour, before, after) in STYLES.items():
            style = self.document.styles[name]
            style.font.size, style.font.bold, style.font.italic = Pt(points), bold, False
            style.font.color.rgb = RGBColor.from_string(colour.upper())
            _set_font(style)
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        self.document.styles["Normal"].paragraph_format.line_spacing = 1.15
        _remove(self.document.styles["Title"], "pBdr")  # Word draws a blue line below titles
        _set_language(self.document, "da-DK")

    def set_running_lines(self, above: str, below: str) -> None:
        """Set the header and footer of every page; the footer ends in "Side 1 af 9"."""
        section = self.document.sections[0]
        section.header.paragraphs[0].add_run(plain_text(above))
        foot = section.footer.paragraphs[0]
        _remove(self.document.styles["Footer"], "tabs")
        foot.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        foot.add_run(f"{plain_text(below)}\tSide ")
        _add_field(foot, "PAGE")
        foot.add_run(" af ")
        _add_field(foot, "NUMPAGES")

    def heading(self, text: str, *, level: int = 1, new_page: bool = False) -> None:
        paragraph = self.document.add_heading(plain_text(text), level=level)
        paragraph.paragraph_format.page_break_before = new_page

    def paragraph(self, text: str, *, style: str = "Normal", bold: bool = False, keep: bool = False) -> None:
        """Add a paragraph; ``keep`` puts it on the same page as the next one."""
        paragraph = self.document.add_paragraph(style=style)
        paragraph.add_run(plain_text(text)).bold = True if bold else None
        paragraph.paragraph_format.keep_with_next = keep or None

    def caption(self, text: str) -> None:
        """Add the caption above a table."""
        self.paragraph(text, bold=True, keep=True)
        self.document.paragraphs[-1].paragraph_format.space_before = Pt(12)

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Add a table of names and values, without rules."""
        table = WordTable(self.document, [35, TEXT_WIDTH - 35], ruled=False)
        for name, value in pairs:
            cells = table.row([name, value])
            cells[0].paragraphs[0].runs[0].font.color.rgb = RGBColor.from_string(INK2.upper())

    def table(self, heads: Sequence[str], *, widths: Sequence[float], right: Sequence[int] = ()) -> "WordTable":
        """Add a ruled table whose headings repeat on each page; ``right``: the columns of figures; ``widths`` in mm."""
        self.separate_tables()
        table = WordTable(self.document, widths, right=right)
        table.head(heads)
        return table

    def grid(self, columns: int, *, width: float) -> "WordTable":
        """Add a table without rules, for pictures or texts in columns; ``width`` in mm."""
        self.separate_tables()
        return WordTable(self.document, [width / columns] * columns, ruled=False)

    def picture(self, data: bytes, words: str, *, width: float) -> None:
        _add_picture(self.document.add_paragraph().add_run(), data, words, width)

    def separate_tables(self) -> None:
        """Add an empty paragraph after a table, as Word would join two adjacent tables."""
        last = self.document.element.body[-2] if len(self.document.element.body) > 1 else None
        if last is not None and last.tag == qn("w:tbl"):
            self.document.add_paragraph().paragraph_format.space_after = Pt(0)

    def save(self, stream: IO[bytes]) -> None:
        self.document.save(stream)


class WordTable:
    """A table that grows row by row."""

    def __init__(self, document, widths: Sequence[float], *, right: Sequence[int] = (), ruled: bool = True):
        self.widths, self.right, self.ruled = widths, right, ruled
        self.table = document.add_table(rows=0, cols=len(widths))
        self.table.alignment = WD_TABLE_ALIGNMENT.LEFT
        self.table.autofit = False
        for column, width in zip(self.table.columns, widths, strict=True):
            column.width = Mm(width)
        _set_margins(self.table)

    def head(self, texts: Sequence[str]) -> None:
        self.row(texts, bold=True, colour=INK2)
        self.table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))

    def row(self, texts: Sequence[str], *, bold: bool = False, shaded: bool = False, colour: str = INK) -> list:
        """Add a row and return its cells; a row is never split between pages."""
        row = self.table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for number, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Mm(self.widths[number])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.line_spacing = 1.05
            if number in self.right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if text:
                self.put_text(cell, text, bold=bold, colour=colour)
            if self.ruled:
                _rule_below(cell, SUNKEN if shaded else "")
        return list(row.cells)

    def keep_last_row(self) -> None:
        """Keep the last row on the same page as the next one, so that a total is not alone on a page."""
        for cell in self.table.rows[-1].cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True

    def cell(self, number: int):
        """Return the cell with a number, counted row by row from 0. Adds rows where needed."""
        line, column = divmod(number, len(self.widths))
        while len(self.table.rows) <= line:
            self.row([""] * len(self.widths))
        return self.table.rows[line].cells[column]

    def put_text(self, cell, text: str, *, bold: bool = False, colour: str = INK) -> None:
        run = cell.paragraphs[-1].add_run(plain_text(text))
        run.font.size, run.font.bold = Pt(9.5), bold
        run.font.color.rgb = RGBColor.from_string(colour.upper())

    def put_picture(self, cell, data: bytes, words: str, *, width: float, below: bool = False) -> None:
        """Add a picture to a cell; ``below`` starts a new paragraph for it. ``width`` in mm."""
        if below:
            cell.add_paragraph().paragraph_format.space_after = Pt(8)
        _add_picture(cell.paragraphs[-1].add_run(), data, words, width)


def _add_picture(run, data: bytes, words: str, width: float) -> None:
    picture = run.add_picture(io.BytesIO(data), width=Mm(width))
    for side in ("distT", "distB", "distL", "distR"):
        picture._inline.set(side, "0")  # otherwise office programs add a margin
    properties = picture._inline.docPr
    properties.set("descr", plain_text(words))
    properties.set("name", plain_text(words.partition(".")[0])[:60])


def _set_font(style) -> None:
    """Set one font for all scripts, in place of the theme's."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)


def _set_language(document, language: str) -> None:
    """Set the language for spell checkers and screen readers."""
    for properties in document.styles.element.iter(qn("w:rPr")):
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
    default = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    mark = OxmlElement("w:lang")
    for script in ("val", "eastAsia"):
        mark.set(qn(f"w:{script}"), language)
    default.append(mark)


def _remove(style, name: str) -> None:
    """Remove a paragraph setting from a style."""
    properties = style.element.get_or_add_pPr()
    for setting in properties.findall(qn(f"w:{name}")):
        properties.remove(setting)


def _add_field(paragraph, code: str) -> None:
    """Add a field that Word computes, such as PAGE or NUMPAGES."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _set_margins(table) -> None:
    properties = table._tbl.tblPr
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 50), ("left", 0), ("bottom", 50), ("right", 160)):
        mark = OxmlElement(f"w:{side}")
        mark.set(qn("w:w"), str(width))
        mark.set(qn("w:type"), "dxa")
        margins.append(mark)
    properties.append(margins)


def _rule_below(cell, shade: str) -> None:
    properties = cell._tc.get_or_add_tcPr()
    borders, bottom = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", LINE)):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    properties.append(borders)
    if shade:
        fill = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", shade)):
            fill.set(qn(f"w:{name}"), value)
        properties.append(fill)
