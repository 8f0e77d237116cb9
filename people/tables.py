import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from people.models import Organisation, Person
from programmes.enums import ParticipantRole

NOT_ON_PHONE = {"td": {"class": "gone"}}


class PersonTable(tables.Table):
    """People in a branch. ``role`` chooses which of their roles a row tells about."""

    name = tables.TemplateColumn(
        template_name="people/_cell_name.html",
        verbose_name=_("Name"),
        order_by=("first_name", "last_name", "pk"),
        attrs={"td": {"class": "lead name"}},
    )
    case_number = tables.Column(verbose_name=_("Case"), attrs={"td": {"class": "nowrap small grey case"}})
    state = tables.TemplateColumn(
        template_name="people/_cell_state.html",
        verbose_name=_("Status"),
        orderable=False,
        attrs={"td": {"class": "side state"}},
    )
    wishes = tables.TemplateColumn(
        template_name="people/_cell_wishes.html",
        verbose_name=_("Seeks or offers"),
        orderable=False,
        attrs={"td": {"class": "wishes"}},
    )
    organisation = tables.Column(
        accessor="organisation__name", verbose_name=_("Organisation"), default="", order_by=("organisation__name", "pk")
    )
    last_contact = tables.TemplateColumn(
        "{{ record.last_contacted_on|danish_date }}",
        verbose_name=_("Last contact"),
        order_by=("last_contacted_on", "pk"),
        attrs={"td": {"class": "nowrap side"}},
    )
    phone = tables.TemplateColumn(
        template_name="people/_cell_phone.html",
        verbose_name=_("Phone"),
        orderable=False,
        attrs={"td": {"class": "nowrap phone-cell"}},
    )
    waiting = tables.TemplateColumn(
        template_name="people/_cell_waiting.html",
        verbose_name=_("Waited"),
        order_by=("waiting_from", "pk"),
        attrs={"td": {"class": "num nowrap side"}, "th": {"class": "num"}},
    )

    class Meta:
        model = Person
        fields: list[str] = []
        sequence = (
            "name",
            "case_number",
            "state",
            "wishes",
            "organisation",
            "last_contact",
            "phone",
            "waiting",
        )
        attrs = {"caption": _("People"), "class": "people-table"}

    def __init__(self, *args, role: str = "", **kwargs):
        self.role = role
        contacts = role == ParticipantRole.CONTACT
        hidden = ("wishes", "waiting", "state") if contacts else ("organisation", "last_contact")
        super().__init__(*args, exclude=hidden, **kwargs)


class OrganisationTable(tables.Table):
    name = tables.TemplateColumn(
        '<a href="{% url "people:organisation-detail" record.pk %}">{{ record.name }}</a>',
        verbose_name=_("Name"),
        attrs={"td": {"class": "lead name"}},
    )
    kind = tables.Column(verbose_name=_("Kind"))
    phone = tables.TemplateColumn(
        template_name="people/_cell_phone.html",
        verbose_name=_("Phone"),
        orderable=False,
        attrs={"td": {"class": "nowrap"}},
    )
    email = tables.Column(verbose_name=_("E-mail"), orderable=False)
    people_count = tables.Column(verbose_name=_("People"), attrs={"td": {"class": "num side"}, "th": {"class": "num"}})
    agreed_on = tables.TemplateColumn(
        "{{ record.agreed_on|danish_date }}", verbose_name=_("Agreement made on"), attrs={"td": {"class": "nowrap"}}
    )

    class Meta:
        model = Organisation
        fields: list[str] = []
        sequence = ("name", "kind", "phone", "email", "agreed_on", "people_count")
        attrs = {"caption": _("Organisations")}
