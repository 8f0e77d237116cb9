from django import forms

from common.cpr import find_cpr_numbers, refuse_cpr


class CleanTextMixin(forms.Form):
    """Refuses CPR numbers in every text of a form, at the field they stand in."""

    def clean(self):
        cleaned = super().clean()
        values = self.cleaned_data if cleaned is None else cleaned
        for name, value in list(values.items()):
            if isinstance(value, str) and find_cpr_numbers(value):
                try:
                    refuse_cpr(value)
                except forms.ValidationError as error:
                    self.add_error(name, error)
        return values
