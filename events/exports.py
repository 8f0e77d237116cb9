"""The lists of events and of an event's participants as they are taken home: every column, declared once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.exports import Column, ListExport, phone_words
from events.lists import role_words
from events.models import Attendance, Event

# Rows of ``with_counts()``.
EVENTS = ListExport(
    "events",
    _("Events"),
    (
        Column("title", _("Event")),
        Column("kind", pgettext_lazy("events", "Kind"), lambda event: event.get_kind_display()),
        Column("programme", _("Programme"), lambda event: event.programme.name),
        Column("starts_at", _("Starts")),
        Column("ends_at", _("Ends")),
        Column("place", _("Place")),
        Column("capacity", _("Places")),
        Column("state", _("State"), lambda event: gettext("Called off") if event.is_cancelled else ""),
        Column("invited", _("Invited"), lambda event: event.invited_count),
        Column("signed_up", _("Signed up"), lambda event: event.signed_up_count),
        Column("waiting", _("Waiting list"), lambda event: event.waiting_count),
        Column("came", _("Came"), lambda event: event.attended_count),
        Column("unnamed_guests", _("Others, without names")),
        Column("description", _("Description"), is_default=False),
    ),
)


@dataclass(frozen=True, slots=True)
class ParticipantLine:
    """Somebody on the list of an event."""

    row: Attendance
    event: Event


def participant_lines(rows: Iterable[Attendance], event: Event) -> Iterator[ParticipantLine]:
    for row in rows:
        yield ParticipantLine(row, event)


# Lines of rows of ``for_list()``.
PARTICIPANTS = ListExport(
    "participants",
    _("Participants"),
    (
        Column("case_number", _("Case number"), lambda line: line.row.person.case_number),
        Column("name", _("Name"), lambda line: line.row.person.name),
        Column("role", _("Role"), lambda line: role_words(line.row.person, line.event)),
        Column("status", _("Status"), lambda line: line.row.get_status_display()),
        Column("invited_on", _("Invited on"), lambda line: line.row.invited_on),
        Column("signed_up_at", _("Signed up at"), lambda line: line.row.signed_up_at),
        Column("came_at", _("Came at"), lambda line: line.row.came_at),
        Column("phone", _("Phone"), lambda line: phone_words([line.row.person.phone])),
        Column("email", _("E-mail"), lambda line: line.row.person.email),
        Column("note", _("Note"), lambda line: line.row.note),
    ),
)
