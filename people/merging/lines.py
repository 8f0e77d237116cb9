"""The page of choice: each thing known of two people on a line, and what stands after the merge.

The one that is merged into the other is a stored person or what a row of an import says of one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.templatetags.danish import danish_date, phone
from people.enums import Gender
from people.merging.sides import GROUPS, KEPT, OTHER, UNITED, Group, differs, has_group, united_values
from people.models import Enrolment, Person


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: a person, stored or not, what else is known of them in words, and what they are called."""

    person: Person
    languages: Sequence[str] = ()
    roles: Sequence[str] = ()
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """`outcome`: same · added (from the other) · kept · joined · choose.

    `options`: the sides to choose between, each with what stands when it is chosen. `default`: chosen beforehand.
    """

    key: str
    label: str
    kept: str
    other: str
    outcome: str
    result: str = ""  # unless somebody has to choose
    default: str = KEPT
    options: Sequence[tuple[str, str]] = ()

    @property
    def options_other_first(self) -> list[tuple[str, str]]:
        """For a page that has the other on the left."""
        return self.options[::-1]

    @property
    def is_united(self) -> bool:
        """Whether both stay and the choice only says which comes first."""
        return self.key in UNITED


def _born(person: Person) -> str:
    return danish_date(person.birth_date, "year") if person.birth_date else str(person.birth_year or "")


def _phones(person: Person) -> str:
    return ", ".join(phone(number) for number in person.phones)


def _address(person: Person) -> str:
    place = f"{person.postcode} {person.town}".strip()
    return ", ".join(text for text in (person.address, place) if text)


def _gender(person: Person) -> str:
    return "" if person.gender == Gender.UNKNOWN else person.get_gender_display()


SHOWN = {name for group in GROUPS for name in group.fields} - {"organisation_id"}
Told = Callable[[Person], str]
TOLD: dict[str, tuple[str, Told]] = {
    "name": (gettext_lazy("Name"), lambda person: person.name),
    "gender": (gettext_lazy("Gender"), _gender),
    "birth": (gettext_lazy("Born"), _born),
    "phones": (gettext_lazy("Phone"), _phones),
    "emails": (gettext_lazy("E-mail"), lambda person: ", ".join(person.emails)),
    "office_phone": (gettext_lazy("Office phone"), lambda person: person.office_phone),
    "best_reached": (gettext_lazy("Best reached"), lambda person: person.best_reached),
    "address": (gettext_lazy("Address"), _address),
    "origin": (gettext_lazy("Country of origin"), lambda person: person.origin),
    "arrival_year": (gettext_lazy("In Denmark since"), lambda person: str(person.arrival_year or "")),
    "livelihood": (gettext_lazy("Livelihood"), lambda person: person.livelihood),
    "education": (gettext_lazy("Education"), lambda person: person.education),
    "occupation": (gettext_lazy("Occupation"), lambda person: person.occupation),
    "organisation": (gettext_lazy("Organisation"), lambda person: str(person.organisation or "")),
}


def lines_of(kept: Side, other: Side, chosen: Iterable[str] = ()) -> list[Line]:
    """A line for all that at least one of the two has. `chosen`: keys of groups that were taken from the other."""
    one, two = kept.person, other.person
    lines = [_line(group, one, two, chosen) for group in GROUPS if has_group(one, group) or has_group(two, group)]
    lines += [
        _joined("languages", _("Languages"), kept.languages, other.languages),
        _joined("roles", _("Role"), kept.roles, other.roles),
        _joined("notes", _("Notes"), one.notes.splitlines(), two.notes.splitlines(), between="\n"),
    ]
    return [line for line in lines if line.kept or line.other]


def side_of(person: Person, user: User) -> Side:
    """A stored person. Roles only of programmes that ``user`` may see."""
    return Side(person, [str(skill.language) for skill in person.languages.all()], _roles(person, user))


def _line(group: Group, kept: Person, other: Person, chosen: Iterable[str]) -> Line:
    label, told = TOLD[group.key]
    texts, result = (told(kept), told(other)), told(_after(kept, other, {}))
    if differs(kept, other, group):
        side = OTHER if group.key in chosen else KEPT
        return Line(group.key, str(label), *texts, "choose", result, side, _options(group, kept, other))
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
    return Line(group.key, str(label), *texts, outcome, result)


def _options(group: Group, kept: Person, other: Person) -> list[tuple[str, str]]:
    _label, told = TOLD[group.key]
    if group.key in UNITED:  # both stay
        return [(KEPT, told(kept)), (OTHER, told(other))]
    return [(side, told(_after(kept, other, {group.key: side}))) for side in (KEPT, OTHER)]


def _after(kept: Person, other: Person, chosen: Mapping[str, str]) -> Person:
    """Who stands when this is chosen, and of the rest what is proposed. Knows nothing but the fields of the groups."""
    values = united_values(kept, other, chosen)
    organisation_id = values.pop("organisation_id", kept.organisation_id)
    after = Person(organisation=other.organisation if organisation_id == other.organisation_id else kept.organisation)
    for name in SHOWN:
        setattr(after, name, values.get(name, getattr(kept, name)))
    return after


def _joined(key: str, label: str, kept: Sequence[str], other: Sequence[str], between: str = ", ") -> Line:
    new = [text for text in other if text not in kept]
    with_new, without = ("joined" if kept else "added"), ("same" if list(kept) == list(other) else "kept")
    outcome = with_new if new else without
    return Line(key, label, between.join(kept), between.join(other), outcome, between.join([*kept, *new]))


def _roles(person: Person, user: User) -> list[str]:
    rows = Enrolment.objects.visible_to(user).filter(person=person).select_related("programme").order_by("pk")
    words = _("%(role)s in %(programme)s")
    return [words % {"role": row.get_role_display(), "programme": row.programme.name} for row in rows]
