from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import CleanTextMixin
from common.once import OnceFormMixin


class ProposeForm(CleanTextMixin, OnceFormMixin, forms.Form):
    """The confirmation of a proposal. The reason is asked only when the mentor's room is used up."""

    over_capacity_reason = forms.CharField(
        label=_("Why one more than agreed"),
        max_length=200,
        required=False,
        widget=forms.HiddenInput,
        help_text=_("Such as: agreed with the mentor on the phone."),
    )

    def __init__(self, *args, asks_reason: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_reason(wanted=asks_reason)

    def ask_reason(self, *, wanted: bool) -> None:
        """Show the field; leaving it blank is answered by the service, which says why it is needed."""
        if wanted:
            self.fields["over_capacity_reason"].widget = forms.TextInput(attrs={"maxlength": 200})
