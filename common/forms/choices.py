"""Choices among records that hold against what a hand-made request may send."""

from django import forms
from django.core.exceptions import ValidationError

LONGEST_KEY = 18  # digits that every database takes for a key


class KeysField(forms.ModelMultipleChoiceField):
    """Several records by their keys. A key that no database could hold is a wrong choice, not an error of ours."""

    def clean(self, value):
        for key in value or []:
            if len(str(key)) > LONGEST_KEY:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": str(key)[:LONGEST_KEY]},
                )
        return super().clean(value)
