"""The card *Known already?* of the intake: people who may be the one being typed."""

from django.db.models import QuerySet
from django.http import QueryDict

from accounts.models import User
from accounts.roles import Verb
from common.form_values import FieldValues
from people.alike import branches_that_know, facts_of_details, known_facts, people_alike, with_facts
from people.duplicates import people_named_like
from people.enums import Gender
from people.forms.people import PersonDetailsForm
from people.models import Draft, Person
from people.services.intake import details_to_add

MOST_SUGGESTED = 4
SHORTEST_NAME = 2  # letters from which a name is searched for
BIRTH = ("birth_date", "birth_year")


def known_people(user: User, draft: Draft) -> dict:
    """Return what the card *Known already?* shows for the valid details of a draft.

    ``alike`` are the probable ones with their facts and answers, ``undecided`` those without an answer, ``named``
    people with a similar name only, ``elsewhere`` the names of other branches that know the person.
    """
    form = _typed_details(draft)
    asked, answers = facts_of_details(form.details()), draft.answers
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


def typed_beside(person: Person, draft: Draft) -> list[tuple[str, str, bool]]:
    """Return what was typed about a person who turned out to be known: label, text, whether the case gets it.

    What the case has already is left out.
    """
    form = _typed_details(draft)
    details = form.details()
    added = details_to_add(person, details)
    lines = []
    for bound in form.visible_fields():
        names = BIRTH if bound.name == "birth" else (bound.name,)
        is_added = not added.keys().isdisjoint(names)
        is_same = all(name in details and getattr(person, name) == details[name] for name in names)
        words = FieldValues(bound, {bound.html_name: [bound.value() or ""]}).words()
        if words and not is_same and (is_added or bound.value() != Gender.UNKNOWN):
            lines.append((bound.label, words, is_added))
    return lines


def _typed_details(draft: Draft) -> PersonDetailsForm:
    form = PersonDetailsForm(draft.values or QueryDict())
    form.is_valid()
    return form
