"""Erase the values of records from the journal. The digests stay, so that the journal can still be proved complete."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import models

from common.bulk import BATCH
from common.models import Act, Change, ChangeKind
from common.record_values import MARK_LENGTH

ERASED = {"before": None, "after": None, "marks": None, "salt": None}


def erase_values(records: Iterable[models.Model]) -> int:
    """Empty values, marks and salts of all entries of some records, and return the number of entries.

    An entry that several created records share keeps its salt, and the marks of the others. Entries about the creation
    of rows of a many-to-many table hold no values and stay. The reasons of the acts that changed the records are
    emptied, as they may say something about them.
    """
    by_model: dict[type[models.Model], list[int]] = defaultdict(list)
    for record in records:
        by_model[type(record)].append(record.pk)
    erased = 0
    for model, pks in by_model.items():
        entries = Change.objects.filter(model=model._meta.label_lower)
        acts = entries.filter(record_id__in=pks).values("act")
        Act.objects.filter(pk__in=acts).exclude(reason="").update(reason="")
        erased += entries.filter(record_id__in=pks).exclude(kind=ChangeKind.MADE).update(**ERASED)
        if not model._meta.auto_created:
            made = entries.filter(kind=ChangeKind.MADE, record_id__lte=max(pks), last_id__gte=min(pks))
            recent = made.filter(record_id__gt=min(pks) - BATCH, marks__isnull=False)
            erased += sum(_erase_marks(entry, pks) for entry in recent.order_by("pk"))
    return erased


def _erase_marks(entry: Change, pks: list[int]) -> int:
    """Overwrite the marks of some records with zeros. When no other mark is left, marks and salt are emptied."""
    marks = bytearray(entry.marks)
    ours = {pk for pk in pks if entry.record_id <= pk <= entry.last_id}
    for pk in ours:
        start = (pk - entry.record_id) * MARK_LENGTH
        marks[start : start + MARK_LENGTH] = bytes(MARK_LENGTH)
    if ours:
        values = {"marks": bytes(marks)} if any(marks) else ERASED
        Change.objects.filter(pk=entry.pk).update(**values)
    return 1 if ours else 0
