"""Undo an import: delete the records it made that are unchanged since, and restore the values it changed."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import lock_branch, record_access
from common import clock
from common.bulk import locked, store_changed
from common.garbage import pause_garbage_collection
from common.journal import fingerprint, unpack_journal
from imports.enums import ImportStatus
from imports.kinds import kind_of
from imports.models import ImportBatch, ImportRow, RowOrigin
from imports.services.base import ImportRefused, lock_batch, require_import_in
from people.models import Person

BATCH = 500
PART = "part"  # kept because it is a part of a kept record
Records = dict[int, models.Model]  # by id
Read = Callable[[type[models.Model], Iterable[int]], Records]
Made = dict[type[models.Model], dict[int, int]]  # model → id → fingerprint, in the order of storing


@pause_garbage_collection()
@transaction.atomic
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
    plan = UndoPlan(batch, locked)
    plan.execute()
    batch.undo_summary, batch.journal = plan.summary(), None
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


def preview_undo(batch: ImportBatch, *, by: User | None) -> dict:
    """Return the summary that undoing would give now, without locks. Raises as :func:`undo_import` does."""
    require_import_in(batch.programme, by)
    require_undoable(batch)
    return UndoPlan(batch, as_stored).summary()


def batches(pks: Iterable[int]) -> Iterator[list[int]]:
    """Return the ids in lists that are short enough for a query."""
    pks = list(pks)
    return (pks[start : start + BATCH] for start in range(0, len(pks), BATCH))


def as_stored(model: type[models.Model], pks: Iterable[int]) -> Records:
    """Return id → record, read without a lock."""
    return model._base_manager.order_by("pk").in_bulk(list(pks))


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
    has_journal = ImportBatch.objects.filter(pk=batch.pk, journal__isnull=False).exists()
    if batch.status != ImportStatus.APPLIED or not has_journal:
        raise ImportRefused(_("Only an applied import can be undone."))
    if clock.now() > undoable_until(batch):
        raise ImportRefused(
            _("An import can be undone for %(days)s days. This one is older.") % {"days": settings.IMPORT_UNDO_DAYS}
        )


class UndoPlan:
    """What undoing an import does. Making the plan only reads, so that a page can show it in advance.

    ``read`` returns records by their ids: :func:`as_stored` for a preview, :func:`common.bulk.locked` to execute it.
    """

    def __init__(self, batch: ImportBatch, read: Read):
        self.batch = batch
        self.made, self.changed = unpack_journal(batch.journal)
        self.reverts = Reverts(self.changed, read)
        self.deletions = Deletions(dict(self.made), self.reverts, read)

    def summary(self) -> dict:
        """Return what :func:`undo_import` stores as ``undo_summary``."""
        return {
            "removed": self.deletions.counts(),
            "gone": self.deletions.missing,
            "set_back": self.reverts.count,
            "left": self.reverts.left,
            "kept": self.deletions.summary_lines(),
        }

    def execute(self) -> None:
        """Restore values, delete records and empty the rows, in the caller's transaction on locked records."""
        self.reverts.store()
        self.deletions.remove()
        kind_of(self.batch.kind).after_undo([(model, pk) for model, pk, _values in self.changed])
        empty_rows(self.batch, self.deletions.rows_of_kept())
        self._remove_origins()

    def _remove_origins(self) -> None:
        """Remove the origins of records that are not kept."""
        concerned = set(self.deletions.made) | {model for model, _pk, _values in self.changed}
        for model in concerned:
            origins = RowOrigin.objects.filter(row__batch=self.batch, model=model._meta.label_lower)
            kept = self.deletions.kept.get(model, {})
            removed = [pk for pk, record_id in origins.values_list("pk", "object_id") if record_id not in kept]
            for some in batches(removed):
                RowOrigin.objects.filter(pk__in=some).delete()


class Reverts:
    """Restores the former values of changed records. Values that were changed since stay and are listed in ``left``.

    The time of a record's last change is restored if all its values are, and is now otherwise. It is not counted.
    """

    def __init__(self, changed: Iterable[tuple], read: Read):
        self.count, self.left = 0, []
        self._records: dict[type[models.Model], Records] = {}
        self._values: dict[type[models.Model], dict[int, dict[str, Any]]] = {}
        by_model: dict[type[models.Model], dict[int, dict]] = {}
        for model, pk, values in changed:
            by_model.setdefault(model, {})[pk] = values
        for model, wanted in by_model.items():
            self._records[model], self._values[model] = read(model, wanted), {}
            missing = _missing_targets(model, wanted)
            for pk, record in self._records[model].items():
                self._plan(record, wanted[pk], missing)

    def _plan(self, record: models.Model, wanted: dict[str, tuple], missing: dict[str, set[int]]) -> None:
        times = {name: wanted[name] for name in _times_of_change(type(record)) if name in wanted}
        values = {}
        for name, (before, after) in wanted.items():
            if name in times:
                continue
            if record.__dict__[name] == after and not (name in missing and before in missing[name]):
                values[name] = before
            else:
                self.left.append(line_of(record) | {"field": str(_verbose(type(record), name))})
        self.count += len(values)
        is_whole = len(values) + len(times) == len(wanted)
        for name, (before, after) in times.items() if values else ():
            values[name] = before if is_whole and record.__dict__[name] == after else timezone.now()
        self._values[type(record)][record.pk] = values

    def sets(self, model: type[models.Model], pk: int, attname: str) -> bool:
        """Whether a field of a record is restored, so that it no longer refers to a record of the import."""
        return attname in self._values.get(model, {}).get(pk, {})

    def store(self) -> None:
        """Store the former values, and update the search text of people."""
        for model, planned in self._values.items():
            records = [self._records[model][pk] for pk, values in planned.items() if values]
            names = {name for values in planned.values() for name in values}
            for record in records:
                for name, value in planned[record.pk].items():
                    setattr(record, name, value)
            if model is Person and records:
                models.prefetch_related_objects(records, "merges")
                names.add("search_text")
                for record in records:
                    record.search_text = record.build_search_text()
            store_changed(
                model, records, [field.name for field in model._meta.concrete_fields if field.attname in names]
            )


def _times_of_change(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if getattr(field, "auto_now", False)]


def _missing_targets(model: type[models.Model], wanted: dict[int, dict]) -> dict[str, set[int]]:
    """Return field → ids of the records that it referred to before and that no longer exist."""
    missing = {}
    for field in (field for field in model._meta.concrete_fields if field.is_relation):
        before = {values[field.attname][0] for values in wanted.values() if field.attname in values} - {None}
        if before:
            found = field.related_model._base_manager.filter(pk__in=before).values_list("pk", flat=True)
            missing[field.attname] = before - set(found)
    return missing


def _verbose(model: type[models.Model], attname: str) -> object:
    return next(field.verbose_name for field in model._meta.concrete_fields if field.attname == attname)


class Deletions:
    """Sorts the records that an import made into those to delete and those to keep.

    A record is kept if its fingerprint changed, or if a record that the import did not make refers to it. A kept record
    keeps its parts (a person its enrolments, languages and consents, a match its steps) and what it refers to.
    """

    def __init__(self, made: Made, reverts: Reverts, read: Read):
        self.made, self.reverts = made, reverts
        self.records = {model: read(model, marks) for model, marks in made.items()}
        self.missing = sum(len(marks) - len(self.records[model]) for model, marks in made.items())
        self.kept: dict[type[models.Model], dict[int, str]] = {model: {} for model in made}
        self._keep_changed()
        self._keep_referred_to()
        self._keep_related()

    def _pks(self) -> Iterator[tuple[type[models.Model], list[int]]]:
        """Yield models with the ids of the records to delete, the last stored model first."""
        for model in reversed(list(self.made)):
            if pks := [pk for pk in self.records[model] if pk not in self.kept[model]]:
                yield model, pks

    def counts(self) -> dict[str, int]:
        """Return model → number of records to delete."""
        return {model._meta.label_lower: len(pks) for model, pks in self._pks()}

    def remove(self) -> None:
        """Delete the records that are not kept."""
        for model, pks in self._pks():
            for some in batches(pks):
                model._base_manager.filter(pk__in=some).delete()

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
        for some in batches(pks):
            found = source._base_manager.filter(**{f"{field.name}__in": some})
            for source_pk, target in found.values_list("pk", field.attname):
                if source_pk not in ours and not self.reverts.sets(source, source_pk, field.attname):
                    self.kept[model].setdefault(target, "used")

    def _keep_related(self) -> None:
        """Keep what kept records refer to, and the parts of kept records."""
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
        """Yield the made records that a record refers to, and whether it is a part of them."""
        owners = owners_of(model)
        for field in model._meta.concrete_fields:
            target = field.related_model if field.is_relation else None
            value = self.records[model][pk].__dict__[field.attname]
            if target in self.records and value in self.records[target]:
                yield target, value, owners == [field]

    def _parts(self) -> dict[tuple[type[models.Model], int], list[tuple[type[models.Model], int]]]:
        """Return the parts of each made record that were made too."""
        parts = {}
        for model, records in self.records.items():
            for owner in owners_of(model)[:1]:
                for pk, record in records.items():
                    key = (owner.related_model, record.__dict__[owner.attname])
                    parts.setdefault(key, []).append((model, pk))
        return parts

    def summary_lines(self) -> list[dict]:
        """Return the kept records and the reason, without parts and rows of many-to-many tables."""
        kept = [
            (self.records[model][pk], why)
            for model, pks in self.kept.items()
            if not model._meta.auto_created
            for pk, why in pks.items()
            if why != PART
        ]
        numbers = case_numbers(getattr(record, "person_id", None) for record, _why in kept)
        return [line_of(record, numbers) | {"why": why} for record, why in kept]

    def rows_of_kept(self) -> set[int]:
        """Return the ids of the import rows from which a record is kept."""
        return {
            row_id
            for model, pks in self.kept.items()
            for some in batches(pks)
            for row_id in RowOrigin.objects.of_model(model, some).values_list("row_id", flat=True)
        }


def owners_of(model: type[models.Model]) -> list[models.ForeignKey]:
    """Return the foreign keys to what a record is a part of. Distinct people have two equal ones, so no owner."""
    if model._meta.auto_created:
        return [field for field in model._meta.fields if field.related_model is model._meta.auto_created]
    owners = [
        field
        for field in model._meta.concrete_fields
        if field.is_relation and field.remote_field.on_delete is models.CASCADE
    ]
    return owners if len({field.related_model for field in owners}) == len(owners) else []


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
    for some in batches(ids):
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


WHY = {
    "changed": lambda: _("was changed since"),
    "used": lambda: _("something was registered on it since"),
    "needed": lambda: _("belongs to something that stays"),
}


def why_kept(line: dict) -> str:
    """Return the reason why a record of the summary is kept, in words."""
    return WHY[line["why"]]()
