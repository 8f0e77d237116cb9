"""Undoing an import: what it made and nobody has touched since goes, what it changed is set back."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import lock_branch, record_access
from common import clock
from common.bulk import locked
from common.collector import collector_at_rest
from people.enums import ImportStatus
from people.importing import registry
from people.importing.journal import fingerprint, unpack_journal
from people.models import ImportBatch, ImportRow, Person
from people.services.importing.base import ImportRefused, lock_batch, require_import_in

BATCH = 500
PART = "part"  # stays because what it is a part of does
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
    lock_branch(batch.programme.branch_id)
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
    registry.kind_of(batch.kind).after_undo([(model, pk) for model, pk, _values in changed])
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
        records = locked(model, wanted)
        gone = _targets_gone(model, wanted)
        names: set[str] = set()
        for pk, record in records.items():
            for name, (before, after) in wanted[pk].items():
                if record.__dict__[name] == after and not (name in gone and before in gone[name]):
                    setattr(record, name, before)
                    names.add(name)
                    count += 1
                else:
                    left.append(line_of(record) | {"field": str(_verbose(model, name))})
        _store_values(model, records.values(), names)
    return count, left


def _targets_gone(model: type[models.Model], wanted: dict[int, dict]) -> dict[str, set[int]]:
    """Of the records that a field pointed at before, those that are not there any more: field → ids."""
    gone = {}
    for field in (field for field in model._meta.concrete_fields if field.is_relation):
        before = {values[field.attname][0] for values in wanted.values() if field.attname in values} - {None}
        if before:
            found = field.related_model._base_manager.filter(pk__in=before).values_list("pk", flat=True)
            gone[field.attname] = before - set(found)
    return gone


def _store_values(model: type[models.Model], records: Iterable[models.Model], names: set[str]) -> None:
    if not names:
        return
    records = list(records)
    if model is Person:
        models.prefetch_related_objects(records, "merges")
        names = names | {"search_text"}
        for record in records:
            record.search_text = record.build_search_text()
    fields = [field.name for field in model._meta.concrete_fields if field.attname in names]
    model._base_manager.bulk_update(records, fields, batch_size=BATCH)


def _verbose(model: type[models.Model], attname: str) -> object:
    return next(field.verbose_name for field in model._meta.concrete_fields if field.attname == attname)


class Undo:
    """What an import made, sorted into what can go and what stays.

    A record was touched when a value of it was changed, or when something that the import did not make refers to it.
    What was touched stays whole: a person with enrolments, languages and consents, a match with its steps. What it
    refers to stays as well.
    """

    def __init__(self, made: Made):
        self.made = made
        self.records = {model: locked(model, marks) for model, marks in made.items()}
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
        parts = self._parts()
        waiting = [(model, pk, True) for model, pks in self.kept.items() for pk in pks]
        whole = set()
        while waiting:
            model, pk, is_whole = waiting.pop()
            for target, target_pk, is_part in self._needed_by(model, pk):
                is_whole_too = is_part and (target, target_pk) not in whole
                if target_pk not in self.kept[target] or is_whole_too:
                    self.kept[target].setdefault(target_pk, "needed")
                    waiting.append((target, target_pk, is_part))
            if is_whole and (model, pk) not in whole:
                whole.add((model, pk))
                for part, part_pk in parts.get((model, pk), ()):
                    self.kept[part].setdefault(part_pk, PART)
                    waiting.append((part, part_pk, True))

    def _needed_by(self, model: type[models.Model], pk: int) -> Iterator[tuple[type[models.Model], int, bool]]:
        """Made records that a record refers to, and whether the record is nothing but a part of them."""
        owners = owners_of(model)
        for field in model._meta.concrete_fields:
            target = field.related_model if field.is_relation else None
            value = self.records[model][pk].__dict__[field.attname]
            if target in self.records and value in self.records[target]:
                yield target, value, owners == [field]

    def _parts(self) -> dict[tuple[type[models.Model], int], list[tuple[type[models.Model], int]]]:
        """The parts of each made record that were made with it."""
        parts = {}
        for model, records in self.records.items():
            for owner in owners_of(model)[:1]:
                for pk, record in records.items():
                    key = (owner.related_model, record.__dict__[owner.attname])
                    parts.setdefault(key, []).append((model, pk))
        return parts

    def kept_lines(self) -> list[dict]:
        """What stays and why, without the parts of what stays and the lines between two records."""
        return [
            line_of(self.records[model][pk]) | {"why": why}
            for model, pks in self.kept.items()
            if not model._meta.auto_created
            for pk, why in pks.items()
            if why != PART
        ]

    def rows_of_kept(self) -> set[int]:
        """Ids of the import rows from which something stays."""
        return {
            row_id
            for model, pks in self.kept.items()
            for pk in pks
            if (row_id := getattr(self.records[model][pk], "import_row_id", None))
        }


def owners_of(model: type[models.Model]) -> list[models.ForeignKey]:
    """What a record is a part of, and goes with. Of two people that are told apart neither is the owner."""
    if model._meta.auto_created:
        return [field for field in model._meta.fields if field.related_model is model._meta.auto_created]
    owners = [
        field
        for field in model._meta.concrete_fields
        if field.is_relation and field.remote_field.on_delete is models.CASCADE
    ]
    return owners if len({field.related_model for field in owners}) == len(owners) else []


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
    counts = Counter()
    for label, count in summary.get("removed", {}).items():
        model = apps.get_model(label)
        if not model._meta.auto_created:
            counts[str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)] += count
    return [(count, name) for name, count in counts.items()]


WHY = {
    "changed": lambda: _("was changed since"),
    "used": lambda: _("something was registered on it since"),
    "needed": lambda: _("belongs to something that stays"),
}


def why_kept(line: dict) -> str:
    """Why something of the summary's `kept` stays, in words."""
    return WHY[line["why"]]()
