"""No column has two indexes, because each index costs time for every stored row."""

import pytest
from django.apps import apps
from django.db import models

APPS = {"common", "tasks", "accounts", "programmes", "people", "matching", "events", "reporting", "imports"}
MODELS = [model for model in apps.get_models() if model._meta.app_label in APPS]


def first_columns(model: type[models.Model]) -> set[str]:
    """Return the columns with which an index or an unconditional unique constraint begins."""
    rules = [*model._meta.indexes, *(c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint))]
    return {rule.fields[0].lstrip("-") for rule in rules if rule.fields and not rule.condition}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_foreign_key_has_no_index_of_its_own_when_another_index_begins_with_it(model):
    own = {field.name for field in model._meta.concrete_fields if field.is_relation and field.db_index}
    assert own & first_columns(model) == set()
