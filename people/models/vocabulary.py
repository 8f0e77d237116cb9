"""The shared vocabulary of offers and wishes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.conditions import CheckedModel
from common.danish_order import DANISH
from people.enums import TermKind


class Term(CheckedModel):
    """A term of the vocabulary: a topic, industry, language, area or time. Names are Danish."""

    kind = models.CharField(_("kind"), max_length=10, choices=TermKind)
    name = models.CharField(_("name"), max_length=80, db_collation=DANISH)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    aliases = models.JSONField(_("also written as"), default=list, blank=True)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("vocabulary")
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TermKind.values), name="term_kind_valid"),
            models.UniqueConstraint(
                fields=["kind", "name"], name="term_once", violation_error_message=_("This term exists already.")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def spellings(self) -> set[str]:
        """All names and aliases in small letters."""
        return {word.casefold() for word in (self.name, self.name_en, *self.aliases) if word}
