"""Record what a service creates, changes and deletes, in the transaction of the service.

A service is decorated with :func:`act` and writes by :func:`save`, :func:`delete`, :func:`update` and
:func:`set_related`; one that writes many records uses the methods of the open :class:`Journal`. A service that another
one calls adds to the act of the caller. The entries are written at the end of the act, one for each field of a record:
the value before the act and the value after it.
"""

import functools
import inspect
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.db.models.deletion import Collector
from django.utils.translation import gettext_lazy as _

from common.bulk import BATCH, build, clean_columns, store_changed, store_new, store_rows
from common.cpr import refuse_cpr
from common.models import UNCHOSEN, Act, Change, ChangeKind
from common.record_values import (
    SALT_LENGTH,
    Values,
    copy_of,
    digest_of,
    fields_of,
    mark_of,
    marked_fields,
    times_of_change,
    values_of,
)

_open: ContextVar["Journal | None"] = ContextVar("journal", default=None)
Key = tuple[type[models.Model], int]
DELETED = _("It was deleted meanwhile. Nothing was saved.")


@dataclass(slots=True)
class _Touched:
    """A stored record that the act changed or deleted. Without ``after``, the record's own values count."""

    record: models.Model
    before: Values
    after: Values | None = None
    is_removed: bool = False
    keeps_values: bool = True

    def changes(self) -> Iterator[tuple[ChangeKind, dict[str, Any]]]:
        """Yield what happened to the record, and the values of the entry: one for each field that differs.

        A new time of change alone is no change.
        """
        if self.is_removed:
            yield ChangeKind.REMOVED, {"before": self.before if self.keeps_values else None}
            return
        after = self.record.__dict__ if self.after is None else self.after
        changed = {name: old for name, old in self.before.items() if after[name] != old}
        if changed.keys() <= times_of_change(type(self.record)):
            return
        for name, old in changed.items():
            yield ChangeKind.CHANGED, {"field": name, "before": old, "after": after[name]}


class Journal:
    """The records that an act created, changed and deleted, until :meth:`write` stores them.

    Holds the objects themselves, which may still change until then.
    """

    def __init__(self, name: str = "", by: models.Model | None = None, reason: str = ""):
        self.act = Act(name=name, by=by, reason=reason)
        self._made: dict[type[models.Model], dict[int, models.Model]] = {}
        self._touched: dict[Key, _Touched] = {}
        self._unchosen: list[tuple[type[models.Model], int, Values]] = []

    # ------------------------------------------------------------ one record

    def save(self, record: models.Model) -> None:
        """Store a validated record. Raises ValidationError if it was deleted meanwhile, so that it is not recreated."""
        if record._state.adding:
            record.save()
            self.made([record])
            return
        made = self._made.get(type(record), {})
        before = {} if record.pk in made else self._stored_values(record)
        try:
            record.save(force_update=True)
        except DatabaseError as error:
            if type(error) is not DatabaseError:  # Django raises the base class when no row was updated
                raise
            raise ValidationError(DELETED) from error
        if record.pk in made:
            made[record.pk] = record
        else:
            self._touch(record, before).after = values_of(record)

    def _stored_values(self, record: models.Model) -> Values:
        """Return the values that a record has in the database, or as this act stored them."""
        touched = self._touched.get((type(record), record.pk))
        if touched is not None and touched.after is not None:
            return touched.after
        names = fields_of(type(record))
        found = type(record)._base_manager.filter(pk=record.pk).values(*names).first()
        if found is None:
            raise ValidationError(DELETED)
        return found

    def change(self, record: models.Model, values: Values) -> None:
        """Store values of a record that differ from the present ones, without validation and its time of change."""
        values = {name: value for name, value in values.items() if getattr(record, name) != value}
        if values:
            self.changes(record, values)
            for name, value in values.items():
                setattr(record, name, value)
            type(record)._base_manager.filter(pk=record.pk).update(**values)

    def delete(self, records: Iterable[models.Model], *, keeps_values: bool = True) -> int:
        """Delete records and what depends on them, and return how many of them there were.

        Without ``keeps_values`` only the fact is recorded.
        """
        records = list(records)
        if not records:
            return 0
        collector = Collector(using=records[0]._state.db)
        collector.collect(records)
        for (set_field, value), groups in collector.field_updates.items():
            for row in _read_whole(row for rows in groups for row in rows):
                self.changes(row, [set_field.name])
                setattr(row, set_field.attname, value)
        for row in _rows_of(collector, records):
            self.removed(row, keeps_values=keeps_values)
        collector.delete()
        return len(records)

    def removed(self, record: models.Model, *, keeps_values: bool = True) -> None:
        """Add a record that is about to be deleted. One that this act made is forgotten."""
        model, pk = type(record), record.pk
        if self._made.get(model, {}).pop(pk, None) is None:
            touched = self._touch(record, values_of(record))
            touched.is_removed, touched.keeps_values = True, keeps_values

    # ------------------------------------------------------------ many records

    def made(self, records: Sequence[models.Model]) -> None:
        """Add records that were just stored and have their ids."""
        if records:
            self._made.setdefault(type(records[0]), {}).update((record.pk, record) for record in records)

    def create(self, model: type[models.Model], records: Sequence[models.Model], **options: Any) -> list[models.Model]:
        """Validate records, store them in bulk and return them with their ids. Raises ValidationError."""
        clean_columns(model._meta.concrete_fields, records)
        stored = store_new(model, records, **options)
        self.made(stored)
        return stored

    def save_all(self, model: type[models.Model], records: Iterable[models.Model], names: Sequence[str]) -> None:
        """Validate and store fields of stored, locked records, whose changes were added. Raises ValidationError."""
        unique = list({record.pk: record for record in records}.values())
        clean_columns([model._meta.get_field(name) for name in names], unique)
        store_changed(model, unique, names)

    def has_made(self, record: models.Model) -> bool:
        """Return whether the act created this record."""
        return record.pk in self._made.get(type(record), {})

    def changes(self, record: models.Model, names: Iterable[str]) -> None:
        """Add the current values of fields that are about to change. The first values of a field count."""
        made = self._made.get(type(record), {})
        if record.pk in made:
            made[record.pk] = record
            return
        values, recorded = record.__dict__, fields_of(type(record))
        attnames = (record._meta.get_field(name).attname for name in names)
        self._touch(record, {name: copy_of(values[name]) for name in attnames if name in recorded})

    def _touch(self, record: models.Model, before: Values) -> _Touched:
        """Move the record to the end of the order, which undoing follows backwards. The first values count."""
        key = (type(record), record.pk)
        touched = self._touched.pop(key, None)
        if touched is None:
            touched = _Touched(record, before)
        else:
            touched.record, touched.before, touched.after = record, before | touched.before, None
        self._touched[key] = touched
        return touched

    def keep_unchosen(self, record: models.Model, label: str, words: str) -> None:
        """Add a text that the user typed and did not choose, so that the history of the record keeps it."""
        self._unchosen.append((type(record), record.pk, {"label": label, "words": words}))

    # ------------------------------------------------------------ writing

    def mark(self) -> tuple:
        """Return a state to which :meth:`rewind` can return."""
        made = {model: dict(records) for model, records in self._made.items()}
        return made, {key: replace(touched) for key, touched in self._touched.items()}, list(self._unchosen)

    def rewind(self, mark: tuple) -> None:
        """Forget what was added since the mark, because the database was rolled back to it."""
        self._made, self._touched, self._unchosen = mark

    def begin(self) -> Act:
        """Return the act, stored, for a record that refers to it."""
        if self.act._state.adding:
            self.act.save()
        return self.act

    def write(self) -> None:
        """Store the act with its entries, if there are any."""
        entries = list(self.entries())
        if entries:
            self.begin()
            self._store(entries)

    def _store(self, entries: list[Change]) -> None:
        for entry in entries:
            entry.act_id = self.act.pk
            entry.digest = digest_of(entry.salt, entry.before, entry.after, entry.marks)
        store_rows(Change, entries)

    def entries(self) -> Iterator[Change]:
        """Yield the entries, unsaved: records made in the order of storing, then the others in the order of change."""
        for model, made in self._made.items():
            names = marked_fields(model)
            for first, records in _consecutive(made):
                salt = os.urandom(SALT_LENGTH)
                marks = b"".join(mark_of(record, salt, names) for record in records)
                last = first + len(records) - 1
                yield _entry(
                    model, first, ChangeKind.MADE, last_id=last, marks=marks, marked_fields=list(names), salt=salt
                )
        salts = _salts()
        for (model, pk), touched in self._touched.items():
            for kind, values in touched.changes():
                yield _entry(model, pk, kind, salt=next(salts), **values)
        for model, pk, text in self._unchosen:
            yield _entry(model, pk, ChangeKind.CHANGED, salt=next(salts), field=UNCHOSEN, before=text)


def _entry(model: type[models.Model], pk: int, kind: ChangeKind, **values: Any) -> Change:
    return build(Change, model=model._meta.label_lower, record_id=pk, kind=kind.value, **{"last_id": pk} | values)


def _salts() -> Iterator[bytes]:
    """Yield salts. Asking the system for many at once is faster."""
    while True:
        salts = os.urandom(SALT_LENGTH * BATCH)
        yield from (salts[start : start + SALT_LENGTH] for start in range(0, len(salts), SALT_LENGTH))


def _consecutive(made: dict[int, models.Model]) -> Iterator[tuple[int, list[models.Model]]]:
    """Yield records with consecutive ids, and the first id."""
    pks = sorted(made)
    start = 0
    for end in range(1, len(pks) + 1):
        if end == len(pks) or pks[end] != pks[end - 1] + 1 or end - start == BATCH:
            yield pks[start], [made[pk] for pk in pks[start:end]]
            start = end


def _rows_of(collector: Collector, records: list[models.Model]) -> list[models.Model]:
    """Return all rows that a collector deletes: first what depends on the records, then the records."""
    collector.sort()
    groups = [*collector.fast_deletes, *collector.data.values()]
    rows = _read_whole(row for group in groups for row in group if row not in records)
    return [*rows, *records]


def _read_whole(rows: Iterable[models.Model]) -> list[models.Model]:
    """Return records with all fields: Django's collector reads only those that it needs."""
    by_model: dict[type[models.Model], list[int]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row.pk)
    return [row for model, pks in by_model.items() for row in model._base_manager.in_bulk(pks).values()]


# ---------------------------------------------------------------- the open act


@contextmanager
def recording(name: str, *, by: models.Model | None, reason: str = "") -> Iterator[Journal]:
    """Open an act in a transaction of its own, or add to the one that is open, which keeps its own reason."""
    journal = _open.get()
    if journal is not None:
        yield from _nested(journal)
        return
    journal = Journal(name, by, reason)
    token = _open.set(journal)
    try:
        with transaction.atomic():
            yield journal
            journal.write()
    finally:
        _open.reset(token)


def _nested(journal: Journal) -> Iterator[Journal]:
    mark = journal.mark()
    try:
        with transaction.atomic():
            yield journal
    except BaseException:
        journal.rewind(mark)
        raise


def act(service: Callable | None = None, *, by: str = "by", reason: str = "") -> Callable:
    """Decorate a service: it runs in a transaction, as an act of the user in its argument ``by``.

    ``reason`` names the argument with the user's reason for a correction, which the act keeps. The service then raises
    ValidationError at that name if it is blank, too long, or contains a CPR number.
    """
    if service is None:
        return functools.partial(act, by=by, reason=reason)
    signature = inspect.signature(service)

    @functools.wraps(service)
    def run(*args: Any, **kwargs: Any) -> Any:
        arguments = signature.bind(*args, **kwargs).arguments
        words = _clean_reason(arguments.get(reason, ""), reason) if reason else ""
        with recording(service.__name__, by=arguments.get(by), reason=words):
            return service(*args, **kwargs)

    run.is_act = True
    run.reason = reason
    return run


def _clean_reason(words: str, name: str) -> str:
    field = Act._meta.get_field("reason")
    words = words.strip()
    if not words:
        raise ValidationError({name: _("Say why, in a few words.")}, code="required")
    if len(words) > field.max_length:
        message = _("Write at most %(count)s characters.") % {"count": field.max_length}
        raise ValidationError({name: message}, code="max_length")
    try:
        refuse_cpr(words)
    except ValidationError as error:
        raise ValidationError({name: error.error_list}) from error
    return words


def current_journal() -> Journal:
    """Return the journal of the open act. Raises RuntimeError outside of one."""
    opened = _open.get()
    if opened is None:
        raise RuntimeError("Records are written within an act: decorate the service with common.journal.act.")
    return opened


def save(record: models.Model, *, exclude: Collection[str] | None = None) -> None:
    """Validate and store a record, new or changed. Raises ValidationError."""
    record.full_clean(exclude=exclude)
    current_journal().save(record)


def delete(records: models.Model | Iterable[models.Model], *, keeps_values: bool = True) -> int:
    """Delete a record, several or those of a queryset, with what depends on them; return how many there were."""
    if isinstance(records, models.QuerySet):
        records = _locked(records)
    elif isinstance(records, models.Model):
        records = [records]
    return current_journal().delete(records, keeps_values=keeps_values)


def _locked(rows: models.QuerySet) -> models.QuerySet:
    """Lock rows, so that those that another user changes at the same time are left out if they no longer fit."""
    return rows.select_for_update(of=("self",))


def update(rows: models.QuerySet, **values: Any) -> int:
    """Store the same values in all rows of a queryset and return their number. Raises ValidationError."""
    records = list(_locked(rows))
    for record in records:
        current_journal().changes(record, values)
        for name, value in values.items():
            setattr(record, name, value)
    current_journal().save_all(rows.model, records, list(values))
    return len(records)


def set_related(record: models.Model, name: str, targets: Iterable[models.Model]) -> None:
    """Replace what a many-to-many field of a record refers to."""
    manager = getattr(record, name)
    rows = manager.through._base_manager.filter(**{manager.source_field_name: record.pk})
    before = {row.pk: row for row in rows.all()}
    manager.set(targets)
    after = {row.pk: row for row in rows.all()}
    for pk in before.keys() - after.keys():
        current_journal().removed(before[pk])
    current_journal().made([after[pk] for pk in sorted(after.keys() - before.keys())])
