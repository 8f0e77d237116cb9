import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from common.lists import ListTable
from matching.models import Match

FIGURE = {"td": {"class": "num gone"}, "th": {"class": "num"}}


class MatchTable(ListTable):
    """The list of matches: people, status, programme, first and last meeting, coordinator."""

    further_orders = {"parties": ("last_name",)}

    slugs = {
        "parties": "navn",
        "last_name": "efternavn",
        "state": "status",
        "programme": "indsats",
        "started_on": "start",
        "last_meeting_on": "seneste",
        "meeting_count": "moeder",
        "coordinator": "koordinator",
    }
    tick = tables.TemplateColumn(
        template_name="matching/_cell_tick.html",
        verbose_name=_("Choose"),
        orderable=False,
        attrs={"td": {"class": "side nowrap"}},
    )
    parties = tables.TemplateColumn(
        template_name="matching/_cell_parties.html",
        verbose_name=_("Mentee and mentor"),
        order_by=("mentee__first_name", "mentee__last_name", "pk"),
        attrs={"td": {"class": "lead name"}},
    )
    last_name = tables.Column(
        accessor="mentee__last_name",
        verbose_name=_("Last name"),
        order_by=("mentee__last_name", "mentee__first_name", "pk"),
        visible=False,
    )
    state = tables.TemplateColumn(
        "{% match_badge record.status record.get_status_display bare=True %}",
        verbose_name=_("Status"),
        order_by=("status", "pk"),
        attrs={"td": {"class": "side nowrap"}},
    )
    programme = tables.Column(
        accessor="programme__name", verbose_name=_("Programme"), order_by=("programme__name", "pk")
    )
    started_on = tables.TemplateColumn(
        "{{ record.started_on|danish_date }}",
        verbose_name=_("First meeting"),
        order_by=("started_on", "pk"),
        attrs={"td": {"class": "nowrap gone"}},
    )
    last_meeting_on = tables.TemplateColumn(
        template_name="matching/_cell_last_meeting.html",
        verbose_name=_("Last meeting"),
        order_by=("last_meeting_on", "pk"),
        attrs={"td": {"class": "nowrap side"}},
    )
    meeting_count = tables.Column(verbose_name=_("Meetings"), order_by=("meeting_count", "pk"), attrs=FIGURE)
    coordinator = tables.Column(
        accessor="coordinator_name",
        verbose_name=_("Coordinator"),
        default="",
        order_by=("acting_name", "pk"),
        attrs={"td": {"class": "gone"}},
    )

    class Meta:
        model = Match
        fields: list[str] = []
        sequence = (
            "tick",
            "parties",
            "last_name",
            "state",
            "programme",
            "started_on",
            "last_meeting_on",
            "meeting_count",
            "coordinator",
        )
        attrs = {"caption": _("Matches")}
