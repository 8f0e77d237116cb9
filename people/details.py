"""The details kept of a person, each declared once.

``PERSON_DETAILS`` feeds the forms, the comparison and the values of a merge, and the import: its reader, its limits,
its comparison of a row with a person, and its writer. A new detail that is a text, such as a driving licence, takes
five files:

1. ``people/models/persons.py``: the field,
2. ``people/migrations``: its migration,
3. this file: an entry in ``PERSON_DETAILS``,
4. ``imports/data/kinds/<kind>.toml``: headings, explanation and examples of its column,
5. ``locale/da``: the Danish of its verbose name.

A detail that is no text also needs a reader in ``imports/kinds/person_record.py``. A column of several kinds is
described in ``imports/data/fields.toml``. A person's page shows what ``templates/people/_contact_card.html`` names.
"""

import enum
from dataclasses import dataclass
from itertools import groupby

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from people.models import Person


class DetailKind(enum.Enum):
    TEXT = "text"
    CHOICE = "choice"
    DAY = "day"
    YEAR = "year"
    LIST = "list"  # texts, the main one first
    REFERENCE = "reference"  # to another record


class DetailSection(enum.Enum):
    """The parts of the form that the details are in."""

    NAME = "name"
    CONTACT = "contact"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """A field of ``Person``. Neighbours with the same ``group`` are chosen together in a merge."""

    name: str
    section: DetailSection
    kind: DetailKind = DetailKind.TEXT
    group: str = ""  # by default the name
    is_imported: bool = True

    @property
    def field(self) -> models.Field:
        return Person._meta.get_field(self.name)

    @property
    def max_length(self) -> int | None:
        return self.field.max_length


PERSON_DETAILS = (
    PersonDetail("first_name", DetailSection.NAME, group="name"),
    PersonDetail("last_name", DetailSection.NAME, group="name"),
    PersonDetail("gender", DetailSection.NAME, DetailKind.CHOICE),
    PersonDetail("birth_date", DetailSection.NAME, DetailKind.DAY, group="birth"),
    PersonDetail("birth_year", DetailSection.NAME, DetailKind.YEAR, group="birth"),
    PersonDetail("phones", DetailSection.CONTACT, DetailKind.LIST),
    PersonDetail("emails", DetailSection.CONTACT, DetailKind.LIST),
    PersonDetail("office_phone", DetailSection.CONTACT),
    PersonDetail("best_reached", DetailSection.CONTACT, is_imported=False),
    PersonDetail("address", DetailSection.CONTACT, group="address"),
    PersonDetail("postcode", DetailSection.CONTACT, group="address"),
    PersonDetail("town", DetailSection.CONTACT, group="address"),
    PersonDetail("origin", DetailSection.BACKGROUND),
    PersonDetail("arrival_year", DetailSection.BACKGROUND, DetailKind.YEAR),
    PersonDetail("education", DetailSection.BACKGROUND),
    PersonDetail("occupation", DetailSection.BACKGROUND),
    PersonDetail("livelihood", DetailSection.BACKGROUND),
    PersonDetail("organisation", DetailSection.BACKGROUND, DetailKind.REFERENCE),
)
GROUP_LABELS = {
    "name": _("Name"),
    "birth": _("Born"),
    "phones": _("Phone"),
    "emails": _("E-mail"),
    "address": _("Address"),
}


@dataclass(frozen=True, slots=True)
class DetailGroup:
    """Details that are chosen together in a merge, such as first and last name. ``fields`` are attnames."""

    key: str
    fields: tuple[str, ...]
    kind: DetailKind  # of the first detail

    @property
    def label(self) -> str:
        return str(GROUP_LABELS.get(self.key) or capfirst(Person._meta.get_field(self.key).verbose_name))

    @property
    def is_list(self) -> bool:
        """Whether a merge keeps the values of both people."""
        return self.kind == DetailKind.LIST


def _groups() -> tuple[DetailGroup, ...]:
    by_key = groupby(PERSON_DETAILS, key=lambda detail: detail.group or detail.name)
    groups = [(key, list(details)) for key, details in by_key]
    return tuple(
        DetailGroup(key, tuple(detail.field.attname for detail in details), details[0].kind) for key, details in groups
    )


DETAIL_GROUPS = _groups()
GROUP_KEYS = tuple(group.key for group in DETAIL_GROUPS)
