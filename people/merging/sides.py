"""Two people side by side: what is the same, what one has, and what stands after the merge."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _

from common.folding import fold
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
GROUP_KEYS = tuple(group.key for group in GROUPS)
UNITED = ("phones", "emails")
TELLING = [(group, attrgetter(*group.fields)) for group in GROUPS]  # what a person says on each, quickly


def is_blank(name: str, value: Any) -> bool:
    return value in (None, "", []) or (name == "gender" and value == Gender.UNKNOWN)


def of_group(person: Person, group: Group) -> Values:
    return {name: getattr(person, name) for name in group.fields}


def has_group(person: Person, group: Group) -> bool:
    return any(not is_blank(name, getattr(person, name)) for name in group.fields)


def differs(kept: Person, other: Person, group: Group) -> bool:
    """Whether somebody has to choose: both say something, and not the same. Capitals do not make two of one."""
    if not (has_group(kept, group) and has_group(other, group)):
        return False
    if group.key in UNITED:
        return _main(kept, group) != _main(other, group)
    if group.key == "birth":
        return of_group(kept, group) != of_group(other, group) and _who_knows_the_day(kept, other) is None
    if group.key == "name":
        return _lowered(kept.name) != _lowered(other.name) and not _is_one_name(kept, other)
    is_torn = group.key == "address" and not _is_one_home(kept, other)
    return is_torn or any(
        _lowered(getattr(kept, name)) != _lowered(getattr(other, name))
        for name in group.fields
        if not (is_blank(name, getattr(kept, name)) or is_blank(name, getattr(other, name)))
    )


def _lowered(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _main(person: Person, group: Group) -> str:
    return getattr(person, group.key)[0].lower()


def default_side(kept: Person, other: Person, group: Group) -> str:
    """The kept person's, unless that side is blank or knows only the year of the other's birthday."""
    if not has_group(kept, group):
        return OTHER
    return OTHER if group.key == "birth" and _who_knows_the_day(kept, other) is other else KEPT


def _who_knows_the_day(kept: Person, other: Person) -> Person | None:
    """Who has the birthday of which the other has only the year, if one of the two does."""
    for one, another in ((kept, other), (other, kept)):
        if one.birth_date and another.birth_date is None and another.birth_year == one.birth_date.year:
            return one
    return None


def _is_one_name(one: Person, other: Person) -> bool:
    """Whether one only lacks a part of the other's name, such as `Hodan` beside `Hodan Warsame`."""
    both = [
        (_lowered(getattr(one, name)), _lowered(getattr(other, name)))
        for name in ("first_name", "last_name")
        if getattr(one, name) and getattr(other, name)
    ]
    return bool(both) and all(mine == theirs for mine, theirs in both)


def _is_one_home(one: Person, other: Person) -> bool:
    """Whether what one lacks of the address may be taken from the other: nothing that both say is another place.

    Of two postcodes the towns need not be compared: a town goes by several names.
    """
    if one.address and other.address and fold(one.address) != fold(other.address):
        return False
    if one.postcode and other.postcode:
        return one.postcode == other.postcode
    return not (one.town and other.town) or fold(one.town) == fold(other.town)


def united_values(kept: Person, other: Person, chosen: Mapping[str, str]) -> Values:
    """What the kept person's fields become, as far as the other one has a say. A blank never erases, also if chosen.

    `chosen`: key of a group → "kept" or "other"; left out: `default_side`. Raises ValueError for anything else.
    """
    if unknown := set(chosen) - set(GROUP_KEYS) or set(chosen.values()) - {KEPT, OTHER}:
        raise ValueError(f"Not to be chosen: {sorted(unknown)}")
    values: Values = {}
    for group, told in TELLING:
        if told(kept) != told(other) and has_group(other, group):
            side = chosen.get(group.key) or default_side(kept, other, group)
            values |= _united_group(group, kept, other, side)
    if other.last_contacted_on and (kept.last_contacted_on is None or kept.last_contacted_on < other.last_contacted_on):
        values["last_contacted_on"] = other.last_contacted_on
    if kept.import_row_id is None and other.import_row_id is not None:
        values["import_row_id"] = other.import_row_id
    return values


def _united_group(group: Group, kept: Person, other: Person, side: str) -> Values:
    first, second = (kept, other) if side == KEPT else (other, kept)
    if group.key in UNITED:
        return {group.key: _united(getattr(first, group.key), getattr(kept, group.key), getattr(other, group.key))}
    if group.key == "birth":
        return of_group(_who_knows_the_day(kept, other) or (first if has_group(first, group) else second), group)
    if _stands_whole(group, first, second, side):
        return of_group(first, group)
    return {name: _first_said(name, first, second) for name in group.fields}


def _stands_whole(group: Group, first: Person, second: Person, side: str) -> bool:
    """Whether the first one's blanks stay blank, because what the second says there belongs to something else.

    A street is never stored with another's postcode or town; a name that is kept takes no part of another.
    """
    if group.key == "address":
        return has_group(first, group) and not _is_one_home(first, second)
    return group.key == "name" and side == KEPT and not _is_one_name(first, second)


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
    new = [line for line in other.notes.splitlines() if line not in lines]
    if remarks:
        new += [_("From %(number)s:") % {"number": other.case_number}, *dict.fromkeys(remarks)]
    return "\n".join([*lines, *new]) if new else kept.notes
