"""Case numbers typed into the search field lead straight to their page. Upper apps register numbers of their own."""

from collections.abc import Callable

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from people.models import Person, PersonMerge

# Address of the record with exactly this number, or None; looks only among rows visible to the user.
NumberSource = Callable[[str, User], str | None]
_sources: list[NumberSource] = []


def register(source: NumberSource) -> NumberSource:
    """Add a source; may be used as a decorator. Registering twice counts once."""
    if source not in _sources:
        _sources.append(source)
    return source


def address_of(number: str, user: User) -> str | None:
    """Where an exact case number leads the user, if anywhere."""
    return next((url for source in _sources if (url := source(number, user))), None)


@register
def person_of_number(number: str, user: User) -> str | None:
    """A person's own number, or one under which they stood before they were merged."""
    people = Person.objects.visible_to(user)
    own = Q(case_number__iexact=number)
    merged = Q(pk__in=PersonMerge.objects.filter(merged_case_number__iexact=number, undone_at=None).values("kept"))
    person = people.filter(own | merged).only("pk").first()
    return reverse("people:person-detail", args=[person.pk]) if person else None
