"""Base classes of the kinds of lists. A kind knows the fields of a list, checks its rows and stores the accepted ones.

:mod:`imports.kinds` lists all kinds. Checks store nothing. They read the rows in order, and add each accepted row to
what is known, so that later rows are compared with it. The template of a kind is a spreadsheet to fill in and import:
recognition knows its headings, and its examples are on a separate sheet, so that they are never imported.
"""

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from common.bulk import build, store_new, store_rows
from common.choices import danish_slug
from common.journal import current_journal
from common.spreadsheets import Cell
from imports.engine.fields import Field, Words, in_language, load_data, load_fields
from imports.engine.issues import ASKING, ERROR, ISSUE_KINDS, WARNING, Issue
from imports.engine.reader import RowReader
from imports.engine.table import SourceRow, Table
from imports.enums import RowDecision, RowState
from imports.models import RowOrigin
from programmes.models import Programme

A_DAY = re.compile(r"^(\d{2})-(\d{2})-(\d{4})$")
Example = str | dt.date
ACCEPTED = (RowState.CLEAN, RowState.WARNED)
DUPLICATES = (RowState.DUPLICATE_IN_FILE, RowState.DUPLICATE_EXISTING)


class ImportRefused(ValidationError):
    """The import is not in a state that allows this; the sentence says why and what to do."""


class ImportChanged(Exception):
    """The outcome of a row differs from the reviewed one, so the user must review the import again."""


def state_codes(state: str, codes: Iterable[str]) -> list[str]:
    """Return the issue codes that explain a row's state, sorted: its errors, or the warnings of any other row."""
    weight = ERROR if state == RowState.ERROR else WARNING
    return sorted({code for code in codes if ISSUE_KINDS[code].weight == weight})


@dataclass
class CheckedRow:
    """The outcome of checking a row: its state, its issues, and the record to store.

    ``known``: the known person that the row is about, if any. ``different_from``: the known person whom the user
    declared to be a different person. ``chosen``: keys of the fields that are taken from the row although the known
    person has a value.
    """

    number: int
    cells: list[Cell]
    state: str
    label: str = ""
    issues: list[Issue] = field(default_factory=list)
    record: Any = None
    known: Any = None
    chosen: Sequence[str] = ()
    different_from: Any = None
    decision: str = ""  # a RowDecision

    @property
    def is_accepted(self) -> bool:
        return self.state in ACCEPTED

    @property
    def is_merged(self) -> bool:
        """Whether it is a duplicate row that the user decided to merge into an existing person."""
        return self.decision == RowDecision.SAME and self.state in DUPLICATES

    @property
    def codes(self) -> list[str]:
        """The issue codes that explain the state, sorted."""
        return state_codes(self.state, (issue.code for issue in self.issues))

    @property
    def has_question(self) -> bool:
        """Whether the row waits for a decision, because it looks like a known person."""
        return not self.decision and any(issue.code in ASKING for issue in self.issues)


Rows = Sequence[tuple[CheckedRow, int]]  # checked row, id of its ImportRow


class Store:
    """Stores records in bulk in the open act, and collects the origins.

    ``by`` is the user who applies the import, or None for a command.
    """

    def __init__(self, by: User | None):
        self.by, self.journal = by, current_journal()
        self._origins: dict[int, tuple[int, models.Model]] = {}  # by the identity of the record

    def create(
        self, model: type[models.Model], records: Sequence[models.Model], row_ids: Iterable[int] = (), **options
    ) -> list[models.Model]:
        """Validate, store and return new records; ``row_ids`` are the ids of their rows. Raises ValidationError."""
        stored = self.journal.create(model, records, **options)
        for row_id, record in zip(row_ids, stored, strict=False):
            self.came_from(row_id, record)
        return stored

    def change(self, model: type[models.Model], records: Iterable[models.Model], names: Sequence[str]) -> None:
        """Store fields of locked records whose changes are in the journal. Raises ValidationError."""
        self.journal.save_all(model, records, names)

    def came_from(self, row_id: int, record: models.Model) -> None:
        """Add the row that a record came from. The first row of a record counts."""
        self._origins.setdefault(id(record), (row_id, record))

    def store_origins(self) -> None:
        """Store the origins. The journal leaves them out, because undoing removes them with their records.

        A changed record may have an origin already, and keeps it.
        """
        labels = {model: model._meta.label_lower for model in {type(record) for _row, record in self._origins.values()}}
        new, others = [], []
        for row_id, record in self._origins.values():
            origins = new if self.journal.has_made(record) else others
            origins.append(build(RowOrigin, row_id=row_id, model=labels[type(record)], object_id=record.pk))
        store_rows(RowOrigin, new)
        store_new(RowOrigin, others, ignore_conflicts=True)


class Kind(ABC):
    """A kind of list. ``code`` is the name of its file in ``data/kinds``, which holds its label and fields."""

    code: str

    @property
    def _data(self) -> dict[str, Any]:
        """The content of the kind's file."""
        return load_data(f"kinds/{self.code}.toml")

    @cached_property
    def label(self) -> Promise:
        return in_language(**self._data["label"])

    @cached_property
    def slug(self) -> str:
        """The Danish name of the kind in addresses."""
        return danish_slug(self.label)

    @cached_property
    def singular(self) -> Promise:
        """The word for what one row becomes."""
        return in_language(**self._data["singular"])

    @cached_property
    def required(self) -> Sequence[Sequence[str]]:
        """Groups of fields. One of each group must have a column."""
        return self._data["required"]

    @cached_property
    def fields(self) -> Sequence[Field]:
        return load_fields(self.code)

    @abstractmethod
    def load_known(self, programme: Programme) -> Any:
        """Return what the checks need to know of stored records. A constant number of queries."""

    def stop_asking(self, known: Any) -> None:  # noqa: B027 - most kinds ask nothing
        """Leave out hints that only ask for a decision, because the user has reviewed the rows."""

    @abstractmethod
    def check_row(self, reader: RowReader, known: Any, *, today: dt.date) -> CheckedRow:
        """Return the checked row. An accepted row is added to ``known``."""

    @abstractmethod
    def apply(self, programme: Programme, rows: Rows, *, by: User | None, store: Store) -> None:
        """Store accepted and merged rows, each with the id of its ImportRow, in the caller's transaction.

        Adds all that it makes and changes to the journal of ``store``. Raises IntegrityError and ValidationError.
        """

    @abstractmethod
    def list_url(self) -> str:
        """Return the address of the list page of the imported records."""

    @abstractmethod
    def stored_urls(self, row_ids: Iterable[int]) -> dict[int, str]:
        """Return ImportRow id → address of the record that it became. Rows without a record are left out."""

    def check_rows(
        self,
        table: Table,
        rows: Iterable[SourceRow],
        columns: dict[str, int],
        known: Any,
        *,
        today: dt.date,
        words: Words | None = None,
    ) -> Iterator[CheckedRow]:
        """Check ``rows`` of the table in order and yield the outcome of each."""
        for row in rows:
            reader = RowReader(table, row, columns, words)
            if row.decision and row.decision.kind == RowDecision.SKIP:
                label = self.label_of(reader)
                yield CheckedRow(row.number, row.cells, RowState.SKIPPED, label, decision=RowDecision.SKIP)
            else:
                yield self.check_row(reader, known, today=today)

    def label_of(self, reader: RowReader) -> str:
        """Return the name of a row in the review: its first field with a text."""
        return next((line for field in self.fields if (line := reader.line(field.key))), "")


class RecordKind(Kind):
    """A kind whose rows become one record each. A key identifies the record, and no key is stored twice.

    The object that :meth:`load_known` returns has a dict ``seen``: key (a tuple) → number of the row in
    this file, or None for a stored record.
    """

    duplicate_codes = ("record_in_file", "record_existing")

    @abstractmethod
    def read(self, reader: RowReader, known: Any, *, today: dt.date) -> Any:
        """Return the record of a row. The reader collects the issues."""

    @abstractmethod
    def key_of(self, record: Any) -> tuple:
        """Return the key of a record within the programme. Called for rows without errors only."""

    def check_row(self, reader: RowReader, known: Any, *, today: dt.date) -> CheckedRow:
        row = CheckedRow(reader.row.number, reader.row.cells, RowState.ERROR, self.label_of(reader))
        row.record = self.read(reader, known, today=today)
        reader.report_stray_cells()
        reader.report_cpr_marks()
        key = None if reader.has_error() else self.key_of(row.record)
        if key is not None and key in known.seen:
            return self._as_duplicate(row, known.seen[key])
        row.state, row.issues = reader.state_and_issues()
        if row.is_accepted:
            known.seen[key] = row.number
        return row

    def _as_duplicate(self, row: CheckedRow, first: int | None) -> CheckedRow:
        in_file, existing = self.duplicate_codes
        if first is None:
            row.state, row.issues = RowState.DUPLICATE_EXISTING, [Issue(existing)]
        else:
            row.state, row.issues = RowState.DUPLICATE_IN_FILE, [Issue(in_file, facts={"row": first})]
        return row


# ---------------------------------------------------------------- templates


@dataclass(frozen=True)
class TemplateColumn:
    """A column of a template. ``must``: the sentence that it must be filled in, or blank if it is optional."""

    heading: str
    explanation: str
    must: str
    choices: tuple[str, ...]
    examples: tuple[Example, ...]

    @property
    def is_date(self) -> bool:
        """Whether all examples are full dates, so that the column can be formatted as dates."""
        filled = [example for example in self.examples if example]
        return bool(filled) and all(isinstance(example, dt.date) for example in filled)


@dataclass(frozen=True)
class Template:
    """The title and columns of a template, in the active language."""

    title: str
    columns: tuple[TemplateColumn, ...]

    @property
    def headings(self) -> list[str]:
        return [column.heading for column in self.columns]


def template_of(kind: Kind) -> Template:
    """Return the template of a kind of list, with every field that has an example."""
    fields = template_fields(kind)
    return Template(str(kind.label), tuple(_column(field, kind, fields) for field in fields))


def template_fields(kind: Kind) -> list[Field]:
    return [field for field in kind.fields if field.examples]


def _column(field: Field, kind: Kind, fields: Iterable[Field]) -> TemplateColumn:
    return TemplateColumn(
        heading=str(field.label),
        explanation=str(field.explanation),
        must=_must(field, kind.required, {other.key: str(other.label) for other in fields}),
        choices=tuple(choice.word for choice in field.choices),
        examples=typed_examples(field.examples),
    )


def _must(field: Field, required: Sequence[Sequence[str]], labels: dict[str, str]) -> str:
    """Return "Must be filled in", the sentence that one of several columns must be, or a blank."""
    for group in required:
        if field.key in group:
            named = [labels[key] for key in group if key in labels]
            if len(named) == 1:
                return _("Must be filled in")
            return _("One of these must be filled in: %(names)s") % {"names": ", ".join(named)}
    return ""


def typed_examples(examples: Sequence[str]) -> tuple[Example, ...]:
    """Return the examples, as dates if all that are not blank are full dates."""
    found = [A_DAY.match(example) for example in examples]
    if not any(found) or not all(match or not example for match, example in zip(found, examples, strict=True)):
        return tuple(examples)
    return tuple(dt.date(int(match[3]), int(match[2]), int(match[1])) if match else "" for match in found)
