from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import CleanTextMixin, DanishDateField
from common.once import OnceFormMixin
from people.models import Organisation


class OrganisationForm(OnceFormMixin, CleanTextMixin, forms.ModelForm):
    """An organisation. Views pass ``details()`` to a service; the form itself is never saved."""

    agreed_on = DanishDateField(label=_("Agreement made on"), required=False)

    class Meta:
        model = Organisation
        fields = ["name", "kind", "phone", "email", "address", "agreed_on", "notes"]
        widgets = {"notes": forms.Textarea({"rows": 3})}

    def details(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields}
