"""What leaves the house: calendar files (never with names), lists for a spreadsheet, addresses for a mail program."""

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.enums import AccessKind
from accounts.roles import Verb
from accounts.services import record_access
from accounts.views_base import VerbRequiredMixin
from common import clock
from common.spreadsheets import spreadsheet_response
from events.calendars import calendar_of
from events.lists import STATUS_OF_LIST, ListName, role_words
from events.models import Event
from events.views.base import EventView


def _calendar_response(events, request, name: str) -> HttpResponse:
    response = HttpResponse(
        calendar_of(events, request.build_absolute_uri), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


class EventCalendarFileView(EventView):
    """One event for the own calendar."""

    def get(self, request, *args, **kwargs):
        return _calendar_response([self.event], request, file_name(self.event))


class CalendarFileView(VerbRequiredMixin, View):
    """All coming events, also the cancelled ones, so that a calendar that has them learns of it."""

    verb = Verb.READ_EVENTS

    def get(self, request, *args, **kwargs):
        visible = Event.objects.visible_to(request.user, self.verb)
        coming = visible.filter(ends_at__gte=clock.now()).order_by("starts_at", "pk")
        return _calendar_response(coming.select_related("programme__branch"), request, "arrangementer")


def file_name(event: Event) -> str:
    """Day and title, in letters every system takes."""
    return f"{event.day:%Y-%m-%d}-{slugify(event.title) or event.pk}"


class ExportMixin:
    """Lists that leave the house are exports: a right of their own, and logged."""

    verb = Verb.EXPORT_LISTS

    def log_export(self, detail: str, count: int) -> None:
        record_access(
            by=self.request.user,
            kind=AccessKind.EXPORT,
            subject=self.event,
            branch=self.request.membership.branch_id,
            detail=f"{self.event.title}: {detail}",
            count=count,
        )


class ExportListView(ExportMixin, EventView):
    """The list of participants as a spreadsheet."""

    def get(self, request, *args, **kwargs):
        rows = list(self.attendances.for_list().by_name())
        self.log_export(_("list of participants, %(kind)s") % {"kind": kwargs["kind"]}, len(rows))
        columns = [
            _("Case number"),
            _("Name"),
            _("Role"),
            _("Status"),
            _("Invited on"),
            _("Signed up at"),
            _("Came at"),
            _("Phone"),
            _("E-mail"),
            _("Note"),
        ]
        cells = (
            [
                row.person.case_number,
                row.person.name,
                role_words(row.person, self.event),
                row.get_status_display(),
                row.invited_on,
                row.signed_up_at,
                row.came_at,
                row.person.phone,
                row.person.email,
                row.note,
            ]
            for row in rows
        )
        return spreadsheet_response(file_name(self.event), columns, cells, kind=kwargs["kind"])


class AddressesView(ExportMixin, EventView):
    """E-mail addresses of one list, for the coordinator's own mail program."""

    template_name = "events/addresses.html"

    def get(self, request, *args, **kwargs):
        wanted = request.GET.get("liste", "")
        name = wanted if wanted in ListName.values else ListName.SIGNED_UP
        rows = list(self.attendances.filter(status=STATUS_OF_LIST[name]).select_related("person").by_name())
        addresses = list(dict.fromkeys(row.person.email for row in rows if row.person.email))
        without = [row.person for row in rows if not row.person.email]
        self.log_export(_("e-mail addresses, %(list)s") % {"list": ListName(name).label}, len(addresses))
        context = self.get_context_data(
            addresses=addresses,
            without=without,
            lists=[(choice, choice == name) for choice in ListName if choice != ListName.CANCELLED],
        )
        return self.render_to_response(context)
