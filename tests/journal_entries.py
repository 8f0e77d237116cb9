"""Acts for tests of the journal, what an open journal holds, and what acts have recorded."""

from collections import Counter

from django.db.models import Model

from common.journal import Journal, Remaining, act, recording, revert, save
from common.models import Act, Change, ChangeKind

DERIVED = ["updated_at", "wait_counted_from"]


@act
def undo(done: Act, *, by=None) -> list[Remaining]:
    return revert(done)


def change(record: Model, /, *, act_name: str = "update_person", by=None, **values) -> Act:
    """Change a record in an act of its own, and return the act."""
    with recording(act_name, by=by) as journal:
        for name, value in values.items():
            setattr(record, name, value)
        save(record)
        return journal.begin()


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


def recorded(act_name: str) -> list[tuple]:
    """Return kind, model, field, before and after of what the acts of a name recorded, without what is derived.

    Of a deleted record, ``before`` has all values; here it is None.
    """
    changes = Change.objects.filter(act__name=act_name).exclude(field__in=DERIVED).order_by("pk")
    return [
        (change.kind, change.model, change.field, change.before if change.field else None, change.after)
        for change in changes
    ]


def deleted(act_name: str) -> list[dict]:
    """Return the values of the records that the acts of a name deleted."""
    changes = Change.objects.filter(act__name=act_name, kind=ChangeKind.REMOVED).order_by("pk")
    return [change.before for change in changes]
