"""Checks that every service repeats, so that a forged form or an old page changes nothing."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Verb
from common.cpr import refuse_cpr
from common.journal import save
from people.display import state_words
from people.models import Person


class StateRefused(ValidationError):
    """The state of a person forbids what is to be done. The message names the state."""


_in_consequences: ContextVar[bool] = ContextVar("in_consequences", default=False)


@contextmanager
def consequences() -> Iterator[None]:
    """Let services do what follows from a permitted act, also in other branches: a death ends the matches there."""
    token = _in_consequences.set(True)
    try:
        yield
    finally:
        _in_consequences.reset(token)


def require_work_in(branch_ids: Iterable[int], by: User | None) -> None:
    """Raise PermissionDenied unless ``by`` may work with cases in one of the branches. ``None`` is a command.

    What follows from a permitted act is permitted (``consequences``).
    """
    if by is not None and not _in_consequences.get() and not set(branch_ids) & set(by.branch_ids_for(Verb.WORK_CASES)):
        raise PermissionDenied


def refuse_closed_people(person_ids: Collection[int], *, from_day: dt.date | None = None) -> None:
    """Lock the people, and raise StateRefused if one has died, moved away or wants no contact.

    With ``from_day`` only states that began before that day count: what happened before them may still be recorded.
    """
    people = Person.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=person_ids).order_by("pk")
    for person in people:
        if person.state and (from_day is None or person.state_on < from_day):
            raise StateRefused(state_sentence(person))


def state_sentence(person: Person) -> str:
    """Return why nothing new can be planned with a person who has a state, and what to do if it is wrong."""
    return _("%(name)s: %(state)s. If this is wrong, lift the state on the person's page first.") % {
        "name": person.name,
        "state": state_words(person),
    }


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
