"""Case numbers: the branch's letter, the year, a running number (T-2011-038)."""

from accounts.models import Branch
from common.numbering import take_numbers


def take_case_numbers(branch: Branch, year: int, count: int = 1) -> list[str]:
    """The next case numbers of a branch in a year; call inside the transaction that uses them."""
    return [f"{branch.code}-{year}-{number:03d}" for number in take_numbers(f"{branch.code}-{year}", count)]
