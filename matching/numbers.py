"""Match numbers: M, the year, a running number within the programme (``M-2011-021``)."""

from django.urls import reverse

from accounts.models import User
from common.numbering import take_numbers
from matching.models import Match
from programmes.models import Programme


def take_match_number(programme: Programme, year: int) -> str:
    """Return the next free match number of a programme in a year. Call it in the transaction that uses the number.

    Numbers that an imported list has used are skipped.
    """
    while True:
        number = f"M-{year}-{take_numbers(f'M-{programme.pk}-{year}')[0]:03d}"
        if not Match.objects.filter(programme=programme, number=number).exists():
            return number


def url_of_match_number(number: str, user: User) -> str | None:
    """Return the address of the match with exactly this number, the newest one if two programmes use it."""
    match = Match.objects.visible_to(user).filter(number__iexact=number).order_by("-pk").only("pk").first()
    return reverse("matching:match-detail", args=[match.pk]) if match else None
