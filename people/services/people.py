"""Create and change people, record consents, and find people who are already known."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from accounts.enums import AccessKind
from accounts.models import Branch, User
from accounts.services import record_access
from common import clock
from common.journal import act, delete
from people.case_numbers import take_case_numbers
from people.models import Consent, LanguageSkill, Person, Term
from people.services.permissions import refuse_closed_people, require_work_in, save_clean


@dataclass(frozen=True, slots=True)
class Skill:
    """A language that a person speaks, as forms pass it to the services."""

    language: Term
    level: str
    note: str = ""


@act
def create_person(*, by: User | None, branch: Branch, languages: Iterable[Skill] = (), **fields) -> Person:
    """Create a person in ``branch`` under the next case number, and log it.

    Raises PermissionDenied, and ValidationError when a detail is invalid.
    """
    require_work_in([branch.pk], by)
    number = take_case_numbers(branch, clock.today().year)[0]
    person = Person(home_branch=branch, case_number=number, created_by=by, **fields)
    person.search_text = person.build_search_text()
    save_clean(person)
    _replace_languages(person, languages)
    _log(person, by=by, code="person_created")
    return person


@act
def update_person(person: Person, *, by: User | None, **fields) -> Person:
    """Change the given fields of a person and log which ones changed.

    Raises PermissionDenied, and ValidationError when a detail is invalid.
    """
    require_work_in(person.branch_ids(), by)
    changed = [name for name, value in fields.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, fields[name])
    person.search_text = person.build_search_text()
    save_clean(person)
    _log(person, by=by, code="person_changed" if changed else "", fields=changed)
    return person


@act
def set_languages(person: Person, languages: Iterable[Skill], *, by: User | None) -> None:
    """Replace the languages that a person speaks. Raises PermissionDenied and ValidationError."""
    require_work_in(person.branch_ids(), by)
    _replace_languages(person, languages)
    _log(person, by=by, code="person_changed", fields=["languages"])


def _replace_languages(person: Person, languages: Iterable[Skill]) -> None:
    languages = list(languages)
    rows = person.languages.select_related("language")
    if languages == [Skill(row.language, row.level, row.note) for row in rows]:
        return  # the history shows no change
    delete(rows)
    for skill in languages:
        save_clean(LanguageSkill(person=person, language=skill.language, level=skill.level, note=skill.note))


@act
def record_contact(person: Person, *, by: User | None, on: dt.date) -> Person:
    """Record the day of the last contact with a contact person.

    Raises PermissionDenied, and StateRefused for a day after the person died, moved away or wanted no contact.
    """
    refuse_closed_people([person.pk], from_day=on)
    return update_person(person, by=by, last_contacted_on=on)


@act
def record_consent(
    person: Person, *, by: User | None, kind: str, is_given: bool, on: dt.date, source: str = ""
) -> Consent:
    """Record a yes or no and log it. Earlier consents of the kind are kept. Raises PermissionDenied."""
    require_work_in(person.branch_ids(), by)
    consent = Consent(person=person, kind=kind, is_given=is_given, on=on, source=source, recorded_by=by)
    save_clean(consent)
    _log(person, by=by, code="consent_recorded", consent=kind, is_given=is_given)
    return consent


def update_search_texts(people: list[Person]) -> list[str]:
    """Build the search texts of people, without storing them, and return the names of the fields."""
    prefetch_related_objects(people, "merges", "earlier_numbers")
    for person in people:
        person.search_text = person.build_search_text()
    return ["search_text"]


def _log(person: Person, *, by: User | None, code: str, **values: Any) -> None:
    branch = person.home_branch_id
    record_access(by=by, kind=AccessKind.WRITE, subject=person, branch=branch, code=code, values=values)
