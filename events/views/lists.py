"""The list and the calendar of events."""

import calendar
import datetime as dt

from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View
from django_tables2 import RequestConfig

from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from common import clock
from common.exports import filter_values
from events.exports import EVENTS
from events.filters import EventFilter, EventTime
from events.models import Event
from events.querysets import start_of
from events.tables import EventTable

PAGE_SIZE = 50


class EventTableMixin(VerbRequiredMixin):
    """The filtered table of events of the user's branches, and of those they are invited to."""

    verb = Verb.READ_EVENTS

    @cached_property
    def filter(self) -> EventFilter:
        visible = Event.objects.visible_to(self.request.user, self.verb)
        return EventFilter(self.request.GET, visible, user=self.request.user, request=self.request)

    def get_table(self, **paginate) -> EventTable:
        chosen, user = self.filter, self.request.user
        rows = chosen.in_time(chosen.qs).select_related("programme__branch").with_counts()
        table = EventTable(
            rows, is_past=chosen.time != EventTime.COMING, own_branches=user.branch_ids_for(Verb.WORK_EVENTS)
        )
        RequestConfig(self.request, paginate=paginate or False).configure(table)
        return table


class EventListView(EventTableMixin, TemplateView):
    template_name = "events/event_list.html"

    def get_context_data(self, **kwargs):
        chosen = self.filter
        return super().get_context_data(
            filter=chosen,
            time=chosen.time,
            segments=[(segment, segment == chosen.time) for segment in EventTime],
            is_filtered=bool(chosen.form.is_valid() and any(chosen.form.cleaned_data.values())),
            table=self.get_table(per_page=PAGE_SIZE),
            may_create=self.request.user.may(Verb.WORK_EVENTS),
            may_export=self.request.user.may(Verb.EXPORT_LISTS),
            **kwargs,
        )


class EventExportView(ListExportMixin, EventTableMixin, View):
    verb = Verb.EXPORT_LISTS
    export = EVENTS
    list_url_name = "events:event-list"
    subject = "events.event"

    def get_rows(self):
        return self.get_table().data.data

    def get_filters(self):
        return {"tid": str(self.filter.time), **filter_values(self.filter.form)}


class CalendarView(VerbRequiredMixin, TemplateView):
    """The events of a month, as a calendar; on a phone as a list by day."""

    verb = Verb.READ_EVENTS
    template_name = "events/calendar.html"

    def get_context_data(self, **kwargs):
        first = month_from(self.request.GET.get("maaned", ""))
        weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
        events = (
            Event.objects.visible_to(self.request.user, self.verb)
            .filter(starts_at__gte=start_of(weeks[0][0]), starts_at__lt=start_of(weeks[-1][-1] + dt.timedelta(days=1)))
            .select_related("programme__branch")
            .order_by("starts_at", "pk")
        )
        by_day: dict[dt.date, list[Event]] = {}
        for event in events:
            by_day.setdefault(timezone.localdate(event.starts_at), []).append(event)
        today = clock.today()
        return super().get_context_data(
            first=first,
            previous=first - dt.timedelta(days=1),
            following=first + dt.timedelta(days=31),
            today=today,
            weekdays=weeks[0],
            weeks=[[(day, day.month == first.month, by_day.get(day, [])) for day in week] for week in weeks],
            agenda=[(day, rows) for day, rows in sorted(by_day.items()) if day.month == first.month],
            may_create=self.request.user.may(Verb.WORK_EVENTS),
            **kwargs,
        )


def month_from(text: str) -> dt.date:
    """Return the first day of a month such as ``2011-09``, or of this month when the text is not one."""
    try:
        first = dt.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return clock.today().replace(day=1)
    return first if 1990 <= first.year <= 2100 else clock.today().replace(day=1)
