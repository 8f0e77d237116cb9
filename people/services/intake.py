"""Services that write several records in one transaction."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Branch, User
from accounts.roles import Verb
from accounts.services import lock_branch
from common.journal import act
from people.alike import facts_of_details, people_alike
from people.details import DETAIL_GROUPS
from people.enums import AlikeAnswer, Gender
from people.models import Enrolment, Person
from people.services.enrolments import enrol_person, update_enrolment
from people.services.merging import mark_distinct
from people.services.people import Skill, create_person, record_consent, set_languages, update_person

UNKNOWN_GENDER = {"gender": Gender.UNKNOWN}
BLANK = (None, "", Gender.UNKNOWN)


class UnansweredLikeness(ValidationError):
    """The new person looks like a known one, and the user has not said that they are two."""


@act
def complete_intake(
    *,
    by: User | None,
    person: Person | dict,
    enrolment: dict,
    added: Mapping[str, Any] | None = None,
    languages: Iterable[Skill] | None = None,
    consents: Iterable[dict] = (),
    answers: Mapping[int, str] | None = None,
) -> Enrolment:
    """Create a person, or use a known one, and store the enrolment, languages and consents.

    ``person`` is a Person or the details of a new one; ``enrolment`` holds arguments of ``enrol_person``. ``added`` are
    details that a known person gets, as ``details_to_add`` returns them; ``languages`` that a known person speaks stay.
    ``answers`` has an ``AlikeAnswer`` by the id of each person who looks like the new one and is not the same.
    Raises UnansweredLikeness, PermissionDenied and ValidationError; then nothing is stored.
    """
    if isinstance(person, dict):
        branch = enrolment["programme"].branch
        alike = _answered_people(person, branch, by, answers or {})
        person = create_person(by=by, branch=branch, languages=languages or (), **person)
        languages = None
        for other, answer in alike:
            mark_distinct(person, other, by=by, is_household=answer == AlikeAnswer.HOUSEHOLD)
    elif added:
        update_person(person, by=by, **added)
    enrolled = enrol_person(person, by=by, **enrolment)
    if languages is not None:
        set_languages(person, _with_known(person, languages), by=by)
    for consent in consents:
        record_consent(person, by=by, **consent)
    return enrolled


def _with_known(person: Person, languages: Iterable[Skill]) -> list[Skill]:
    """Return languages after those that a person speaks and that are not among them."""
    typed = list(languages)
    rows = person.languages.select_related("language").exclude(language__in=[skill.language for skill in typed])
    return [*(Skill(row.language, row.level, row.note) for row in rows), *typed]


def details_to_add(person: Person, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the typed details that a known person lacks: further phones and e-mails, and what is blank so far."""
    added: dict[str, Any] = {}
    for group in DETAIL_GROUPS:
        new = {name: typed[name] for name in group.fields if typed.get(name)}
        if group.is_list:
            for name, values in new.items():
                known = getattr(person, name)
                if further := [value for value in values if value not in known]:
                    added[name] = [*known, *further]
        elif new != UNKNOWN_GENDER and all(getattr(person, name) in BLANK for name in group.fields):
            added |= new
    return added


def _answered_people(
    details: dict, branch: Branch, by: User | None, answers: Mapping[int, str]
) -> list[tuple[Person, str]]:
    """Return the people of the branch who look like the new person, each with the answer.

    Locks the branch, so that the second of two users who create one person at the same moment is asked. Raises
    UnansweredLikeness if an answer is missing.
    """
    lock_branch(branch.pk)
    people = Person.objects.in_branches([branch.pk]) if by is None else Person.objects.visible_to(by, Verb.WORK_CASES)
    alike = [row.person for row in people_alike(facts_of_details(details), people)]
    for person in alike:
        if person.pk not in answers:
            words = {"name": person.name, "number": person.case_number}
            raise UnansweredLikeness(_("%(name)s, %(number)s, looks like this person. Is it the same one?") % words)
    return [(person, answers[person.pk]) for person in alike if person.home_branch_id == branch.pk]


@act
def update_wishes(enrolment: Enrolment, *, by: User | None, languages: Iterable[Skill], **fields) -> Enrolment:
    """Change what a person seeks or offers and the languages they speak."""
    set_languages(enrolment.person, languages, by=by)
    return update_enrolment(enrolment, by=by, **fields)
