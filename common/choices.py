"""Choices with a Danish slug, which addresses contain instead of the stored English value."""

from typing import Any, Self

from django.db import models
from django.utils.text import slugify
from django.utils.translation import override

LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def danish_slug(label: Any) -> str:
    """Return the slug of a label's Danish text: ``Opfølgninger`` is ``opfoelgninger``."""
    with override("da"):
        return slugify(str(label).lower().translate(LETTERS))


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
