"""Entries of a person's timeline from events: invited, signed up, took part."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from events.enums import AttendanceStatus
from events.models import Attendance, Event
from people.models import Person
from people.timeline import EntryKind, TimelineEntry

ICONS = {
    AttendanceStatus.ATTENDED: "calendar-check",
    AttendanceStatus.ABSENT: "calendar-x",
    AttendanceStatus.CANCELLED: "calendar-x",
}


def event_entries(person: Person, user: User) -> Iterator[TimelineEntry]:
    """Yield an entry for each event on whose list the person is, on the day of the event. At most three queries."""
    rows = Attendance.objects.visible_to(user).filter(person=person).select_related("event")
    events = [row.event_id for row in rows]
    openable = set(Event.objects.visible_to(user).filter(pk__in=events).values_list("pk", flat=True)) if events else ()
    today = clock.today()
    for row in rows:
        event = row.event
        yield TimelineEntry(
            on=event.day,
            title=_title(row),
            kind=EntryKind.EVENT,
            text=" · ".join(filter(None, [event.get_kind_display(), event.place])),
            icon=ICONS.get(row.status, "calendar3"),
            is_future=event.day > today,
            url=reverse("events:event-detail", args=[event.pk]) if event.pk in openable else "",
        )


def _title(row: Attendance) -> str:
    titles = {
        AttendanceStatus.INVITED: _("Invited to »%(event)s«"),
        AttendanceStatus.SIGNED_UP: _("Signed up for »%(event)s«"),
        AttendanceStatus.WAITING_LIST: _("On the waiting list for »%(event)s«"),
        AttendanceStatus.ATTENDED: _("Took part in »%(event)s«"),
        AttendanceStatus.ABSENT: _("Did not come to »%(event)s«"),
        AttendanceStatus.CANCELLED: _("Cancelled for »%(event)s«"),
    }
    text = _("Cancelled event: »%(event)s«") if row.event.is_cancelled else titles[row.status]
    return text % {"event": row.event.title}
