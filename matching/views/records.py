"""Views of the records of a match: meetings, goals and outcomes."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, View

from accounts.export_base import ListExportMixin
from accounts.roles import Verb
from accounts.views_base import ScopedObjectMixin
from common.lists import next_url
from common.templatetags.danish import danish_date
from common.toasts import show_toast
from matching.exports import MEETINGS
from matching.forms import GoalForm, MeetingForm, OutcomeForm
from matching.models import Goal, Match, Meeting, Outcome
from matching.services import (
    add_goal,
    add_to_meeting,
    record_meeting,
    record_outcome,
    remove_meeting,
    remove_outcome,
    update_goal,
)
from matching.views.base import ActPostView, EditActMixin, FormActView, MatchFormView, MatchQueryMixin, OpenPlanMixin


class MeetingListView(MatchQueryMixin, ScopedObjectMixin, DetailView):
    """*Alle møder* of a match."""

    verb = Verb.READ_CASES
    logs_access = True
    template_name = "matching/meeting_list.html"
    context_object_name = "match"

    def get_context_data(self, **kwargs):
        meetings = list(self.object.meetings.select_related("recorded_by").order_by("-held_on", "-pk"))
        return super().get_context_data(
            **kwargs,
            meetings=meetings,
            hours=sum(meeting.hours for meeting in meetings),
            may_export=self.request.user.may(Verb.EXPORT_LISTS, self.object.programme.branch_id),
            can_work=self.request.user.may(Verb.WORK_CASES, self.object.programme.branch_id),
        )


class MeetingExportView(ListExportMixin, MatchQueryMixin, ScopedObjectMixin, View):
    """Download of *Alle møder*."""

    verb = Verb.EXPORT_LISTS
    export = MEETINGS

    @cached_property
    def match(self) -> Match:
        return self.get_object()

    def get_rows(self):
        return self.match.meetings.select_related("recorded_by").order_by("-held_on", "-pk")

    def get_title_part(self):
        return self.match.number

    def get_list_url(self):
        return reverse("matching:meeting-list", args=[self.match.pk])

    def get_subject(self):
        return self.match

    def get_branch_id(self):
        return self.match.programme.branch_id


class MeetingCreateView(OpenPlanMixin, MatchFormView):
    """Record a meeting: with htmx inside the card, otherwise on a page of its own."""

    form_class = MeetingForm
    template_name = "matching/meeting_form.html"
    heading = gettext_lazy("Register meeting")
    button = gettext_lazy("Register meeting")

    def get(self, request, *args, **kwargs):
        if request.htmx:
            context = {"form": self.get_form(), "match": self.object, "planned": self.planned}
            return render(request, "matching/_meeting_form.html", context)
        return super().get(request, *args, **kwargs)

    def act(self, data):
        if data["same"]:
            add_to_meeting(data["same"], by=self.request.user, note=data["note"])
            show_toast(self.request, _("The meeting was registered already. Your note is with it."))
            return
        values = {name: data[name] for name in ("held_on", "hours", "note")}
        others = [meeting.pk for meeting in data["others"]]
        meeting = record_meeting(self.object, by=self.request.user, others=others, **values)
        show_toast(
            self.request,
            _("The meeting on %(day)s is registered.") % {"day": danish_date(data["held_on"])},
            undo_url=reverse("matching:meeting-remove", args=[meeting.pk]),
        )


class MeetingRemoveView(ActPostView):
    """Remove a meeting recorded by mistake."""

    def get_queryset(self):
        return Meeting.objects.select_related("match__programme")

    def post(self, request, *args, **kwargs):
        day = self.object.held_on
        match = remove_meeting(self.object, by=request.user)
        show_toast(request, _("The meeting on %(day)s is removed.") % {"day": danish_date(day)})
        return HttpResponseRedirect(next_url(request, reverse("matching:match-detail", args=[match.pk])))


class GoalCreateView(MatchFormView):
    form_class = GoalForm
    heading = gettext_lazy("Add goal")
    button = gettext_lazy("Add goal")
    lead = gettext_lazy("What the two work towards, in their own words.")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        del kwargs["match"]
        return kwargs | {"is_new": True}

    def act(self, data):
        add_goal(self.object, by=self.request.user, text=data["text"], note=data["note"])

    def toast(self):
        return _("The goal is added.")


class GoalUpdateView(EditActMixin, FormActView):
    form_class = GoalForm
    heading = gettext_lazy("Goal")
    button = gettext_lazy("Save")

    def get_queryset(self):
        return Goal.objects.select_related("match__programme", "match__mentee", "match__mentor")

    def get_initial(self):
        goal = self.object
        known = {"text": goal.text, "note": goal.note, "status": goal.status}
        return known | ({"reached_on": goal.reached_on} if goal.reached_on else {})

    def get_success_url(self):
        return reverse("matching:match-detail", args=[self.object.match_id])

    def get_context_data(self, **kwargs):
        return super().get_context_data(match=self.object.match, **kwargs)

    def act(self, data):
        update_goal(
            self.object,
            by=self.request.user,
            text=data["text"],
            status=data["status"],
            reached_on=data["reached_on"],
            note=data["note"],
        )

    def toast(self):
        return _("The goal is saved.")


class OutcomeCreateView(MatchFormView):
    form_class = OutcomeForm
    heading = gettext_lazy("Register result")
    button = gettext_lazy("Register result")
    lead = gettext_lazy("What came of the match, also months after its end.")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        del kwargs["match"]
        return kwargs

    def act(self, data):
        outcome = record_outcome(
            self.object,
            by=self.request.user,
            kind=data["kind"],
            on=data["on"],
            note=data["note"],
            told_by=data["told_by"],
        )
        show_toast(
            self.request,
            _("The result »%(kind)s« is registered.") % {"kind": outcome.get_kind_display()},
            undo_url=reverse("matching:outcome-remove", args=[outcome.pk]),
        )


class OutcomeRemoveView(ActPostView):
    """Remove an outcome recorded by mistake."""

    def get_queryset(self):
        return Outcome.objects.select_related("match__programme")

    def post(self, request, *args, **kwargs):
        words = self.object.get_kind_display()
        match = remove_outcome(self.object, by=request.user)
        show_toast(request, _("The result »%(kind)s« is removed.") % {"kind": words})
        return HttpResponseRedirect(next_url(request, reverse("matching:match-detail", args=[match.pk])))
