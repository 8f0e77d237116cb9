"""Write the report as an Excel workbook, with numbers and dates that can be sorted, added up and printed.

The sheet of matches holds case numbers and no names.
"""

import io
import math
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from common import clock
from common.spreadsheets.writing import plain_text
from common.templatetags.danish import danish_date, danish_period
from reporting.documents.chapters import summary
from reporting.documents.contents import Report, TargetLine, Total
from reporting.documents.html import LANGUAGE, MARK_OF_STATE

HEAD = {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "bottom_color": "#8c8174"}
STYLES = {
    "title": {"bold": True, "font_size": 16},
    "fact": {"font_color": "#5e545b"},
    "head": HEAD,
    "figure head": HEAD | {"align": "right"},
    "text": {"text_wrap": True, "valign": "top"},
    "number": {"num_format": "#,##0", "valign": "top"},
    "hours": {"num_format": "#,##0.0", "valign": "top"},
    "share": {"num_format": "0 %", "valign": "top"},
    "date": {"num_format": "dd-mm-yyyy", "align": "left", "valign": "top"},
    "done": {"bold": True, "font_color": "#0a6553", "valign": "top", "align": "left", "indent": 1},
    "good": {"bold": True, "font_color": "#0a6553", "valign": "top", "align": "left", "indent": 1},
    "warn": {"bold": True, "font_color": "#7a5000", "valign": "top", "align": "left", "indent": 1},
    "bad": {"bold": True, "font_color": "#a01c20", "valign": "top", "align": "left", "indent": 1},
    "idle": {"bold": True, "font_color": "#5e545b", "valign": "top", "align": "left", "indent": 1},
}
FIGURES = ("number", "hours", "share")
LINE_HEIGHT = 13.5  # points
FIRST_ROW = 4  # below the title, the facts, an empty row and the column headings
LANDSCAPE_A4 = 9
SheetColumn = tuple[str, float, str]  # heading, width in characters, style of the cells


def render_xlsx(report: Report, *, annex: bool) -> bytes:
    """Return the workbook. ``annex`` adds a sheet with the records behind each figure."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with translation.override(LANGUAGE), xlsxwriter.Workbook(stream, options) as workbook:
        heading = report.heading
        workbook.set_properties(
            {"title": heading.title, "author": heading.branch, "subject": heading.programme, "created": clock.now()}
        )
        book = _Book(workbook, report)
        _targets(book, report)
        _matches(book, report)
        _events(book, report)
        _definitions(book, report)
        if annex:
            _annex(book, report)
    return stream.getvalue()


class _Book:
    """The workbook with its cell styles, and the report whose facts head every sheet."""

    def __init__(self, workbook, report: Report):
        self.workbook, self.report = workbook, report
        styles = {name: {"font_name": "Arial", "font_size": 10} | style for name, style in STYLES.items()}
        self.styles = {name: workbook.add_format(style) for name, style in styles.items()}
        self.bold = {name: workbook.add_format(style | {"bold": True, "top": 1}) for name, style in styles.items()}

    def sheet(self, name: str, columns: Sequence[SheetColumn], *, note: str = "") -> "_SheetWriter":
        return _SheetWriter(self, name, columns, note)


class _SheetWriter:
    """A sheet with a title, frozen column headings, and rows of typed cells."""

    def __init__(self, book: _Book, name: str, columns: Sequence[SheetColumn], note: str):
        self.book, self.columns, self.row = book, columns, FIRST_ROW
        self.sheet = sheet = book.workbook.add_worksheet(name)
        heading = book.report.heading
        sheet.write_string(0, 0, plain_text(f"{heading.title} · {name}"), book.styles["title"])
        facts = [heading.programme, danish_period(heading.start, heading.end)]
        facts.append(_("counted on %(day)s") % {"day": danish_date(heading.on, "year")})
        sheet.write_string(1, 0, plain_text(" · ".join(filter(None, [*facts, note]))), book.styles["fact"])
        for number, (heading_text, width, style_name) in enumerate(columns):
            sheet.set_column(number, number, width)
            style = book.styles["figure head" if style_name in FIGURES else "head"]
            sheet.write_string(FIRST_ROW - 1, number, plain_text(heading_text), style)
        sheet.freeze_panes(FIRST_ROW, 0)
        self._set_up_print()

    def _set_up_print(self) -> None:
        self.sheet.set_paper(LANDSCAPE_A4)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.sheet.repeat_rows(FIRST_ROW - 1)
        self.sheet.set_footer("&L&8&A&R&8Side &P af &N")

    def add(self, values: Sequence[Any], *, styles: dict[int, str] | None = None, total: bool = False) -> None:
        """Add a row; ``styles`` replaces the style of single cells, by the number of their column."""
        for number, value in enumerate(values):
            style = (styles or {}).get(number, self.columns[number][2])
            self._write(number, value, (self.book.bold if total else self.book.styles)[style], style)
        self.sheet.set_row(self.row, LINE_HEIGHT * self._line_count(values))
        self.row += 1

    def _line_count(self, values: Sequence[Any]) -> int:
        """Estimate the lines of the tallest cell of a row: some programs do not fit the height of rows themselves."""
        texts = [
            (len(value), width)
            for value, (_heading, width, _style) in zip(values, self.columns, strict=True)
            if isinstance(value, str)
        ]
        return max((math.ceil(length * 0.82 / width) for length, width in texts if length), default=1)

    def _write(self, column: int, value: Any, cell_format, style: str) -> None:
        if value is None or value == "":
            self.sheet.write_blank(self.row, column, None, cell_format)
        elif style == "date":
            self.sheet.write_datetime(self.row, column, value, cell_format)
        elif isinstance(value, int | float):
            self.sheet.write_number(self.row, column, value, cell_format)
        else:
            self.sheet.write_string(self.row, column, plain_text(value), cell_format)

    def close(self, *, with_filter: bool = True) -> None:
        if with_filter and self.row > FIRST_ROW:
            self.sheet.autofilter(FIRST_ROW - 1, 0, self.row - 1, len(self.columns) - 1)


def _targets(book: _Book, report: Report) -> None:
    columns = [
        (_("Promise, in the agreement's words"), 38, "text"),
        (_("From"), 12, "date"),
        (_("To"), 12, "date"),
        (_("Reached"), 9, "number"),
        (_("Promised"), 9, "number"),
        (_("Share"), 8, "share"),
        (_("Plan to date"), 9, "number"),
        (_("Expected, low"), 11, "number"),
        (_("Expected, high"), 11, "number"),
        (_("State"), 17, "idle"),
        (_("Note"), 48, "text"),
    ]
    sheet = book.sheet(_("Targets"), columns, note=summary(report))
    for line in report.table():
        if isinstance(line, Total):
            label = _("In all: %(what)s") % {"what": line.label}
            share = line.value / line.target
            sheet.add([label, None, None, line.value, line.target, share, line.plan_today, *[None] * 4], total=True)
        else:
            sheet.add(_target(line, report), styles={9: MARK_OF_STATE.get(line.state, "idle")})
    sheet.close(with_filter=False)


def _target(line: TargetLine, report: Report) -> list[Any]:
    low, high = (line.low, line.high) if report.heading.on < line.end else (None, None)
    share = line.value / line.target
    figures = [line.value, line.target, share, line.plan_today, low, high]
    return [line.wording, line.start, line.end, *figures, line.state_label, line.note]


def _matches(book: _Book, report: Report) -> None:
    columns = [
        (_("Match"), 14, "text"),
        (_("Mentee"), 14, "text"),
        (_("The mentee's gender"), 12, "text"),
        (_("Mentor"), 14, "text"),
        (_("Status"), 14, "text"),
        (_("First meeting"), 13, "date"),
        (_("Ended"), 12, "date"),
        (_("Meetings in the period"), 12, "number"),
        (_("Hours in the period"), 12, "hours"),
    ]
    sheet = book.sheet(_("Matches"), columns, note=_("case numbers only"))
    for match in report.matches:
        parties = [match.number, match.mentee, match.gender, match.mentor, match.status]
        sheet.add([*parties, match.started_on, match.ended_on, match.meetings, match.hours])
    sheet.close()


def _events(book: _Book, report: Report) -> None:
    columns = [
        (_("Date"), 12, "date"),
        (_("Kind"), 28, "text"),
        (_("Activity"), 44, "text"),
        (_("Place"), 30, "text"),
        (_("By name"), 10, "number"),
        (_("Without names"), 10, "number"),
        (_("Took part"), 10, "number"),
    ]
    sheet = book.sheet(_("Activities"), columns)
    for event in report.events:
        people = [event.participants, event.guests, event.attendance]
        sheet.add([event.day, event.kind, event.title, event.place, *people])
    sheet.close()


def _definitions(book: _Book, report: Report) -> None:
    sheet = book.sheet(_("Definitions"), [(_("Target"), 40, "text"), (_("What is counted"), 100, "text")])
    for label, rule in report.definitions():
        sheet.add([label, rule])
    sheet.close(with_filter=False)


def _annex(book: _Book, report: Report) -> None:
    columns = [
        (_("Promise, in the agreement's words"), 44, "text"),
        (_("Case or event"), 40, "text"),
        (_("Belongs to"), 20, "text"),
        (_("Counts on"), 12, "date"),
    ]
    sheet = book.sheet(_("Case numbers"), columns)
    for line in report.targets:
        for record in line.counted:
            sheet.add([line.wording, record.number, record.text, record.day])
    sheet.close()
