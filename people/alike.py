"""The people of whom an intake asks whether they are the person being typed, with the reasons in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from common.folding import fold
from common.templatetags.danish import danish_date, phone
from people.display import main_enrolment, status_words
from people.duplicates import facts_from
from people.likeness import KNOWN_GENDERS, Facts, LikeIndex, Likeness, have_other_birth_dates, is_exactly
from people.models import Enrolment, Person
from people.names import NEARLY_EQUAL, name_key, name_likeness

MOST_ASKED = 4
_PARTS = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class AlikePerson:
    """A stored person who is probably the one being typed: what speaks for it, and what speaks against it."""

    person: Person
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]


def facts_of_details(details: Mapping[str, Any]) -> Facts:
    """Return what is compared of the details of a person, as the services take them. Details may be missing."""
    names = (details.get("first_name", ""), details.get("last_name", ""))
    return Facts(
        " ".join(filter(None, names)),
        {email.lower() for email in details.get("emails") or ()},
        set(details.get("phones") or ()),
        details.get("birth_date"),
        details.get("birth_year"),
        details.get("postcode") or "",
        details.get("gender") or "",
    )


def people_alike(asked: Facts, people: QuerySet[Person]) -> list[AlikePerson]:
    """Return the people who are probably ``asked``, the most alike first. Two queries, none without attributes."""
    wanted = _shares_attribute(asked)
    if not wanted or not asked.words:
        return []
    found = LikeIndex(facts_from(people.filter(wanted)), with_exact=True).find(asked, MOST_ASKED)
    rows = people.in_bulk([like.other.ref for like in found])
    return [
        AlikePerson(rows[like.other.ref], tuple(_reasons(asked, like)), tuple(_doubts(asked, like.other)))
        for like in found
        if like.other.ref in rows
    ]


def _shares_attribute(asked: Facts) -> Q:
    """Return the condition that a person shares an attribute without which two people are never alike."""
    wanted = Q()
    for text in [*map(fold, asked.emails), *(number.removeprefix("+") for number in asked.phones)]:
        wanted |= Q(search_text__contains=text)
    if asked.birth_year:
        wanted |= Q(birth_year=asked.birth_year) | Q(birth_date__year=asked.birth_year)
    if asked.postcode:
        wanted |= Q(postcode=asked.postcode)
    return wanted


def branches_that_know(asked: Facts, people: QuerySet[Person]) -> list[str]:
    """Return the names of the branches that know exactly ``asked`` as a person who is not among ``people``."""
    if not asked.words or not (asked.emails or asked.phones or asked.birth_date):
        return []
    others = Person.objects.exclude(pk__in=people.values("pk")).search(name_key(asked.name))
    return sorted({row.home_branch.name for row in others.select_related("home_branch") if is_exactly(row, asked)})


def with_facts(people: QuerySet[Person], user: User) -> QuerySet[Person]:
    """Prefetch what ``known_facts`` reads."""
    enrolments = Enrolment.objects.visible_to(user).select_related("programme")
    return people.select_related("home_branch").prefetch_related(
        Prefetch("enrolments", enrolments, to_attr="visible_enrolments")
    )


def known_facts(person: Person) -> list[str]:
    """Return facts by which to recognise a person: case number, ``Mentee, i match``, ``Født 1977``, home branch."""
    enrolment = main_enrolment(person.visible_enrolments)
    role, status = (enrolment.get_role_display(), status_words(enrolment)) if enrolment else ("", "")
    born = danish_date(person.birth_date, "year") if person.birth_date else person.birth_year
    return [
        person.case_number,
        *([role if role == status else f"{role}, {status[:1].lower()}{status[1:]}"] if role else []),
        *([_("Born %(day)s") % {"day": born}] if born else []),
        person.home_branch.name,
    ]


def _reasons(asked: Facts, like: Likeness) -> list[str]:
    other, same = like.other, like.same
    shared = {
        "email": (_("Same e-mail: %(value)s"), ", ".join(sorted(asked.emails & other.emails))),
        "phone": (_("Same phone: %(value)s"), ", ".join(map(phone, sorted(asked.phones & other.phones)))),
        "birth": (_("Same birthday: %(value)s"), danish_date(other.birth_date, "year") if other.birth_date else ""),
        "birth_year": (_("Same birth year: %(value)s"), other.birth_year),
        "postcode": (_("Same postcode: %(value)s"), other.postcode),
    }
    sentences = [words % {"value": value} for name, (words, value) in shared.items() if name in same]
    return [*sentences, _name_words(asked, other)]


def _name_words(asked: Facts, other: Facts) -> str:
    """Return how alike the names are, with the parts that differ: ``Navnet lyder ens: Hoden, Hodan``."""
    if fold(asked.name) == fold(other.name):
        return _("Same name")
    names = {"one": _other_parts(asked.name, other.name), "other": _other_parts(other.name, asked.name)}
    if not all(names.values()):
        names = {"one": asked.name, "other": other.name}
    likeness = name_likeness(asked.words, other.words)
    if likeness >= NEARLY_EQUAL:
        return _("The name sounds the same: %(one)s, %(other)s") % names
    words = _("The name is similar: %(one)s, %(other)s") if likeness else _("Another last name: %(one)s, %(other)s")
    return words % names


def _other_parts(name: str, other: str) -> str:
    """Return the parts of a name that the other one lacks."""
    known = set(map(fold, _PARTS.split(other)))
    return " ".join(part for part in _PARTS.split(name) if fold(part) not in known)


def _doubts(asked: Facts, other: Facts) -> list[str]:
    doubts = []
    if have_other_birth_dates(asked, other):
        doubts.append(_("Another birthday: %(day)s") % {"day": danish_date(other.birth_date, "year")})
    elif not (asked.birth_year and other.birth_year):
        doubts.append(_("The birthday is not known yet"))
    elif asked.birth_year != other.birth_year:
        doubts.append(_("Another birth year: %(year)s") % {"year": other.birth_year})
    if asked.gender != other.gender and {asked.gender, other.gender} <= KNOWN_GENDERS:
        doubts.append(_("Another gender"))
    return [capfirst(doubt) for doubt in doubts]
