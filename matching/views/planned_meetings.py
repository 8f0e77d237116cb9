"""Views of first and planned meetings: *Første møde*, plan and move the next meeting, cancel it."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.lists import next_url
from common.templatetags.danish import danish_date
from matching.enums import MatchStatus
from matching.forms import CancelMeetingForm, FirstMeetingForm, PlanMeetingForm
from matching.models import PlannedMeeting
from matching.services import (
    cancel_planned_meeting,
    introduce_match,
    move_planned_meeting,
    plan_meeting,
    start_match,
)
from matching.views.base import EditActMixin, FormActView, MatchFormView, OpenPlanMixin

PLAN = "plan"  # the button that plans the first meeting instead of starting the match


class FirstMeetingView(OpenPlanMixin, MatchFormView):
    """*Første møde*: answers, day and place, hours and agreement on one page, which plans the meeting or starts."""

    form_class = FirstMeetingForm
    template_name = "matching/first_meeting.html"
    heading = gettext_lazy("First meeting")
    button = gettext_lazy("Start the match")
    lead = gettext_lazy("The match runs from that day, and the programme's follow-up plan gets its dates.")

    @property
    def is_plan(self) -> bool:
        return self.request.POST.get("act") == PLAN

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_context_data(self, **kwargs):
        may_plan = self.object.status == MatchStatus.PROPOSED
        return super().get_context_data(may_plan=may_plan, **kwargs)

    def act(self, data):
        form = self.form
        meeting = {"on": data["on"], "place": data["place"], "staff": data["staff"], "said_yes": form.said_yes()}
        if self.is_plan:
            introduce_match(self.object, by=self.request.user, time=data["time"], **meeting)
            return
        start_match(
            self.object, by=self.request.user, hours=data["hours"], agreement_signed_on=form.signed_on(), **meeting
        )

    def form_valid(self, form):
        self.form = form
        return super().form_valid(form)

    def toast(self):
        return _("The first meeting is arranged.") if self.is_plan else _("The match has started.")


class MeetingPlanView(OpenPlanMixin, EditActMixin, MatchFormView):
    """Plan the next meeting, or move the planned one, which may be the first."""

    form_class = PlanMeetingForm
    template_name = "matching/meeting_plan.html"

    def get_heading(self):
        return _("Move the meeting") if self.planned else _("Arrange the next meeting")

    @property
    def button(self):
        return _("Save")

    def get_lead(self):
        return _("It is on Today when the day comes, for you and for the one who takes part.")

    def get_initial(self):
        planned = self.planned
        if planned is None:
            return {}
        return {"on": planned.on, "time": planned.time, "place": planned.place, "staff": planned.staff_id}

    def act(self, data):
        values = {name: data[name] for name in ("on", "time", "place", "staff")}
        if self.planned:
            move_planned_meeting(self.planned, by=self.request.user, reason=data["reason"], **values)
        else:
            plan_meeting(self.object, by=self.request.user, **values)

    def toast(self):
        return _("The meeting is arranged.")


class MeetingCancelView(FormActView):
    """Cancel a planned meeting, with a reason."""

    form_class = CancelMeetingForm
    button = gettext_lazy("Cancel the meeting")
    is_danger = True

    def get_queryset(self):
        return PlannedMeeting.objects.for_rows()

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"match": self.object.match}

    def get_success_url(self):
        return next_url(self.request, reverse("matching:match-detail", args=[self.object.match_id]))

    def get_context_data(self, **kwargs):
        return super().get_context_data(match=self.object.match, **kwargs)

    def get_heading(self):
        return _("Cancel the meeting")

    def get_lead(self):
        if self.object.is_first:
            return _("Both answers stay, and the first meeting can be arranged again.")
        return _("The match goes on. The reason is in its history.")

    def act(self, data):
        cancel_planned_meeting(self.object, by=self.request.user, reason=data["reason"])

    def toast(self):
        return _("The meeting on %(day)s is cancelled.") % {"day": danish_date(self.object.on)}
