"""Templates of lists: the columns of a spreadsheet that a user fills in and imports.

Recognition knows the headings. The examples are on a separate sheet, so that they are never imported by mistake.
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
