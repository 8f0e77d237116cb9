"""Undoing an import: what it made and nobody has touched since goes, what it changed is set back."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import Branch, User
from accounts.services import record_access
from common import clock
from common.collector import collector_at_rest
from people.enums import ImportStatus
from people.importing.journal import fingerprint, unpack_journal
from people.models import ImportBatch, ImportRow
from people.services.importing.base import ImportRefused, lock_batch, require_import_in

BATCH = 500
Made = dict[type[models.Model], dict[int, int]]  # model → id → fingerprint, in the order of storing


@collector_at_rest()
@transaction.atomic
def undo_import(batch: ImportBatch, *, by: User | None) -> ImportBatch:
    """Take an import back. What was touched since stays, and the summary says all of it.

    `undo_summary`: `removed` (model → how many), `set_back` (fields), `left` (records changed by the import whose
    value was changed since), `kept` (records made by the import: label, model, id, why). No names are in it.
    Raises ImportRefused for an import that was not applied, was undone meanwhile, or is too old.
    """
    require_import_in(batch.programme, by)
    batch = lock_batch(batch)
    require_undoable(batch)
    Branch.objects.select_for_update().get(pk=batch.programme.branch_id)
    batch.undo_summary = take_back(batch)
    batch.status, batch.undone_by, batch.undone_at = ImportStatus.UNDONE, by, clock.now()
    batch.journal = None
    batch.full_clean()
    batch.save()
    record_access(
        by=by,
        kind=AccessKind.IMPORT,
        subject=batch,
        branch=batch.programme.branch_id,
        detail=_("Import undone: %(file)s") % {"file": batch.file_name},
        count=sum(batch.undo_summary["removed"].values()),
    )
    return batch


def preview_undo(batch: ImportBatch, *, by: User | None) -> dict:
    """The summary that undoing would give now. Stores nothing. Raises as :func:`undo_import`."""
    require_import_in(batch.programme, by)
    require_undoable(batch)
    with transaction.atomic():
        summary = take_back(batch)
        transaction.set_rollback(True)
    return summary


def take_back(batch: ImportBatch) -> dict:
    """Set values back, delete what can go, empty the rows; what was done. In the caller's transaction."""
    made, changed = unpack_journal(batch.journal)
    set_back, left = set_values_back(changed)
    undo = Undo(dict(made))
    undo.remove()
    empty_rows(batch, undo)
    return {"removed": undo.removed, "gone": undo.gone, "set_back": set_back, "left": left, "kept": undo.kept_lines()}


def undoable_until(batch: ImportBatch) -> dt.datetime:
    """The moment after which an applied import can no longer be undone."""
    return batch.applied_at + dt.timedelta(days=settings.IMPORT_UNDO_DAYS)


def is_undoable(batch: ImportBatch) -> bool:
    """Whether the import can be undone now."""
    try:
        require_undoable(batch)
    except ImportRefused:
        return False
    return True


def require_undoable(batch: ImportBatch) -> None:
    """Raises ImportRefused, saying why, unless the import can be undone now."""
    if batch.status == ImportStatus.UNDONE:
        raise ImportRefused(_("The import is undone already."))
    has_journal = ImportBatch.objects.filter(pk=batch.pk, journal__isnull=False).exists()
    if batch.status != ImportStatus.APPLIED or not has_journal:
        raise ImportRefused(_("Only an import that was carried out can be undone."))
    if clock.now() > undoable_until(batch):
        raise ImportRefused(
            _("An import can be undone for %(days)s days. This one is older.") % {"days": settings.IMPORT_UNDO_DAYS}
        )


def set_values_back(changed: Iterable[tuple]) -> tuple[int, list[dict]]:
    """Set fields back to what they were before; those that somebody changed since are left, and listed."""
    count, left = 0, []
    by_model: dict[type[models.Model], dict[int, dict]] = {}
    for model, pk, values in changed:
        by_model.setdefault(model, {})[pk] = values
    for model, wanted in by_model.items():
        records = model._base_manager.select_for_update().in_bulk(list(wanted))
        names: set[str] = set()
        for pk, record in records.items():
            for name, (before, after) in wanted[pk].items():
                if record.__dict__[name] == after:
                    setattr(record, name, before)
                    names.add(name)
                    count += 1
                else:
                    left.append(line_of(record) | {"field": str(_verbose(model, name))})
        if names:
            fields = [field.name for field in model._meta.concrete_fields if field.attname in names]
            model._base_manager.bulk_update(records.values(), fields, batch_size=BATCH)
    return count, left


def _verbose(model: type[models.Model], attname: str) -> object:
    return next(field.verbose_name for field in model._meta.concrete_fields if field.attname == attname)


class Undo:
    """What an import made, sorted into what can go and what stays.

    A record stays when a value of it was changed, when something that the import did not make refers to it, or when
    a record that stays refers to it.
    """

    def __init__(self, made: Made):
        self.made = made
        self.records = {
            model: model._base_manager.select_for_update().in_bulk(list(marks)) for model, marks in made.items()
        }
        self.gone = sum(len(marks) - len(self.records[model]) for model, marks in made.items())
        self.kept: dict[type[models.Model], dict[int, str]] = {model: {} for model in made}
        self.removed: dict[str, int] = {}

    def remove(self) -> None:
        """Delete what can go, the youngest first."""
        self._keep_changed()
        self._keep_referred_to()
        self._keep_what_kept_ones_need()
        for model in reversed(list(self.made)):
            pks = [pk for pk in self.records[model] if pk not in self.kept[model]]
            for start in range(0, len(pks), BATCH):
                model._base_manager.filter(pk__in=pks[start : start + BATCH]).delete()
            if pks:
                self.removed[model._meta.label_lower] = len(pks)

    def _keep_changed(self) -> None:
        for model, records in self.records.items():
            for pk, record in records.items():
                if fingerprint(record) != self.made[model][pk]:
                    self.kept[model][pk] = "changed"

    def _keep_referred_to(self) -> None:
        for model, records in self.records.items():
            for relation in model._meta.get_fields(include_hidden=True):
                is_foreign = relation.auto_created and not relation.concrete and relation.is_relation
                if is_foreign and not relation.many_to_many:
                    self._keep_if_referred(model, list(records), relation)

    def _keep_if_referred(self, model: type[models.Model], pks: list[int], relation) -> None:
        source, field = relation.related_model, relation.field
        ours = self.records.get(source, {})
        for start in range(0, len(pks), BATCH):
            found = source._base_manager.filter(**{f"{field.name}__in": pks[start : start + BATCH]})
            for source_pk, target in found.values_list("pk", field.attname):
                if source_pk not in ours:
                    self.kept[model].setdefault(target, "used")

    def _keep_what_kept_ones_need(self) -> None:
        waiting = [(model, pk) for model, pks in self.kept.items() for pk in pks]
        while waiting:
            model, pk = waiting.pop()
            for field in model._meta.concrete_fields:
                target = field.related_model if field.is_relation else None
                value = self.records[model][pk].__dict__[field.attname]
                if target in self.kept and value in self.records[target] and value not in self.kept[target]:
                    self.kept[target][value] = "needed"
                    waiting.append((target, value))

    def kept_lines(self) -> list[dict]:
        """What stays and why, without the lines between two records."""
        return [
            line_of(self.records[model][pk]) | {"why": why}
            for model, pks in self.kept.items()
            if not model._meta.auto_created
            for pk, why in pks.items()
        ]

    def rows_of_kept(self) -> set[int]:
        """Ids of the import rows from which something stays."""
        return {
            row_id
            for model, pks in self.kept.items()
            for pk in pks
            if (row_id := getattr(self.records[model][pk], "import_row_id", None))
        }


def line_of(record: models.Model) -> dict:
    """A record for a summary that names nobody: kind, id, and its case number if it has one."""
    return {
        "model": record._meta.label_lower,
        "pk": record.pk,
        "number": getattr(record, "case_number", "") or "",
    }


def empty_rows(batch: ImportBatch, undo: Undo) -> None:
    """What stood in rows of which nothing stays is gone as well; their numbers and states remain."""
    kept = undo.rows_of_kept()
    ids = [pk for pk in batch.rows.values_list("pk", flat=True) if pk not in kept]
    for start in range(0, len(ids), BATCH):
        ImportRow.objects.filter(pk__in=ids[start : start + BATCH]).update(
            cells=[], label="", findings=[], lesson=None, corrections={}, chosen=[]
        )


def removed_in_words(summary: dict) -> list[tuple[int, str]]:
    """How many of what, for a sentence; the lines between two records are not counted."""
    from django.apps import apps  # noqa: PLC0415 - only where the summary is shown

    counts = Counter()
    for label, count in summary.get("removed", {}).items():
        model = apps.get_model(label)
        if not model._meta.auto_created:
            counts[str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)] += count
    return [(count, name) for name, count in counts.items()]
