"""What a form says when an answer is missing, in the words of the house instead of Django's."""

from django import forms
from django.utils.translation import gettext_lazy as _

# Django's own sentence; the house's catalogue words it anew for every field that is written in.
WRITTEN = _("This field is required.")
CHOSEN = _("Choose one of the options.")
CHOSEN_SEVERAL = _("Choose at least one of the options.")


def word_missing_choices() -> None:
    """Every field of choices asks for a choice: Django takes the defaults of a field from its class."""
    for field, words in [
        (forms.ChoiceField, CHOSEN),
        (forms.MultipleChoiceField, CHOSEN_SEVERAL),
        (forms.ModelMultipleChoiceField, CHOSEN_SEVERAL),
    ]:
        field.default_error_messages = field.default_error_messages | {"required": words}
