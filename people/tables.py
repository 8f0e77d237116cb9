from collections.abc import Iterable

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from common.lists import KindColumn, ListTable
from common.templatetags.danish import danish_date, in_days, phone, phone_uri
from people import display
from people.models import Enrolment, Organisation, Person, VolunteerGroup
from people.templatetags.people import enrolment_badge, named
from programmes.enums import ParticipantRole


def tel_link(number: str) -> str:
    return format_html('<a class="plain-link" href="tel:{}">{}</a>', phone_uri(number), phone(number)) if number else ""


HIDDEN_COLUMNS = {
    ParticipantRole.CONTACT: ("wishes", "waiting", "state"),
    ParticipantRole.VOLUNTEER: ("organisation", "waiting"),
}


class PersonTable(ListTable):
    """The people of a branch. A row shows the enrolment in ``role`` if there is one.

    ``body`` builds the cells in Python, because templates are too slow for hundreds of them.
    """

    draws_body = True
    further_orders = {"name": ("last_name",)}

    slugs = {
        "name": "navn",
        "last_name": "efternavn",
        "case_number": "sag",
        "organisation": "organisation",
        "last_contact": "kontakt",
        "waiting": "ventet",
    }
    name = tables.Column(
        empty_values=(),
        verbose_name=_("Name"),
        order_by=("first_name", "last_name", "pk"),
        attrs={"td": {"class": "lead name"}},
    )
    last_name = tables.Column(verbose_name=_("Last name"), order_by=("last_name", "first_name", "pk"), visible=False)
    case_number = tables.Column(
        verbose_name=_("Case"), order_by=("case_number", "pk"), attrs={"td": {"class": "nowrap small grey case"}}
    )
    state = tables.Column(
        empty_values=(), verbose_name=_("Status"), orderable=False, attrs={"td": {"class": "side state"}}
    )
    wishes = tables.Column(
        empty_values=(), verbose_name=_("Seeks or offers"), orderable=False, attrs={"td": {"class": "wishes"}}
    )
    organisation = tables.Column(
        accessor="organisation__name", verbose_name=_("Organisation"), default="", order_by=("organisation__name", "pk")
    )
    last_contact = tables.Column(
        accessor="last_contacted_on",
        default="",
        verbose_name=_("Last contact"),
        order_by=("last_contacted_on", "pk"),
        attrs={"td": {"class": "nowrap side"}},
    )
    phone = tables.Column(
        empty_values=(), verbose_name=_("Phone"), orderable=False, attrs={"td": {"class": "nowrap phone-cell"}}
    )
    waiting = tables.Column(
        empty_values=(),
        verbose_name=_("Waited"),
        order_by=("waiting_from", "pk"),
        attrs={"td": {"class": "num nowrap side"}, "th": {"class": "num"}},
    )

    class Meta:
        model = Person
        fields: list[str] = []
        sequence = (
            "name",
            "last_name",
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
        hidden = HIDDEN_COLUMNS.get(role, ("organisation", "last_contact"))
        super().__init__(*args, exclude=hidden, **kwargs)
        self._badges: dict[tuple, SafeString] = {}
        self._address = reverse("people:person-detail", args=[0])

    def body(self) -> SafeString:
        """Return the rows of the page as markup. The attributes of a column are built once."""
        columns = [(column.attrs["td"].as_html(), getattr(self, f"cell_{column.name}")) for column in self.columns]
        return mark_safe("".join(self._row(row.record, columns) for row in self.paginated_rows))

    def _row(self, person: Person, columns: Iterable[tuple]) -> str:
        shown = self.shown(person)
        cells = "".join(f"<td {attrs}>{conditional_escape(cell(person, shown))}</td>" for attrs, cell in columns)
        return f"<tr>{cells}</tr>"

    def shown(self, person: Person) -> Enrolment | None:
        """Return the enrolment that the row shows."""
        return display.main_enrolment(person.shown_enrolments, self.role)

    def cell_name(self, person: Person, shown: Enrolment | None) -> str:
        return format_html('<a href="{}">{}</a>', self._address.replace("0", str(person.pk)), named(person))

    def cell_case_number(self, person: Person, shown: Enrolment | None) -> str:
        return person.case_number

    def cell_state(self, person: Person, shown: Enrolment | None) -> str:
        if shown is None:
            return ""
        key = (shown.role, shown.status)
        if key not in self._badges:
            self._badges[key] = self._state(shown)
        return self._badges[key]

    def _state(self, enrolment: Enrolment) -> str:
        badge = "" if enrolment.role in display.SIMPLE_ROLES else enrolment_badge(enrolment, bare=True)
        if self.role:
            return badge
        return format_html('{} <span class="role-words">{}</span>', badge, enrolment.get_role_display())

    def cell_wishes(self, person: Person, shown: Enrolment | None) -> str:
        topics = display.topics_words(shown)
        languages = display.languages_words(person)
        between = " · " if topics and languages else ""
        return format_html('{}{}<span class="grey">{}</span>', topics, between, languages)

    def cell_organisation(self, person: Person, shown: Enrolment | None) -> str:
        return person.organisation.name if person.organisation else ""

    def cell_last_contact(self, person: Person, shown: Enrolment | None) -> str:
        return danish_date(person.last_contacted_on)

    def cell_phone(self, person: Person, shown: Enrolment | None) -> str:
        return tel_link(person.phone_to_call)

    def cell_waiting(self, person: Person, shown: Enrolment | None) -> str:
        return in_days(display.days_waited(shown))


class OrganisationTable(ListTable):
    slugs = {
        "name": "navn",
        "kind": "slags",
        "agreed_on": "aftale",
        "people_count": "kontaktpersoner",
    }
    name = tables.Column(verbose_name=_("Name"), order_by=("name", "pk"), attrs={"td": {"class": "lead name"}})
    kind = KindColumn("kind", verbose_name=_("Kind"))
    phone = tables.Column(verbose_name=_("Phone"), default="", orderable=False, attrs={"td": {"class": "nowrap"}})
    email = tables.Column(verbose_name=_("E-mail"), default="", orderable=False)
    agreed_on = tables.Column(
        verbose_name=_("Agreement made on"), default="", order_by=("agreed_on", "pk"), attrs={"td": {"class": "nowrap"}}
    )
    people_count = tables.Column(
        verbose_name=_("People"),
        order_by=("people_count", "pk"),
        attrs={"td": {"class": "num side"}, "th": {"class": "num"}},
    )

    class Meta:
        model = Organisation
        fields: list[str] = []
        sequence = ("name", "kind", "phone", "email", "agreed_on", "people_count")
        attrs = {"caption": _("Organisations")}

    def render_name(self, record: Organisation) -> str:
        return format_html('<a href="{}">{}</a>', reverse("people:organisation-detail", args=[record.pk]), record.name)

    def render_phone(self, value: str) -> str:
        return tel_link(value)

    def render_agreed_on(self, value) -> str:
        return danish_date(value)


class GroupTable(ListTable):
    slugs = {
        "name": "navn",
        "kind": "slags",
        "status": "status",
        "place": "sted",
        "partner": "partner",
        "volunteer_count": "frivillige",
    }
    name = tables.Column(verbose_name=_("Name"), order_by=("name", "pk"), attrs={"td": {"class": "lead name"}})
    kind = KindColumn("kind", verbose_name=_("Kind"))
    status = tables.Column(verbose_name=_("Status"), order_by=("status", "pk"))
    place = tables.Column(verbose_name=_("Place"), default="", order_by=("place", "pk"))
    partner = tables.Column(
        accessor="partner__name", verbose_name=_("Partner"), default="", order_by=("partner__name", "pk")
    )
    volunteer_count = tables.Column(
        verbose_name=_("Volunteers"),
        order_by=("volunteer_count", "pk"),
        attrs={"td": {"class": "num side"}, "th": {"class": "num"}},
    )

    class Meta:
        model = VolunteerGroup
        fields: list[str] = []
        sequence = ("name", "kind", "status", "place", "partner", "volunteer_count")
        attrs = {"caption": _("Volunteer groups")}

    def render_name(self, record: VolunteerGroup) -> str:
        return format_html('<a href="{}">{}</a>', reverse("people:group-detail", args=[record.pk]), record.name)
