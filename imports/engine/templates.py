"""Templates for lists: what stands in a spreadsheet that somebody fills in and imports. Pure.

The headings are those that recognition knows by themselves; examples stand on a sheet of their own, so that nobody
imports them by forgetting to take them away.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from imports.engine.fields import Field
from imports.engine.kind import Kind

A_DAY = re.compile(r"^(\d{2})-(\d{2})-(\d{4})$")
Example = str | dt.date


@dataclass(frozen=True)
class TemplateColumn:
    """A column of a template. `must`: why it must be filled in, or blank when it may be left out."""

    heading: str
    explanation: str
    must: str
    choices: tuple[str, ...]
    examples: tuple[Example, ...]

    @property
    def is_date(self) -> bool:
        """Whether it holds days and nothing else: a day may be typed as one. A birth year, too, is no full day."""
        filled = [example for example in self.examples if example]
        return bool(filled) and all(isinstance(example, dt.date) for example in filled)


@dataclass(frozen=True)
class Template:
    """What a template holds, in the active language."""

    title: str
    columns: tuple[TemplateColumn, ...]

    @property
    def headings(self) -> list[str]:
        return [column.heading for column in self.columns]


def template_of(kind: Kind) -> Template:
    """The template of a kind of list: every column that has an example."""
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
    """`Skal udfyldes`, or that one of several must be; of those, only what stands in the template is named."""
    for group in required:
        if field.key in group:
            named = [labels[key] for key in group if key in labels]
            if len(named) == 1:
                return _("Must be filled in")
            return _("One of these must be filled in: %(names)s") % {"names": ", ".join(named)}
    return ""


def typed_examples(examples: Sequence[str]) -> tuple[Example, ...]:
    """The examples, as days when all that are filled in are full days."""
    found = [A_DAY.match(example) for example in examples]
    if not any(found) or not all(match or not example for match, example in zip(found, examples, strict=True)):
        return tuple(examples)
    return tuple(dt.date(int(match[3]), int(match[2]), int(match[1])) if match else "" for match in found)
