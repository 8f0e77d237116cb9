"""Cells: their names, their values as JSON, and texts that a spreadsheet would calculate."""

import datetime
import re

EXACT_BELOW = 1e15  # a larger float may differ from the whole number that was typed
# Some programs take the full-width signs = + - @ for the plain ones.
STARTS_A_FORMULA = re.compile(r"[\s'\ufeff]*[=+\-@|%\t\r\n\uff1d\uff0b\uff0d\uff20]")


def column_letters(column):
    """Return A, B … Z, AA … for a column counted from 0."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row, column):
    """Return the name of a cell, such as C3. Rows count from 1, columns from 0."""
    return f"{column_letters(column)}{row}"


def without_apostrophe(text):
    """Remove the apostrophe that our csv writer puts before a text that a spreadsheet would calculate."""
    return text[1:] if text.startswith("'") and STARTS_A_FORMULA.match(text, 1) else text


def json_value(value):
    """Return a cell's value as JSON data: None for a blank, whole floats as integers, days and times tagged."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < EXACT_BELOW else value
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return {"day": value.date().isoformat()} if midnight else {"time": value.isoformat(timespec="seconds")}
    if isinstance(value, datetime.date):
        return {"day": value.isoformat()}
    if isinstance(value, datetime.time | datetime.timedelta):
        return str(value)
    return value
