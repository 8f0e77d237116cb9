"""Two people side by side: what is the same, what one has, and what stands after the merge."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from people.enums import Gender
from people.models import Person

KEPT, OTHER = "kept", "other"
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are chosen together, such as first and last name."""

    key: str
    fields: tuple[str, ...]


GROUPS = (
    Group("name", ("first_name", "last_name")),
    Group("gender", ("gender",)),
    Group("birth", ("birth_date", "birth_year")),
    Group("phones", ("phones",)),
    Group("emails", ("emails",)),
    Group("office_phone", ("office_phone",)),
    Group("best_reached", ("best_reached",)),
    Group("address", ("address", "postcode", "town")),
    Group("origin", ("origin",)),
    Group("arrival_year", ("arrival_year",)),
    Group("livelihood", ("livelihood",)),
    Group("education", ("education",)),
    Group("occupation", ("occupation",)),
    Group("organisation", ("organisation_id",)),
)
UNITED = ("phones", "emails")


def is_blank(name: str, value: Any) -> bool:
    return value in (None, "", []) or (name == "gender" and value == Gender.UNKNOWN)


def of_group(person: Person, group: Group) -> Values:
    return {name: getattr(person, name) for name in group.fields}


def has_group(person: Person, group: Group) -> bool:
    return not all(is_blank(name, value) for name, value in of_group(person, group).items())


def differs(kept: Person, other: Person, group: Group) -> bool:
    """Whether somebody has to choose: both say something, and not the same."""
    if not (has_group(kept, group) and has_group(other, group)):
        return False
    if group.key in UNITED:
        return _main(kept, group) != _main(other, group)
    if group.key == "birth" and (_knows_day_of(kept, other) or _knows_day_of(other, kept)):
        return False
    return any(
        getattr(kept, name) != getattr(other, name)
        for name in group.fields
        if group.key == "birth" or not (is_blank(name, getattr(kept, name)) or is_blank(name, getattr(other, name)))
    )


def _main(person: Person, group: Group) -> str:
    return getattr(person, group.key)[0].lower()


def default_side(kept: Person, other: Person, group: Group) -> str:
    """The kept person's, unless that side is blank or knows only the year of the other's birthday."""
    if not has_group(kept, group):
        return OTHER
    return OTHER if group.key == "birth" and _knows_day_of(other, kept) else KEPT


def _knows_day_of(one: Person, other: Person) -> bool:
    """Whether one has the birthday of which the other has only the year."""
    return bool(one.birth_date and other.birth_date is None and other.birth_year == one.birth_date.year)


def united_values(kept: Person, other: Person, chosen: Mapping[str, str]) -> Values:
    """What the kept person's fields become. A blank never erases, also when it is chosen.

    `chosen`: key of a group → "kept" or "other"; left out: `default_side`. Raises ValueError for anything else.
    """
    unknown = set(chosen) - {group.key for group in GROUPS} or set(chosen.values()) - {KEPT, OTHER}
    if unknown:
        raise ValueError(f"Not to be chosen: {sorted(unknown)}")
    values: Values = {}
    for group in GROUPS:
        side = chosen.get(group.key) or default_side(kept, other, group)
        first, second = (kept, other) if side == KEPT else (other, kept)
        if group.key in UNITED:
            values[group.key] = _united(getattr(first, group.key), getattr(kept, group.key), getattr(other, group.key))
        elif group.key == "birth":
            values |= of_group(first if has_group(first, group) else second, group)
        else:
            values |= {name: _first_said(name, first, second) for name in group.fields}
    days = [day for day in (kept.last_contacted_on, other.last_contacted_on) if day]
    values["last_contacted_on"] = max(days, default=None)
    values["import_row_id"] = kept.import_row_id or other.import_row_id
    return values


def _first_said(name: str, first: Person, second: Person) -> Any:
    value = getattr(first, name)
    return getattr(second, name) if is_blank(name, value) else value


def _united(*lists: list[str]) -> list[str]:
    """Every address once, the chosen main one first. Capitals do not make two of one."""
    found: dict[str, str] = {}
    for text in [*lists[0][:1], *(text for texts in lists[1:] for text in texts)]:
        found.setdefault(text.lower(), text)
    return list(found.values())


def joined_notes(kept: Person, other: Person, remarks: list[str]) -> str:
    """The notes of both, each line once, then what found no other place under the other's case number."""
    lines = kept.notes.splitlines()
    lines += [line for line in other.notes.splitlines() if line not in lines]
    if remarks:
        lines += [_("From %(number)s:") % {"number": other.case_number}, *dict.fromkeys(remarks)]
    return "\n".join(lines)
