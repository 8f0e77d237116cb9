"""Partners, companies, authorities and associations that the branch works with."""

import copy
import uuid

from django.db.models import Count
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
from common.once import run_once
from common.toasts import show_toast
from people import exports, services
from people.forms import OrganisationForm
from people.models import Organisation, Person, VolunteerGroup
from people.models.imports import NOT_OF_THE_ORIGIN
from people.tables import OrganisationTable
from people.views.base import search_words, try_act


class OrganisationTableMixin(VerbRequiredMixin):
    """The organisations of the branch worked in, narrowed by the words in the address."""

    verb = Verb.READ_CASES

    def get_table(self, **paginate) -> OrganisationTable:
        rows = Organisation.objects.visible_to(self.request.user).in_branches([self.request.membership.branch_id])
        rows = rows.annotate(people_count=Count("people"))
        if words := search_words(self.request):
            wanted = fold(words)
            rows = rows.filter(pk__in=[row.pk for row in rows if wanted in fold(f"{row.name} {row.address}")])
        table = OrganisationTable(rows, order_by=("name",))
        RequestConfig(self.request, paginate=paginate or False).configure(table)
        return table


class OrganisationListView(OrganisationTableMixin, View):
    def get(self, request):
        context = {
            "table": self.get_table(per_page=25, silent=True),
            "words": search_words(request),
            "may_work": request.user.may(Verb.WORK_CASES),
            "may_export": request.user.may(Verb.EXPORT_LISTS),
        }
        return render(request, "people/organisation_list.html", context)


class OrganisationExportView(ListExportMixin, OrganisationTableMixin, View):
    verb = Verb.EXPORT_LISTS
    export = exports.ORGANISATIONS
    list_url_name = "people:organisation-list"
    subject = "people.organisation"

    def get_rows(self):
        return self.get_table().data.data

    def get_filter_words(self):
        words = search_words(self.request)
        return [(_("Search"), search_phrase(words))] if words else []


class OrganisationDetailView(ScopedObjectMixin, DetailView):
    verb = Verb.READ_CASES
    queryset = Organisation.objects.select_related("import_row__batch__programme").defer(*NOT_OF_THE_ORIGIN)
    template_name = "people/organisation_detail.html"
    context_object_name = "organisation"

    def get_context_data(self, **kwargs):
        people = Person.objects.visible_to(self.request.user).filter(organisation=self.object)
        groups = VolunteerGroup.objects.visible_to(self.request.user).filter(partner=self.object)
        return super().get_context_data(
            people=people,
            groups=groups,
            may_work=self.request.user.may(Verb.WORK_CASES, self.object.branch_id),
            **kwargs,
        )


class OrganisationCreateView(VerbRequiredMixin, View):
    verb = Verb.WORK_CASES

    def get(self, request):
        return self.page(OrganisationForm())

    def post(self, request):
        form = OrganisationForm(request.POST)
        self.address = ""
        if form.is_valid() and try_act(form, lambda: self.act(form)):
            return redirect(self.address)
        return self.page(form)

    def act(self, form) -> None:
        self.address = run_once(form.cleaned_data.get("once") or uuid.uuid4(), lambda: self.create(form))

    def create(self, form) -> str:
        organisation = services.create_organisation(
            by=self.request.user, branch=self.request.membership.branch, **form.details()
        )
        show_toast(self.request, _("%(name)s is created.") % {"name": organisation.name})
        return reverse("people:organisation-detail", args=[organisation.pk])

    def page(self, form):
        context = {"form": form, "heading": _("Create organisation"), "back": reverse("people:organisation-list")}
        return render(self.request, "people/organisation_form.html", context)


class OrganisationEditView(ScopedObjectMixin, SingleObjectMixin, View):
    verb = Verb.WORK_CASES
    queryset = Organisation.objects.all()

    def get(self, request, pk):
        organisation = self.get_object()
        return self.page(organisation, OrganisationForm(instance=copy.copy(organisation)))

    def post(self, request, pk):
        organisation = self.get_object()
        form = OrganisationForm(request.POST, instance=copy.copy(organisation))
        if form.is_valid() and try_act(
            form, lambda: services.update_organisation(organisation, by=request.user, **form.details())
        ):
            show_toast(request, _("The details of %(name)s are saved.") % {"name": organisation.name})
            return redirect("people:organisation-detail", organisation.pk)
        return self.page(organisation, form)

    def page(self, organisation, form):
        context = {
            "form": form,
            "organisation": organisation,
            "heading": organisation.name,
            "back": reverse("people:organisation-detail", args=[organisation.pk]),
        }
        return render(self.request, "people/organisation_form.html", context)
