"""Match numbers: M, the year, a running number within the programme (``M-2011-021``)."""

import re
from collections.abc import Sequence

from django.urls import reverse

from accounts.models import User
from common.numbering import take_numbers
from matching.models import Match
from programmes.models import Programme

MATCH_NUMBER = re.compile(r"M-\d{4}-\d{3,6}$")


def take_match_number(programme: Programme, year: int) -> str:
    """Return the next free match number of a programme in a year. Call it in the transaction that uses the number."""
    return take_match_numbers(programme, [("", year)])[0]


def take_match_numbers(programme: Programme, wanted: Sequence[tuple[str, int]]) -> list[str]:
    """Return a number for each new match, given the number that it had elsewhere (or a blank) and its year.

    A number from elsewhere is kept if it has our form and is free. The others get the next free one of their year.
    Call it in the transaction that uses the numbers.
    """
    used = set(Match.objects.filter(programme=programme).values_list("number", flat=True))
    numbers = []
    for number, _year in wanted:
        is_kept = bool(MATCH_NUMBER.match(number.upper())) and number.upper() not in used
        numbers.append(number.upper() if is_kept else "")
        used.add(numbers[-1])
    years = [year for (_number, year), number in zip(wanted, numbers, strict=True) if not number]
    free = {year: iter(_free_numbers(programme, year, years.count(year), used)) for year in sorted(set(years))}
    return [number or next(free[year]) for (_number, year), number in zip(wanted, numbers, strict=True)]


def _free_numbers(programme: Programme, year: int, count: int, used: set[str]) -> list[str]:
    """Return the next ``count`` numbers of a year that are not used."""
    free: list[str] = []
    while len(free) < count:
        taken = take_numbers(f"M-{programme.pk}-{year}", count - len(free))
        free += [name for number in taken if (name := f"M-{year}-{number:03d}") not in used]
    return free


def url_of_match_number(number: str, user: User) -> str | None:
    """Return the address of the match with exactly this number, the newest one if two programmes use it."""
    match = Match.objects.visible_to(user).filter(number__iexact=number).order_by("-pk").only("pk").first()
    return reverse("matching:match-detail", args=[match.pk]) if match else None
