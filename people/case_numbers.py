"""Case numbers: the branch's letter, the year and a running number (T-2011-038); taking them and finding their page."""

from collections.abc import Callable

from django.db.models import Q
from django.urls import reverse

from accounts.models import Branch, User
from common.hooks import Hook
from common.numbering import take_numbers
from common.searching import as_number
from people.models import FormerCaseNumber, Person, PersonMerge

# Returns the address of the record with exactly this number, or None; finds only records visible to the user.
NumberSource = Callable[[str, User], str | None]
NUMBER_SOURCES: Hook[NumberSource] = Hook()


def take_case_numbers(branch: Branch, year: int, count: int = 1) -> list[str]:
    """Take the next case numbers of a branch in a year; call inside the transaction that uses them."""
    return [f"{branch.code}-{year}-{number:03d}" for number in take_numbers(f"{branch.code}-{year}", count)]


def former_case_numbers(branch_id: int) -> dict[int, list[str]]:
    """Return person id → further case numbers by which a branch knows people. Two queries.

    These are the numbers of people merged into them in the branch, and those of earlier home branches.
    """
    found: dict[int, list[str]] = {}
    merges = PersonMerge.objects.filter(branch=branch_id, undone_at=None).values_list("kept_id", "merged_case_number")
    earlier = FormerCaseNumber.objects.in_branches([branch_id]).values_list("person", "number")
    for person_id, number in [*merges, *earlier]:
        found.setdefault(person_id, []).append(number)
    return found


def number_url(number: str, user: User) -> str | None:
    """Return the address of the record with exactly this number, such as a person or a match, if there is one.

    The number may be typed without hyphens. A text without digits is no number, and is not looked up.
    """
    if not any(letter.isdigit() for letter in number):
        return None
    number = as_number(number)
    return next((url for source in NUMBER_SOURCES if (url := source(number, user))), None)


def person_number_url(number: str, user: User) -> str | None:
    """Find a person by case number, also by one of an earlier home branch or of a person merged into them."""
    people = Person.objects.visible_to(user)
    own = Q(case_number__iexact=number)
    merged = Q(pk__in=PersonMerge.objects.filter(merged_case_number__iexact=number, undone_at=None).values("kept"))
    earlier = Q(pk__in=FormerCaseNumber.objects.filter(number__iexact=number).values("person"))
    person = people.filter(own | merged | earlier).only("pk").first()
    return reverse("people:person-detail", args=[person.pk]) if person else None
