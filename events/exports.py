"""Columns of the exported lists: events, and the participants of one event."""

from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.exports import Column, ListExport, phone_words
from events.lists import role_words
from people.display import name_with_state


def state_words(event) -> str:
    """Return whether an event annotated by ``with_counts()`` was held; empty for a coming one."""
    if event.is_cancelled:
        return gettext("Called off")
    if event.is_to_confirm:
        return gettext("Not confirmed yet")
    return pgettext("events", "Held") if event.is_held else ""


# Exports events annotated by ``with_counts()``.
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
        Column("state", _("State"), state_words),
        Column("invited", _("Invited"), lambda event: event.invited_count),
        Column("signed_up", _("Signed up"), lambda event: event.signed_up_count),
        Column("waiting", _("Waiting list"), lambda event: event.waiting_count),
        Column("came", _("Came"), lambda event: event.attended_count),
        Column("unnamed_guests", _("Others, without names")),
        Column("description", _("Description"), is_default=False),
    ),
)


# Exports attendances of one event, prefetched by ``for_list()``.
PARTICIPANTS = ListExport(
    "participants",
    _("Participants"),
    (
        Column("case_number", _("Case number"), lambda row: row.person.case_number),
        Column("name", _("Name"), lambda row: name_with_state(row.person)),
        Column("role", _("Role"), lambda row: role_words(row.person, row.event)),
        Column("status", _("Status"), lambda row: row.get_status_display()),
        Column("invited_on", _("Invited on"), lambda row: row.invited_on),
        Column("signed_up_at", _("Signed up at"), lambda row: row.signed_up_at),
        Column("came_at", _("Came at"), lambda row: row.came_at),
        Column("phone", _("Phone"), lambda row: phone_words([row.person.phone_to_call])),
        Column("email", _("E-mail"), lambda row: "" if row.person.state else row.person.email),
        Column("note", _("Note"), lambda row: row.note),
    ),
)
