"""The comparison of two people on the merge page: each detail of both, and its value after the merge.

The person merged into the other is stored, or only described by a row of an import.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from common.templatetags.danish import danish_date, phone
from people.details import DETAIL_GROUPS, DetailGroup
from people.enums import Gender
from people.merging.values import KEPT, OTHER, differs, has_group, merged_values
from people.models import Enrolment, Person


@dataclass(frozen=True, slots=True)
class ComparedPerson:
    """One of the two people, stored or not; ``title`` and ``url`` are how the page names and links them."""

    person: Person
    languages: Sequence[str] = ()
    roles: Sequence[str] = ()
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ComparedDetail:
    """A detail of both people as texts.

    ``outcome``: same · added (from the other) · kept · joined · choose. ``options`` pairs each choice (``KEPT`` or
    ``OTHER``) with the text it results in; ``default`` is preselected.
    """

    key: str
    label: str
    kept: str
    other: str
    outcome: str
    result: str = ""
    default: str = KEPT
    options: Sequence[tuple[str, str]] = ()
    is_list: bool = False  # both values are kept, and the choice only says which comes first

    @property
    def options_other_first(self) -> list[tuple[str, str]]:
        """The options for a page with the other person on the left."""
        return self.options[::-1]


def _born(person: Person) -> str:
    return danish_date(person.birth_date, "year") if person.birth_date else str(person.birth_year or "")


def _phones(person: Person) -> str:
    return ", ".join(phone(number) for number in person.phones)


def _address(person: Person) -> str:
    place = f"{person.postcode} {person.town}".strip()
    return ", ".join(text for text in (person.address, place) if text)


def _gender(person: Person) -> str:
    return "" if person.gender == Gender.UNKNOWN else person.get_gender_display()


SPECIAL_TEXTS: dict[str, Callable[[Person], str]] = {
    "name": lambda person: person.name,
    "gender": _gender,
    "birth": _born,
    "phones": _phones,
    "emails": lambda person: ", ".join(person.emails),
    "address": _address,
}


def group_text(group: DetailGroup, person: Person) -> str:
    """Return the person's values of a group as one text."""
    special = SPECIAL_TEXTS.get(group.key)
    return special(person) if special else str(getattr(person, group.key) or "")


def compare_people(kept: ComparedPerson, other: ComparedPerson, chosen: Iterable[str] = ()) -> list[ComparedDetail]:
    """Return every detail that at least one of the two has; ``chosen`` are keys of groups taken from the other."""
    one, two = kept.person, other.person
    details = [
        _compare_group(group, one, two, chosen)
        for group in DETAIL_GROUPS
        if has_group(one, group) or has_group(two, group)
    ]
    details += [
        _compare_texts("languages", _("Languages"), kept.languages, other.languages),
        _compare_texts("roles", _("Role"), kept.roles, other.roles),
        _compare_texts("notes", _("Notes"), one.notes.splitlines(), two.notes.splitlines(), between="\n"),
    ]
    return [detail for detail in details if detail.kept or detail.other]


def compared_person(person: Person, user: User) -> ComparedPerson:
    """Prepare a stored person, with the roles in programmes that ``user`` may see."""
    return ComparedPerson(person, [str(skill.language) for skill in person.languages.all()], _roles(person, user))


def _compare_group(group: DetailGroup, kept: Person, other: Person, chosen: Iterable[str]) -> ComparedDetail:
    texts = (group_text(group, kept), group_text(group, other))
    result = group_text(group, _merged_person(kept, other, {}))
    if differs(kept, other, group):
        default = OTHER if group.key in chosen else KEPT
        options = _options(group, kept, other)
        return ComparedDetail(group.key, group.label, *texts, "choose", result, default, options, group.is_list)
    if not has_group(other, group):
        outcome = "kept"
    elif not has_group(kept, group):
        outcome = "added"
    elif texts[0].casefold() == texts[1].casefold():
        outcome = "same"
    elif result in texts:
        outcome = "kept" if result == texts[0] else "added"
    else:
        outcome = "joined"
    return ComparedDetail(group.key, group.label, *texts, outcome, result, is_list=group.is_list)


def _options(group: DetailGroup, kept: Person, other: Person) -> list[tuple[str, str]]:
    if group.is_list:  # the other one's values are kept as well
        return [(KEPT, group_text(group, kept)), (OTHER, group_text(group, other))]
    return [(choice, group_text(group, _merged_person(kept, other, {group.key: choice}))) for choice in (KEPT, OTHER)]


def _merged_person(kept: Person, other: Person, chosen: Mapping[str, str]) -> Person:
    """Return an unsaved person with the details after the merge; details not chosen take their default."""
    values = merged_values(kept, other, chosen)
    organisation_id = values.pop("organisation_id", kept.organisation_id)
    merged = Person(organisation=other.organisation if organisation_id == other.organisation_id else kept.organisation)
    for name in (name for group in DETAIL_GROUPS for name in group.fields if name != "organisation_id"):
        setattr(merged, name, values.get(name, getattr(kept, name)))
    return merged


def _compare_texts(
    key: str, label: str, kept: Sequence[str], other: Sequence[str], between: str = ", "
) -> ComparedDetail:
    new = [text for text in other if text not in kept]
    with_new, without_new = ("joined" if kept else "added"), ("same" if list(kept) == list(other) else "kept")
    outcome = with_new if new else without_new
    return ComparedDetail(key, label, between.join(kept), between.join(other), outcome, between.join([*kept, *new]))


def _roles(person: Person, user: User) -> list[str]:
    rows = Enrolment.objects.visible_to(user).filter(person=person).select_related("programme").order_by("pk")
    words = _("%(role)s in %(programme)s")
    return [words % {"role": row.get_role_display(), "programme": row.programme.name} for row in rows]
