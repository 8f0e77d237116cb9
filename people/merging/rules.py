"""How the rows of each model follow a person into a merge, and the hooks that upper apps fill."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from accounts.models import User
from common.hooks import Hook
from people.models import Person

Values = dict[str, Any]  # attname → value


class MergeRefused(ValidationError):
    """The two cannot be merged, or a merge cannot be undone. The message says why and what to do."""


def fill_blanks(row: models.Model, twin: models.Model, remarks: list[str]) -> Values:
    """Return the values that are blank in ``row`` and filled in ``twin``."""
    own = {field.attname for field in row._meta.concrete_fields if not field.primary_key and field.editable}
    return {
        name: getattr(twin, name)
        for name in sorted(own)
        if getattr(row, name) in (None, "", []) and getattr(twin, name) not in (None, "", [])
    }


def keep_changes(row: models.Model, changes: Values) -> Values:
    return changes


@dataclass(frozen=True, kw_only=True)
class MergeRule:
    """How the rows of a model follow a person.

    ``fold(row, twin, remarks)`` returns the values that ``row`` takes over when a unique constraint allows only one
    of the two. Lines added to ``remarks`` go into the person's notes. Raises MergeRefused.
    ``move(row, changes)`` returns the changes of a row that moves (its foreign key, and more if needed), or None to
    remove the row.
    """

    fold: Callable[[Any, Any, list[str]], Values] = fill_blanks
    move: Callable[[Any, Values], Values | None] = keep_changes


MergeCheck = Callable[[Person, Person], None]
MergeFollower = Callable[[Person, Person], None]
ConsequenceSource = Callable[[Person, Person, User], Iterable[str]]

MERGE_RULES: Hook[MergeRule] = Hook()  # the key is the model
MERGE_CHECKS: Hook[MergeCheck] = Hook()  # ``check(kept, other)`` raises MergeRefused
MERGE_CONSEQUENCES: Hook[ConsequenceSource] = Hook()  # ``source(kept, other, user)`` yields sentences
MERGE_FOLLOWERS: Hook[MergeFollower] = Hook()  # ``follow(kept, other)`` moves references without a foreign key


def rule_of(model: type[models.Model]) -> MergeRule:
    return MERGE_RULES.get(model) or MergeRule()


def run_merge_checks(kept: Person, other: Person) -> None:
    """Run the checks of all apps. Raises MergeRefused."""
    for check in MERGE_CHECKS:
        check(kept, other)


def merge_consequences(kept: Person, other: Person, user: User) -> list[str]:
    """Return sentences about what a merge does to the rows of the other person."""
    return [sentence for source in MERGE_CONSEQUENCES for sentence in source(kept, other, user)]
