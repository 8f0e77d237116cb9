"""Forms of contacts outside the plan, and of follow-ups that are moved or skipped."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import DanishDateField, ReasonMixin
from common.once import OnceFormMixin
from matching.enums import Channel, ContactResult, Mood
from matching.forms.acts import MatchForm
from matching.forms.base import ActForm, day_field
from matching.models import Match
from matching.pages.contact_choices import find_people, match_label, open_matches_of
from people.models import Enrolment

NO_MATCH = "none"


class ContactFields(ActForm):
    """What happened. How it goes is asked only if they talked."""

    channel = forms.ChoiceField(
        label=_("How?"), choices=Channel.choices, widget=forms.RadioSelect, initial=Channel.PHONE
    )
    result = forms.ChoiceField(
        label=_("What happened?"),
        choices=ContactResult.choices,
        widget=forms.RadioSelect,
        initial=ContactResult.TALKED,
    )
    mood = forms.ChoiceField(label=_("How does it go?"), choices=Mood.choices, widget=forms.RadioSelect, required=False)
    on = day_field(_("Day"))
    note = forms.CharField(label=_("Note"), max_length=2000, required=False)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("result") != ContactResult.TALKED:
            cleaned["mood"] = ""
        return cleaned


class NewContactForm(OnceFormMixin, ContactFields):
    """A contact outside the plan: with whom, how, what happened.

    ``hvem`` is what the user types. If several people fit, ``enrolment`` asks which; if the person has several open
    matches, ``match`` asks which one it is about. Both are fields of the form only then.
    """

    hvem = forms.CharField(label=_("With whom?"), max_length=200, required=False)

    field_order = ["hvem", "enrolment", "match", "channel", "result", "mood", "on", "note"]

    def __init__(self, *args, user: User, enrolment: Enrolment | None = None, match: Match | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.chosen, self.about = user, enrolment, match
        self.fields["on"].help_text = ""
        self.fields["hvem"].widget.attrs |= {"autocomplete": "off"}
        self.matches: list[Match] = []
        self.several = False
        if enrolment is None and (self.is_bound or self.initial.get("hvem")):
            self._find()
        elif enrolment is not None:
            del self.fields["hvem"]
        if self.chosen is not None and match is None:
            self._ask_match()
        self.order_fields(self.field_order)

    def _find(self) -> None:
        """Find the person by the typed words; ask which one if several fit."""
        self.found = find_people(self.user, self["hvem"].value() or "")
        if len(self.found) == 1:
            self.chosen = self.found[0].enrolment
            return
        if not self.found:
            return
        self.several = True
        asked = str(self.data.get(self.add_prefix("enrolment"), ""))
        self.fields["enrolment"] = forms.ChoiceField(
            label=_("Which one?"),
            choices=[(str(one.enrolment.pk), one.label) for one in self.found],
            widget=forms.RadioSelect,
        )
        self.chosen = next((one.enrolment for one in self.found if str(one.enrolment.pk) == asked), None)

    def _ask_match(self) -> None:
        """Take the only open match of the person, or ask which of several the contact is about."""
        self.matches = open_matches_of(self.chosen)
        if len(self.matches) < 2:
            self.about = self.matches[0] if self.matches else None
            return
        choices = [(str(match.pk), match_label(match, self.chosen)) for match in self.matches]
        self.fields["match"] = forms.ChoiceField(
            label=_("Which match is it about?"),
            choices=[*choices, (NO_MATCH, _("None of them"))],
            widget=forms.RadioSelect,
        )

    def clean(self):
        cleaned = super().clean()
        if "hvem" in self.fields and self.chosen is None and "enrolment" not in self.fields:
            is_typed = bool(cleaned.get("hvem"))
            self.add_error(
                "hvem", _("No mentor or mentee has this name.") if is_typed else _("Write with whom you had contact.")
            )
        if "match" in self.fields and cleaned.get("match"):
            self.about = next((match for match in self.matches if str(match.pk) == cleaned["match"]), None)
        return cleaned


class ContactCorrectionForm(ReasonMixin, OnceFormMixin, ContactFields):
    field_order = ["on", "channel", "result", "mood", "note", "reason"]


class FollowUpMoveForm(MatchForm):
    due_on = DanishDateField(label=_("New day"), is_planned=True)
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("Shown in the plan and in the history."))


class FollowUpSkipForm(MatchForm):
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("Shown in the plan and in the history."))
