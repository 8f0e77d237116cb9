"""Services that write several records in one transaction."""

from collections.abc import Iterable

from accounts.models import User
from common.journal import act
from people.models import Enrolment, Person
from people.services.enrolments import enrol_person, update_enrolment
from people.services.people import Skill, create_person, record_consent, set_languages


@act
def complete_intake(
    *,
    by: User | None,
    person: Person | dict,
    enrolment: dict,
    languages: Iterable[Skill] | None = None,
    consents: Iterable[dict] = (),
) -> Enrolment:
    """Create a person, or use a known one, and store the enrolment, languages and consents.

    ``person`` is a Person or the details of a new one; ``enrolment`` holds arguments of ``enrol_person``.
    Raises PermissionDenied and ValidationError; then nothing is stored.
    """
    if isinstance(person, dict):
        person = create_person(by=by, branch=enrolment["programme"].branch, languages=languages or (), **person)
        languages = None
    enrolled = enrol_person(person, by=by, **enrolment)
    if languages is not None:
        set_languages(person, languages, by=by)
    for consent in consents:
        record_consent(person, by=by, **consent)
    return enrolled


@act
def update_wishes(enrolment: Enrolment, *, by: User | None, languages: Iterable[Skill], **fields) -> Enrolment:
    """Change what a person seeks or offers and the languages they speak."""
    set_languages(enrolment.person, languages, by=by)
    return update_enrolment(enrolment, by=by, **fields)
