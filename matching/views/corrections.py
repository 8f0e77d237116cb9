"""Views that correct what is registered about a match: its days, pauses, ends, meetings, follow-ups and outcomes."""

from django.db.models import Model
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.history import moved_figures
from matching.forms import (
    CheckCorrectionForm,
    EndingCorrectionForm,
    FollowUpCorrectionForm,
    InterviewCorrectionForm,
    MatchDaysForm,
    MeetingCorrectionForm,
    OutcomeCorrectionForm,
    PauseCorrectionForm,
)
from matching.models import FollowUp, Interview, Match, MatchEnding, MatchPause, Meeting, Outcome, ScreeningCheck
from matching.rules.days import DAY_SLUGS, MATCH_DAYS
from matching.services import (
    correct_check,
    correct_ending,
    correct_follow_up,
    correct_interview,
    correct_match_days,
    correct_meeting,
    correct_outcome,
    correct_pause,
)
from matching.views.base import EditActMixin, FormActView, MatchFormView, next_url
from people.models import Enrolment


class MatchDaysView(EditActMixin, MatchFormView):
    """Correct the days of a match: one of them, named by ``felt``, or all."""

    form_class = MatchDaysForm
    template_name = "matching/match_days.html"
    heading = gettext_lazy("Correct days")
    button = gettext_lazy("Correct")
    lead = gettext_lazy("Each day is the one on which it happened. The earlier value stays in the history.")

    def get_shown(self) -> list[str]:
        """Return the names of the days that the form shows: those asked for, or all that the match has."""
        asked = (self.request.POST.get("shown") or self.request.GET.get("felt") or "").split(",")
        return [name for name in MATCH_DAYS if name in asked or DAY_SLUGS[name] in asked] or [
            name for name in MATCH_DAYS if getattr(self.object, name) is not None
        ]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"shown": self.get_shown()}

    def get(self, request, *args, **kwargs):
        if request.GET.get("vis") == "virkning":
            form = self.form_class(request.GET, match=self.object, shown=self.get_shown())
            form.is_valid()
            return render(request, "matching/_moved_figures.html", {"effects": self.effects(form.days())})
        return super().get(request, *args, **kwargs)

    def effects(self, days: dict) -> list[str]:
        """Return what the typed days change."""
        return moved_figures(self.object, {name: (getattr(self.object, name), day) for name, day in days.items()})

    def act(self, data):
        days = {name: data[name] for name in self.get_shown()}
        self.moved = self.effects(days)
        correct_match_days(self.object, by=self.request.user, reason=data["reason"], **days)

    def toast(self):
        return " ".join([_("The days are corrected."), *self.moved])


class RecordCorrectionView(EditActMixin, FormActView):
    """Correct a record of a match; ``fields`` are those of the form, which the record has as well."""

    model: type[Model]
    fields: tuple[str, ...] = ()
    button = gettext_lazy("Correct")
    lead = gettext_lazy("The earlier value stays in the history.")

    def get_queryset(self):
        return self.model.objects.select_related("match__programme", "match__mentor", "match__mentee")

    def rows_to_lock(self):
        """Return the match, which the services lock as well, and the record."""
        record = self.model.objects.filter(**self.get_lookup())
        return [Match.objects.filter(pk__in=record.values("match")), *super().rows_to_lock()]

    def get_success_url(self):
        return next_url(self.request, reverse("matching:match-detail", args=[self.object.match_id]))

    def get_initial(self):
        return {name: getattr(self.object, name) for name in self.fields}

    def get_context_data(self, **kwargs):
        return super().get_context_data(match=self.object.match, **kwargs)


class PauseCorrectView(RecordCorrectionView):
    model = MatchPause
    form_class = PauseCorrectionForm
    fields = ("began_on", "expected_on", "ended_on")
    heading = gettext_lazy("Correct the days of the pause")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"pause": self.object}

    def act(self, data):
        values = {name: data.get(name) for name in self.fields}
        correct_pause(self.object, by=self.request.user, reason=data["reason"], **values)

    def toast(self):
        return _("The days are corrected.")


class EndingCorrectView(RecordCorrectionView):
    model = MatchEnding
    form_class = EndingCorrectionForm
    fields = ("on", "mentee_talk_on", "mentor_talk_on", "reopened_on")
    heading = gettext_lazy("Correct the days of the end")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"ending": self.object}

    def act(self, data):
        values = {name: data.get(name) for name in self.fields}
        is_open = self.object.reopened_on is None
        self.moved = moved_figures(self.object.match, {"ended_on": (self.object.on, data["on"])}) if is_open else []
        correct_ending(self.object, by=self.request.user, reason=data["reason"], **values)

    def toast(self):
        return " ".join([_("The days are corrected."), *self.moved])


class MeetingCorrectView(RecordCorrectionView):
    model = Meeting
    form_class = MeetingCorrectionForm
    fields = ("held_on", "hours", "note")
    heading = gettext_lazy("Correct meeting")

    def act(self, data):
        values = {name: data[name] for name in self.fields}
        correct_meeting(self.object, by=self.request.user, reason=data["reason"], **values)

    def toast(self):
        return _("The meeting is corrected.")


class FollowUpCorrectView(RecordCorrectionView):
    model = FollowUp
    form_class = FollowUpCorrectionForm
    fields = ("channel", "mood", "support", "note")
    heading = gettext_lazy("Correct follow-up")

    def get_queryset(self):
        return super().get_queryset().filter(done_on__isnull=False)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"follow_up": self.object}

    def get_initial(self):
        return super().get_initial() | {"on": self.object.done_on}

    def act(self, data):
        values = {name: data.get(name, "") for name in self.fields}
        correct_follow_up(self.object, by=self.request.user, reason=data["reason"], on=data["on"], **values)

    def toast(self):
        return _("The follow-up is corrected.")


class OutcomeCorrectView(RecordCorrectionView):
    model = Outcome
    form_class = OutcomeCorrectionForm
    fields = ("kind", "on", "note", "told_by")
    heading = gettext_lazy("Correct result")

    def act(self, data):
        values = {name: data[name] for name in self.fields}
        correct_outcome(self.object, by=self.request.user, reason=data["reason"], **values)

    def toast(self):
        return _("The result is corrected.")


class EnrolmentRecordCorrectionView(EditActMixin, FormActView):
    """Correct an interview or a check of an enrolment; ``fields`` are those of the form."""

    model: type[Model]
    fields: tuple[str, ...] = ()
    button = gettext_lazy("Correct")
    lead = gettext_lazy("The earlier value stays in the history.")

    def get_queryset(self):
        return self.model.objects.select_related("enrolment__person", "enrolment__programme")

    def rows_to_lock(self):
        """Return the enrolment, which the services lock as well, and the record."""
        record = self.model.objects.filter(**self.get_lookup())
        return [Enrolment.objects.filter(pk__in=record.values("enrolment")), *super().rows_to_lock()]

    def get_success_url(self):
        return next_url(self.request, reverse("people:person-detail", args=[self.object.enrolment.person_id]))

    def get_initial(self):
        return {name: getattr(self.object, name) for name in self.fields}

    def get_context_data(self, **kwargs):
        return super().get_context_data(enrolment=self.object.enrolment, **kwargs)


class InterviewCorrectView(EnrolmentRecordCorrectionView):
    model = Interview
    form_class = InterviewCorrectionForm
    fields = ("held_on",)
    heading = gettext_lazy("Correct interview")

    def get_queryset(self):
        return super().get_queryset().filter(held_on__isnull=False)

    def act(self, data):
        correct_interview(self.object, by=self.request.user, reason=data["reason"], held_on=data["held_on"])

    def toast(self):
        return _("The interview is corrected.")


class CheckCorrectView(EnrolmentRecordCorrectionView):
    model = ScreeningCheck
    form_class = CheckCorrectionForm
    fields = ("outcome", "checked_on", "note")

    def get_heading(self):
        return _("Correct check: %(kind)s") % {"kind": self.object.get_kind_display()}

    def act(self, data):
        values = {name: data[name] for name in self.fields}
        correct_check(self.object, by=self.request.user, reason=data["reason"], **values)

    def toast(self):
        return _("The check is corrected.")
