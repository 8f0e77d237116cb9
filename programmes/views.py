"""Programmes and their rules: read by all who work in the branch, changed by those who manage rules."""

import copy

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from accounts.views_base import ScopedObjectMixin, VerbRequiredMixin
from common import clock
from common.once import run_once, submitted_before
from common.toasts import show_toast
from programmes import services
from programmes.exports import PROGRAMMES
from programmes.forms import AreaFormSet, NewProgrammeForm, ProgrammeForm, RequirementForm, StepForm
from programmes.models import FollowUpStep, Programme, ScreeningRequirement
from programmes.panels import panels_for


class ProgrammeRowsMixin(VerbRequiredMixin):
    """The programmes of the user's branches; those that are over come last."""

    verb = Verb.SEE_PROGRAMMES

    def get_programmes(self) -> list[Programme]:
        found = Programme.objects.visible_to(self.request.user, self.verb).select_related("branch")
        today = clock.today()
        return sorted(found.order_by("-starts_on", "name"), key=lambda programme: programme.ends_on < today)


class ProgrammeListView(ProgrammeRowsMixin, TemplateView):
    """The programmes of one's branches: those that run first, then the rest by period."""

    template_name = "programmes/programme_list.html"

    def get_context_data(self, **kwargs):
        programmes, today = self.get_programmes(), clock.today()
        return super().get_context_data(
            programmes=programmes,
            today=today,
            branches={programme.branch_id for programme in programmes},
            may_create=self.request.user.may(Verb.MANAGE_RULES),
            **kwargs,
        )


class ProgrammeExportView(ListExportMixin, ProgrammeRowsMixin, View):
    verb = Verb.SEE_PROGRAMMES
    export = PROGRAMMES
    list_url_name = "programmes:programme-list"
    subject = "programmes.programme"

    def get_rows(self):
        return self.get_programmes()


class ProgrammeView(ScopedObjectMixin, TemplateView):
    """A page of one programme, named by its short name."""

    verb = Verb.SEE_PROGRAMMES

    def get_queryset(self):
        return Programme.objects.select_related("branch")

    def get_lookup(self) -> dict:
        return {"slug": self.kwargs["slug"]}

    @cached_property
    def programme(self) -> Programme:
        return self.get_object()

    def get_context_data(self, **kwargs):
        return super().get_context_data(programme=self.programme, **kwargs)

    def get(self, request, *args, **kwargs):
        """The programme is looked up first, so that a foreign one is refused before anything is built."""
        return self.render_to_response(self.get_context_data(**kwargs))


class ProgrammeDetailView(ProgrammeView):
    """The programme's agreement, rules in words, plan, checks, and what upper apps add."""

    template_name = "programmes/programme_detail.html"

    def get_context_data(self, **kwargs):
        programme = self.programme
        return super().get_context_data(
            steps=programme.follow_up_steps.all(),
            requirements=programme.screening_requirements.all(),
            areas=programme.policy_areas.select_related("policy_area"),
            funders=programme.funders.all(),
            panels=panels_for(programme, self.request.user),
            may_manage=self.request.user.may(Verb.MANAGE_RULES, programme.branch_id),
            today=clock.today(),
            **kwargs,
        )


def add_refusal(form, error: ValidationError) -> None:
    """Show what a service refused: at the fields it names where the form has them, else above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class ProgrammeFormMixin:
    """A form with the programme's facts and rules, and one with its policy areas."""

    template_name = "programmes/programme_form.html"
    verb = Verb.MANAGE_RULES

    def post(self, request, *args, **kwargs):
        form, areas = self.get_form(request.POST), self.get_areas(request.POST)
        if form.is_valid() and areas.is_valid():
            try:
                return HttpResponseRedirect(self.save(form, areas))
            except ValidationError as error:
                add_refusal(form, error)
        elif earlier := submitted_before(form):
            return HttpResponseRedirect(earlier)
        return self.render_to_response(self.get_context_data(form=form, areas=areas), status=422)

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", self.get_form())
        kwargs.setdefault("areas", self.get_areas())
        return super().get_context_data(**kwargs)

    def get_areas(self, data=None) -> AreaFormSet:
        return AreaFormSet(data, prefix="areas")

    def fields_of(self, form, areas) -> dict:
        """What the service is given."""
        fields = {name: value for name, value in form.cleaned_data.items() if name not in {"once", "funder_names"}}
        return {**fields, "funders": form.cleaned_data["funder_names"], "areas": areas.areas()}


class ProgrammeCreateView(ProgrammeFormMixin, VerbRequiredMixin, TemplateView):
    """A new programme with the network's usual rules, to be corrected."""

    def get_form(self, data=None):
        return NewProgrammeForm(data, user=self.request.user)

    def save(self, form, areas) -> str:
        def act() -> str:
            programme = services.create_programme(by=self.request.user, **self.fields_of(form, areas))
            show_toast(self.request, _("%(name)s is created.") % {"name": programme.name})
            return reverse("programmes:programme-detail", args=[programme.slug])

        return run_once(form.cleaned_data["once"], act)


class ProgrammeEditView(ProgrammeFormMixin, ProgrammeView):
    """The facts and rules of a programme."""

    def post(self, request, *args, **kwargs):
        self.programme  # noqa: B018 a foreign programme is refused before the form is read
        return super().post(request, *args, **kwargs)

    def get_form(self, data=None):
        return ProgrammeForm(data, instance=copy.copy(self.programme))

    def get_areas(self, data=None) -> AreaFormSet:
        areas = self.programme.policy_areas.select_related("policy_area")
        initial = [{"name": area.policy_area.name, "note": area.note} for area in areas]
        return AreaFormSet(data, prefix="areas", initial=initial)

    def save(self, form, areas) -> str:
        services.update_programme(self.programme, by=self.request.user, **self.fields_of(form, areas))
        show_toast(self.request, _("The rules of %(name)s are saved.") % {"name": self.programme.name})
        return reverse("programmes:programme-detail", args=[self.programme.slug])


class RuleFormMixin:
    """A form for one row of the programme's rules."""

    verb = Verb.MANAGE_RULES
    template_name = "programmes/rule_form.html"
    form_class: type = StepForm
    title = ""

    row = None  # the row that is changed, or None for a new one

    def get_form(self, data=None):
        model = self.form_class.Meta.model
        row = copy.copy(self.row) if self.row else model(programme=self.programme)
        return self.form_class(data, instance=row)

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", self.get_form())
        return super().get_context_data(title=self.title, row=self.row, remove_url=self.remove_url(), **kwargs)

    def remove_url(self) -> str:
        return ""

    def post(self, request, *args, **kwargs):
        form = self.get_form(request.POST)
        if form.is_valid():
            try:
                return HttpResponseRedirect(run_once(form.cleaned_data.pop("once"), lambda: self.save(form)))
            except ValidationError as error:
                add_refusal(form, error)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def save(self, form) -> str:
        raise NotImplementedError

    def done(self, text: str) -> str:
        show_toast(self.request, text)
        return reverse("programmes:programme-detail", args=[self.programme.slug])


class RuleRowMixin(RuleFormMixin):
    """One row by its key; its programme is the page's."""

    row_model: type = FollowUpStep

    def get_queryset(self):
        return self.row_model.objects.select_related("programme__branch")

    def get_lookup(self) -> dict:
        return {"pk": self.kwargs["pk"]}

    @cached_property
    def row(self):
        return self.get_object()

    @property
    def programme(self) -> Programme:
        return self.row.programme


class StepMixin:
    form_class = StepForm
    row_model = FollowUpStep

    def save(self, form) -> str:
        services.save_follow_up_step(self.programme, by=self.request.user, step=self.row, **form.cleaned_data)
        return self.done(_("The follow-up plan is saved. It holds for matches that start from now on."))


class StepCreateView(StepMixin, RuleFormMixin, ProgrammeView):
    title = "add-step"


class StepEditView(StepMixin, RuleRowMixin, ProgrammeView):
    title = "edit-step"

    def remove_url(self) -> str:
        return reverse("programmes:step-remove", args=[self.row.pk])


class StepRemoveView(StepMixin, RuleRowMixin, ProgrammeView):
    """Asks, then takes the step out."""

    template_name = "programmes/rule_remove.html"
    title = "remove-step"

    def post(self, request, *args, **kwargs):
        services.remove_follow_up_step(self.row, by=request.user)
        return HttpResponseRedirect(self.done(_("The step is taken out of the follow-up plan.")))


class RequirementMixin:
    form_class = RequirementForm
    row_model = ScreeningRequirement

    def save(self, form) -> str:
        services.save_requirement(self.programme, by=self.request.user, requirement=self.row, **form.cleaned_data)
        return self.done(_("The required checks are saved."))


class RequirementCreateView(RequirementMixin, RuleFormMixin, ProgrammeView):
    title = "add-check"


class RequirementEditView(RequirementMixin, RuleRowMixin, ProgrammeView):
    title = "edit-check"

    def remove_url(self) -> str:
        return reverse("programmes:requirement-remove", args=[self.row.pk])


class RequirementRemoveView(RequirementMixin, RuleRowMixin, ProgrammeView):
    """Asks, then no longer requires the check."""

    template_name = "programmes/rule_remove.html"
    title = "remove-check"

    def post(self, request, *args, **kwargs):
        services.remove_requirement(self.row, by=request.user)
        return HttpResponseRedirect(self.done(_("The check is no longer required.")))
