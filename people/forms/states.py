"""Forms for the state of a person: died, moved away, wants no contact."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.cpr import refuse_cpr
from common.forms import CleanTextMixin, DanishDateField
from people.enums import PersonStateKind
from people.models import PersonState


def longest(name: str) -> int:
    return PersonState._meta.get_field(name).max_length


class StateForm(CleanTextMixin):
    """The state, its day and a note. ``seen`` is the digest of what the page said would end."""

    kind = forms.ChoiceField(
        label=_("What has happened?"),
        choices=PersonStateKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    on = DanishDateField(label=_("On which day?"), not_future=True)
    note = forms.CharField(
        label=_("Note (optional)"),
        help_text=_("Such as who told it."),
        required=False,
        max_length=longest("note"),
        validators=[refuse_cpr],
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)


class LiftForm(CleanTextMixin):
    """From which day a state is no longer true, and why."""

    on = DanishDateField(label=_("From"), not_future=True)
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Such as: registered by mistake, or has moved back."),
        max_length=longest("lifted_reason"),
        validators=[refuse_cpr],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()
