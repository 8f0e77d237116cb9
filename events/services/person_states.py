"""What a state of a person ends in events: invitations and sign-ups of coming events."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common import clock
from common.templatetags.danish import danish_date
from events.enums import AttendanceStatus
from events.models import Attendance, Event
from events.services.invitations import remove_invitation
from events.services.places import cancel_sign_up
from people.endings import EndingGroup, EndingItem, StateEnding, changed_in, removed_in
from people.models import Person, PersonState

SIGNED_UP = (AttendanceStatus.SIGNED_UP, AttendanceStatus.WAITING_LIST)


def lock_events(person: Person) -> tuple[int, ...]:
    """Lock the coming events of a person, because the services lock events before people."""
    coming = Event.objects.filter(pk__in=_coming(person).values("event"))
    list(coming.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    return ()


def open_groups(person: Person, user: User | None) -> list[EndingGroup]:
    """Return the invitations and sign-ups of a person to events that are not over."""
    rows = _coming(person)
    return [
        *_invitations(_events_of(rows.filter(status=AttendanceStatus.INVITED)), user),
        *_sign_ups(_events_of(rows.filter(status__in=SIGNED_UP)), user),
    ]


def end_for_state(state: PersonState, by: User | None) -> None:
    """Withdraw invitations to coming events and cancel sign-ups; those who wait move up."""
    for attendance in _coming(state.person).select_related("event__programme", "person"):
        if attendance.status == AttendanceStatus.INVITED:
            remove_invitation(attendance, by=by)
        else:
            cancel_sign_up(attendance, by=by)


def ended_groups(state: PersonState, user: User) -> list[EndingGroup]:
    """Return the events whose invitation or sign-up a state ended."""
    withdrawn = [row["event_id"] for row in removed_in(state, Attendance) if row["person_id"] == state.person_id]
    cancelled = Attendance.objects.filter(person=state.person, pk__in=changed_in(state, Attendance))
    return [
        *_invitations(Event.objects.filter(pk__in=withdrawn), user),
        *_sign_ups(_events_of(cancelled), user),
    ]


def _coming(person: Person) -> QuerySet[Attendance]:
    statuses = [AttendanceStatus.INVITED, *SIGNED_UP]
    rows = Attendance.objects.filter(person=person, status__in=statuses, event__ends_at__gte=clock.now())
    return rows.order_by("event", "pk")  # cancelled events as well, because a cancellation can be undone


def _events_of(rows: QuerySet[Attendance]) -> QuerySet[Event]:
    return Event.objects.filter(pk__in=rows.order_by().values("event"))


def _invitations(events: QuerySet[Event], user: User | None) -> Iterable[EndingGroup]:
    if count := events.count():
        title = ngettext("%(count)s invitation", "%(count)s invitations", count) % {"count": count}
        yield EndingGroup(title, _items(events, user))


def _sign_ups(events: QuerySet[Event], user: User | None) -> Iterable[EndingGroup]:
    if count := events.count():
        title = ngettext("%(count)s sign-up", "%(count)s sign-ups", count) % {"count": count}
        yield EndingGroup(title, _items(events, user))


def _items(events: QuerySet[Event], user: User | None) -> list[EndingItem]:
    visible = events if user is None else events.filter(pk__in=Event.objects.visible_to(user).values("pk"))
    return [
        EndingItem(
            _("%(title)s, %(day)s") % {"title": event.title, "day": danish_date(event.day)},
            reverse("events:event-detail", args=[event.pk]),
        )
        for event in visible.order_by("starts_at", "pk")
    ]


STATE_ENDING = StateEnding(lock=lock_events, open_groups=open_groups, end=end_for_state, ended_groups=ended_groups)
