"""Spreadsheets in and out, safely: hostile files are refused before they are unpacked, and no formula leaves.

Reading: :func:`read_spreadsheet` (xlsx, xls, ods, csv, txt). Writing: :func:`write_xlsx`, :func:`write_ods`,
:func:`write_csv` and, for a view, :func:`spreadsheet_response`; :func:`write_list_template` for a list to be filled in.
"""

from .ods import write_ods
from .reading import Cell, FileRefused, Sheet, Spreadsheet, read_spreadsheet
from .remarks import remark_sentence
from .templates import ListColumn, Words, write_list_template
from .worker.refusals import column_letters
from .writing import csv_lines, spreadsheet_response, write_csv, write_xlsx

__all__ = [
    "Cell",
    "FileRefused",
    "ListColumn",
    "Sheet",
    "Spreadsheet",
    "Words",
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
