"""The exports of people, case numbers, organisations, volunteer groups and imports, with their columns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from common.exports import Column, ListExport, phone_words
from people import display
from people.models import Enrolment, Person


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person, and the enrolment that the row shows."""

    person: Person
    role: Enrolment | None


def person_lines(people: Iterable[Person], role: str) -> Iterator[PersonLine]:
    """Yield a line for each person of ``for_table()``, with the enrolment that the page shows."""
    for person in people:
        yield PersonLine(person, display.main_enrolment(person.shown_enrolments, role))


PEOPLE = ListExport(
    "people",
    _("People"),
    (
        Column("case_number", _("Case number"), lambda line: line.person.case_number),
        Column("first_name", _("First name"), lambda line: line.person.first_name),
        Column("last_name", _("Last name"), lambda line: line.person.last_name),
        Column("role", _("Role"), lambda line: line.role.get_role_display() if line.role else ""),
        Column("status", _("Status"), lambda line: display.status_words(line.role) if line.role else ""),
        Column("state", pgettext_lazy("of a person", "State"), lambda line: display.state_words(line.person)),
        Column("programme", _("Programme"), lambda line: line.role.programme.name if line.role else ""),
        Column("gender", _("Gender"), lambda line: line.person.get_gender_display()),
        Column("birth_date", _("Birth date"), lambda line: line.person.birth_date or line.person.birth_year),
        Column("age", _("Age"), lambda line: line.person.age_on(clock.today())),
        Column("phone", _("Phone"), lambda line: "" if line.person.state else phone_words(line.person.phones)),
        Column("email", _("E-mail"), lambda line: "" if line.person.state else ", ".join(line.person.emails)),
        Column("address", _("Address"), lambda line: line.person.address),
        Column("postcode", _("Postcode"), lambda line: line.person.postcode),
        Column("town", _("Town"), lambda line: line.person.town),
        Column(
            "organisation",
            _("Organisation"),
            lambda line: line.person.organisation.name if line.person.organisation else "",
        ),
        Column("languages", _("Languages"), lambda line: display.languages_words(line.person)),
        Column("topics", _("Seeks or offers"), lambda line: display.topics_words(line.role)),
        Column("areas", _("Areas"), lambda line: display.areas_words(line.role)),
        Column("applied_on", _("Recruited on"), lambda line: line.role.applied_on if line.role else None),
        Column("waiting_from", _("Waiting since"), lambda line: line.person.waiting_from),
        Column("last_contact", _("Last contact"), lambda line: line.person.last_contacted_on),
    ),
)

CASE_NUMBERS = ListExport(
    "case-numbers",
    _("Case numbers"),
    (
        Column("case_number", _("Case number"), lambda enrolment: enrolment.person.case_number),
        Column("role", _("Role"), lambda enrolment: enrolment.get_role_display()),
        Column("status", _("Status"), display.status_words),
        Column("programme", _("Programme"), lambda enrolment: enrolment.programme.name),
        Column("applied_on", _("Recruited on")),
    ),
)

ORGANISATIONS = ListExport(
    "organisations",
    _("Organisations"),
    (
        Column("name", _("Name")),
        Column("kind", _("Kind"), lambda organisation: organisation.get_kind_display()),
        Column("phone", _("Phone"), lambda organisation: phone_words([organisation.phone])),
        Column("email", _("E-mail")),
        Column("address", _("Address")),
        Column("agreed_on", _("Agreement made on")),
        Column("people", _("People"), lambda organisation: organisation.people_count),
        Column("notes", _("Notes"), is_default=False),
    ),
)

GROUPS = ListExport(
    "volunteer-groups",
    _("Volunteer groups"),
    (
        Column("name", _("Name of the group")),
        Column("kind", _("Kind of group"), lambda group: group.get_kind_display()),
        Column("status", _("Status"), lambda group: group.get_status_display()),
        Column("place", _("Place")),
        Column("partner", _("Partner"), lambda group: group.partner.name if group.partner else ""),
        Column("opening_times", _("Opening times")),
        Column("established_on", _("Established on")),
        Column("closed_on", _("Closed on")),
        Column("volunteers", _("Volunteers"), lambda group: group.volunteer_count),
        Column("programme", _("Programme"), lambda group: group.programme.name),
        Column("notes", _("Notes"), is_default=False),
    ),
)


def staff_name(user: User | None) -> str:
    """Who did it; an import without a user was made by a command."""
    return user.name if user else gettext("A command")
