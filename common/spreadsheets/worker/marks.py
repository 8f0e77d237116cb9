"""Marks of a sheet: hidden rows and columns, merged cells, cells with errors, formulas without a value."""

from .cells import cell_name
from .refusals import Refused

NAMED_CELLS = 10  # the first cells of a mark are named
MAX_MERGES = 50_000
MAX_RANGES = 50_000  # of hidden rows or columns
MAX_CELLS = 200_000  # remembered per sheet
PROGRESS_ROWS = 1_000  # rows scanned between two reports of progress


class Places:
    """The number of cells or lines with a mark, and the names of the first."""

    def __init__(self):
        self.count, self.cells = 0, []

    def add(self, name):
        self.count += 1
        if name and len(self.cells) < NAMED_CELLS:
            self.cells.append(name)

    def as_json(self):
        return {"count": self.count, "cells": self.cells}


class SheetMarks:
    """The marks of a sheet. Rows count from 1, columns from 0; ranges are [first, last]."""

    def __init__(self):
        self.hidden_rows, self.hidden_columns = [], []
        self.merges = []  # [first row, last row, column] of merged cells that span several rows
        self.merge_count = 0
        self.formulas = Places()
        self.errors = set()  # (row, column) of errors, which calamine reads as blanks
        self.zero_formulas = []  # (row, column) of formulas with value 0, as in files that were never calculated
        self.uncalculated = set()
        self.rows = self.columns = 0  # size of the sheet, as far as it is known

    def hide_rows(self, first, last):
        extend_ranges(self.hidden_rows, first, last)

    def hide_columns(self, first, last):
        extend_ranges(self.hidden_columns, first, last)

    def merge(self, first_row, last_row, column):
        self.merge_count += 1
        if last_row > first_row and self.merge_count <= MAX_MERGES:
            self.merges.append([first_row, last_row, column])

    def refuse_merges(self, place):
        """Raise Refused when the sheet has too many merged cells."""
        if self.merge_count > MAX_MERGES:
            raise Refused("too_many_merges", limit=MAX_MERGES, place=place)

    def add_error(self, row, column):
        if len(self.errors) < MAX_CELLS:
            self.errors.add((row, column))

    def add_zero_formula(self, row, column):
        if len(self.zero_formulas) < MAX_CELLS:
            self.zero_formulas.append((row, column))

    def mark_zero_formulas(self):
        """Count formulas with value 0 as never calculated: their cells are blank."""
        for place in self.zero_formulas:
            self.formulas.add(cell_name(*place))
        self.uncalculated = set(self.zero_formulas)

    def as_json(self):
        found = {
            "hidden_rows": self.hidden_rows,
            "hidden_columns": self.hidden_columns,
            "merges": self.merges,
            "formulas": self.formulas.as_json() if self.formulas.count else None,
        }
        return {name: value for name, value in found.items() if value}


def extend_ranges(ranges, first, last):
    """Add a range, joined with the last one if they touch."""
    if ranges and ranges[-1][1] + 1 >= first >= ranges[-1][0]:
        ranges[-1][1] = max(last, ranges[-1][1])
    elif len(ranges) < MAX_RANGES:
        ranges.append([first, last])
