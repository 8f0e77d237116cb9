"""The values of a person after a merge: what both say, what one adds, and what a user has to choose."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _

from common.folding import fold
from people.details import DETAIL_GROUPS, GROUP_KEYS, DetailGroup
from people.enums import Gender
from people.merging.rules import Values
from people.models import Person

KEPT, OTHER = "kept", "other"
GROUP_VALUES = [(group, attrgetter(*group.fields)) for group in DETAIL_GROUPS]  # built once: imports compare thousands


def is_blank(name: str, value: Any) -> bool:
    return value in (None, "", []) or (name == "gender" and value == Gender.UNKNOWN)


def values_of(person: Person, group: DetailGroup) -> Values:
    return {name: getattr(person, name) for name in group.fields}


def has_group(person: Person, group: DetailGroup) -> bool:
    """Whether any field of the group is filled in."""
    return any(not is_blank(name, getattr(person, name)) for name in group.fields)


def differs(kept: Person, other: Person, group: DetailGroup) -> bool:
    """Whether a user has to choose: both people have values, and they contradict. Case does not count."""
    if not (has_group(kept, group) and has_group(other, group)):
        return False
    if group.is_list:
        return _main(kept, group) != _main(other, group)
    if group.key == "birth":
        return values_of(kept, group) != values_of(other, group) and _with_birthday(kept, other) is None
    if group.key == "name":
        return _lowered(kept.name) != _lowered(other.name) and not _is_part_of_name(kept, other)
    is_elsewhere = group.key == "address" and not _is_one_home(kept, other)
    return is_elsewhere or any(
        _lowered(getattr(kept, name)) != _lowered(getattr(other, name))
        for name in group.fields
        if not (is_blank(name, getattr(kept, name)) or is_blank(name, getattr(other, name)))
    )


def _lowered(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _main(person: Person, group: DetailGroup) -> str:
    return getattr(person, group.key)[0].lower()


def default_choice(kept: Person, other: Person, group: DetailGroup) -> str:
    """Return ``KEPT``, or ``OTHER`` when the kept person's value is blank or only the year of the other's birthday."""
    if not has_group(kept, group):
        return OTHER
    return OTHER if group.key == "birth" and _with_birthday(kept, other) is other else KEPT


def _with_birthday(kept: Person, other: Person) -> Person | None:
    """Return the person with a birth date when the other has only the same birth year."""
    for one, another in ((kept, other), (other, kept)):
        if one.birth_date and another.birth_date is None and another.birth_year == one.birth_date.year:
            return one
    return None


def _is_part_of_name(one: Person, other: Person) -> bool:
    """Whether one name only lacks a part of the other, such as ``Hodan`` of ``Hodan Warsame``."""
    both = [
        (_lowered(getattr(one, name)), _lowered(getattr(other, name)))
        for name in ("first_name", "last_name")
        if getattr(one, name) and getattr(other, name)
    ]
    return bool(both) and all(mine == theirs for mine, theirs in both)


def _is_one_home(one: Person, other: Person) -> bool:
    """Whether blanks of one address may be filled from the other: no part contradicts.

    The same postcode is enough; towns are not compared then, because a town goes by several names.
    """
    if one.address and other.address and fold(one.address) != fold(other.address):
        return False
    if one.postcode and other.postcode:
        return one.postcode == other.postcode
    return not (one.town and other.town) or fold(one.town) == fold(other.town)


def merged_values(kept: Person, other: Person, chosen: Mapping[str, str]) -> Values:
    """Return the values that the kept person takes over. A blank never replaces a value, even if chosen.

    ``chosen`` maps keys of groups to ``KEPT`` or ``OTHER``; a missing key means ``default_choice``. Raises ValueError
    for any other key or value.
    """
    if unknown := set(chosen) - set(GROUP_KEYS) or set(chosen.values()) - {KEPT, OTHER}:
        raise ValueError(f"Not a choice: {sorted(unknown)}")
    values: Values = {}
    for group, get_values in GROUP_VALUES:
        if get_values(kept) != get_values(other) and has_group(other, group):
            choice = chosen.get(group.key) or default_choice(kept, other, group)
            values |= _merged_group(group, kept, other, choice)
    if other.last_contacted_on and (kept.last_contacted_on is None or kept.last_contacted_on < other.last_contacted_on):
        values["last_contacted_on"] = other.last_contacted_on
    return values


def _merged_group(group: DetailGroup, kept: Person, other: Person, choice: str) -> Values:
    first, second = (kept, other) if choice == KEPT else (other, kept)
    if group.is_list:
        return {group.key: _joined(getattr(first, group.key), getattr(kept, group.key), getattr(other, group.key))}
    if group.key == "birth":
        return values_of(_with_birthday(kept, other) or (first if has_group(first, group) else second), group)
    if _keeps_blanks(group, first, second, choice):
        return values_of(first, group)
    return {name: _first_value(name, first, second) for name in group.fields}


def _keeps_blanks(group: DetailGroup, first: Person, second: Person, choice: str) -> bool:
    """Whether the first person's blanks stay blank, because the second person's values are of another home or name."""
    if group.key == "address":
        return has_group(first, group) and not _is_one_home(first, second)
    return group.key == "name" and choice == KEPT and not _is_part_of_name(first, second)


def _first_value(name: str, first: Person, second: Person) -> Any:
    value = getattr(first, name)
    return getattr(second, name) if is_blank(name, value) else value


def _joined(chosen: list[str], *lists: list[str]) -> list[str]:
    """Join lists without repeating a text, the main one of ``chosen`` first. Case does not count."""
    found: dict[str, str] = {}
    for text in [*chosen[:1], *(text for texts in lists for text in texts)]:
        found.setdefault(text.lower(), text)
    return list(found.values())


def merged_notes(kept: Person, other: Person, remarks: list[str]) -> str:
    """Return the notes of both without repeated lines, then ``remarks`` under the other's case number."""
    lines = kept.notes.splitlines()
    new = [line for line in other.notes.splitlines() if line not in lines]
    if remarks:
        new += [_("From %(number)s:") % {"number": other.case_number}, *dict.fromkeys(remarks)]
    return "\n".join([*lines, *new]) if new else kept.notes
