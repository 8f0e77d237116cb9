"""Forms of first and planned meetings."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from common.forms import DanishDateField, DanishTimeField
from matching.enums import Side
from matching.forms.acts import MatchForm
from matching.forms.base import day_field, hours_field
from matching.forms.screening import staff_of
from matching.models import Match, PlannedMeeting
from people.display import name_with_state


class StaffField(forms.ModelChoiceField):
    """Who of the staff takes part in a meeting: a user who works with cases in the branch of the match."""

    def __init__(self, **kwargs):
        super().__init__(
            label=_("Who of us takes part?"),
            queryset=User.objects.none(),
            required=False,
            empty_label=_("None of us"),
            **kwargs,
        )

    def limit(self, match: Match, planned: User | None = None) -> None:
        """Offer the users of the branch, and the one who was planned to take part."""
        users = staff_of(match.programme.branch_id)
        self.queryset = users | User.objects.filter(pk=planned.pk) if planned else users


class PlanMeetingForm(MatchForm):
    """Day, time, place and staff of the next meeting, or of the planned one that is moved."""

    on = DanishDateField(label=_("Date"), is_planned=True)
    time = DanishTimeField(label=_("Time"), required=False)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    staff = StaffField()
    reason = forms.CharField(
        label=_("Why is it moved?"), max_length=200, required=False, help_text=_("Only for another day or time.")
    )

    def __init__(self, *args, planned: PlannedMeeting | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["staff"].limit(self.match, planned and planned.staff)
        if planned is None:
            del self.fields["reason"]


class CancelMeetingForm(MatchForm):
    reason = forms.CharField(label=_("Why"), max_length=200)


class FirstMeetingForm(MatchForm):
    """What starting needs: answers that are not given yet, the meeting, the hours and the agreement.

    If the meeting is not planned yet, the same form plans it.
    """

    mentee_said_yes = forms.BooleanField(required=False)
    mentee_said_yes_on = DanishDateField(label=_("Said yes on"), required=False, not_future=True)
    mentor_said_yes = forms.BooleanField(required=False)
    mentor_said_yes_on = DanishDateField(label=_("Said yes on"), required=False, not_future=True)
    on = day_field(_("First meeting"), not_future=False)
    time = DanishTimeField(label=_("Time"), required=False)
    place = forms.CharField(label=_("Where"), max_length=120, required=False)
    staff = StaffField()
    hours = hours_field(required=False)
    agreement_signed = forms.BooleanField(label=_("All have signed the agreement"), required=False)
    agreement_signed_on = DanishDateField(
        label=_("Agreement signed by all"),
        required=False,
        not_future=True,
        help_text=_("Only if it was signed on another day than the first meeting."),
    )

    def __init__(self, *args, match: Match, by: User, planned: PlannedMeeting | None, **kwargs):
        super().__init__(*args, match=match, **kwargs)
        self.fields["hours"].initial = 1
        self.fields["staff"].limit(match, planned and planned.staff)
        self.fields["staff"].initial = by.pk
        self.fields["agreement_signed"].initial = match.agreement_signed_on is not None
        self.fields["agreement_signed_on"].initial = match.agreement_signed_on
        for side in Side.values:
            self._ask(side)
        if planned:
            initial = {"on": planned.on, "time": planned.time, "place": planned.place, "staff": planned.staff_id}
            for name, value in initial.items():
                self.fields[name].initial = value

    def _ask(self, side: str) -> None:
        """Ask for the answer of a side that has not answered."""
        name = f"{side}_said_yes"
        if getattr(self.match, f"{name}_on"):
            del self.fields[name], self.fields[f"{name}_on"]
            return
        words = _("%(name)s says yes") % {"name": name_with_state(getattr(self.match, side))}
        self.fields[name].label = words
        self.fields[f"{name}_on"].help_text = _("Empty: the day of the first meeting, today at the latest.")

    @property
    def answers(self) -> list[tuple]:
        """The fields of the answers that are asked: whether and when each side said yes."""
        names = [f"{side}_said_yes" for side in ("mentee", "mentor")]
        return [(self[name], self[f"{name}_on"]) for name in names if name in self.fields]

    def clean(self):
        cleaned = super().clean()
        for side in Side.values:
            name = f"{side}_said_yes"
            if name in self.fields and not (cleaned.get(name) or cleaned.get(f"{name}_on")) and not self.errors:
                words = _("Both must say yes first. Tick it when %(name)s has.")
                self.add_error(name, words % {"name": getattr(self.match, side).name})
        return cleaned

    def said_yes(self) -> dict[str, dt.date]:
        """Return the day of each new yes, by side: as written, else the day of the meeting, today at the latest."""
        data, found = self.cleaned_data, {}
        for side in Side.values:
            day = data.get(f"{side}_said_yes_on")
            if day or data.get(f"{side}_said_yes"):
                found[side] = day or min(data["on"], clock.today())
        return found

    def signed_on(self) -> dt.date | None:
        """Return the day on which all signed the agreement."""
        data = self.cleaned_data
        return data["agreement_signed_on"] or (data["on"] if data["agreement_signed"] else None)
