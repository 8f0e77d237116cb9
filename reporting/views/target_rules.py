"""Pages to create, change and remove targets, for users who manage rules."""

import copy

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.roles import Verb
from accounts.views_base import ScopedObjectMixin
from common.editing import EditFormMixin
from common.once import run_once
from common.templatetags.danish import quoted
from common.toasts import show_toast
from programmes.models import Programme
from reporting.forms.targets import PhaseFormSet, TargetForm, free_key
from reporting.models import Target
from reporting.services import remove_target, save_target


class TargetFormView(ScopedObjectMixin, TemplateView):
    """Base of the forms of a target and its phased plan."""

    verb = Verb.MANAGE_RULES
    template_name = "reporting/target_form.html"
    target: Target | None = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        request.nav_section = "programmes"

    def get_form(self, data=None) -> TargetForm:
        target = copy.copy(self.target) if self.target else self.new_target()
        return TargetForm(data, instance=target)

    def new_target(self) -> Target:
        programme = self.programme
        return Target(programme=programme, period_start=programme.starts_on, period_end=programme.ends_on)

    def get_phases(self, data=None) -> PhaseFormSet:
        rows = self.target.phases.all() if self.target else []
        names = ("starts_on", "ends_on", "value", "wording")
        return PhaseFormSet(data, prefix="phases", initial=[{n: getattr(row, n) for n in names} for row in rows])

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", self.get_form())
        kwargs.setdefault("phases", self.get_phases())
        return super().get_context_data(programme=self.programme, target=self.target, **kwargs)

    def post(self, request, *args, **kwargs):
        form, phases = self.get_form(request.POST), self.get_phases(request.POST)
        if form.is_valid() and phases.is_valid():
            try:
                return HttpResponseRedirect(run_once(form.cleaned_data["once"], lambda: self.save(form, phases)))
            except ValidationError as error:
                self.add_errors(form, error)
        return self.render_to_response(self.get_context_data(form=form, phases=phases), status=422)

    def add_errors(self, form: TargetForm, error: ValidationError) -> None:
        """Show the errors of the service at the fields of the form."""
        fields = {"rhythm_pause_months": "pause", "filters": "gender"}
        for name, messages in error.message_dict.items():
            field = fields.get(name, name)
            form.add_error(field if field in form.fields else None, messages)

    def save(self, form: TargetForm, phases: PhaseFormSet) -> str:
        fields = form.target_fields()
        if self.target is None:
            fields["key"] = free_key(self.programme, fields["label"], fields["period_start"].year)
            fields["order"] = self.programme.targets.count() + 1
        target = save_target(self.programme, by=self.request.user, target=self.target, phases=phases.phases(), **fields)
        show_toast(self.request, _("The target »%(label)s« is saved.") % {"label": target.label})
        return reverse("programmes:programme-detail", args=[self.programme.slug])


class TargetCreateView(TargetFormView):
    """Create a target of a programme."""

    def get_queryset(self):
        return Programme.objects.select_related("branch")

    def get_lookup(self) -> dict:
        return {"slug": self.kwargs["slug"]}

    @cached_property
    def programme(self) -> Programme:
        return self.get_object()


class TargetRowMixin:
    """An existing target, found by its key."""

    def get_queryset(self):
        return Target.objects.select_related("programme__branch").prefetch_related("phases")

    @cached_property
    def target(self) -> Target:
        return self.get_object()

    @property
    def programme(self) -> Programme:
        return self.target.programme


class TargetEditView(EditFormMixin, TargetRowMixin, TargetFormView):
    """Change a target."""

    def edit_forms(self, data):
        return [self.get_form(data), self.get_phases(data)]

    def edited_record(self) -> Target:
        return self.target


class TargetRemoveView(TargetRowMixin, TargetFormView):
    """Remove a target, after a confirmation."""

    template_name = "common/confirm.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            heading=_("Remove target"),
            question=_("Remove %(wording)s?") % {"wording": quoted(self.target.wording)},
            explanation=_("The target and its timetable are removed. Records it counted and sent reports stay."),
            button=_("Remove target"),
            keep_label=_("Keep target"),
            back_url=reverse("programmes:programme-detail", args=[self.programme.slug]),
            back_label=self.programme.name,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        label, slug = self.target.label, self.programme.slug
        remove_target(self.target, by=request.user)
        show_toast(request, _("The target »%(label)s« is removed.") % {"label": label})
        return HttpResponseRedirect(reverse("programmes:programme-detail", args=[slug]))
