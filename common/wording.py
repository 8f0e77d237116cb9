"""Names of a model's fields as people read them."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext as _


def changed_words(model: type[models.Model], names: Iterable[str]) -> str:
    """Which fields were changed, in a line for the log of access; empty when none was."""
    words = ", ".join(_field_words(model, name) for name in names)
    return _("Changed: %(fields)s") % {"fields": words} if words else ""


def _field_words(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    is_own = isinstance(field, models.Field)
    return str(field.verbose_name if is_own else field.related_model._meta.verbose_name_plural)
