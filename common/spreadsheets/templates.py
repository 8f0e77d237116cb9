"""Writes a workbook to fill in: the empty list, examples, explanations and the choices of the drop-downs."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

from common import clock
from common.lazy import LazyModule
from common.spreadsheets.values import Spool, plain_text, sheet_name

xlsxwriter = LazyModule("xlsxwriter")

LAST_ROW = 5_000  # last row with drop-downs
NARROWEST, WIDEST = 12, 34
EXPLANATION_WIDTHS = (28, 34, 62, 30)
LINE_HEIGHT = 15  # points


@dataclass(frozen=True)
class ListColumn:
    """A column to fill in. ``choices`` become a drop-down, ``explained`` a row of the sheet of explanations."""

    heading: str
    is_date: bool
    is_needed: bool
    choices: Sequence[str]
    examples: Sequence[str | dt.date]
    explained: Sequence[str]


@dataclass(frozen=True)
class TemplateTexts:
    """Names of the sheets and fixed texts of a template, in the user's language."""

    examples: str
    explanations: str
    lists: str
    introduction: Sequence[str]  # lines above the explanations
    explanation_headings: Sequence[str]
    wrong_title: str
    wrong_word: str


def write_list_template(title: str, columns: Sequence[ListColumn], texts: TemplateTexts) -> IO[bytes]:
    """Write the workbook and return the open file, rewound.

    Its sheets are the empty list, the list with examples, the explanations and, if any column has choices, the lists
    of choices. Columns without dates are formatted as text, so that no program takes ``+45…`` for a formula.
    """
    target = Spool()
    workbook = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"title": plain_text(title), "created": clock.now()})
    formats = _formats(workbook)
    lists = [texts.lists] if any(column.choices for column in columns) else []
    sheets = {
        name: workbook.add_worksheet(sheet_name(name)) for name in (title, texts.examples, texts.explanations, *lists)
    }
    for sheet in sheets.values():
        sheet.set_landscape()
    sheets[texts.explanations].fit_to_pages(1, 0)
    places = _write_lists(sheets[texts.lists], columns, formats) if lists else {}
    for name in (title, texts.examples):
        _write_head(sheets[name], columns, formats)
        _add_drop_downs(sheets[name], columns, places, sheet_name(texts.lists), texts)
    _write_examples(sheets[texts.examples], columns, formats)
    _write_explanations(sheets[texts.explanations], columns, texts, formats)
    workbook.close()
    target.seek(0)
    return target


def _formats(workbook) -> dict[str, Any]:
    head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
    return {
        "head": workbook.add_format(head),
        "needed": workbook.add_format({**head, "bg_color": "#FFE8B3"}),
        "date": workbook.add_format({"num_format": "dd-mm-yyyy", "align": "left"}),
        "text": workbook.add_format({"num_format": "@"}),
        "title": workbook.add_format({"bold": True, "font_size": 13}),
        "wrap": workbook.add_format({"text_wrap": True, "valign": "top"}),
        "bold": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
    }


def _write_head(sheet, columns: Sequence[ListColumn], formats: dict) -> None:
    sheet.freeze_panes(1, 0)
    for number, column in enumerate(columns):
        cells = [column.heading, *column.choices, *(_text(example) for example in column.examples)]
        width = min(max(NARROWEST, *(len(cell) + 2 for cell in cells)), WIDEST)
        sheet.set_column(number, number, width, formats["date" if column.is_date else "text"])
        sheet.write_string(0, number, plain_text(column.heading), formats["needed" if column.is_needed else "head"])


def _write_examples(sheet, columns: Sequence[ListColumn], formats: dict) -> None:
    for number, column in enumerate(columns):
        for row, example in enumerate(column.examples, start=1):
            if isinstance(example, dt.date):
                sheet.write_datetime(row, number, example, formats["date"])
            elif example:
                sheet.write_string(row, number, plain_text(example), formats["text"])


def _write_lists(sheet, columns: Sequence[ListColumn], formats: dict) -> dict[int, tuple[int, int]]:
    """Write the choices of each drop-down, and return column → (column of its choices, number of choices)."""
    places: dict[int, tuple[int, int]] = {}
    for number, column in enumerate(columns):
        if column.choices:
            place = len(places)
            places[number] = (place, len(column.choices))
            sheet.set_column(place, place, max(NARROWEST, *(len(word) + 2 for word in column.choices)))
            sheet.write_string(0, place, plain_text(column.heading), formats["head"])
            for row, word in enumerate(column.choices, start=1):
                sheet.write_string(row, place, plain_text(word))
    return places


def _add_drop_downs(sheet, columns: Sequence[ListColumn], places: dict, lists: str, texts: TemplateTexts) -> None:
    quoted = lists.replace("'", "''")
    for number, (place, count) in places.items():
        letters = xlsxwriter.utility.xl_col_to_name(place, col_abs=True)
        options = {
            "validate": "list",
            "source": f"='{quoted}'!{letters}$2:{letters}${count + 1}",
            "error_type": "warning",
            "error_title": texts.wrong_title,
            "error_message": texts.wrong_word,
        }
        sheet.data_validation(1, number, LAST_ROW, number, options)


def _write_explanations(sheet, columns: Sequence[ListColumn], texts: TemplateTexts, formats: dict) -> None:
    for number, width in enumerate(EXPLANATION_WIDTHS):
        sheet.set_column(number, number, width)
    for row, line in enumerate(texts.introduction):
        sheet.write_string(row, 0, plain_text(line), None if row else formats["title"])
    head = len(texts.introduction) + 1
    for number, heading in enumerate(texts.explanation_headings):
        sheet.write_string(head, number, plain_text(heading), formats["head"])
    for row, column in enumerate(columns, start=head + 1):
        cells = [column.heading, *column.explained]
        sheet.set_row(row, LINE_HEIGHT * max(map(_lines, cells, EXPLANATION_WIDTHS)))
        for number, text in enumerate(cells):
            sheet.write_string(row, number, plain_text(text), formats["wrap" if number else "bold"])


def _lines(text: str, width: int) -> int:
    """Return about how many lines a text needs in a column of ``width`` characters; not every program counts them."""
    return 1 + len(text) // (width - 2)


def _text(example: str | dt.date) -> str:
    return f"{example:%d-%m-%Y}" if isinstance(example, dt.date) else example
