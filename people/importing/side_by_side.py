"""A row beside the person it looks like: what is the same, what is added, and what somebody has to choose."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from people.importing.persons import PersonRecord
from people.merging import sides
from people.merging.lines import TOLD
from people.models import Person

GROUPS = {group.key: group.fields for group in sides.GROUPS}
UNITED = ("phones", "emails", "languages", "role", "notes")  # both are kept: there is nothing to choose


def fields_of_groups(groups: Iterable[str]) -> set[str]:
    """The fields of a Person that the groups stand for."""
    return {name for group in groups for name in GROUPS.get(group, ())}


@dataclass(frozen=True)
class Line:
    """One line of the comparison. `outcome`: same · added (from the row) · kept (the other's) · choose · joined."""

    key: str
    label: str
    ours: str  # the row's
    theirs: str  # of the person known
    outcome: str
    result: str


@dataclass(frozen=True)
class Side:
    """One of the two, in words. A text is blank when nothing is known."""

    title: str
    texts: dict[str, str]
    url: str = ""


LABELS = {key: label for key, (label, _told) in TOLD.items()} | {
    "languages": gettext_lazy("Languages"),
    "role": gettext_lazy("Role"),
    "notes": gettext_lazy("Notes"),
}


def lines_of(row: Side, known: Side) -> list[Line]:
    """Every line on which at least one of the two says something."""
    lines = []
    for key, label in LABELS.items():
        ours, theirs = row.texts.get(key, ""), known.texts.get(key, "")
        if ours or theirs:
            lines.append(Line(key, str(label), ours, theirs, *_outcome(key, ours, theirs)))
    return lines


def _outcome(key: str, ours: str, theirs: str) -> tuple[str, str]:
    if not theirs:
        return "added", ours
    if not ours:
        return "kept", theirs
    if ours.casefold() == theirs.casefold():
        return "same", theirs
    if key == "address" and ours in theirs:
        return "kept", theirs
    if key in UNITED:
        words = dict.fromkeys([*theirs.split(", "), *ours.split(", ")])
        joined = ", ".join(words)
        return ("kept", theirs) if joined == theirs else ("joined", joined)
    return "choose", theirs


def side_of_record(record: PersonRecord, title: str, role: str) -> Side:
    """What a row says."""
    draft = Person(**{name: getattr(record, name) for names in DRAWN for name in names})
    texts = _texts(draft) | {
        "organisation": record.organisation,
        "languages": ", ".join(name.capitalize() for name, _note in record.languages),
        "role": role,
        "notes": "\n".join(record.notes),
    }
    return Side(title, texts)


def side_of_person(person: Person, roles: Iterable[str], url: str) -> Side:
    """What is known of a stored person; `roles` in words."""
    texts = _texts(person) | {
        "organisation": person.organisation.name if person.organisation else "",
        "languages": ", ".join(str(skill.language) for skill in person.spoken),
        "role": ", ".join(roles),
        "notes": person.notes,
    }
    return Side(person.case_number, texts, url)


# An organisation is only a name in a row, and how somebody is best reached stands in none.
DRAWN = [names for key, names in GROUPS.items() if key not in ("organisation", "best_reached")]


def _texts(person: Person) -> dict[str, str]:
    return {key: told(person) for key, (_label, told) in TOLD.items()}
