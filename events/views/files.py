"""Downloads: calendar files (without names), lists of participants, e-mail addresses, the sheet to print."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.views.generic import View

from accounts.enums import AccessKind
from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from accounts.services import record_access
from accounts.views_base import VerbRequiredMixin
from common import clock
from events.calendars import build_calendar
from events.exports import PARTICIPANTS
from events.lists import ON_LIST, STATUS_OF_LIST, ListName, rows_of, with_words
from events.models import Event
from events.views.base import EventView

BLANK_LINES = 10  # of the sheet, for people who had not signed up


def _calendar_response(events, request, name: str) -> HttpResponse:
    response = HttpResponse(
        build_calendar(events, request.build_absolute_uri), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


class EventCalendarFileView(EventView):
    """The calendar file of one event."""

    def get(self, request, *args, **kwargs):
        return _calendar_response([self.event], request, file_name(self.event))


class CalendarFileView(VerbRequiredMixin, View):
    """The calendar file of all coming events. Cancelled ones are included, to cancel them in the user's calendar."""

    verb = Verb.READ_EVENTS

    def get(self, request, *args, **kwargs):
        visible = Event.objects.visible_to(request.user, self.verb)
        coming = visible.filter(ends_at__gte=clock.now()).order_by("starts_at", "pk")
        return _calendar_response(coming.select_related("programme__branch"), request, "arrangementer")


def file_name(event: Event) -> str:
    """Return a file name of the event's day and title, in ASCII."""
    return f"{event.day:%Y-%m-%d}-{slugify(event.title) or event.pk}"


class ParticipantExportView(ListExportMixin, EventView):
    """Export one list of an event or all of them; an invited branch gets its own people only."""

    verb = Verb.EXPORT_LISTS
    export = PARTICIPANTS

    @property
    def tab(self) -> str:
        wanted = self.request.GET.get("liste", "")
        return wanted if wanted in ListName.values else ""

    def get_rows(self):
        return rows_of(self.attendances, self.tab) if self.tab else self.attendances.for_list().by_name()

    def get_filters(self):
        return {"liste": self.tab} if self.tab else {}

    def get_title_part(self):
        return self.event.title

    def get_file_name(self):
        return file_name(self.event)

    def get_list_url(self):
        return reverse("events:event-detail", args=[self.event.pk])

    def get_subject(self):
        return self.event


class ParticipantSheetView(EventView):
    """The list of those who signed up, to print and tick by hand. Logged as an export.

    The sheet that participants see has names only; with ``vis=telefon`` in the address it has roles and phones as well.
    """

    verb = Verb.EXPORT_LISTS
    template_name = "events/participant_sheet.html"

    def get(self, request, *args, **kwargs):
        is_for_staff = request.GET.get("vis") == "telefon"
        rows = with_words(self.attendances.filter(status__in=ON_LIST).for_list().by_name(), self.event)
        record_access(
            by=request.user,
            kind=AccessKind.EXPORT,
            subject=self.event,
            branch=self.branch_id_for_log(self.event),
            code="staff_sheet_shown" if is_for_staff else "sheet_shown",
            values={"event": self.event.title},
            count=len(rows),
        )
        blank = range(len(rows) + 1, len(rows) + BLANK_LINES + 1)
        return self.render_to_response(self.get_context_data(rows=rows, blank=blank, is_for_staff=is_for_staff))


class AddressesView(EventView):
    """E-mail addresses of one list, to copy into a mail program. Logged as an export."""

    verb = Verb.EXPORT_LISTS
    template_name = "events/addresses.html"

    def get(self, request, *args, **kwargs):
        wanted = request.GET.get("liste", "")
        name = wanted if wanted in ListName.values else ListName.SIGNED_UP
        listed = list(self.attendances.filter(status=STATUS_OF_LIST[name]).select_related("person").by_name())
        rows = [row for row in listed if not row.person.state]
        addresses = list(dict.fromkeys(row.person.email for row in rows if row.person.email))
        without = [row.person for row in rows if not row.person.email]
        record_access(
            by=request.user,
            kind=AccessKind.EXPORT,
            subject=self.event,
            branch=self.branch_id_for_log(self.event),
            code="addresses_shown",
            values={"event": self.event.title, "list": name},
            count=len(addresses),
        )
        context = self.get_context_data(
            addresses=addresses,
            without=without,
            left_out=[row.person for row in listed if row.person.state],
            lists=[(choice, choice == name) for choice in ListName if choice != ListName.CANCELLED],
        )
        return self.render_to_response(context)
