"""Undo an import: delete the records it made that are unchanged since, and restore the values it changed."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import lock_branch, record_access
from common import clock
from common.bulk import locked
from common.garbage import pause_garbage_collection
from common.journal import Reversal, act
from common.journal.reverting import CHANGED, NEEDED, PART, USED, as_read, in_batches
from imports.enums import ImportStatus
from imports.models import ImportBatch, ImportRow, RowOrigin
from imports.services.base import ImportRefused, lock_batch, require_import_in
from matching.models import Match
from people.models import Enrolment, Person
from people.statuses import OpenMatchLeft, settle


@pause_garbage_collection()
@act
def undo_import(batch: ImportBatch, *, by: User | None) -> ImportBatch:
    """Undo an import, keep what was changed since, and store the summary in ``undo_summary``.

    The summary has no names: ``removed`` (model → number of records), ``gone`` (records deleted before), ``set_back``
    (number of restored values), ``left`` (changed records whose value was changed since) and ``kept`` (records made by
    the import: model, id, number, why). Raises ImportRefused if the import is not applied, undone already, or too old.
    """
    require_import_in(batch.programme, by)
    batch = lock_batch(batch)
    require_undoable(batch)
    lock_branch(batch.programme.branch_id)
    reversal = Reversal(batch.act, locked)
    reversal.execute()
    _settle(reversal)
    batch.undo_summary = summary_of(reversal)
    empty_rows_of_removed(batch, reversal)
    batch.status, batch.undone_by, batch.undone_at = ImportStatus.UNDONE, by, clock.now()
    batch.full_clean()
    batch.save()
    record_access(
        by=by,
        kind=AccessKind.IMPORT,
        subject=batch,
        branch=batch.programme.branch_id,
        code="import_undone",
        values={"file": batch.file_name},
        count=sum(batch.undo_summary["removed"].values()),
    )
    return batch


def _settle(reversal: Reversal) -> None:
    """Settle the enrolments whose values were restored, and those of the people of deleted matches."""
    matches = reversal.deletions.records.get(Match, {}).values()
    people = {person_id for match in matches for person_id in (match.mentor_id, match.mentee_id)}
    restored = [pk for model, pk in reversal.reverts.records() if model is Enrolment]
    try:
        settle(Enrolment.objects.filter(Q(pk__in=restored) | Q(person__in=people)))
    except OpenMatchLeft as error:
        raise ImportRefused(error.messages[0]) from error


def preview_undo(batch: ImportBatch, *, by: User | None) -> dict:
    """Return the summary that undoing would give now, without locks. Raises as :func:`undo_import` does."""
    require_import_in(batch.programme, by)
    require_undoable(batch)
    return summary_of(Reversal(batch.act, as_read))


def undoable_until(batch: ImportBatch) -> dt.datetime:
    """Return the moment until which an applied import can be undone."""
    return batch.applied_at + dt.timedelta(days=settings.IMPORT_UNDO_DAYS)


def is_undoable(batch: ImportBatch) -> bool:
    """Whether the import can be undone now."""
    try:
        require_undoable(batch)
    except ImportRefused:
        return False
    return True


def require_undoable(batch: ImportBatch) -> None:
    """Raise ImportRefused with the reason if the import cannot be undone now."""
    if batch.status == ImportStatus.UNDONE:
        raise ImportRefused(_("The import is undone already."))
    if batch.status != ImportStatus.APPLIED or batch.act_id is None:
        raise ImportRefused(_("Only an applied import can be undone."))
    if clock.now() > undoable_until(batch):
        raise ImportRefused(
            _("An import can be undone for %(days)s days. This one is older.") % {"days": settings.IMPORT_UNDO_DAYS}
        )


def summary_of(reversal: Reversal) -> dict:
    """Return what :func:`undo_import` stores as ``undo_summary``."""
    kept = [left for left in reversal.deletions.remaining() if left.why != PART and not left.model._meta.auto_created]
    numbers = case_numbers(getattr(left.record, "person_id", None) for left in kept)
    changed = [left for left in reversal.reverts.remaining if left.why == CHANGED]
    return {
        "removed": reversal.deletions.counts(),
        "gone": reversal.deletions.missing,
        "set_back": reversal.reverts.count,
        "left": [line_of(left.record) | {"field": name} for left in changed for name in left.names],
        "kept": [line_of(left.record, numbers) | {"why": left.why} for left in kept],
    }


def empty_rows_of_removed(batch: ImportBatch, reversal: Reversal) -> None:
    """Erase the cells and issues of rows from which no record is kept, and the origins of records that are not."""
    kept_rows = set()
    for model, kept in reversal.deletions.kept.items():
        for some in in_batches(kept):
            kept_rows.update(RowOrigin.objects.of_model(model, some).values_list("row_id", flat=True))
    empty_rows(batch, kept_rows)
    for model in {*reversal.deletions.made, *reversal.reverts.models}:
        origins = RowOrigin.objects.filter(row__batch=batch, model=model._meta.label_lower)
        kept = reversal.deletions.kept.get(model, {})
        removed = [pk for pk, record_id in origins.values_list("pk", "object_id") if record_id not in kept]
        for some in in_batches(removed):
            RowOrigin.objects.filter(pk__in=some).delete()


def case_numbers(people: Iterable[int | None]) -> dict[int, str]:
    """Return person id → case number. At most one query."""
    ids = {pk for pk in people if pk}
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "case_number")) if ids else {}


def line_of(record: models.Model, numbers: Mapping[int, str] | None = None) -> dict:
    """Return a record for the summary, without names: model, id, and its number or that of its person."""
    own = getattr(record, "case_number", "") or getattr(record, "number", "")
    return {
        "model": record._meta.label_lower,
        "pk": record.pk,
        "number": str(own) or (numbers or {}).get(getattr(record, "person_id", None), ""),
    }


def empty_rows(batch: ImportBatch, kept: set[int]) -> None:
    """Erase the cells and issues of rows from which no record is kept; ``kept``: ids of the other rows."""
    ids = [pk for pk in batch.rows.values_list("pk", flat=True) if pk not in kept]
    for some in in_batches(ids):
        ImportRow.objects.filter(pk__in=some).update(cells=[], label="", issues=[], corrections={}, chosen=[])


def removed_in_words(summary: dict) -> list[tuple[int, str]]:
    """Return (number, name of the model) of the removed records, without rows of many-to-many tables."""
    counts = Counter()
    for label, count in summary.get("removed", {}).items():
        model = apps.get_model(label)
        if not model._meta.auto_created:
            counts[str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)] += count
    return [(count, name) for name, count in counts.items()]


def kind_in_words(line: dict) -> str:
    """Return the name of a record's model, such as "person"."""
    return str(apps.get_model(line["model"])._meta.verbose_name)


def field_in_words(line: dict) -> str:
    """Return the name of the changed field of a line in ``left``, such as "town"."""
    return str(apps.get_model(line["model"])._meta.get_field(line["field"]).verbose_name)


WHY = {
    CHANGED: lambda: _("was changed since"),
    USED: lambda: _("something was registered on it since"),
    NEEDED: lambda: _("belongs to something that stays"),
}


def why_kept(line: dict) -> str:
    """Return the reason why a record of the summary is kept, in words."""
    return WHY[line["why"]]()
