"""What a sheet says beside its values: hidden rows and columns, merged cells, formulas nobody has calculated."""

from .refusals import Refused, cell_name

NAMED_CELLS = 10  # of those that call for a word, the first are named
MAX_MERGES = 50_000
MAX_RANGES = 50_000  # of hidden rows or columns
MAX_DOUBTS = 200_000  # cells kept in mind, a sheet
TOLD_EVERY = 1_000  # rows that are looked through between two words about how far it is


class Places:
    """Cells that share a trouble: how many, and the names of the first."""

    def __init__(self):
        self.count, self.cells = 0, []

    def add(self, name):
        self.count += 1
        if name and len(self.cells) < NAMED_CELLS:
            self.cells.append(name)

    def as_json(self):
        return {"count": self.count, "cells": self.cells}


class SheetMarks:
    """The marks of one sheet. Rows count from 1, columns from 0; ranges are [first, last]."""

    def __init__(self):
        self.hidden_rows, self.hidden_columns = [], []
        self.merges = []  # [first row, last row, column] of those that reach over several rows
        self.merge_count = 0
        self.formulas = Places()
        self.errors = set()  # (row, column): the reader of values tells them as blanks
        self.zero_formulas = []  # (row, column) of formulas whose value is 0: a default in files nobody calculated
        self.uncalculated = set()
        self.rows = self.columns = 0  # as far as is known, how far the sheet reaches

    def hide_rows(self, first, last):
        extend_ranges(self.hidden_rows, first, last)

    def hide_columns(self, first, last):
        extend_ranges(self.hidden_columns, first, last)

    def merge(self, first_row, last_row, column):
        self.merge_count += 1
        if last_row > first_row and self.merge_count <= MAX_MERGES:
            self.merges.append([first_row, last_row, column])

    def refuse_merges(self, place):
        if self.merge_count > MAX_MERGES:
            raise Refused("too_many_merges", limit=MAX_MERGES, place=place)

    def add_error(self, row, column):
        if len(self.errors) < MAX_DOUBTS:
            self.errors.add((row, column))

    def doubt_zero(self, row, column):
        if len(self.zero_formulas) < MAX_DOUBTS:
            self.zero_formulas.append((row, column))

    def distrust_zeros(self):
        """No formula was ever calculated: the zeros that stand for their values are blanks."""
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
    if ranges and ranges[-1][1] + 1 >= first >= ranges[-1][0]:
        ranges[-1][1] = max(last, ranges[-1][1])
    elif len(ranges) < MAX_RANGES:
        ranges.append([first, last])
