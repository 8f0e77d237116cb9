"""One row of a file, checked as a service checks it and stored as it was, with the times it was made and changed."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.cpr import find_cpr_numbers
from common.spreadsheets import FileRefused
from transfer.cells import kind_of, read_cell, texts_of
from transfer.decisions import WORKED_OUT
from transfer.places import Place
from transfer.services.references import EMPTY, SHOWN, UNREADABLE
from transfer.tables import Column

MISFIT = _("a value does not fit.")


def read_value(place: Place, column: Column, cell: str) -> object:
    """The value of a cell that refers to nothing. Raises FileRefused, also for a CPR number."""
    kind = kind_of(column.field)
    try:
        value = read_cell(kind, cell)
        _check_shape(column.field, value)
    except ValueError as error:
        raise place.refused("bad_value", UNREADABLE, cell=cell[:SHOWN]) from error
    if value is None and not column.field.null:
        raise place.refused("bad_value", EMPTY)
    if any(find_cpr_numbers(text) for text in texts_of(value)):
        raise place.refused(
            "cpr", _("the text holds something that looks like a CPR number. We never store CPR numbers.")
        )
    return value


def _check_shape(field: models.Field, value: object) -> None:
    """What is a list or a table of names by default is never anything else. Raises ValueError."""
    shape = field.default if isinstance(field, models.JSONField) else None
    if shape in {list, dict} and not isinstance(value, shape):
        raise ValueError(value)


def build_row(place: Place, values: dict) -> models.Model:
    """The row with what is worked out, each column checked. Raises FileRefused."""
    model = place.table.model
    row = model(**values)
    try:
        for name, value in WORKED_OUT.get(model._meta.label, _nothing)(row).items():
            setattr(row, name, value)
    except (TypeError, AttributeError) as error:  # a list of numbers where texts belong
        raise place.refused("bad_value", MISFIT) from error
    try:
        row.clean_fields(exclude={field.name for field in model._meta.concrete_fields if field.is_relation})
    except ValidationError as error:
        place.column, messages = next(iter(error.message_dict.items()))
        raise place.refused("bad_value", " ".join(messages)) from error
    return row


def _nothing(row: models.Model) -> dict:
    return {}


def store_row(row: models.Model) -> None:
    """Insert the row as it stands: raw, as fixtures are loaded, so that created_at and updated_at are kept."""
    row.save_base(raw=True)


def explain_clash(place: Place, row: models.Model, error: Exception) -> FileRefused:
    """Why the database did not take a row, in words; call when what the table got is rolled back."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.unique and not field.primary_key and type(row)._base_manager.filter(**{field.name: value}).exists():
            place.column = field.name
            return place.refused("taken", _("%(value)s is in use in another branch here."), value=str(value)[:SHOWN])
    try:
        row.validate_constraints()
    except ValidationError as rule:
        return place.refused("rule", " ".join(rule.messages))
    if "unique" in str(error).lower():
        return place.refused("rule", _("another row of the file says the same."))
    return place.refused("rule", MISFIT)
