"""What a form holds, as the values that a browser posts.

With these values, ``common.editing`` compares what a user saw, what is stored and what the user typed. A formset counts
as one field.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django import forms
from django.core import signing
from django.utils.text import capfirst
from django.utils.translation import gettext as _

SEEN = "seen"  # name of the hidden field with what the form held when the page was opened
Posted = dict[str, list[str]]  # name of a control → its values


@dataclass(frozen=True, slots=True)
class FieldValues:
    """The values of a field, or of all rows of a formset. A formset has a ``label`` as a field has."""

    source: forms.BoundField | forms.BaseFormSet
    posted: Posted

    @property
    def name(self) -> str:
        return self.source.prefix if self.is_formset else self.source.name

    @property
    def label(self) -> str:
        return capfirst(str(self.source.label))

    @property
    def is_formset(self) -> bool:
        return isinstance(self.source, forms.BaseFormSet)

    @property
    def is_text(self) -> bool:
        """Whether two texts can be kept one after the other."""
        return not self.is_formset and isinstance(self.source.field.widget, forms.Textarea)

    def key(self, posted: Posted | None = None):
        """Return what is compared: the values, or those of an earlier page, without blanks at the ends."""
        posted = self.posted if posted is None else posted
        if self.is_formset:
            return [row for row in _rows(self.source, posted) if row not in ({}, _blank_row(self.source))]
        return _plain(self.source.field, posted.get(self.source.html_name, []))

    def words(self, posted: Posted | None = None) -> str:
        """Return the values, or those of an earlier page, as a reader sees them."""
        key = self.key(posted)
        if not self.is_formset:
            return _words(self.source.field, key)
        fields = self.source.empty_form.fields
        return "\n".join(", ".join(_words(fields[name], values) for name, values in row.items()) for row in key)


class Seen(NamedTuple):
    """What a form held when its page was opened, by the name of the field."""

    at: dt.datetime
    values: dict[str, Posted]


def values_of_forms(
    shown: Iterable[forms.BaseForm | forms.BaseFormSet], only: Iterable[str] = ()
) -> dict[str, FieldValues]:
    """Return the values of the visible fields of forms and of formsets, by name. ``only`` names the fields wanted."""
    found = [values for form in shown for values in _values(form)]
    return {values.name: values for values in found if not only or values.name in only}


def _values(form: forms.BaseForm | forms.BaseFormSet) -> Iterator[FieldValues]:
    if isinstance(form, forms.BaseFormSet):
        rows = [bound for one in [form.management_form, *form.forms] for bound in one]
        yield FieldValues(form, {bound.html_name: _posted(bound) for bound in rows})
        return
    for bound in form.visible_fields():
        yield FieldValues(bound, {bound.html_name: _posted(bound)})


def _posted(bound: forms.BoundField) -> list[str]:
    """Return the values that the control of a field posts."""
    widget, value = bound.field.widget, bound.value()
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if widget.check_test(value) else []
    shown = widget.format_value(value)
    items = shown if isinstance(shown, list | tuple) else [shown]
    return [str(item) for item in items if item is not None]


def _plain(field: forms.Field, values: list[str]) -> list[str]:
    """Return values without blanks at the ends and without empty ones; those of a multiple choice in order."""
    plain = [text for value in values if (text := value.replace("\r\n", "\n").strip())]
    return sorted(plain) if getattr(field.widget, "allow_multiple_selected", False) else plain


def _rows(formset: forms.BaseFormSet, posted: Posted) -> list[dict[str, list[str]]]:
    """Return the rows of a formset, each with the values of the fields that have any."""
    names = list(formset.empty_form.fields)
    rows: dict[int, dict[str, list[str]]] = {}
    for key, values in posted.items():
        found = re.fullmatch(rf"{re.escape(formset.prefix)}-(\d+)-(\w+)", key)
        if found and found[2] in names:
            rows.setdefault(int(found[1]), {})[found[2]] = values
    fields = formset.empty_form.fields
    plain = ({name: _plain(fields[name], row.get(name, [])) for name in names} for _number, row in sorted(rows.items()))
    return [{name: values for name, values in row.items() if values} for row in plain]


def _blank_row(formset: forms.BaseFormSet) -> dict[str, list[str]]:
    form = formset.empty_form
    plain = {name: _plain(field, _posted(form[name])) for name, field in form.fields.items()}
    return {name: values for name, values in plain.items() if values}


def _words(field: forms.Field, values: list[str]) -> str:
    if isinstance(field.widget, forms.CheckboxInput):
        return _("Yes") if values else _("No")
    if isinstance(field.widget, forms.widgets.ChoiceWidget):
        labels = dict(_flat(field.widget.choices))
        return ", ".join(labels.get(value, value) for value in values)
    return "\n".join(values)


def _flat(choices: Iterable) -> Iterator[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), str(label)


def pack_seen(values: Mapping[str, FieldValues], at: dt.datetime) -> str:
    """Return the content of the hidden field ``SEEN``, signed, as it decides which changes are another user's."""
    plain = {name: one.posted for name, one in values.items()}
    return signing.dumps([at.isoformat(), plain], salt=SEEN, compress=True)


def unpack_seen(text: str | None) -> Seen | None:
    """Return what a page held, or None if the field is missing or not ours."""
    try:
        at, values = signing.loads(text or "", salt=SEEN)
    except signing.BadSignature:
        return None
    return Seen(dt.datetime.fromisoformat(at), values)
