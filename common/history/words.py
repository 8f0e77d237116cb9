"""Values of records in the language of the reader."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.history.describing import RECORD_WORDS, named_fields
from common.record_values import Values, fields_of
from common.scoping import ScopedModel
from common.templatetags.danish import at_time, danish_date, danish_number, phone

Model = type[models.Model]
LONGEST_TEXT, LONGEST_EXCERPT, CONTEXT = 160, 120, 40  # characters


class Names:
    """The names of records that values refer to: those that the user may see. One query for each model."""

    def __init__(self, user: Any):
        self.user = user
        self._wanted: dict[Model, set[int]] = defaultdict(set)
        self._found: dict[tuple[Model, int], str] = {}

    def want(self, model: Model, values: Values) -> None:
        """Note what values of a model refer to."""
        for name, value in values.items():
            field = fields_of(model).get(name)
            if field is not None and field.is_relation and value is not None:
                self._wanted[field.related_model].add(value)

    def load(self) -> None:
        for model, pks in self._wanted.items():
            declared = RECORD_WORDS.get(model)
            called = declared.called if declared else str
            is_scoped = issubclass(model, ScopedModel)
            rows = model.objects.visible_to(self.user) if is_scoped else model._base_manager.all()
            parents = [field.name for field in model._meta.concrete_fields if field.is_relation]
            for row in rows.filter(pk__in=pks).select_related(*parents):
                self._found[model, row.pk] = called(row)

    def found(self, model: Model, pk: int) -> str:
        """Return the name of a record; empty if it was deleted, or if the user may not see it."""
        return self._found.get((model, pk), "")

    def name(self, model: Model, pk: int) -> str:
        return self.found(model, pk) or _("another record")


def label_of(model: Model, name: str) -> str:
    """Return the name of a field; of one of an earlier version, its name in the code."""
    field = fields_of(model).get(name)
    return capfirst(str(field.verbose_name)) if field is not None else name


def kind_of(model: Model, count: int = 1) -> str:
    """Return the kind of records, with their number if there are several: ``Møde``, ``3 møder``."""
    meta = model._meta
    return capfirst(str(meta.verbose_name)) if count == 1 else f"{danish_number(count)} {meta.verbose_name_plural}"


def name_of(model: Model, values: Values, names: Names, without: Iterable[str] = ()) -> str:
    """Return the name of a part, such as ``5. januar 2011, 2``; empty without values. ``without`` leaves fields out."""
    fields = [field for field in named_fields(model) if field.attname not in without]
    said = [words_of(field, values.get(field.attname), names) for field in fields]
    return ", ".join(filter(None, said))


def words_of(field: models.Field | None, value: Any, names: Names) -> str:
    """Return a value in words; an empty text for nothing."""
    if value in (None, "", [], {}):
        return ""
    if field is None:
        return str(value)
    if field.is_relation:
        return names.name(field.related_model, value)
    declared = RECORD_WORDS.get(field.model)
    if declared and field.name in declared.words:
        return str(declared.words[field.name](value))
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain_words(field, value)


def _plain_words(field: models.Field, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_item_words(field, item) for item in value)
    for kind, words in _WORDS:
        if isinstance(field, kind) and not field.name.endswith("year"):
            return words(value)
    return _item_words(field, value)


def _item_words(field: models.Field, item: Any) -> str:
    return phone(item) if "phone" in field.name else str(item)


# By the class of the field; a DateTimeField is a DateField as well. A year has no thousands separator.
_WORDS: tuple[tuple[type[models.Field], Callable[[Any], str]], ...] = (
    (models.BooleanField, lambda value: _("yes") if value else _("no")),
    (models.DateTimeField, lambda value: f"{danish_date(value, 'year')} {at_time(value)}"),
    (models.DateField, lambda value: danish_date(value, "year")),
    (models.TimeField, at_time),
    (models.IntegerField, danish_number),
    (models.DecimalField, danish_number),
)


def excerpt(text: str, other: str = "") -> str:
    """Shorten a long text to where it begins to differ from another one; a short text stays as it is."""
    if len(text) <= LONGEST_TEXT:
        return text
    pairs = enumerate(zip(text, other, strict=False))
    same = next((place for place, (one, two) in pairs if one != two), min(len(text), len(other)))
    start = text.rfind(" ", 0, same - CONTEXT) + 1 if same > LONGEST_EXCERPT - CONTEXT else 0
    end = start + LONGEST_EXCERPT
    return f"{'… ' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
