"""The page of choice: each thing known of two people on a line, and what stands after the merge."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.templatetags.danish import danish_date, phone
from people.enums import Gender
from people.merging.sides import GROUPS, KEPT, OTHER, UNITED, Group, default_side, differs, has_group, united_values
from people.models import Enrolment, Person


@dataclass(frozen=True, slots=True)
class Line:
    """`outcome`: same · added (from the other) · kept · joined · choose. `default`: the side chosen beforehand."""

    key: str
    label: str
    kept: str
    other: str
    outcome: str
    result: str = ""  # unless somebody has to choose
    default: str = KEPT

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(KEPT, self.kept), (OTHER, self.other)]

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


def lines_of(kept: Person, other: Person, user: User) -> list[Line]:
    """A line for all that at least one of the two has. Roles only of programmes that ``user`` may see."""
    values = united_values(kept, other, {})
    after = Person(**{name: values[name] for group in GROUPS for name in group.fields})
    known = [group for group in GROUPS if has_group(kept, group) or has_group(other, group)]
    lines = [_line(group, kept, other, after) for group in known]
    lines += [
        _joined("languages", _("Languages"), _languages(kept), _languages(other)),
        _joined("roles", _("Role"), _roles(kept, user), _roles(other, user)),
        _joined("notes", _("Notes"), kept.notes.splitlines(), other.notes.splitlines(), between="\n"),
    ]
    return [line for line in lines if line.kept or line.other]


def _line(group: Group, kept: Person, other: Person, after: Person) -> Line:
    label, told = TOLD[group.key]
    texts, result = (told(kept), told(other)), told(after)
    if differs(kept, other, group):
        outcome = "choose"
    elif not has_group(other, group):
        outcome = "kept"
    elif not has_group(kept, group):
        outcome = "added"
    elif texts[0] == texts[1]:
        outcome = "same"
    elif result in texts:
        outcome = "kept" if result == texts[0] else "added"
    else:
        outcome = "joined"
    return Line(group.key, str(label), *texts, outcome, result, default_side(kept, other, group))


def _joined(key: str, label: str, kept: list[str], other: list[str], between: str = ", ") -> Line:
    new = [text for text in other if text not in kept]
    with_new, without = ("joined" if kept else "added"), ("same" if kept == other else "kept")
    outcome = with_new if new else without
    return Line(key, label, between.join(kept), between.join(other), outcome, between.join([*kept, *new]))


def _languages(person: Person) -> list[str]:
    return [str(skill.language) for skill in person.languages.all()]


def _roles(person: Person, user: User) -> list[str]:
    rows = Enrolment.objects.visible_to(user).filter(person=person).select_related("programme").order_by("pk")
    words = _("%(role)s in %(programme)s")
    return [words % {"role": row.get_role_display(), "programme": row.programme.name} for row in rows]
