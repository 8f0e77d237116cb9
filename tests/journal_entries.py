"""What an open journal holds, for tests of services that write many records."""

from collections import Counter

from common.journal import Journal
from common.models import ChangeKind


def made(journal: Journal) -> dict[str, int]:
    """Return label → number of created records."""
    made = [entry for entry in journal.entries() if entry.kind == ChangeKind.MADE]
    return dict(Counter(entry.model for entry in made for _pk in range(entry.record_id, entry.last_id + 1)))


def changed(journal: Journal) -> dict[tuple[str, int], dict[str, tuple]]:
    """Return (label, id) → field → (before, after) of changed records."""
    found = {}
    for entry in journal.entries():
        if entry.kind == ChangeKind.CHANGED:
            found.setdefault((entry.model, entry.record_id), {})[entry.field] = (entry.before, entry.after)
    return found
