"""Groups of volunteers: homework cafés, girls' clubs, association guides."""

import copy
import uuid

from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, View
from django.views.generic.detail import SingleObjectMixin
from django_tables2 import RequestConfig

from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from accounts.views_base import ScopedObjectMixin, VerbRequiredMixin
from common.exports import search_phrase
from common.folding import fold
from common.once import run_once, submitted_before
from common.toasts import show_toast
from people import exports, services
from people.forms import GroupForm
from people.models import Enrolment, VolunteerGroup
from people.models.imports import NOT_OF_THE_ORIGIN
from people.services.enrolments import OPEN_STATUSES
from people.tables import GroupTable
from people.views.base import search_words, try_act

PER_PAGE = 25


class GroupTableMixin(VerbRequiredMixin):
    """The volunteer groups of the branch worked in, narrowed by the words in the address."""

    verb = Verb.READ_CASES

    def get_table(self, **paginate) -> GroupTable:
        rows = VolunteerGroup.objects.visible_to(self.request.user).in_branches([self.request.membership.branch_id])
        if words := search_words(self.request):
            wanted = fold(words)
            named = rows.values_list("pk", "name", "place", "partner__name")
            rows = rows.filter(pk__in=[pk for pk, *texts in named if wanted in fold(" ".join(filter(None, texts)))])
        rows = rows.select_related("programme", "partner").annotate(volunteer_count=open_volunteers())
        table = GroupTable(rows, order_by=("name",))
        RequestConfig(self.request, paginate=paginate or False).configure(table)
        return table


def open_volunteers() -> Count:
    """How many are in a group now: those who have stopped are left out."""
    return Count("enrolments", filter=Q(enrolments__status__in=OPEN_STATUSES), distinct=True)


class GroupListView(GroupTableMixin, View):
    def get(self, request):
        context = {
            "table": self.get_table(per_page=PER_PAGE, silent=True),
            "words": search_words(request),
            "may_work": request.user.may(Verb.WORK_CASES),
            "may_export": request.user.may(Verb.EXPORT_LISTS),
        }
        return render(request, "people/group_list.html", context)


class GroupExportView(ListExportMixin, GroupTableMixin, View):
    verb = Verb.EXPORT_LISTS
    export = exports.GROUPS
    list_url_name = "people:group-list"
    subject = "people.volunteergroup"

    def get_rows(self):
        return self.get_table().data.data

    def get_filter_words(self):
        words = search_words(self.request)
        return [(_("Search"), search_phrase(words))] if words else []


class GroupDetailView(ScopedObjectMixin, DetailView):
    verb = Verb.READ_CASES
    queryset = VolunteerGroup.objects.select_related("programme", "partner", "import_row__batch__programme").defer(
        *NOT_OF_THE_ORIGIN
    )
    template_name = "people/group_detail.html"
    context_object_name = "group"

    def get_context_data(self, **kwargs):
        volunteers = Enrolment.objects.visible_to(self.request.user).filter(groups=self.object)
        volunteers = volunteers.select_related("person").order_by("person__first_name", "person__last_name", "pk")
        branch_id = self.object.programme.branch_id
        return super().get_context_data(
            volunteers=volunteers, may_work=self.request.user.may(Verb.WORK_CASES, branch_id), **kwargs
        )


class GroupCreateView(VerbRequiredMixin, View):
    verb = Verb.WORK_CASES

    def get(self, request):
        return self.page(self.form())

    def post(self, request):
        form = self.form(request.POST)
        self.address = ""
        if not form.is_valid() and (earlier := submitted_before(form)):
            return redirect(earlier)
        if form.is_valid() and try_act(form, lambda: self.act(form)):
            return redirect(self.address)
        return self.page(form)

    def form(self, *data) -> GroupForm:
        return GroupForm(*data, user=self.request.user, branch_id=self.request.membership.branch_id)

    def act(self, form) -> None:
        self.address = run_once(form.cleaned_data.get("once") or uuid.uuid4(), lambda: self.create(form))

    def create(self, form) -> str:
        group = services.create_group(by=self.request.user, **form.details())
        show_toast(self.request, _("%(name)s is created.") % {"name": group.name})
        return reverse("people:group-detail", args=[group.pk])

    def page(self, form):
        context = {"form": form, "heading": _("Create group"), "back": reverse("people:group-list")}
        return render(self.request, "people/group_form.html", context)


class GroupEditView(ScopedObjectMixin, SingleObjectMixin, View):
    verb = Verb.WORK_CASES
    queryset = VolunteerGroup.objects.select_related("programme")

    def get(self, request, pk):
        group = self.get_object()
        return self.page(group, self.form(group))

    def post(self, request, pk):
        group = self.get_object()
        form = self.form(group, request.POST)
        if form.is_valid() and try_act(form, lambda: services.update_group(group, by=request.user, **form.details())):
            show_toast(request, _("The details of %(name)s are saved.") % {"name": group.name})
            return redirect("people:group-detail", group.pk)
        return self.page(group, form)

    def form(self, group: VolunteerGroup, *data) -> GroupForm:
        return GroupForm(*data, instance=copy.copy(group), user=self.request.user, branch_id=group.programme.branch_id)

    def page(self, group, form):
        back = reverse("people:group-detail", args=[group.pk])
        context = {"form": form, "group": group, "heading": group.name, "back": back}
        return render(self.request, "people/group_form.html", context)
