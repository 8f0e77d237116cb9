"""The list of people as a spreadsheet: what the page shows, in full."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from common import clock
from common.templatetags.danish import phone
from people import presentation
from people.models import Person


def person_columns() -> list[str]:
    return [
        _("Case number"),
        _("First name"),
        _("Last name"),
        _("Role"),
        _("Status"),
        _("Programme"),
        _("Gender"),
        _("Birth date"),
        _("Age"),
        _("Phone"),
        _("E-mail"),
        _("Address"),
        _("Postcode"),
        _("Town"),
        _("Organisation"),
        _("Languages"),
        _("Seeks or offers"),
        _("Areas"),
        _("Recruited on"),
        _("Waiting since"),
        _("Last contact"),
    ]


def person_rows(people: Iterable[Person], role: str) -> Iterator[list]:
    """One row a person, about the role that the page shows."""
    for person in people:
        enrolment = presentation.main_enrolment(person.shown_enrolments, role)
        yield [
            person.case_number,
            person.first_name,
            person.last_name,
            enrolment.get_role_display() if enrolment else "",
            presentation.status_words(enrolment) if enrolment else "",
            enrolment.programme.name if enrolment else "",
            person.get_gender_display(),
            person.birth_date or person.birth_year,
            person.age_on(clock.today()),
            ", ".join(phone(number) for number in person.phones),
            ", ".join(person.emails),
            person.address,
            person.postcode,
            person.town,
            person.organisation.name if person.organisation else "",
            presentation.languages_words(person),
            presentation.topics_words(enrolment),
            presentation.areas_words(enrolment),
            enrolment.applied_on if enrolment else None,
            person.waiting_from,
            person.last_contacted_on,
        ]
