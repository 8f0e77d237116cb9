"""Choices with a Danish slug, which addresses contain instead of the stored English value."""

from typing import Self

from django.db import models


class SluggedChoices(models.TextChoices):
    """Choices whose members have a ``slug``: ``WAITING = "waiting", "venter", _("On the waiting list")``."""

    slug: str

    def __new__(cls, value: str, slug: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.slug = slug
        return member

    @classmethod
    def of_query(cls, text: str | None) -> Self | None:
        """Return the member with this slug, or with this value, as in earlier addresses; None for others."""
        return next((member for member in cls if text in (member.slug, member.value)), None)
