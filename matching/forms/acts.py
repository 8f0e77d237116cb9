from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import DanishDateField
from common.once import OnceFormMixin
from matching.enums import EndReason, NextStep, OutcomeKind, PlanAfterPause, Side
from matching.forms.base import ActForm, day_field, hours_field, text_area
from matching.models import Match
from people.display import name_with_state
from people.forms.doubts import DoubtsMixin
from people.models import Enrolment


class MatchForm(OnceFormMixin, DoubtsMixin, ActForm):
    """A form about one match, which takes effect once even if it is sent twice."""

    def __init__(self, *args, match: Match, **kwargs):
        self.match = match
        super().__init__(*args, **kwargs)

    def doubted_of(self):
        return self.match.programme, (self.match.mentor, self.match.mentee)


class ProposeForm(OnceFormMixin, DoubtsMixin, ActForm):
    """The confirmation of a proposal. It asks for a reason only when the mentor has no free place.

    With ``started_on`` the two have met already: the match runs from that day.
    """

    on = day_field(_("Proposed on"), required=False)
    started_on = DanishDateField(
        label=_("First meeting"), not_future=True, required=False, help_text=_("Leave it empty if they have not met.")
    )
    hours = hours_field(required=False)
    over_capacity_reason = forms.CharField(
        label=_("Why one more than agreed"),
        max_length=200,
        required=False,
        widget=forms.HiddenInput,
        help_text=_("Such as: agreed with the mentor on the phone."),
    )

    def __init__(self, *args, mentor: Enrolment, mentee: Enrolment, asks_reason: bool = False, **kwargs):
        self.mentor, self.mentee = mentor, mentee
        super().__init__(*args, **kwargs)
        self.fields["hours"].initial = 1
        self.ask_reason(wanted=asks_reason)

    def doubted_of(self):
        return self.mentee.programme, (self.mentor.person, self.mentee.person)

    @property
    def has_met(self) -> bool:
        """Whether the fields of a match that runs already are open."""
        return bool(self["started_on"].value() or self["started_on"].errors or self["hours"].errors)

    def ask_reason(self, *, wanted: bool) -> None:
        """Show the field. It may stay blank: the service then refuses and explains why a reason is needed."""
        if wanted:
            self.fields["over_capacity_reason"].widget = forms.TextInput(attrs={"maxlength": 200})


class SaidYesForm(MatchForm):
    """The day of a yes: today, if none is written."""

    on = day_field(_("Said yes on"), required=False)


class DeclineForm(MatchForm):
    """The day of a no, and a note."""

    on = day_field(_("Date"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class AgreementForm(MatchForm):
    on = day_field(_("Signed by all on"))


class MatchPauseForm(MatchForm):
    on = day_field(_("From which day?"))
    until = DanishDateField(
        label=_("Expected until"),
        required=False,
        is_planned=True,
        help_text=_("Leave it empty if it is not known yet."),
    )
    note = forms.CharField(label=_("Why"), max_length=300, required=False)


class ResumeForm(MatchForm):
    """The day on which a match goes on, and what happens to the follow-ups, which rested."""

    on = day_field(_("From which day?"))
    note = forms.CharField(label=_("Why"), max_length=300, required=False)
    plan = forms.ChoiceField(
        label=_("What happens to the follow-ups?"), choices=PlanAfterPause.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args, match: Match, missed: int, **kwargs):
        """``missed``: how many follow-ups have fallen in the pause; without any, the plan keeps its days."""
        super().__init__(*args, match=match, **kwargs)
        self.fields["plan"].initial = PlanAfterPause.MOVE if missed else PlanAfterPause.SKIP


class WithdrawForm(MatchForm):
    note = forms.CharField(label=_("What went wrong?"), max_length=300)


def talk_field() -> DanishDateField:
    """Return the field for the day of a closing talk with one side."""
    return DanishDateField(required=False, not_future=True, help_text=_("Leave it empty if none was held."))


def talk_note_field() -> forms.CharField:
    return forms.CharField(
        label=_("What was said, or why none was held"), widget=text_area(2), max_length=5000, required=False
    )


class ReopenForm(MatchForm):
    """The day and why; why one mentee more than agreed is asked only if the mentor has no free place."""

    on = day_field(_("From which day?"))
    note = forms.CharField(label=_("Why"), max_length=300, required=False)
    over_capacity_reason = forms.CharField(
        label=_("Why one more than agreed"),
        max_length=200,
        required=False,
        help_text=_("Only if the mentor has no free place."),
    )

    def __init__(self, *args, is_mentor_full: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_mentor_full:
            del self.fields["over_capacity_reason"]


NEXT_MISSING = {"required": _("Choose what comes next.")}


class EndMatchForm(MatchForm):
    """The end of a match: day, reason, what each of the two does next, closing talks, and outcomes if there are any.

    What the two do next is asked: nothing is chosen for them.
    """

    on = day_field(_("Ended on"))
    reason = forms.ChoiceField(label=_("Why it ended"), choices=[("", _("Choose a reason")), *EndReason.choices])
    note = forms.CharField(label=_("About the ending"), widget=text_area(), max_length=5000, required=False)
    mentee_talk_on = talk_field()
    mentee_talk_note = talk_note_field()
    mentor_talk_on = talk_field()
    mentor_talk_note = talk_note_field()
    outcomes = forms.MultipleChoiceField(
        label=_("Results"),
        choices=OutcomeKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Tick only what is not registered already."),
    )
    outcome_note = forms.CharField(label=_("In words"), max_length=300, required=False)
    outcome_told_by = forms.ChoiceField(
        label=_("Reported by"), choices=Side.choices, widget=forms.RadioSelect, required=False
    )
    mentee_next = forms.ChoiceField(choices=NextStep.choices, widget=forms.RadioSelect, error_messages=NEXT_MISSING)
    mentor_next = forms.ChoiceField(choices=NextStep.choices, widget=forms.RadioSelect, error_messages=NEXT_MISSING)

    def __init__(self, *args, match: Match, **kwargs):
        super().__init__(*args, match=match, **kwargs)
        for side in ("mentee", "mentor"):
            name = name_with_state(getattr(match, side))
            self.fields[f"{side}_next"].label = _("%(name)s (%(role)s)") % {
                "name": name,
                "role": match._meta.get_field(side).verbose_name,
            }
            words = gettext("Choose what %(name)s does next.") % {"name": name}
            self.fields[f"{side}_next"].error_messages["required"] = words
            self.fields[f"{side}_talk_on"].label = _("Closing talk with %(name)s") % {"name": name}
