"""Match numbers typed into the search field lead straight to the match."""

from django.urls import reverse

from accounts.models import User
from matching.models import Match


def match_of_number(number: str, user: User) -> str | None:
    """Address of the match with exactly this number, the newest when two programmes use it."""
    match = Match.objects.visible_to(user).filter(number__iexact=number).order_by("-pk").only("pk").first()
    return reverse("matching:match-detail", args=[match.pk]) if match else None
