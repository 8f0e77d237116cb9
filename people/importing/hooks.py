"""What upper floors store along with imported people, such as interviews that were held and checks in place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import User
from people.importing.journal import Journal
from people.importing.persons import PersonRecord
from people.models import Enrolment


@dataclass(frozen=True)
class StoredRow:
    """An accepted row after its person was stored: what it said, and the enrolment it gave."""

    record: PersonRecord
    enrolment: Enrolment
    import_row_id: int


Hook = Callable[[list[StoredRow], User | None, Journal], None]
_hooks: list[Hook] = []


def register_hook(hook: Hook) -> Hook:
    """Call `hook` inside the transaction of every import of people; registering twice counts once."""
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


def run_hooks(rows: Iterable[StoredRow], by: User | None, journal: Journal) -> None:
    rows = list(rows)
    for hook in _hooks:
        hook(rows, by, journal)
