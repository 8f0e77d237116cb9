"""The card *Known already?* of the intake: people who may be the one being typed."""

import uuid

from django.db.models import QuerySet
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import View

from accounts.models import User
from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from people.alike import branches_that_know, facts_of_details, known_facts, people_alike, with_facts
from people.duplicates import people_named_like
from people.forms import WhoForm
from people.models import IntakeDraft, Person

MOST_SUGGESTED = 4
SHORTEST_NAME = 2  # letters from which a name is searched for


def known_people(user: User, form: WhoForm, draft: IntakeDraft | None) -> dict:
    """Return what the card *Known already?* shows for the valid fields of a form.

    ``alike`` are the probable ones with their facts and answers, ``undecided`` those without an answer, ``named``
    people with a similar name only, ``elsewhere`` the names of other branches that know the person.
    """
    if not form.is_bound:
        return {"alike": [], "undecided": [], "named": [], "elsewhere": []}
    form.is_valid()
    birth = form.cleaned_data.get("birth")
    details = form.cleaned_data | ({"birth_date": birth.date, "birth_year": birth.year} if birth else {})
    asked, answers = facts_of_details(details), draft.answers if draft else {}
    visible = Person.objects.visible_to(user, Verb.WORK_CASES)
    alike = people_alike(asked, with_facts(visible, user))
    others = visible.exclude(pk__in=[row.person.pk for row in alike])
    return {
        "alike": [(row, known_facts(row.person), answers.get(str(row.person.pk))) for row in alike],
        "undecided": [row.person for row in alike if str(row.person.pk) not in answers],
        "named": [(person, known_facts(person)) for person in named_like(asked.name, with_facts(others, user))],
        "elsewhere": branches_that_know(asked, visible),
    }


def named_like(name: str, people: QuerySet[Person]) -> list[Person]:
    """Return the people whose names contain what was typed, or else those with a similar name."""
    if len(name) < SHORTEST_NAME:
        return []
    found = people.search(name).order_by("first_name", "last_name", "pk")[:MOST_SUGGESTED]
    return list(found) or people_named_like(name, people, MOST_SUGGESTED)


class PersonLookupView(VerbRequiredMixin, View):
    """Suggest known people while the details of a person are being typed. ``?kladde=`` is the key of the draft."""

    verb = Verb.WORK_CASES

    def get(self, request):
        key = _uuid(request.GET.get("kladde", ""))
        draft = IntakeDraft.objects.visible_to(request.user).filter(key=key).first() if key else None
        known = known_people(request.user, WhoForm(request.GET), draft)
        address = reverse("people:person-create-step", args=[key, "who"]) if key else ""
        return render(request, "people/_known_people.html", {**known, "address": address, "is_swapped": True})


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
