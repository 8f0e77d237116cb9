"""Pages of programmes and their rules. All users of a branch read them; those with ``MANAGE_RULES`` edit them."""

import copy

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import TemplateView, View

from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from accounts.views_base import ScopedObjectMixin, VerbRequiredMixin
from common import clock
from common.editing import EditFormMixin
from common.forms import add_errors
from common.once import run_once, submitted_before
from common.toasts import show_toast
from programmes import services
from programmes.exports import PROGRAMMES
from programmes.forms import AreaFormSet, NewProgrammeForm, ProgrammeForm, RequirementForm, StepForm
from programmes.models import FollowUpStep, Programme, ScreeningRequirement
from programmes.panels import panels_for


class ProgrammeRowsMixin(VerbRequiredMixin):
    """The programmes of the user's branches, newest first; those that have ended come last."""

    verb = Verb.SEE_PROGRAMMES

    def get_programmes(self) -> list[Programme]:
        found = Programme.objects.visible_to(self.request.user, self.verb).select_related("branch")
        today = clock.today()
        return sorted(found.order_by("-starts_on", "name"), key=lambda programme: programme.ends_on < today)


class ProgrammeListView(ProgrammeRowsMixin, TemplateView):
    """The list of programmes."""

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
    """Base of the pages of one programme, found by its slug."""

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
        """Answer the page. Building its context looks up the programme, which refuses a foreign one."""
        return self.render_to_response(self.get_context_data(**kwargs))


class ProgrammeDetailView(ProgrammeView):
    """A programme with its rules in words, follow-up plan, required checks, and the panels of upper apps."""

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


class ProgrammeFormMixin:
    """A page with a form of the programme's facts and rules, and a formset of its policy areas."""

    template_name = "programmes/programme_form.html"
    verb = Verb.MANAGE_RULES

    def post(self, request, *args, **kwargs):
        form, areas = self.get_form(request.POST), self.get_areas(request.POST)
        if form.is_valid() and areas.is_valid():
            try:
                return HttpResponseRedirect(self.save(form, areas))
            except ValidationError as error:
                add_errors(form, error)
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
        """Return the arguments of the service."""
        fields = {name: value for name, value in form.cleaned_data.items() if name not in {"once", "funder_names"}}
        return {**fields, "funders": form.cleaned_data["funder_names"], "areas": areas.areas()}


class ProgrammeCreateView(ProgrammeFormMixin, VerbRequiredMixin, TemplateView):
    """Create a programme; the form starts with the network's usual rules."""

    def get_form(self, data=None):
        return NewProgrammeForm(data, user=self.request.user)

    def save(self, form, areas) -> str:
        def act() -> str:
            programme = services.create_programme(by=self.request.user, **self.fields_of(form, areas))
            show_toast(self.request, _("%(name)s is created.") % {"name": programme.name})
            return reverse("programmes:programme-detail", args=[programme.slug])

        return run_once(form.cleaned_data["once"], act)


class ProgrammeEditView(EditFormMixin, ProgrammeFormMixin, ProgrammeView):
    """Edit the facts and rules of a programme."""

    def edit_forms(self, data):
        return [self.get_form(data), self.get_areas(data)]

    def edited_record(self) -> Programme:
        return self.programme

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
    """A form for one rule of a programme: a step of the follow-up plan, or a required check."""

    verb = Verb.MANAGE_RULES
    template_name = "programmes/rule_form.html"
    form_class: type = StepForm
    title = ""
    remove_label = ""
    row = None  # the rule that is edited, or None for a new one

    def get_form(self, data=None):
        model = self.form_class.Meta.model
        row = copy.copy(self.row) if self.row else model(programme=self.programme)
        return self.form_class(data, instance=row)

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", self.get_form())
        return super().get_context_data(
            title=self.title, remove_url=self.remove_url(), remove_label=self.remove_label, **kwargs
        )

    def remove_url(self) -> str:
        return ""

    def post(self, request, *args, **kwargs):
        form = self.get_form(request.POST)
        if form.is_valid():
            try:
                return HttpResponseRedirect(run_once(form.cleaned_data.pop("once"), lambda: self.save(form)))
            except ValidationError as error:
                add_errors(form, error)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def save(self, form) -> str:
        raise NotImplementedError

    def programme_url(self) -> str:
        return reverse("programmes:programme-detail", args=[self.programme.slug])

    def show_saved(self, text: str) -> str:
        """Show a toast and return the address of the programme."""
        show_toast(self.request, text)
        return self.programme_url()


class RuleRowMixin(RuleFormMixin):
    """An existing rule, found by its key."""

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


class RuleEditMixin(EditFormMixin, RuleRowMixin):
    """A form for an existing rule."""

    def edit_forms(self, data):
        return [self.get_form(data)]

    def edited_record(self):
        return self.row


class RuleRemoveMixin(RuleRowMixin):
    """Ask for confirmation, and remove a rule."""

    template_name = "common/confirm.html"
    explanation = ""

    def question(self) -> str:
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            heading=self.remove_label,
            question=self.question(),
            explanation=self.explanation,
            button=self.remove_label,
            keep_label=pgettext("leave a form", "Cancel"),
            back_url=self.programme_url(),
            back_label=self.programme.name,
            **kwargs,
        )


class StepMixin:
    form_class = StepForm
    row_model = FollowUpStep
    remove_label = gettext_lazy("Remove step")

    def save(self, form) -> str:
        services.save_follow_up_step(self.programme, by=self.request.user, step=self.row, **form.cleaned_data)
        return self.show_saved(_("The follow-up plan is saved. It applies to matches that start from now on."))


class StepCreateView(StepMixin, RuleFormMixin, ProgrammeView):
    title = gettext_lazy("Add step to the follow-up plan")


class StepEditView(StepMixin, RuleEditMixin, ProgrammeView):
    title = gettext_lazy("Edit step of the follow-up plan")

    def remove_url(self) -> str:
        return reverse("programmes:step-remove", args=[self.row.pk])


class StepRemoveView(StepMixin, RuleRemoveMixin, ProgrammeView):
    """Ask for confirmation, and remove a step of the follow-up plan."""

    explanation = gettext_lazy("New matches get no such follow-up. Follow-ups already planned or done stay.")

    def question(self) -> str:
        return _("Remove »%(name)s« from the plan?") % {"name": self.row.name}

    def post(self, request, *args, **kwargs):
        services.remove_follow_up_step(self.row, by=request.user)
        return HttpResponseRedirect(self.show_saved(_("The step is removed from the follow-up plan.")))


class RequirementMixin:
    form_class = RequirementForm
    row_model = ScreeningRequirement
    remove_label = gettext_lazy("Remove check")

    def save(self, form) -> str:
        services.save_requirement(self.programme, by=self.request.user, requirement=self.row, **form.cleaned_data)
        return self.show_saved(_("The required checks are saved."))


class RequirementCreateView(RequirementMixin, RuleFormMixin, ProgrammeView):
    title = gettext_lazy("Add required check")


class RequirementEditView(RequirementMixin, RuleEditMixin, ProgrammeView):
    title = gettext_lazy("Edit required check")

    def remove_url(self) -> str:
        return reverse("programmes:requirement-remove", args=[self.row.pk])


class RequirementRemoveView(RequirementMixin, RuleRemoveMixin, ProgrammeView):
    """Ask for confirmation, and remove a required check."""

    explanation = gettext_lazy("It is no longer required before a match. What was registered stays.")

    def question(self) -> str:
        return _("Remove the check »%(name)s«?") % {"name": self.row.get_kind_display()}

    def post(self, request, *args, **kwargs):
        services.remove_requirement(self.row, by=request.user)
        return HttpResponseRedirect(self.show_saved(_("The check is no longer required.")))
