"""The tables of a branch are derived from the models; models and columns that fit no rule are reported."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.test.utils import isolate_apps

from accounts.models import Branch, User
from imports.models import ImportBatch
from people.models import Organisation, Person, Term
from transfer import tables as tables_module
from transfer.exclusions import (
    CROSS_BRANCH_REFERENCES,
    DERIVED_VALUES,
    EXCLUDED_COLUMNS,
    EXCLUDED_TABLES,
    INCLUDED_FROM_OTHERS,
    NUMBER_SERIES,
)
from transfer.tables import branch_tables, build_tables, excluded_columns, key_of, matching_columns, our_models


def test_every_model_is_in_the_file_or_excluded():
    """When this fails for a new model or column, decide in transfer/exclusions.py."""
    tables, undecided = build_tables(our_models())
    assert undecided == []
    in_file = {table.model._meta.label for table in tables}
    assert in_file | set(EXCLUDED_TABLES) == {model._meta.label for model in our_models()}
    assert in_file & set(EXCLUDED_TABLES) == set()


def test_exclusions_name_existing_models_and_columns():
    labels = {model._meta.label for model in our_models()}
    columns = {f"{model._meta.label}.{field.name}" for model in our_models() for field in model._meta.concrete_fields}
    assert set(EXCLUDED_TABLES) - labels == set()
    assert (INCLUDED_FROM_OTHERS | set(NUMBER_SERIES) | set(DERIVED_VALUES)) - labels == set()
    assert (CROSS_BRANCH_REFERENCES | set(EXCLUDED_COLUMNS)) - columns == set()


def test_tables_are_sorted_after_those_to_which_they_refer():
    order = [table.model for table in branch_tables()]
    early = [
        f"{table.name}.{column.name}"
        for place, table in enumerate(branch_tables())
        for column in table.columns
        if column.target in order and not column.is_deferred and order.index(column.target) >= place
    ]
    assert early == []
    assert order[0] is Branch


def test_every_column_is_in_the_file_or_excluded_with_a_reason():
    lost = [
        f"{table.name}.{field.name}"
        for table in branch_tables()
        for field in table.model._meta.concrete_fields
        if not field.primary_key
        and field.name not in {column.name for column in table.columns}
        and field not in [left for left, _reason in excluded_columns(table)]
    ]
    assert lost == []
    person = next(table for table in branch_tables() if table.model is Person)
    assert [(field.name, str(reason)) for field, reason in excluded_columns(person)] == [
        ("search_text", "Regnes ud igen af navn, nummer, e-mail og telefon."),
    ]


def test_key_and_matching_columns():
    assert {model.__name__: key_of(model).name for model in (Branch, User, Person)} == {
        "Branch": "slug",
        "User": "email",
        "Person": "case_number",
    }
    assert key_of(Organisation) is None
    assert matching_columns(Term) == ("kind", "name")
    assert matching_columns(ImportBatch) == ()


def undecided(*extra) -> list[str]:
    return build_tables([*our_models(), *extra])[1]


def invent(name: str, /, *, constraints=(), of_branch: bool = True, **fields) -> type[models.Model]:
    """A model of the app people; by default it belongs to a branch."""
    meta = type("Meta", (), {"app_label": "people", "constraints": list(constraints)})
    if of_branch:
        fields = {"branch_paths": ("branch",), "branch": models.ForeignKey(Branch, models.CASCADE)} | fields
    return type(name, (models.Model,), {"__module__": __name__, "Meta": meta} | fields)


@isolate_apps("people")
def test_model_without_a_branch_is_reported():
    weather = invent("Weather", of_branch=False, day=models.DateField())
    assert undecided(weather) == [
        "people.Weather: it does not belong to a branch and nothing refers to it. Add it to EXCLUDED_TABLES."
    ]


@isolate_apps("people")
def test_model_of_a_branch_is_added_without_a_decision():
    key = invent("Key", opens=models.CharField(max_length=20))
    copy = invent(
        "Copy",
        of_branch=False,
        key=models.ForeignKey(key, models.CASCADE),
        of=models.ForeignKey("self", models.CASCADE, null=True),
    )
    tables, questions = build_tables([*our_models(), copy, key])
    assert questions == []
    assert [(table.model, table.owner) for table in tables[-2:]] == [(key, "branch"), (copy, "key")]
    assert [(column.name, column.is_deferred) for column in tables[-1].columns] == [("key", False), ("of", True)]


@isolate_apps("people")
def test_columns_that_no_cell_can_hold_are_reported():
    photo = invent(
        "Photo",
        seen_by=models.ForeignKey(User, models.CASCADE),
        other=models.ForeignKey(Branch, models.CASCADE, related_name="+"),
        batch=models.ForeignKey(ImportBatch, models.CASCADE),
        pixels=models.BinaryField(),
        title=models.CharField(max_length=9, null=True),
    )
    assert undecided(photo) == [
        "people.Photo.seen_by: it refers to accounts.User, which is not in the file.",
        "people.Photo.other: a second branch. Leave it or the table out.",
        "people.Photo.batch: it refers to imports.ImportBatch, which is not in the file.",
        "people.Photo.pixels: no cell can hold a BinaryField like this.",
        "people.Photo.title: no cell can hold a CharField like this.",
    ]


@isolate_apps("people")
def test_shared_table_without_a_unique_constraint_is_reported():
    sometimes = models.UniqueConstraint(fields=["name"], condition=models.Q(name="red"), name="once")
    colour = invent("Colour", of_branch=False, constraints=[sometimes], name=models.CharField(max_length=9))
    wall = invent("Wall", colour=models.ForeignKey(colour, models.PROTECT))
    assert undecided(colour, wall) == [
        "people.Colour: all branches share it, but no rule says when two rows are the same."
    ]


@isolate_apps("people")
def test_circle_with_an_optional_reference_is_deferred():
    hen = invent("Hen", egg=models.ForeignKey("people.Egg", models.CASCADE, null=True))
    egg = invent("Egg", hen=models.ForeignKey(hen, models.CASCADE))
    tables, questions = build_tables([*our_models(), egg, hen])
    assert questions == []
    assert [table.model for table in tables[-2:]] == [hen, egg]
    assert [column.name for table in tables for column in table.columns if column.is_deferred] == ["egg"]


@isolate_apps("people")
def test_circle_of_required_references_is_reported():
    chick = invent("Chick", shell=models.ForeignKey("people.Shell", models.CASCADE))
    shell = invent("Shell", chick=models.ForeignKey(chick, models.CASCADE))
    assert undecided(chick, shell) == ["people.Chick, people.Shell: they refer to one another."]


def test_branch_tables_raises_while_a_column_is_undecided(monkeypatch):
    monkeypatch.setattr(tables_module, "our_models", lambda: [Branch, Person])
    branch_tables.cache_clear()
    with pytest.raises(ImproperlyConfigured) as caught:
        branch_tables()
    branch_tables.cache_clear()
    assert (
        str(caught.value) == "people.Person.organisation: it refers to people.Organisation, which is not in the file."
    )
