"""The fields of a post in words, for a page that knows neither its form nor its view."""

import re

from django import forms

CODE = re.compile(r"[\w.:/?=&%+-]*")  # a choice, a key, a number, an address: nothing that was written


def describe_fields(fields: list[tuple[str, list[str]]]) -> list[tuple[str, str]]:
    """Return label and text of the fields in which something was typed or chosen.

    The labels are those of the form class that has most of the fields. A field that it lacks has no label, and is
    left out if its value is a code.
    """
    known = _form_fields({name for name, _values in fields})
    described = []
    for name, values in fields:
        field = known.get(name)
        text = ", ".join(filter(None, (_words_of(field, value) for value in values)))
        if text and not (field and field.widget.is_hidden) and (field or not CODE.fullmatch(text)):
            described.append((str(field.label or "") if field else "", text))
    return described


def _form_fields(names: set[str]) -> dict[str, forms.Field]:
    found = max(form_classes(forms.BaseForm), key=lambda form: len(names & form.base_fields.keys()), default=None)
    return found.base_fields if found else {}


def form_classes(base: type) -> list[type[forms.BaseForm]]:
    """Return the form classes below ``base`` that have fields."""
    below = [form for child in base.__subclasses__() for form in form_classes(child)]
    return below + ([base] if hasattr(base, "base_fields") else [])


def _words_of(field: forms.Field | None, value: str) -> str:
    """Return a value as the user saw it: the label of a choice, or the text; nothing for a key or an unknown choice."""
    if isinstance(field, forms.ModelChoiceField):
        return ""
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, "" if CODE.fullmatch(value) else value))
    return value
