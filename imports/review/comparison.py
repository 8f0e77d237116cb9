"""A row beside the person it looks like, as the two sides that a merge compares."""

from collections.abc import Iterable

from common.bulk import build
from imports.kinds.persons import PersonRecord
from people.details import PERSON_DETAILS
from people.enums import TermKind
from people.merging.comparison import ComparedPerson
from people.models import Organisation, Person, Term

# A row holds only the name of an organisation.
COPIED_FIELDS = [detail.name for detail in PERSON_DETAILS if detail.is_imported and detail.name != "organisation"]
COPIED_FIELDS.append("last_contacted_on")


def draft_of(record: PersonRecord, organisation_id: int | str | None = None) -> Person:
    """The person that a row tells of, not stored."""
    values = {name: getattr(record, name) for name in COPIED_FIELDS}
    return build(Person, notes="\n".join(record.notes), organisation_id=organisation_id, **values)


def side_of_record(record: PersonRecord, title: str, role: str, organisation: Organisation | None) -> ComparedPerson:
    """What a row says; `role` in words."""
    draft = draft_of(record)
    draft.organisation = organisation
    return ComparedPerson(draft, languages_meant(record), [role] if role else [], title)


def languages_meant(record: PersonRecord) -> list[str]:
    """The languages of a row as they are stored: by their own names, whatever the row calls them. One query."""
    known: dict[str, str] = {}
    for term in Term.objects.filter(kind=TermKind.LANGUAGE) if record.languages else ():
        known |= dict.fromkeys(term.spellings - known.keys(), term.name)
    return list(dict.fromkeys(known.get(name.casefold(), name.capitalize()) for name, _note in record.languages))


def side_of_person(person: Person, roles: Iterable[str], url: str) -> ComparedPerson:
    """What is known of a stored person; `roles` in words."""
    return ComparedPerson(
        person, [str(skill.language) for skill in person.spoken], list(roles), person.case_number, url
    )
