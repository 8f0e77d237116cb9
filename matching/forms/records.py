from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.forms import KeysField, what_to_choose
from common.once import OnceFormMixin
from matching.enums import Channel, ContactResult, GoalStatus, Mood, OutcomeKind, Side, Support
from matching.forms.base import ActForm, day_field, hours_field
from matching.models import FollowUp, Match, Meeting, PlannedMeeting
from programmes.enums import ContactSide


class FollowUpForm(OnceFormMixin, ActForm):
    """One line about a follow-up: how, what happened, the mood, a note and, when the mentee was asked, the support.

    Mood and support belong to a talk; a try, such as a message, has neither.
    """

    channel = forms.ChoiceField(
        label=_("How did you talk?"), choices=Channel.choices, widget=forms.RadioSelect, initial=Channel.PHONE
    )
    result = forms.ChoiceField(
        label=_("What happened?"),
        choices=ContactResult.choices,
        widget=forms.RadioSelect,
        initial=ContactResult.TALKED,
        required=False,
    )
    mood = forms.ChoiceField(label=_("How does it go?"), choices=Mood.choices, widget=forms.RadioSelect, required=False)
    note = forms.CharField(label=_("Note"), max_length=2000, required=False)
    support = forms.ChoiceField(
        label=_("Does the mentee feel supported?"), choices=Support.choices, widget=forms.RadioSelect, required=False
    )
    on = day_field(_("Date"))

    def __init__(self, *args, follow_up: FollowUp, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].help_text = ""
        self.fields["note"].initial = follow_up.note  # what was written before the follow-up was undone
        if follow_up.side not in {ContactSide.MENTEE, ContactSide.BOTH}:
            del self.fields["support"]

    def clean(self):
        cleaned = super().clean()
        cleaned["result"] = cleaned.get("result") or ContactResult.TALKED
        asks_mood = "mood" in self.fields and "mood" not in self.errors
        if asks_mood and cleaned["result"] == ContactResult.TALKED and not cleaned.get("mood"):
            self.add_error("mood", what_to_choose(str(self.fields["mood"].label)))
        return cleaned


class OutcomeQuestionForm(FollowUpForm):
    """The answer to the question about outcomes after the end: what came of the match, or nothing new."""

    outcomes = forms.MultipleChoiceField(
        label=_("What came of it since?"),
        choices=OutcomeKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None ticked: nothing new."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["mood"]
        self.fields.pop("support", None)


class MeetingForm(OnceFormMixin, ActForm):
    """A meeting, which closes the ``planned`` one of the day.

    If one is registered that day, the form asks: ``same`` is that meeting, ``others`` are those that are others.
    """

    held_on = day_field(_("Date"))
    hours = hours_field()
    note = forms.CharField(label=_("Note"), max_length=2000, required=False)

    same = forms.ModelChoiceField(queryset=Meeting.objects.none(), required=False, widget=forms.HiddenInput)
    others = KeysField(queryset=Meeting.objects.none(), required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args, match: Match, planned: PlannedMeeting | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("same", "others"):
            self.fields[name].queryset = match.meetings.all()
        self.planned = planned
        if planned and planned.on <= clock.today():
            self.fields["held_on"].initial = planned.on
        self.fields["hours"].initial = match.programme.hours_per_meeting.normalize()


class GoalForm(OnceFormMixin, ActForm):
    text = forms.CharField(label=_("Goal"), max_length=200)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    status = forms.ChoiceField(
        label=_("Status"), choices=GoalStatus.choices, widget=forms.RadioSelect, initial=GoalStatus.UNDER_WAY
    )
    reached_on = day_field(_("Reached on"), required=False)

    def __init__(self, *args, is_new: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["status"], self.fields["reached_on"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("status") == GoalStatus.REACHED and not cleaned.get("reached_on"):
            self.add_error("reached_on", _("Say when the goal was reached."))
        return cleaned


class OutcomeForm(OnceFormMixin, ActForm):
    kind = forms.ChoiceField(label=_("What came of it?"), choices=[("", _("Choose a result")), *OutcomeKind.choices])
    on = day_field(_("Date"))
    note = forms.CharField(
        label=_("In words"), max_length=300, required=False, help_text=_("Such as: at which workplace, how many weeks.")
    )
    told_by = forms.ChoiceField(label=_("Reported by"), choices=Side.choices, widget=forms.RadioSelect, required=False)
