"""Whom a contact outside the plan is with: people found by what a user types, and the matches that it may be about."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Verb
from common.searching import words_to_find
from common.templatetags.danish import danish_date
from matching.enums import OPEN_STATUSES
from matching.models import FollowUp, Match
from people.display import name_with_state
from people.models import Enrolment
from programmes.enums import ContactSide, ParticipantRole

ROLES = [ParticipantRole.MENTOR, ParticipantRole.MENTEE]
MOST_FOUND = 8
SHORTEST = 2  # letters that are looked for


@dataclass(frozen=True)
class PersonChoice:
    """A person in a role, as the search field shows it: ``Leyla Demir, mentee``."""

    enrolment: Enrolment
    label: str


def enrolments_to_contact(user: User) -> QuerySet[Enrolment]:
    """Return the roles of mentors and mentees whom the user may record a contact with."""
    rows = Enrolment.objects.visible_to(user, Verb.WORK_CASES).filter(role__in=ROLES, person__state="")
    return rows.select_related("person", "programme").order_by("person__first_name", "person__last_name", "pk")


def find_people(user: User, text: str) -> list[PersonChoice]:
    """Return the roles of people whose name, number, phone or e-mail has every typed word, up to ``MOST_FOUND``.

    A text that is a whole label finds that role only.
    """
    name, _comma, _rest = text.partition(",")
    if len(name.strip()) < SHORTEST:
        return []
    rows = enrolments_to_contact(user)
    for word in words_to_find(name):
        rows = rows.filter(person__search_text__contains=word)
    choices = choices_of(rows[: MOST_FOUND * 3])
    exact = [choice for choice in choices if choice.label == text.strip()]
    return exact or choices[:MOST_FOUND]


def choices_of(enrolments: Sequence[Enrolment]) -> list[PersonChoice]:
    """Return the choices of roles; those with the same label get case number and programme."""
    enrolments = list(enrolments)
    labels = [_label_of(one) for one in enrolments]
    counts = Counter(labels)
    return [
        PersonChoice(one, label if counts[label] == 1 else f"{label}, {one.person.case_number}, {one.programme}")
        for one, label in zip(enrolments, labels, strict=True)
    ]


def _label_of(enrolment: Enrolment) -> str:
    return f"{name_with_state(enrolment.person)}, {enrolment.get_role_display().lower()}"


def open_matches_of(enrolment: Enrolment) -> list[Match]:
    """Return the open matches of a role, which a contact may be about."""
    rows = Match.objects.with_parties().filter(programme=enrolment.programme_id, status__in=OPEN_STATUSES)
    return list(rows.filter(**{enrolment.role: enrolment.person_id}).order_by("pk"))


def match_label(match: Match, enrolment: Enrolment) -> str:
    """Return ``med Karsten Friis, M-2011-021``."""
    other = match.other_party(enrolment.person)
    return _("with %(name)s, %(number)s") % {"name": name_with_state(other), "number": match.number}


def plan_words(enrolment: Enrolment) -> str:
    """Return the sentence about the next planned follow-up, which the contact does not change; empty without one."""
    sides = [enrolment.role, ContactSide.BOTH]
    rows = FollowUp.objects.to_do().filter(side__in=sides, match__programme=enrolment.programme_id)
    rows = rows.filter(**{f"match__{enrolment.role}": enrolment.person_id})
    due_on = rows.order_by("due_on").values_list("due_on", flat=True).first()
    if due_on is None:
        return ""
    name = enrolment.person.first_name or enrolment.person.name
    words = _("The planned follow-up with %(name)s, due %(day)s, stays in the plan.")
    return words % {"name": name, "day": danish_date(due_on)}
