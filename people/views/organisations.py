"""Pages of the partners, companies, authorities and associations that a branch works with."""

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from people import exports, services
from people.forms import NewOrganisationForm, OrganisationForm
from people.models import Organisation, Person, VolunteerGroup
from people.tables import OrganisationTable
from people.views.record_pages import (
    RecordCreateView,
    RecordDetailView,
    RecordEditView,
    RecordExportView,
    RecordListView,
    RecordTableMixin,
)


class OrganisationPageMixin:
    url_name = "organisation"
    texts = {
        "title": _("Organisations"),
        "intro": _("Partners, companies, authorities and associations that we work with."),
        "create": _("Create organisation"),
        "find": _("Find organisation"),
        "empty_title": _("There are no organisations yet"),
        "empty_text": _("Partners and companies appear here when you create them or import contact persons."),
        "icon": "building",
    }


class OrganisationTableMixin(OrganisationPageMixin, RecordTableMixin):
    table_class = OrganisationTable
    searched = ("name", "address", "email")
    searched_phones = ("phone",)

    def get_queryset(self):
        rows = Organisation.objects.visible_to(self.request.user).in_branches([self.request.membership.branch_id])
        return rows.annotate(people_count=Count("people"))


class OrganisationListView(OrganisationTableMixin, RecordListView):
    pass


class OrganisationExportView(OrganisationTableMixin, RecordExportView):
    export = exports.ORGANISATIONS
    list_url_name = "people:organisation-list"
    subject = "people.organisation"


class OrganisationDetailView(OrganisationPageMixin, RecordDetailView):
    queryset = Organisation.objects.all()
    template_name = "people/organisation_detail.html"

    def get_context_data(self, **kwargs):
        people = Person.objects.visible_to(self.request.user).filter(organisation=self.object)
        groups = VolunteerGroup.objects.visible_to(self.request.user).filter(partner=self.object)
        return super().get_context_data(people=people, groups=groups, **kwargs)

    def branch_id_of(self, record: Organisation) -> int:
        return record.branch_id


class OrganisationCreateView(OrganisationPageMixin, RecordCreateView):
    def make_form(self, *data) -> OrganisationForm:
        return NewOrganisationForm(*data, user=self.request.user, branch=self.request.membership.branch)

    def create(self, details: dict) -> Organisation:
        return services.create_organisation(by=self.request.user, **details)


class OrganisationEditView(OrganisationPageMixin, RecordEditView):
    queryset = Organisation.objects.all()

    def make_form(self, data, instance: Organisation) -> OrganisationForm:
        return OrganisationForm(data, instance=instance)

    def update(self, record: Organisation, details: dict) -> None:
        services.update_organisation(record, by=self.request.user, **details)
