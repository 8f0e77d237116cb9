"""Forms that correct what is registered about a match. Each asks for a reason."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.forms import DanishDateField, ReasonMixin
from common.once import OnceFormMixin
from matching.enums import Channel, CheckOutcome, Mood, OutcomeKind, Side, Support
from matching.forms.acts import MatchForm
from matching.forms.base import ActForm, day_field, hours_field
from matching.models import FollowUp, Match, MatchEnding, MatchPause
from matching.rules.days import MATCH_DAYS
from programmes.enums import ContactSide


class MatchDaysForm(ReasonMixin, MatchForm):
    """The days of a match: those named in ``shown``, by commas. A day that is in their way is added to the form."""

    shown = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args, match: Match, shown: list[str], **kwargs):
        super().__init__(*args, match=match, **kwargs)
        self.initial["shown"] = ",".join(shown)
        for name in shown:
            self._add_day(name)
        self.order_fields([*MATCH_DAYS, "reason"])

    def _add_day(self, name: str) -> None:
        may_lie_ahead = name == "introduced_on" and self.match.started_on is None
        self.fields[name] = DanishDateField(
            label=MATCH_DAYS[name], not_future=not may_lie_ahead, required=name != "agreement_signed_on"
        )
        self.initial[name] = getattr(self.match, name)

    @property
    def day_names(self) -> list[str]:
        return [name for name in MATCH_DAYS if name in self.fields]

    @property
    def day_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.day_names]

    def days(self) -> dict:
        """Return the typed days by the names of the match's fields; those with an error are left out."""
        return {name: self.cleaned_data[name] for name in self.day_names if name in self.cleaned_data}

    def show_refusal(self, error: ValidationError) -> None:
        """Add the other day to the form if one is out of order with a day that is not shown."""
        super().show_refusal(error)
        name = getattr(error, "name", "")
        if getattr(error, "record", None) == self.match and name in MATCH_DAYS and name not in self.fields:
            self.other_day = None
            self._add_day(name)
            self.data = self.data.copy()
            self.data[name] = self.fields[name].prepare_value(getattr(self.match, name)) or ""
            self.data["shown"] = ",".join([*filter(None, self.data.get("shown", "").split(",")), name])
            self.order_fields([*MATCH_DAYS, "reason"])


class PauseCorrectionForm(ReasonMixin, OnceFormMixin, ActForm):
    """The days of a pause; that of an open one's end is left out."""

    began_on = day_field(_("From"))
    expected_on = DanishDateField(label=_("Expected until"), required=False, is_planned=True)
    ended_on = day_field(_("To"))
    field_order = ["began_on", "expected_on", "ended_on", "reason"]

    def __init__(self, *args, pause: MatchPause, **kwargs):
        super().__init__(*args, **kwargs)
        if pause.ended_on is None:
            del self.fields["ended_on"]


class EndingCorrectionForm(ReasonMixin, OnceFormMixin, ActForm):
    """The days of an end; that of a reopening is left out if there was none. A talk without a day was not held."""

    on = day_field(_("Match ended"))
    mentee_talk_on = DanishDateField(label=_("Closing talk with the mentee"), required=False, not_future=True)
    mentor_talk_on = DanishDateField(label=_("Closing talk with the mentor"), required=False, not_future=True)
    reopened_on = day_field(_("Reopened"))
    field_order = ["on", "mentee_talk_on", "mentor_talk_on", "reopened_on", "reason"]

    def __init__(self, *args, ending: MatchEnding, **kwargs):
        super().__init__(*args, **kwargs)
        if ending.reopened_on is None:
            del self.fields["reopened_on"]


class MeetingCorrectionForm(ReasonMixin, OnceFormMixin, ActForm):
    held_on = day_field(_("Date"))
    hours = hours_field()
    note = forms.CharField(label=_("Note"), max_length=2000, required=False)
    field_order = ["held_on", "hours", "note", "reason"]


class FollowUpCorrectionForm(ReasonMixin, OnceFormMixin, ActForm):
    on = day_field(_("Date"))
    channel = forms.ChoiceField(label=_("How did you talk?"), choices=Channel.choices, widget=forms.RadioSelect)
    mood = forms.ChoiceField(label=_("How does it go?"), choices=Mood.choices, widget=forms.RadioSelect)
    support = forms.ChoiceField(
        label=_("Does the mentee feel supported?"), choices=Support.choices, widget=forms.RadioSelect, required=False
    )
    note = forms.CharField(label=_("Note"), max_length=2000, required=False)
    field_order = ["on", "channel", "mood", "support", "note", "reason"]

    def __init__(self, *args, follow_up: FollowUp, **kwargs):
        super().__init__(*args, **kwargs)
        if follow_up.side not in {ContactSide.MENTEE, ContactSide.BOTH}:
            del self.fields["support"]


class OutcomeCorrectionForm(ReasonMixin, OnceFormMixin, ActForm):
    kind = forms.ChoiceField(label=_("What came of it?"), choices=OutcomeKind.choices)
    on = day_field(_("Date"))
    note = forms.CharField(label=_("In words"), max_length=300, required=False)
    told_by = forms.ChoiceField(label=_("Reported by"), choices=Side.choices, widget=forms.RadioSelect, required=False)
    field_order = ["kind", "on", "note", "told_by", "reason"]


class InterviewCorrectionForm(ReasonMixin, OnceFormMixin, ActForm):
    held_on = day_field(_("Held on"))
    field_order = ["held_on", "reason"]


class CheckCorrectionForm(ReasonMixin, OnceFormMixin, ActForm):
    outcome = forms.ChoiceField(label=_("Result"), choices=CheckOutcome.choices, widget=forms.RadioSelect)
    checked_on = day_field(_("Date"))
    note = forms.CharField(label=_("Note"), max_length=120, required=False)
    field_order = ["outcome", "checked_on", "note", "reason"]
