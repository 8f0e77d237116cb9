"""What each model says about being merged."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from accounts.models import User
from people.models import Person

Values = dict[str, Any]  # attname → value


class MergeRefused(ValidationError):
    """The two cannot be merged, or a merge cannot be undone; the sentence says why and what to do."""


def fill_blanks(row: models.Model, twin: models.Model, remarks: list[str]) -> Values:
    """What `row` lacks and `twin` has. A blank never erases."""
    own = {field.attname for field in row._meta.concrete_fields if not field.primary_key and field.editable}
    return {
        name: getattr(twin, name)
        for name in sorted(own)
        if getattr(row, name) in (None, "", []) and getattr(twin, name) not in (None, "", [])
    }


def move_as_it_is(row: models.Model, changes: Values) -> Values:
    return changes


def restore_as_it_was(row: models.Model) -> Values:
    return {}


@dataclass(frozen=True, kw_only=True)
class MergeRule:
    """How the rows of a model follow a person.

    `fold(row, twin, remarks)`: a unique rule lets only one of the two stand; the values that `row` takes over. Lines
    added to `remarks` go into the person's notes. Raises MergeRefused.
    `move(row, changes)`: what changes when a row moves (its foreign key), or None when it is to be taken away.
    `restore(row)`: on undoing, further values for a row that is put back, where its old ones are taken by now.
    """

    fold: Callable[[Any, Any, list[str]], Values] = fill_blanks
    move: Callable[[Any, Values], Values | None] = move_as_it_is
    restore: Callable[[Any], Values] = restore_as_it_was


Check = Callable[[Person, Person], None]
Settling = Callable[[Person], None]
Account = Callable[[Person, Person, User], Iterable[str]]
_rules: dict[type[models.Model], MergeRule] = {}
_checks: list[Check] = []
_settlings: list[Settling] = []
_accounts: list[Account] = []


def register_rule(model: type[models.Model], rule: MergeRule) -> None:
    """Set the rule of a model; registering it again replaces it."""
    _rules[model] = rule


def rule_of(model: type[models.Model]) -> MergeRule:
    return _rules.get(model) or MergeRule()


def register_check(check: Check) -> Check:
    """Add a check; may be used as a decorator. Registering twice counts once."""
    return _add(_checks, check)


def register_settling(settle: Settling) -> Settling:
    """Add what brings statuses in line; may be used as a decorator."""
    return _add(_settlings, settle)


def register_account(account: Account) -> Account:
    """Add what the page of choice says; may be used as a decorator."""
    return _add(_accounts, account)


def _add(entries: list, entry):
    if entry not in entries:
        entries.append(entry)
    return entry


def check_all(kept: Person, other: Person) -> None:
    """Raises MergeRefused."""
    for check in _checks:
        check(kept, other)


def settle_all(person: Person) -> None:
    for settle in _settlings:
        settle(person)


def accounts_of(kept: Person, other: Person, user: User) -> list[str]:
    """What will happen to all that hangs on the other person, in sentences."""
    return [sentence for account in _accounts for sentence in account(kept, other, user)]
