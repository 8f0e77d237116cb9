"""What a spreadsheet would calculate, and the apostrophe that keeps it from that: one rule for writer and reader."""

import re

# Some programs take the full-width signs = + - @ for the plain ones.
STARTS_A_FORMULA = re.compile(r"[\s'\ufeff]*[=+\-@|%\t\r\n\uff1d\uff0b\uff0d\uff20]")


def unescape(cell):
    """Take off the apostrophe that our own csv writer puts before what a spreadsheet would calculate."""
    return cell[1:] if cell.startswith("'") and STARTS_A_FORMULA.match(cell, 1) else cell
