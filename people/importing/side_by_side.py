"""A row beside the person it looks like: what is the same, what is added, and what somebody has to choose."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.templatetags.danish import danish_date, phone
from people.importing.persons import PersonRecord
from people.models import Person

GROUPS = {
    "name": ("first_name", "last_name"),
    "gender": ("gender",),
    "birth": ("birth_date", "birth_year"),
    "phones": ("phones",),
    "emails": ("emails",),
    "office_phone": ("office_phone",),
    "address": ("address", "postcode", "town"),
    "origin": ("origin",),
    "arrival_year": ("arrival_year",),
    "livelihood": ("livelihood",),
    "education": ("education",),
    "occupation": ("occupation",),
    "organisation": ("organisation_id",),
}
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


LABELS = {
    "name": lambda: _("Name"),
    "gender": lambda: _("Gender"),
    "birth": lambda: _("Born"),
    "phones": lambda: _("Phone"),
    "emails": lambda: _("E-mail"),
    "office_phone": lambda: _("Office phone"),
    "address": lambda: _("Address"),
    "origin": lambda: _("Country of origin"),
    "arrival_year": lambda: _("Year of arrival"),
    "livelihood": lambda: _("Livelihood"),
    "education": lambda: _("Education"),
    "occupation": lambda: _("Occupation"),
    "organisation": lambda: _("Organisation"),
    "languages": lambda: _("Languages"),
    "role": lambda: _("Role"),
    "notes": lambda: _("Notes"),
}


def lines_of(row: Side, known: Side) -> list[Line]:
    """Every line on which at least one of the two says something."""
    lines = []
    for key, label in LABELS.items():
        ours, theirs = row.texts.get(key, ""), known.texts.get(key, "")
        if ours or theirs:
            lines.append(Line(key, label(), ours, theirs, *_outcome(key, ours, theirs)))
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


DRAWN = [names for key, names in GROUPS.items() if key != "organisation"]


def _texts(person: Person) -> dict[str, str]:
    born = danish_date(person.birth_date, "year") if person.birth_date else person.birth_year
    place = f"{person.postcode} {person.town}".strip()
    texts = {
        "name": person.name,
        "gender": "" if person.gender == "unknown" else str(person.get_gender_display()),
        "birth": born,
        "phones": ", ".join(phone(number) for number in person.phones),
        "emails": ", ".join(person.emails),
        "address": ", ".join(filter(None, [person.address, place])),
    }
    for key in ("office_phone", "origin", "arrival_year", "livelihood", "education", "occupation"):
        texts[key] = getattr(person, key)
    return {key: str(text or "") for key, text in texts.items()}
