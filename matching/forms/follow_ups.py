from django import forms
from django.utils.translation import gettext_lazy as _

from matching.enums import Channel, Mood, Support
from matching.forms.base import ActForm, day_field
from matching.models import FollowUp
from programmes.enums import ContactSide


class FollowUpForm(ActForm):
    """How you talked, how it goes, a note: one line. When the mentee was asked: whether they feel supported."""

    channel = forms.ChoiceField(
        label=_("How did you talk?"), choices=Channel.choices, widget=forms.RadioSelect, initial=Channel.PHONE
    )
    mood = forms.ChoiceField(label=_("How does it go?"), choices=Mood.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), max_length=2000, required=False)
    support = forms.ChoiceField(
        label=_("Does the mentee feel supported?"), choices=Support.choices, widget=forms.RadioSelect, required=False
    )
    on = day_field(_("Date"))

    def __init__(self, *args, follow_up: FollowUp, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].help_text = ""
        if follow_up.side not in {ContactSide.MENTEE, ContactSide.BOTH}:
            del self.fields["support"]
