"""Checking and storing the rows of a branch file, with the times at which they were created and changed."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.cpr import find_cpr_numbers
from common.spreadsheets import FileRefused
from transfer.cells import codec_of, read_cell, texts_of
from transfer.exclusions import DERIVED_VALUES
from transfer.services.references import EMPTY, SHOWN, UNREADABLE
from transfer.tables import BranchColumn
from transfer.unpacking import FilePosition

INVALID = _("a value is not valid.")


def read_value(position: FilePosition, column: BranchColumn, cell: str) -> object:
    """Return the value of a cell that is not a reference. Raises FileRefused, also for a CPR number."""
    try:
        value = read_cell(codec_of(column.field), cell)
        _check_shape(column.field, value)
    except ValueError as error:
        raise position.refusal("bad_value", UNREADABLE, cell=cell[:SHOWN]) from error
    if value is None and not column.field.null:
        raise position.refusal("bad_value", EMPTY)
    if any(find_cpr_numbers(text) for text in texts_of(value)):
        raise position.refusal(
            "cpr", _("the text has something that looks like a CPR number. We never store CPR numbers.")
        )
    return value


def _check_shape(field: models.Field, value: object) -> None:
    """Raise ValueError unless a JSON value has the type of its default, list or dict."""
    shape = field.default if isinstance(field, models.JSONField) else None
    if shape in {list, dict} and not isinstance(value, shape):
        raise ValueError(value)


def build_row(position: FilePosition, values: dict) -> models.Model:
    """Return the row with its derived values, after checking each field. Raises FileRefused."""
    model = position.table.model
    row = model(**values)
    try:
        for name, value in DERIVED_VALUES.get(model._meta.label, _no_values)(row).items():
            setattr(row, name, value)
    except (TypeError, AttributeError) as error:  # such as a number in a list of texts
        raise position.refusal("bad_value", INVALID) from error
    try:
        row.clean_fields(exclude={field.name for field in model._meta.concrete_fields if field.is_relation})
    except ValidationError as error:
        position.column, messages = next(iter(error.message_dict.items()))
        raise position.refusal("bad_value", " ".join(messages)) from error
    return row


def _no_values(row: models.Model) -> dict:
    return {}


def store_row(row: models.Model) -> None:
    """Insert the row raw, as fixtures are loaded, so that ``created_at`` and ``updated_at`` stay the same."""
    row.save_base(raw=True)


def clash_refusal(position: FilePosition, row: models.Model, error: Exception) -> FileRefused:
    """Return why the database rejected a row, in words. Call it after the rollback of the table's rows."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.unique and not field.primary_key and type(row)._base_manager.filter(**{field.name: value}).exists():
            position.column = field.name
            return position.refusal("taken", _("%(value)s is in use in another branch here."), value=str(value)[:SHOWN])
    try:
        row.validate_constraints()
    except ValidationError as rule:
        return position.refusal("rule", " ".join(rule.messages))
    if "unique" in str(error).lower():
        return position.refusal("rule", _("another row of the file has the same values."))
    return position.refusal("rule", INVALID)
