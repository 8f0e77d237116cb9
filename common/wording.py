"""Names of changed fields in words."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext as _


def changed_words(model: type[models.Model], names: Iterable[str]) -> str:
    """Return the names of changed fields as a detail for the access log; empty without any."""
    words = ", ".join(_field_words(model, name) for name in names)
    return _("Changed: %(fields)s") % {"fields": words} if words else ""


def _field_words(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    is_own = isinstance(field, models.Field)
    return str(field.verbose_name if is_own else field.related_model._meta.verbose_name_plural)
