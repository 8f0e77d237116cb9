"""Views of follow-ups: the list *Hele planen*, and recording in a row.

The fragment of a row is also used by *I dag* and by a match's page.
"""

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from django.views.generic.detail import SingleObjectMixin

from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from accounts.views_base import ScopedObjectMixin, VerbRequiredMixin
from common import clock
from common.exports import filter_values
from common.once import run_once
from common.templatetags.danish import danish_date
from common.toasts import show_toast
from matching.enums import ContactResult
from matching.exports import FOLLOW_UPS
from matching.filters import FollowUpFilter
from matching.forms import FollowUpForm, FollowUpMoveForm, FollowUpSkipForm, OutcomeQuestionForm
from matching.models import Contact, FollowUp
from matching.pages.follow_up_rows import group_rows, group_totals, row_of
from matching.services import (
    move_follow_up,
    record_follow_up,
    record_outcomes_asked,
    record_try,
    restore_follow_up,
    skip_follow_up,
    undo_follow_up,
)
from matching.views.base import FormActView, LoadObjectMixin, next_url
from programmes.enums import FollowUpKind

ROW_TEMPLATES = {"task": "matching/_follow_up_row.html", "plan": "matching/_plan_row.html"}


class FollowUpFilterMixin(VerbRequiredMixin):
    """The planned follow-ups that the filters of the address select."""

    verb = Verb.READ_CASES

    @cached_property
    def filter(self) -> FollowUpFilter:
        visible = FollowUp.objects.visible_to(self.request.user, self.verb).planned()
        return FollowUpFilter(self.request.GET, queryset=visible, request=self.request)


class FollowUpListView(FollowUpFilterMixin, TemplateView):
    """*Hele planen*: the follow-ups to do, overdue first, which can be recorded in place."""

    template_name = "matching/follow_up_list.html"
    step = 60  # rows shown at first, and added by "show more"

    def get_context_data(self, **kwargs):
        today = clock.today()
        form_filter = self.filter
        totals = group_totals(form_filter.qs, today)
        asked = self.request.GET.get("vis", "")[:6]
        total = sum(totals.values())
        shown = min(max(self.step, int(asked)), self.step + total) if asked.isdecimal() else self.step
        rows = form_filter.qs.for_rows().resting_last()[:shown]
        return super().get_context_data(
            **kwargs,
            filter=form_filter,
            groups=group_rows(rows, today, totals),
            total=total,
            more=min(self.step, max(0, total - shown)),
            unshown=total - shown,
            shown_next=shown + self.step,
            overdue_count=totals["overdue"],
            may_export=self.request.user.may(Verb.EXPORT_LISTS),
        )


class FollowUpExportView(ListExportMixin, FollowUpFilterMixin, View):
    verb = Verb.EXPORT_LISTS
    export = FOLLOW_UPS
    list_url_name = "matching:follow-up-list"
    subject = FollowUp._meta.label_lower

    def get_rows(self):
        rows = self.filter.qs.for_rows().with_acting(clock.today()).select_related("match__coordinator")
        return rows.resting_last()

    def get_filters(self):
        return filter_values(self.filter.form)


class FollowUpRowMixin(ScopedObjectMixin, LoadObjectMixin, SingleObjectMixin):
    """One follow-up, as a row with htmx and as a page without it."""

    verb = Verb.WORK_CASES

    def get_queryset(self):
        return FollowUp.objects.for_rows()

    def get_success_url(self) -> str:
        return next_url(self.request, reverse("matching:match-detail", args=[self.object.match_id]))

    @property
    def layout(self) -> str:
        asked = self.request.POST.get("layout") or self.request.GET.get("visning")
        return asked if asked in ROW_TEMPLATES else "task"

    def render_row(self, mode: str, form=None, status: int = 200, *, has_toast: bool = False):
        row = row_of(self.object, mode, form)
        return render(
            self.request,
            ROW_TEMPLATES[self.layout],
            {"row": row, "layout": self.layout, "next": next_url(self.request, ""), "has_toast": has_toast},
            status=status,
        )


class FollowUpRowView(FollowUpRowMixin, View):
    """The closed row, which *Cancel* restores."""

    def get(self, request, *args, **kwargs):
        if not request.htmx:
            return HttpResponseRedirect(self.get_success_url())
        return self.render_row("saved" if self.object.done_on else "waiting")


class FollowUpRecordView(FollowUpRowMixin, FormView):
    """Record a follow-up: with htmx in the row, otherwise on a page of its own."""

    template_name = "matching/follow_up_log.html"

    def get_form_class(self):
        return OutcomeQuestionForm if self.object.kind == FollowUpKind.OUTCOMES else FollowUpForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"follow_up": self.object, "auto_id": f"id_f{self.object.pk}_%s"}

    def get(self, request, *args, **kwargs):
        if self.object.done_on:
            return self.render_row("saved") if request.htmx else HttpResponseRedirect(self.get_success_url())
        return self.render_row("open", self.get_form()) if request.htmx else super().get(request, *args, **kwargs)

    def form_valid(self, form):
        is_try = form.cleaned_data["result"] != ContactResult.TALKED
        try:
            return self._record_try(form.cleaned_data) if is_try else self._record_talk(form.cleaned_data)
        except ValidationError as error:
            form.show_refusal(error)
            return self.form_invalid(form)

    def _record_try(self, data):
        """Record that the person was not reached or got a message; the row stays and shows it."""

        def write() -> str:
            values = {name: data[name] for name in ("on", "channel", "result", "note")}
            contact = record_try(self.object, by=self.request.user, **values)
            words = _("%(what)s: registered. The follow-up is still due.") % {"what": contact.get_result_display()}
            show_toast(self.request, words, undo_url=reverse("matching:contact-remove", args=[contact.pk]))
            return self.get_success_url()

        url = run_once(data.get("once"), write)
        if not self.request.htmx:
            return HttpResponseRedirect(url)
        self.object = self.get_object()
        return self.render_row("waiting", has_toast=True)

    def _record_talk(self, data):
        recorded = self._record(data)
        is_further = recorded != self.object
        if is_further:
            show_toast(self.request, further_contact_words(self.object))
        if self.request.htmx:
            return self.render_row("saved", has_toast=is_further)
        if is_further:
            return HttpResponseRedirect(self.get_success_url())
        show_toast(
            self.request,
            _("The follow-up with %(name)s is registered.") % {"name": row_of(self.object).name},
            undo_url=reverse("matching:follow-up-undo", args=[self.object.pk]),
        )
        return HttpResponseRedirect(self.get_success_url())

    def _record(self, data) -> FollowUp | Contact:
        common = {"by": self.request.user, "on": data["on"], "channel": data["channel"], "note": data["note"]}
        if "outcomes" in data:
            return record_outcomes_asked(self.object, outcomes=data["outcomes"], **common)
        return record_follow_up(self.object, mood=data["mood"], support=data.get("support", ""), **common)

    def form_invalid(self, form):
        if self.request.htmx:
            return self.render_row("open", form, status=422)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs):
        row = row_of(self.object, "open", kwargs.get("form"))
        return super().get_context_data(**kwargs, row=row, next=self.get_success_url())


def further_contact_words(done: FollowUp) -> str:
    """Return the sentence about a contact that was recorded after another user had recorded the follow-up."""
    values = {"by": done.done_by, "when": danish_date(done.done_on)}
    if done.done_by is None:
        return _("The follow-up was registered already, as done %(when)s. Yours is kept as a further contact.") % values
    return _("%(by)s had registered the follow-up as done %(when)s. Yours is kept as a further contact.") % values


class FollowUpPlanView(FormActView):
    """A form that changes when a follow-up of the plan is due. It returns to where the user came from."""

    def get_queryset(self):
        return FollowUp.objects.with_parties()

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"match": self.object.match}

    def get_success_url(self):
        return next_url(self.request, reverse("matching:match-detail", args=[self.object.match_id]))

    def get_lead(self):
        row = row_of(self.object)
        words = _("%(what)s with %(name)s, due %(day)s.")
        return words % {"what": row.title, "name": row.name, "day": danish_date(self.object.due_on)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(match=self.object.match, **kwargs)


class FollowUpMoveView(FollowUpPlanView):
    form_class = FollowUpMoveForm
    heading = gettext_lazy("Move follow-up")
    button = gettext_lazy("Move follow-up")

    def get_initial(self):
        return {"reason": self.object.moved_reason}

    def act(self, data):
        move_follow_up(self.object, by=self.request.user, due_on=data["due_on"], reason=data["reason"])
        show_toast(
            self.request,
            _("The follow-up is moved to %(day)s.") % {"day": danish_date(data["due_on"])},
            undo_url=reverse("matching:follow-up-restore", args=[self.object.pk]),
        )


class FollowUpSkipView(FollowUpPlanView):
    form_class = FollowUpSkipForm
    heading = gettext_lazy("Skip follow-up")
    button = gettext_lazy("Skip follow-up")

    def get_initial(self):
        return {"reason": self.object.skipped_reason}

    def act(self, data):
        skip_follow_up(self.object, by=self.request.user, reason=data["reason"])
        undo_url = reverse("matching:follow-up-restore", args=[self.object.pk])
        show_toast(
            self.request, _("The follow-up is skipped. It counts neither as done nor as late."), undo_url=undo_url
        )


class FollowUpRestoreView(FollowUpRowMixin, View):
    """Take a moved or skipped follow-up back to its place in the plan."""

    http_method_names = ["post", "options"]

    def post(self, request, *args, **kwargs):
        restore_follow_up(self.object, by=request.user)
        words = _("The follow-up is due %(day)s again.") % {"day": danish_date(self.object.due_on)}
        show_toast(request, words)
        return HttpResponseRedirect(self.get_success_url())


class FollowUpUndoView(FollowUpRowMixin, View):
    """Undo a recorded follow-up."""

    http_method_names = ["post", "options"]

    def post(self, request, *args, **kwargs):
        undo_follow_up(self.object, by=request.user)
        if request.htmx:
            return self.render_row("waiting")
        show_toast(request, _("The follow-up with %(name)s is due again.") % {"name": row_of(self.object).name})
        return HttpResponseRedirect(self.get_success_url())
