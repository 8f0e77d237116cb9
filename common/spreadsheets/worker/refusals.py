"""Why a file is not read, and what may still come out of one."""

MAX_CELL_TEXT = 100_000
MAX_SHEETS = 500
LONGEST_PLACE = 60  # characters of a sheet's or a part's name in a refusal


class Refused(Exception):
    """The file is not read; `code` says why, `facts` are the figures and the place of the sentence."""

    def __init__(self, code, **facts):
        super().__init__(code)
        self.code = code
        self.facts = {name: shown(value) for name, value in facts.items() if value not in ("", None)}


def shown(value):
    """A name from the file, fit to stand in a sentence."""
    if not isinstance(value, str):
        return value
    return "".join(letter for letter in value if letter.isprintable())[:LONGEST_PLACE]


def column_letters(column):
    """A, B … Z, AA … for a column counted from 0."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row, column):
    """The name of a cell whose row counts from 1 and whose column from 0."""
    return f"{column_letters(column)}{row}"


def refuse_beyond(rows, cells, width, limits, place=""):
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
    """What may still come out of the file: rows a sheet, cells and text in all."""

    def __init__(self, limits):
        self.limits = limits
        self.cells, self.text = limits["cells"], limits["text"]

    def check_end(self, last_row, last_column, place=""):
        refuse_beyond(last_row + 1, 0, last_column + 1, self.limits, place)

    def spend(self, row, cells, place=""):
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
