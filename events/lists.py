"""The lists of an event, one for each attendance status, and the text of their rows."""

from dataclasses import dataclass

from django.db.models import Count, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.templatetags.danish import danish_number
from events.enums import PLACE_STATUSES, AttendanceStatus
from events.models import Attendance, Event
from people.enums import EnrolmentStatus
from people.models import Enrolment, Person
from programmes.enums import ParticipantRole


class ListName(TextChoices):
    """The lists of an event, as named in the address."""

    SIGNED_UP = "tilmeldt", gettext_lazy("Signed up")
    CAME = "kommet", gettext_lazy("Came")
    ABSENT = "udeblevet", gettext_lazy("Did not come")
    WAITING = "venteliste", gettext_lazy("Waiting list")
    INVITED = "inviteret", gettext_lazy("Invited, no answer")
    CANCELLED = "afbud", gettext_lazy("Not coming")


STATUS_OF_LIST = {
    ListName.SIGNED_UP: AttendanceStatus.SIGNED_UP,
    ListName.CAME: AttendanceStatus.ATTENDED,
    ListName.ABSENT: AttendanceStatus.ABSENT,
    ListName.WAITING: AttendanceStatus.WAITING_LIST,
    ListName.INVITED: AttendanceStatus.INVITED,
    ListName.CANCELLED: AttendanceStatus.CANCELLED,
}
ON_LIST = [*PLACE_STATUSES, AttendanceStatus.ABSENT]  # those who are expected at the door, whether they came or not
ALWAYS_SHOWN = {ListName.SIGNED_UP, ListName.INVITED}


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the event page with the number of people on its list."""

    name: ListName
    count: int
    is_current: bool


def tabs_for(attendances, wanted: str) -> list[Tab]:
    """Return the tabs of an event with their counts; empty lists get a tab only if always shown or wanted.

    Without a valid ``wanted`` name the current tab is »signed up«, or »came« when only that list has people.
    """
    found = dict(attendances.order_by().values_list("status").annotate(Count("pk")))
    counts = {name: found.get(STATUS_OF_LIST[name], 0) for name in ListName}
    if wanted not in ListName.values:
        wanted = ListName.SIGNED_UP if counts[ListName.SIGNED_UP] or not counts[ListName.CAME] else ListName.CAME
    return [
        Tab(name, count, name == wanted)
        for name, count in counts.items()
        if count or name == wanted or name in ALWAYS_SHOWN
    ]


def rows_of(attendances, name: ListName):
    """Return the attendances of one list: the waiting list by sign-up, the others by name."""
    rows = attendances.for_list()
    if name == ListName.WAITING:
        return rows.in_waiting_order()
    return rows.filter(status=STATUS_OF_LIST[name]).by_name()


def counted_words(event: Event) -> str:
    """Return what was counted at a past event, such as ``31 var tilmeldt, 24 er krydset af ved døren``.

    Expects an event annotated by ``with_counts()``.
    """
    signed_up, came, guests = event.signed_up_count, event.attended_count, event.unnamed_guests
    parts = [
        ngettext("%(count)s was signed up", "%(count)s were signed up", signed_up) % {"count": danish_number(signed_up)}
    ]
    if came:
        parts.append(
            ngettext("%(count)s is ticked at the door", "%(count)s are ticked at the door", came)
            % {"count": danish_number(came)}
        )
    if guests:
        parts.append(
            ngettext("%(count)s counted without a name", "%(count)s counted without names", guests)
            % {"count": danish_number(guests)}
        )
    if not event.participant_count:
        parts.append(_("nobody is ticked"))
    return ", ".join(parts)


def role_words(person: Person, event: Event) -> str:
    """Return a person's role, such as ``Mentee, venter på mentor``, in the event's programme or else another.

    Expects ``person.enrolments`` to be prefetched with their programmes.
    """
    enrolments = list(person.enrolments.all())
    own = [enrolment for enrolment in enrolments if enrolment.programme_id == event.programme_id]
    chosen = (own or enrolments)[:1]
    return ", ".join(_words(enrolment, is_own=bool(own)) for enrolment in chosen)


def _words(enrolment: Enrolment, *, is_own: bool) -> str:
    words = enrolment.get_role_display()
    if not is_own:
        return f"{words}, {enrolment.programme}"
    if enrolment.role == ParticipantRole.MENTEE and enrolment.status == EnrolmentStatus.WAITING:
        return _("%(role)s, waits for a mentor") % {"role": words}
    return words


def with_words(rows, event: Event) -> list[Attendance]:
    """Return the attendances with ``words``: the person's role and the note, if any."""
    rows = list(rows)
    for row in rows:
        row.words = ", ".join(filter(None, [role_words(row.person, event), row.note]))
    return rows
