"""Match numbers: M, the year, a running number within the programme (M-2011-021)."""

from common.numbering import take_numbers
from matching.models import Match
from programmes.models import Programme


def take_match_number(programme: Programme, year: int) -> str:
    """The next free number of a programme in a year; call inside the transaction that uses it.

    Numbers that stand in an old list are passed over.
    """
    while True:
        number = f"M-{year}-{take_numbers(f'M-{programme.pk}-{year}')[0]:03d}"
        if not Match.objects.filter(programme=programme, number=number).exists():
            return number
