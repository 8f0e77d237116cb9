"""All events: as a list and as a month."""

import calendar
import datetime as dt

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from django_tables2 import RequestConfig

from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from accounts.views_base import VerbRequiredMixin
from common import clock
from common.exports import filter_words
from events.exports import EVENTS
from events.filters import EventFilter, When
from events.models import Event
from events.querysets import start_of
from events.tables import EventTable

PAGE_SIZE = 50


class EventTableMixin(VerbRequiredMixin):
    """Coming or held events, of the own branch and those it is invited to, narrowed by the filters in the address."""

    verb = Verb.READ_EVENTS

    @cached_property
    def filter(self) -> EventFilter:
        visible = Event.objects.visible_to(self.request.user, self.verb)
        return EventFilter(self.request.GET, visible, user=self.request.user, request=self.request)

    def get_table(self, **paginate) -> EventTable:
        chosen, user = self.filter, self.request.user
        rows = chosen.in_time(chosen.qs).select_related("programme__branch").with_counts()
        table = EventTable(rows, is_past=chosen.when == When.PAST, own_branches=user.branch_ids_for(Verb.WORK_EVENTS))
        RequestConfig(self.request, paginate=paginate or False).configure(table)
        return table


class EventListView(EventTableMixin, TemplateView):
    template_name = "events/event_list.html"

    def get_context_data(self, **kwargs):
        chosen = self.filter
        return super().get_context_data(
            filter=chosen,
            when=chosen.when,
            segments=[(segment, segment == chosen.when) for segment in When],
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

    def get_filter_words(self):
        return [(_("Time"), str(When(self.filter.when).label)), *filter_words(self.filter.form)]


class CalendarView(VerbRequiredMixin, TemplateView):
    """A month of events; on a phone a list of its days."""

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
    """The first day of ``2011-09``; of this month when the text is none."""
    try:
        first = dt.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return clock.today().replace(day=1)
    return first if 1990 <= first.year <= 2100 else clock.today().replace(day=1)
