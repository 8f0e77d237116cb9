"""Pages of volunteer groups: homework cafés, girls' clubs, association guides."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from people import exports, services
from people.enums import OPEN_STATUSES
from people.forms import GroupForm
from people.models import Enrolment, VolunteerGroup
from people.tables import GroupTable
from people.views.record_pages import (
    RecordCreateView,
    RecordDetailView,
    RecordEditView,
    RecordExportView,
    RecordListView,
    RecordTableMixin,
)


class GroupPageMixin:
    url_name = "group"
    texts = {
        "title": _("Volunteer groups"),
        "intro": _("Homework cafés, clubs, association guides and language cafés."),
        "create": _("Create group"),
        "find": _("Find group"),
        "empty_title": _("There are no volunteer groups yet"),
        "empty_text": _("Groups appear here when you create them or import volunteers."),
        "icon": "people",
    }


class GroupTableMixin(GroupPageMixin, RecordTableMixin):
    table_class = GroupTable
    searched = ("name", "place", "partner__name", "partner__email")
    searched_phones = ("partner__phone",)

    def get_queryset(self):
        """Count only volunteers whose role is open."""
        volunteers = Count("enrolments", filter=Q(enrolments__status__in=OPEN_STATUSES), distinct=True)
        rows = VolunteerGroup.objects.visible_to(self.request.user).in_branches([self.request.membership.branch_id])
        return rows.select_related("programme", "partner").annotate(volunteer_count=volunteers)


class GroupListView(GroupTableMixin, RecordListView):
    pass


class GroupExportView(GroupTableMixin, RecordExportView):
    export = exports.GROUPS
    list_url_name = "people:group-list"
    subject = "people.volunteergroup"


class GroupDetailView(GroupPageMixin, RecordDetailView):
    queryset = VolunteerGroup.objects.select_related("programme", "partner")
    template_name = "people/group_detail.html"

    def get_context_data(self, **kwargs):
        volunteers = Enrolment.objects.visible_to(self.request.user).filter(groups=self.object)
        volunteers = volunteers.select_related("person").order_by("person__first_name", "person__last_name", "pk")
        return super().get_context_data(volunteers=volunteers, **kwargs)

    def branch_id_of(self, record: VolunteerGroup) -> int:
        return record.programme.branch_id


class GroupCreateView(GroupPageMixin, RecordCreateView):
    def make_form(self, *data) -> GroupForm:
        return GroupForm(*data, user=self.request.user, branch_id=self.request.membership.branch_id)

    def create(self, details: dict) -> VolunteerGroup:
        return services.create_group(by=self.request.user, **details)


class GroupEditView(GroupPageMixin, RecordEditView):
    queryset = VolunteerGroup.objects.select_related("programme")

    def make_form(self, data, instance: VolunteerGroup) -> GroupForm:
        return GroupForm(data, instance=instance, user=self.request.user, branch_id=instance.programme.branch_id)

    def update(self, record: VolunteerGroup, details: dict) -> None:
        services.update_group(record, by=self.request.user, **details)
