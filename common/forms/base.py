from django import forms

from common.cpr import find_cpr_numbers, refuse_cpr


def add_errors(form: forms.BaseForm, error: forms.ValidationError) -> None:
    """Add the errors of a service at the fields they name, or above the form when it lacks the field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


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
