"""Checks that every service repeats, so that a forged form or an old page changes nothing."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, models
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Verb
from common.cpr import refuse_cpr


def require_work_in(branch_ids: Iterable[int], by: User | None) -> None:
    """Raise PermissionDenied unless ``by`` may work with cases in one of the branches. ``None`` is a command."""
    if by is not None and not set(branch_ids) & set(by.branch_ids_for(Verb.WORK_CASES)):
        raise PermissionDenied


def save_clean(record: models.Model) -> None:
    """Validate a record, refuse CPR numbers in its texts, and save it.

    Raises ValidationError, also if the record was deleted meanwhile, so that it is not created again.
    """
    _refuse_cpr_in(record)
    record.full_clean()
    try:
        record.save(force_update=not record._state.adding)
    except DatabaseError as error:
        if (
            type(error) is not DatabaseError
        ):  # an error of the database; Django raises the base class when no row was updated
            raise
        raise ValidationError(_("It was deleted meanwhile. Nothing was saved.")) from error


def _refuse_cpr_in(record: models.Model) -> None:
    errors = {}
    for field in record._meta.fields:
        value = getattr(record, field.attname)
        if isinstance(value, str) and field.editable and not field.choices:
            try:
                refuse_cpr(value)
            except ValidationError as error:
                errors[field.name] = error
    if errors:
        raise ValidationError(errors)
