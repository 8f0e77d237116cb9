"""Checks that every service repeats, so that a forged form or an old page changes nothing."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models

from accounts.models import User
from accounts.roles import Verb
from common.cpr import refuse_cpr
from common.journal import save


def require_work_in(branch_ids: Iterable[int], by: User | None) -> None:
    """Raise PermissionDenied unless ``by`` may work with cases in one of the branches. ``None`` is a command."""
    if by is not None and not set(branch_ids) & set(by.branch_ids_for(Verb.WORK_CASES)):
        raise PermissionDenied


def save_clean(record: models.Model) -> None:
    """Refuse CPR numbers in a record's texts, and save it by ``common.journal.save``. Raises ValidationError."""
    _refuse_cpr_in(record)
    save(record)


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
