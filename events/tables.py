"""The table of events."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from common.lists import ListTable
from events.models import Event

FIGURE = {"th": {"class": "num"}, "td": {"class": "num side"}}


class EventTable(ListTable):
    """Events with their numbers of people: signed up, and waiting (coming ones), or attended with the state (past)."""

    slugs = {
        "title": "titel",
        "starts_at": "tid",
        "signed_up_count": "tilmeldte",
        "waiting_count": "venter",
        "attended_count": "kommet",
        "state": "tilstand",
    }
    title = tables.TemplateColumn(
        template_name="events/_event_cell.html",
        order_by=("title", "pk"),
        verbose_name=_("Event"),
        attrs={"td": {"class": "name"}},
    )
    starts_at = tables.TemplateColumn(
        template_name="events/_when_cell.html", order_by=("starts_at", "pk"), verbose_name=_("When")
    )
    signed_up_count = tables.TemplateColumn(
        template_name="events/_signed_up_cell.html",
        order_by=("signed_up_count", "pk"),
        verbose_name=_("Signed up"),
        attrs=FIGURE,
    )
    waiting_count = tables.TemplateColumn(
        template_name="events/_waiting_cell.html",
        order_by=("waiting_count", "pk"),
        verbose_name=_("Waiting list"),
        attrs=FIGURE,
    )
    attended_count = tables.TemplateColumn(
        template_name="events/_came_cell.html", order_by=("attended_count", "pk"), verbose_name=_("Came"), attrs=FIGURE
    )

    state = tables.TemplateColumn(
        template_name="events/_state_cell.html",
        order_by=("is_held", "participant_count", "pk"),
        verbose_name=_("State"),
        attrs={"td": {"class": "event-state"}},
    )

    class Meta:
        model = Event
        fields = ("title", "starts_at", "signed_up_count", "waiting_count", "attended_count", "state")
        attrs = {"caption": _("Events")}

    def __init__(self, *args, is_past: bool, own_branches: list[int], **kwargs):
        self.is_past, self.own_branches = is_past, own_branches
        super().__init__(*args, exclude=("waiting_count",) if is_past else ("attended_count", "state"), **kwargs)
