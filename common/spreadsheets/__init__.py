"""Reads and writes spreadsheets safely: hostile files are refused, and no formula is ever written.

:func:`read_spreadsheet` reads xlsx, xls, ods, csv and txt. :func:`write_xlsx`, :func:`write_ods` and :func:`write_csv`
write; :func:`spreadsheet_response` answers a request with a file; :func:`write_list_template` writes a list to fill in.
"""

from .ods import write_ods
from .reading import Cell, FileRefused, Sheet, Spreadsheet, read_spreadsheet
from .remarks import remark_sentence
from .templates import ListColumn, TemplateTexts, write_list_template
from .worker.cells import column_letters
from .writing import csv_lines, spreadsheet_response, write_csv, write_xlsx

__all__ = [
    "Cell",
    "FileRefused",
    "ListColumn",
    "Sheet",
    "Spreadsheet",
    "TemplateTexts",
    "column_letters",
    "csv_lines",
    "read_spreadsheet",
    "remark_sentence",
    "spreadsheet_response",
    "write_csv",
    "write_list_template",
    "write_ods",
    "write_xlsx",
]
