"""Refusals of a file, and the limits of what may be read from it."""

from .cells import cell_name

MAX_CELL_TEXT = 100_000  # characters
MAX_SHEETS = 500
LONGEST_PLACE = 60  # characters


class Refused(Exception):
    """Raised when a file is refused. ``code`` names the reason; ``facts`` are figures and place for the sentence."""

    def __init__(self, code, **facts):
        super().__init__(code)
        self.code = code
        self.facts = {name: printable(value) for name, value in facts.items() if value not in ("", None)}


def printable(value):
    """Return a name from the file without control characters, cut to be part of a sentence; numbers unchanged."""
    if not isinstance(value, str):
        return value
    return "".join(letter for letter in value if letter.isprintable())[:LONGEST_PLACE]


def refuse_beyond(rows, cells, width, limits, place=""):
    """Raise Refused when a sheet has more columns, rows or cells than the limits allow."""
    if width > limits["columns"]:
        raise Refused("too_many_columns", limit=limits["columns"], place=place)
    if rows > limits["rows"]:
        raise Refused("too_many_rows", limit=limits["rows"], place=place)
    if cells > limits["cells"]:
        raise Refused("too_many_cells_in_file", limit=limits["cells"], place=place)


def refuse_sheets(count):
    if count > MAX_SHEETS:
        raise Refused("too_many_sheets", limit=MAX_SHEETS)


class Budget:
    """Counts down what may still be read: cells and characters in the whole file."""

    def __init__(self, limits):
        self.limits = limits
        self.cells, self.text = limits["cells"], limits["text"]

    def check_end(self, last_row, last_column, place=""):
        """Raise Refused when the last cell of a sheet, counted from 0, is out of the limits."""
        refuse_beyond(last_row + 1, 0, last_column + 1, self.limits, place)

    def spend(self, row, cells, place=""):
        """Take the cells of a row from the budget. Raises Refused when it is spent."""
        self.cells -= len(cells)
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                if len(cell) > MAX_CELL_TEXT:
                    raise Refused("long_cell", cell=cell_name(row, column), place=place)
                self.text -= len(cell)
        if self.cells < 0:
            raise Refused("too_many_cells_in_file", limit=self.limits["cells"], place=place)
        if self.text < 0:
            raise Refused("unpacks_too_large", megabytes=self.limits["text"] // 1_000_000, place=place)
