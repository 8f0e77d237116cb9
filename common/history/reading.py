"""Read the history of a record: its acts, the newest first, each with what it did to the record and its parts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.history.describing import ACT_NOTES, ACT_WORDS, RECORD_WORDS, ActNote, named_fields
from common.history.parts import Key, Model, RecordParts, any_of, stored_values
from common.history.words import Names, excerpt, kind_of, label_of, name_of, words_of
from common.models import UNCHOSEN, Act, Change, ChangeKind
from common.record_values import Values, as_stored, fields_of
from common.templatetags.danish import NBSP, danish_datetime

REFERENCES = ("by", "undoes__by", "undone_by__by")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A field with its values before and after, or with ``text`` a sentence about the record or its parts.

    ``values`` are name and value of the fields of a deleted record.
    """

    label: str
    before: str = ""
    after: str = ""
    text: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def short_before(self) -> str:
        return excerpt(self.before, self.after)

    @property
    def short_after(self) -> str:
        return excerpt(self.after, self.before)

    @property
    def short_text(self) -> str:
        return excerpt(self.text)


@dataclass(slots=True)
class RecordChanges:
    """What an act did to one record. The record whose history it is has no ``title``."""

    title: str
    lines: list[HistoryLine] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class HistoryEntry:
    """An act in words. ``undoes`` and ``undone`` are sentences, or empty."""

    at: dt.datetime
    title: str
    by: str
    reason: str
    undoes: str
    undone: str
    note: ActNote | None
    records: list[RecordChanges]


class History:
    """The history of a record as a user may read it: a sequence of entries that is read in slices."""

    def __init__(self, record: models.Model, user: Any):
        self.parts = RecordParts(record, user)

    @cached_property
    def _acts(self):
        words = RECORD_WORDS.get(type(self.parts.record))
        belongs = Q(pk__in=self.parts.changes.values("act_id"))
        if words and words.acts:
            further = words.acts(self.parts.record)
            belongs |= Q(pk__in=further) | Q(undoes__in=further)
        acts = Act.objects.filter(belongs)
        return acts.select_related(*REFERENCES).order_by("-at", "-pk")

    def __len__(self) -> int:
        return self._acts.count()

    def __getitem__(self, key: slice) -> list[HistoryEntry]:
        acts = list(self._acts[key])
        return list(_Reader(self.parts, acts).entries()) if acts else []


def history_of(record: models.Model, user: Any) -> History:
    """Return what happened to a record and to its parts, the newest act first.

    The caller has found the record by ``visible_to(user)``. The number of queries depends on the kinds of records
    that a slice shows, not on the number of entries.
    """
    return History(record, user)


@dataclass(frozen=True, slots=True)
class _Step:
    """What an act did to one record of the history."""

    key: Key
    entry: int  # its id
    kind: str
    field: str
    before: Any
    after: Any
    is_erased: bool
    is_undoing: bool  # the act undoes another one, so that a created record is a restored one


class _Reader:
    """Puts the entries of some acts into words."""

    def __init__(self, parts: RecordParts, acts: Sequence[Act]):
        self.parts, self.acts = parts, acts
        self.steps: dict[int, list[_Step]] = defaultdict(list)
        self._undoing = {act.pk for act in acts if act.undoes_id}
        for change in parts.changes.filter(act__in=acts).order_by("pk"):
            self.steps[change.act_id].extend(self._steps_of(change))
        self.values = parts.removed | self._existing_values()
        self.first_values = self._first_values()
        self.names = self._load_names()
        ids = [act.pk for act in acts] + [act.undoes_id for act in acts if act.undoes_id]
        self.notes = {pk: note for source in ACT_NOTES for pk, note in source(ids, parts.user).items()}

    # ------------------------------------------------------------ reading

    def _steps_of(self, change: Change) -> Iterator[_Step]:
        model, is_erased = apps.get_model(change.model), change.salt is None
        is_undoing = change.act_id in self._undoing
        before, after = change.before, change.after
        if change.field and change.field in fields_of(model) and not is_erased:
            before, after = (as_stored(model, change.field, value) for value in (before, after))
        for pk in sorted(self.parts.pks[model].intersection(range(change.record_id, change.last_id + 1))):
            yield _Step((model, pk), change.pk, change.kind, change.field, before, after, is_erased, is_undoing)

    def _existing_values(self) -> dict[Key, Values]:
        """Return the present values of the parts that the acts concern. One query for each model."""
        wanted: dict[Model, set[int]] = defaultdict(set)
        for step in self._all_steps():
            self._want_with_owners(*step.key, wanted)
        found = {}
        for model, pks in wanted.items():
            for values in model._base_manager.filter(pk__in=pks).values(*fields_of(model)):
                found[model, values[model._meta.pk.attname]] = values
        return found

    def _want_with_owners(self, model: Model, pk: int, wanted: dict[Model, set[int]]) -> None:
        """Note a part, and for a row of a many-to-many table those owners that may be named."""
        if (model, pk) == self.parts.own_key or (model, pk) in self.parts.removed:
            return
        wanted[model].add(pk)
        if model._meta.auto_created:
            for link in self.parts.links_to(model):
                if link.owner is not self.parts.own_key[0]:
                    wanted[link.owner] |= self.parts.pks[link.owner]

    def _first_values(self) -> dict[Key, Values]:
        """Return what parts that the acts created were called then, as far as that was changed since. One query."""
        made = {step.key: step.entry for step in self._all_steps() if step.kind == ChangeKind.MADE}
        by_model: dict[Model, list[int]] = defaultdict(list)
        for model, pk in made:
            by_model[model].append(pk)
        conditions = [
            Q(model=model._meta.label_lower, record_id__in=pks, field__in=[one.attname for one in fields])
            for model, pks in by_model.items()
            if (fields := named_fields(model))
        ]
        found: dict[Key, Values] = defaultdict(dict)
        if conditions:
            changes = Change.objects.filter(any_of(conditions), kind=ChangeKind.CHANGED, salt__isnull=False)
            for change in changes.order_by("-pk"):  # the first change comes last
                model = apps.get_model(change.model)
                if change.pk > made[model, change.record_id]:
                    found[model, change.record_id] |= stored_values(model, {change.field: change.before})
        return found

    def _load_names(self) -> Names:
        names = Names(self.parts.user)
        for (model, _pk), values in [*self.values.items(), *self.first_values.items()]:
            names.want(model, values)
        for step in self._all_steps():
            if step.kind == ChangeKind.CHANGED and not step.is_erased:
                for value in (step.before, step.after):
                    names.want(step.key[0], {step.field: value})
            elif step.kind == ChangeKind.REMOVED and step.before:
                names.want(step.key[0], stored_values(step.key[0], step.before))
        names.load()
        return names

    def _all_steps(self) -> Iterator[_Step]:
        return (step for steps in self.steps.values() for step in steps)

    # ------------------------------------------------------------ acts in words

    def entries(self) -> Iterator[HistoryEntry]:
        for act in self.acts:
            undone = getattr(act, "undone_by", None)
            yield HistoryEntry(
                at=act.at,
                title=_title_of(act),
                by=_user_of(act),
                reason=act.reason,
                undoes=_undoes_words(act.undoes) if act.undoes else "",
                undone=_undone_words(undone) if undone else "",
                note=self.notes.get(act.pk) or self.notes.get(act.undoes_id),
                records=self._records_of(self.steps[act.pk]),
            )

    def _records_of(self, steps: list[_Step]) -> list[RecordChanges]:
        """Return what happened to the record first, then to its parts, and last which parts came and went."""
        records: dict[Key | None, RecordChanges] = {self.parts.own_key: RecordChanges("")}
        parts: dict[tuple[Model, str], list[_Step]] = defaultdict(list)
        links: dict[tuple[Key, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for step in steps:
            if step.key[0]._meta.auto_created:
                self._add_link(step, links)
            elif step.kind == ChangeKind.CHANGED:
                self._record(records, step.key).lines.append(self._field_line(step))
            elif step.key == self.parts.own_key:
                records[step.key].lines.append(HistoryLine("", text=capfirst(_kind_words(step.kind, step.is_undoing))))
            else:
                parts[step.key[0], step.kind].append(step)
        for (key, label), signs in links.items():
            self._record(records, key).lines.append(_link_line(label, signs))
        lines = [self._parts_line(model, kind, some) for (model, kind), some in parts.items()]
        return [*(one for one in records.values() if one.lines), *([RecordChanges("", lines)] if lines else [])]

    def _record(self, records: dict, key: Key) -> RecordChanges:
        if key not in records:
            name = self._name_of(key)
            records[key] = RecordChanges(f"{kind_of(key[0])}: {name}" if name else kind_of(key[0]))
        return records[key]

    def _name_of(self, key: Key, values: Values | None = None) -> str:
        """Return the name of a part, without the names of what it is a part of."""
        model = key[0]
        values = values or self.values.get(key, {})
        without = {
            link.field.attname
            for link in self.parts.links_to(model)
            if self.parts.has(link.owner, values.get(link.field.attname))
        }
        return name_of(model, values, self.names, without)

    def _field_line(self, step: _Step) -> HistoryLine:
        model, name = step.key[0], step.field
        if name == UNCHOSEN:
            return _unchosen_line(step)
        label = label_of(model, name)
        if step.is_erased:
            return HistoryLine(label, text=_("erased"))
        links = [link for link in self.parts.links_to(model) if link.field.attname == name]
        if any(self.parts.has(link.owner, step.after) for link in links):
            return HistoryLine("", text=capfirst(self._moved_words(step)))
        return HistoryLine(label, before=self._value(step, step.before), after=self._value(step, step.after))

    def _moved_words(self, step: _Step) -> str:
        owner = fields_of(step.key[0])[step.field].related_model
        name = self.names.found(owner, step.before)
        return _("moved here from %(name)s") % {"name": name} if name else _("moved here")

    def _value(self, step: _Step, value: Any) -> str:
        return words_of(fields_of(step.key[0]).get(step.field), value, self.names)

    def _add_link(self, step: _Step, links: dict) -> None:
        """Note that a many-to-many field of the record or of a part got or lost a target."""
        model, values = step.key[0], self.values.get(step.key, {})
        for link in self.parts.links_to(model):
            owner = (link.owner, values.get(link.field.attname))
            if self.parts.has(*owner):
                target = next(one for one in model._meta.fields if one.is_relation and one != link.field)
                word = words_of(target, values[target.attname], self.names)
                links[owner, _link_label(model, link.owner)]["+" if step.kind == ChangeKind.MADE else "−"].append(word)
                return

    def _parts_line(self, model: Model, kind: str, steps: list[_Step]) -> HistoryLine:
        """Return one line for all parts of a model that an act created, or deleted."""
        stored = [self._values_then(step) for step in steps]
        names = [name for step, values in zip(steps, stored, strict=True) if (name := self._name_of(step.key, values))]
        done = _kind_words(kind, steps[0].is_undoing)
        text = f"{done}: {'; '.join(names)}" if names else done
        values = self._values_of(model, stored[0]) if len(steps) == 1 and kind == ChangeKind.REMOVED else ()
        return HistoryLine(kind_of(model, len(steps)), text=text, values=values)

    def _values_then(self, step: _Step) -> Values:
        """Return the values of a part when it was created or deleted."""
        if step.kind == ChangeKind.REMOVED:
            return stored_values(step.key[0], step.before or {})
        return self.values.get(step.key, {}) | self.first_values.get(step.key, {})

    def _values_of(self, model: Model, values: Values) -> tuple[tuple[str, str], ...]:
        """Return the fields of a deleted record that had a value, except those that lead to what it was a part of."""
        owners = {link.field.attname for link in self.parts.links_to(model)}
        said = [
            (label_of(model, column.attname), words_of(column, values.get(column.attname), self.names))
            for column in model._meta.concrete_fields
            if column.editable and not column.primary_key and column.attname not in owners
        ]
        return tuple((label, words) for label, words in said if words)


def _unchosen_line(step: _Step) -> HistoryLine:
    if step.is_erased:
        return HistoryLine("", text=_("erased"))
    return HistoryLine(step.before["label"], text=_("typed, not chosen: %(text)s") % {"text": step.before["words"]})


def _title_of(act: Act) -> str:
    return str(ACT_WORDS.get(act.name) or _("Changed"))


def _user_of(act: Act) -> str:
    return str(act.by) if act.by else _("a command on the server")


def _undoes_words(act: Act) -> str:
    values = {"act": _title_of(act), "time": danish_datetime(act.at), "user": _user_of(act)}
    return _("Undoes »%(act)s« of %(time)s by %(user)s.") % values


def _undone_words(act: Act) -> str:
    return _("Undone %(time)s by %(user)s.") % {"time": danish_datetime(act.at), "user": _user_of(act)}


def _kind_words(kind: str, is_undoing: bool) -> str:
    if kind == ChangeKind.REMOVED:
        return _("deleted")
    return _("restored") if is_undoing else _("created")


def _link_label(through: Model, owner: Model) -> str:
    """Return the name of the many-to-many field that a table stores, as seen from one side."""
    source = through._meta.auto_created
    if source is not owner:
        return capfirst(str(source._meta.verbose_name_plural))
    found = next(one for one in source._meta.many_to_many if one.remote_field.through is through)
    return capfirst(str(found.verbose_name))


def _link_line(label: str, signs: dict[str, list[str]]) -> HistoryLine:
    return HistoryLine(label, text=", ".join(f"{sign}{NBSP}{word}" for sign in "+−" for word in signs.get(sign, ())))
