"""Base classes of the views that call one service: scoped object, form, refusal, redirect."""

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView, View
from django.views.generic.detail import SingleObjectMixin

from accounts.roles import Verb
from accounts.views_base import ScopedObjectMixin
from common.editing import EditFormMixin
from common.lists import next_url
from common.once import run_once
from common.toasts import show_toast
from matching.models import Match, PlannedMeeting


class LoadObjectMixin:
    """Sets ``self.object`` in ``dispatch()``. Place it after ``ScopedObjectMixin``, which checks access."""

    def dispatch(self, request, *args, **kwargs):
        self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)


class ActMixin(ScopedObjectMixin, LoadObjectMixin, SingleObjectMixin):
    """One object that the user may work with."""

    verb = Verb.WORK_CASES

    def get_success_url(self) -> str:
        raise NotImplementedError


class FormActView(ActMixin, FormView):
    """A page with one form that calls one service.

    ``heading``, ``lead`` (what happens) and ``button`` are shown. ``act(data)`` calls the service, ``toast()`` returns
    the confirmation.
    """

    template_name = "matching/act.html"
    heading = lead = button = ""
    is_danger = False

    def act(self, data: dict) -> None:
        raise NotImplementedError

    def toast(self) -> str:
        return ""

    def get_heading(self) -> str:
        return self.heading

    def get_lead(self) -> str:
        return self.lead

    def form_valid(self, form):
        def write() -> str:
            self.act(form.cleaned_data)
            if words := self.toast():
                show_toast(self.request, words)
            return self.get_success_url()

        try:
            url = run_once(form.cleaned_data.get("once"), write)
        except ValidationError as error:
            form.show_refusal(error)
            return self.form_invalid(form)
        return HttpResponseRedirect(url)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            heading=self.get_heading(),
            lead=self.get_lead(),
            button=self.button,
            is_danger=self.is_danger,
            back_url=next_url(self.request, self.get_success_url()),
        )


class EditActMixin(EditFormMixin):
    """A form of stored values that calls a service: two users who change them at the same time are asked."""

    def edit_forms(self, data):
        kwargs = {**self.get_form_kwargs(), "data": data, "files": None}
        return [self.get_form_class()(**kwargs)]

    def edited_record(self):
        return self.object


class MatchQueryMixin:
    """Matches with their people, programme and coordinator; returns to the match's page."""

    def get_queryset(self):
        return Match.objects.with_parties()

    def get_success_url(self) -> str:
        return next_url(self.request, reverse("matching:match-detail", args=[self.object.pk]))


class MatchFormView(MatchQueryMixin, FormActView):
    """A form about one match."""

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"match": self.object}

    def get_context_data(self, **kwargs):
        return super().get_context_data(match=self.object, **kwargs)


class OpenPlanMixin:
    """The open planned meeting of the match, if there is one."""

    @cached_property
    def planned(self) -> PlannedMeeting | None:
        return self.object.planned_meetings.to_do().select_related("staff").first()

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"planned": self.planned}

    def get_context_data(self, **kwargs):
        return super().get_context_data(planned=self.planned, **kwargs)


class ActPostView(ActMixin, View):
    """A service behind a button, without a form."""

    http_method_names = ["post", "options"]
