"""Every choice that a form requires says what to choose."""

import importlib
import pkgutil

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import override

from common.forms.base import CHOSEN, CHOSEN_SEVERAL
from common.forms.words import form_classes

pytestmark = pytest.mark.django_db


def product_forms() -> list[type[forms.BaseForm]]:
    """Return all form classes of the product's apps."""
    names = {config.name for config in apps.get_app_configs() if "site-packages" not in config.path}
    for name in names:
        for module in pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    return [form for form in form_classes(forms.BaseForm) if form.__module__.partition(".")[0] in names]


def required_choices() -> dict[str, forms.Field]:
    """Return the required choice fields of all forms, by form and field name."""
    return {
        f"{form.__qualname__}.{name}": field
        for form in product_forms()
        for name, field in form.base_fields.items()
        if isinstance(field, forms.ChoiceField) and field.required and not field.widget.is_hidden
    }


def refusal(field: forms.Field) -> str:
    with override("da"), pytest.raises(ValidationError) as refused:
        field.clean([])
    return str(refused.value.messages[0])


def test_every_required_choice_says_what_to_choose():
    refusals = {name: refusal(field) for name, field in required_choices().items()}
    with override("da"):
        general = {str(CHOSEN), str(CHOSEN_SEVERAL)}
    assert refusals["OutcomeForm.kind"] == "Vælg et svar på »Hvad kom der ud af det?«."
    assert refusals["EventForm.kind"] == "Vælg type."
    assert sorted(name for name, words in refusals.items() if words in general) == []
