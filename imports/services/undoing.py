"""Undoing an import: what it made and nobody has touched since goes, what it changed is set back."""

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
from imports.kinds import registry
from imports.models import ImportBatch, ImportRow, RowOrigin
from imports.services.base import ImportRefused, lock_batch, require_import_in
from people.models import Person

BATCH = 500
PART = "part"  # stays because what it is a part of does
Records = dict[int, models.Model]  # by id
Read = Callable[[type[models.Model], Iterable[int]], Records]
Made = dict[type[models.Model], dict[int, int]]  # model → id → fingerprint, in the order of storing


@pause_garbage_collection()
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
    """The summary that undoing would give now. Reads, and locks nothing. Raises as :func:`undo_import`."""
    require_import_in(batch.programme, by)
    require_undoable(batch)
    return UndoPlan(batch, as_stored).summary()


def take_back(batch: ImportBatch) -> dict:
    """Set values back, delete what can go, empty the rows; what was done. In the caller's transaction."""
    plan = UndoPlan(batch, locked)
    plan.carry_out()
    return plan.summary()


def batches(pks: Iterable[int]) -> Iterator[list[int]]:
    """Ids in lists that a query can name."""
    pks = list(pks)
    return (pks[start : start + BATCH] for start in range(0, len(pks), BATCH))


def as_stored(model: type[models.Model], pks: Iterable[int]) -> Records:
    """Records by id, read without a lock."""
    return model._base_manager.order_by("pk").in_bulk(list(pks))


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


class UndoPlan:
    """What undoing an import does: made by reading alone, so that a page can tell it; carried out on locked records.

    `read` gives records by their ids: :func:`as_stored` for a preview, :func:`common.bulk.locked` for the deed.
    """

    def __init__(self, batch: ImportBatch, read: Read):
        self.batch = batch
        self.made, self.changed = unpack_journal(batch.journal)
        self.back = Reverts(self.changed, read)
        self.going = Deletions(dict(self.made), self.back, read)

    def summary(self) -> dict:
        """What :func:`undo_import` keeps as `undo_summary`."""
        return {
            "removed": self.going.counts(),
            "gone": self.going.gone,
            "set_back": self.back.count,
            "left": self.back.left,
            "kept": self.going.summary_lines(),
        }

    def carry_out(self) -> None:
        """In the caller's transaction, with the records locked."""
        self.back.store()
        self.going.remove()
        registry.kind_of(self.batch.kind).after_undo([(model, pk) for model, pk, _values in self.changed])
        empty_rows(self.batch, self.going.rows_of_kept())
        self._remove_origins()

    def _remove_origins(self) -> None:
        """Only what stays came from this import."""
        concerned = set(self.going.made) | {model for model, _pk, _values in self.changed}
        for model in concerned:
            origins = RowOrigin.objects.filter(row__batch=self.batch, model=model._meta.label_lower)
            kept = self.going.kept.get(model, {})
            gone = [pk for pk, record_id in origins.values_list("pk", "object_id") if record_id not in kept]
            for some in batches(gone):
                RowOrigin.objects.filter(pk__in=some).delete()


class Reverts:
    """Fields that go back to what they were before; those that somebody changed since are left, and listed.

    The time of a record's last change goes back with all its values; with some of them it is now. It is not counted.
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
            gone = _targets_gone(model, wanted)
            for pk, record in self._records[model].items():
                self._plan(record, wanted[pk], gone)

    def _plan(self, record: models.Model, wanted: dict[str, tuple], gone: dict[str, set[int]]) -> None:
        times = {name: wanted[name] for name in _times_of_change(type(record)) if name in wanted}
        values = {}
        for name, (before, after) in wanted.items():
            if name in times:
                continue
            if record.__dict__[name] == after and not (name in gone and before in gone[name]):
                values[name] = before
            else:
                self.left.append(line_of(record) | {"field": str(_verbose(type(record), name))})
        self.count += len(values)
        is_whole = len(values) + len(times) == len(wanted)
        for name, (before, after) in times.items() if values else ():
            values[name] = before if is_whole and record.__dict__[name] == after else timezone.now()
        self._values[type(record)][record.pk] = values

    def sets(self, model: type[models.Model], pk: int, attname: str) -> bool:
        """Whether the field of a record goes back, so that it refers no longer to what the import made."""
        return attname in self._values.get(model, {}).get(pk, {})

    def store(self) -> None:
        """Store the values from before, and what the search finds people by."""
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


def _targets_gone(model: type[models.Model], wanted: dict[int, dict]) -> dict[str, set[int]]:
    """Of the records that a field pointed at before, those that are not there any more: field → ids."""
    gone = {}
    for field in (field for field in model._meta.concrete_fields if field.is_relation):
        before = {values[field.attname][0] for values in wanted.values() if field.attname in values} - {None}
        if before:
            found = field.related_model._base_manager.filter(pk__in=before).values_list("pk", flat=True)
            gone[field.attname] = before - set(found)
    return gone


def _verbose(model: type[models.Model], attname: str) -> object:
    return next(field.verbose_name for field in model._meta.concrete_fields if field.attname == attname)


class Deletions:
    """What an import made, sorted into what can go and what stays.

    A record was touched when a value of it was changed, or when something that the import did not make refers to it.
    What was touched stays whole: a person with enrolments, languages and consents, a match with its steps. What it
    refers to stays as well.
    """

    def __init__(self, made: Made, back: Reverts, read: Read):
        self.made, self.back = made, back
        self.records = {model: read(model, marks) for model, marks in made.items()}
        self.gone = sum(len(marks) - len(self.records[model]) for model, marks in made.items())
        self.kept: dict[type[models.Model], dict[int, str]] = {model: {} for model in made}
        self._keep_changed()
        self._keep_referred_to()
        self._keep_what_kept_ones_need()

    def _pks(self) -> Iterator[tuple[type[models.Model], list[int]]]:
        """Models with the ids of what goes, the youngest first."""
        for model in reversed(list(self.made)):
            if pks := [pk for pk in self.records[model] if pk not in self.kept[model]]:
                yield model, pks

    def counts(self) -> dict[str, int]:
        """Model → how many go."""
        return {model._meta.label_lower: len(pks) for model, pks in self._pks()}

    def remove(self) -> None:
        """Delete what goes."""
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
                if source_pk not in ours and not self.back.sets(source, source_pk, field.attname):
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

    def summary_lines(self) -> list[dict]:
        """What stays and why, without the parts of what stays and the lines between two records."""
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
        """Ids of the import rows from which something stays."""
        return {
            row_id
            for model, pks in self.kept.items()
            for some in batches(pks)
            for row_id in RowOrigin.objects.of_model(model, some).values_list("row_id", flat=True)
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


def case_numbers(people: Iterable[int | None]) -> dict[int, str]:
    """Person → case number. One query, none for nobody."""
    ids = {pk for pk in people if pk}
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "case_number")) if ids else {}


def line_of(record: models.Model, numbers: Mapping[int, str] | None = None) -> dict:
    """A record for a summary that names nobody: kind, id, and its number, or that of the person it is about."""
    own = getattr(record, "case_number", "") or getattr(record, "number", "")
    return {
        "model": record._meta.label_lower,
        "pk": record.pk,
        "number": str(own) or (numbers or {}).get(getattr(record, "person_id", None), ""),
    }


def empty_rows(batch: ImportBatch, kept: set[int]) -> None:
    """What stood in rows of which nothing stays (`kept`: ids of the others) goes too; numbers and states remain."""
    ids = [pk for pk in batch.rows.values_list("pk", flat=True) if pk not in kept]
    for some in batches(ids):
        ImportRow.objects.filter(pk__in=some).update(
            cells=[], label="", issues=[], lesson=None, corrections={}, chosen=[]
        )


def removed_in_words(summary: dict) -> list[tuple[int, str]]:
    """How many of what, for a sentence; the lines between two records are not counted."""
    counts = Counter()
    for label, count in summary.get("removed", {}).items():
        model = apps.get_model(label)
        if not model._meta.auto_created:
            counts[str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)] += count
    return [(count, name) for name, count in counts.items()]


def kind_in_words(line: dict) -> str:
    """What a record of a summary is, such as "person"."""
    return str(apps.get_model(line["model"])._meta.verbose_name)


WHY = {
    "changed": lambda: _("was changed since"),
    "used": lambda: _("something was registered on it since"),
    "needed": lambda: _("belongs to something that stays"),
}


def why_kept(line: dict) -> str:
    """Why something of the summary's `kept` stays, in words."""
    return WHY[line["why"]]()
