"""Asked again inside every act: a forged form or a stale page changes nothing."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, models
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Verb
from common.cpr import refuse_cpr


def require_work_in(branch_ids: Iterable[int], by: User | None) -> None:
    """Raises PermissionDenied unless ``by`` may work with cases in one of the branches. ``None`` is a command."""
    if by is not None and not set(branch_ids) & set(by.branch_ids_for(Verb.WORK_CASES)):
        raise PermissionDenied


def save_clean(record: models.Model) -> None:
    """Validate a record in full, refuse CPR numbers in each of its texts, and save it.

    Raises ValidationError, also for a record that somebody deleted meanwhile: it does not rise again.
    """
    _refuse_cpr_in(record)
    record.full_clean()
    try:
        record.save(force_update=not record._state.adding)
    except DatabaseError as error:
        if type(error) is not DatabaseError:  # the database's own; Django says so when there was nothing to change
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
