"""Parts of forms that every app uses: refusal of CPR numbers, choices by keys, messages for missing answers."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.cpr import find_cpr_numbers, refuse_cpr
from common.texts import clean_text

LONGEST_KEY = 18  # digits of a key that every database takes


def is_key(text: str) -> bool:
    """Return whether a text is the key of a row that a database may hold."""
    return text.isdecimal() and len(text) <= LONGEST_KEY


# Django's own sentence. The product's catalogue has another translation of it, for all fields that are written in.
WRITTEN = _("This field is required.")
CHOSEN = _("Choose one of the options.")
CHOSEN_SEVERAL = _("Choose at least one of the options.")


def add_errors(form: forms.BaseForm, error: forms.ValidationError) -> None:
    """Add the errors of a service at the fields they name, or above the form when it lacks the field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class CleanTextMixin(forms.Form):
    """Refuses CPR numbers in all text fields of a form, with an error at the field."""

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


class ReasonMixin(forms.Form):
    """Adds the reason of a correction, which the history shows."""

    reason = forms.CharField(
        label=_("Why is it corrected?"), max_length=500, help_text=_("Shown in the history, with your name.")
    )


class KeysField(forms.ModelMultipleChoiceField):
    """Several records by their keys. A key too long for the database is an invalid choice, not a server error."""

    def clean(self, value):
        for key in value or []:
            if len(str(key)) > LONGEST_KEY:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": str(key)[:LONGEST_KEY]},
                )
        return super().clean(value)


def set_required_messages() -> None:
    """Let all choice fields say what to choose, by changing Django's field classes."""
    for field, words in [
        (forms.ChoiceField, CHOSEN),
        (forms.MultipleChoiceField, CHOSEN_SEVERAL),
        (forms.ModelMultipleChoiceField, CHOSEN_SEVERAL),
    ]:
        field.default_error_messages = field.default_error_messages | {"required": words}
    for field in (forms.ChoiceField, forms.ModelMultipleChoiceField):
        field.clean = _saying_what_to_choose(field.clean)


def _saying_what_to_choose(clean):
    """Return a ``clean`` that names the label of a field without a choice, unless the field has its own message."""

    def clean_choice(field: forms.Field, value):
        try:
            return clean(field, value)
        except ValidationError as error:
            words = getattr(error, "message", None)
            if words not in {CHOSEN, CHOSEN_SEVERAL} or not field.label:
                raise
            raise ValidationError(what_to_choose(str(field.label), words), code=error.code) from error

    return clean_choice


def what_to_choose(label: str, words: str = CHOSEN) -> str:
    """Return what to choose in the field with a label."""
    label = label.rstrip(":.")
    if label.endswith("?"):
        return _("Choose an answer to “%(question)s”.") % {"question": label}
    if words == CHOSEN_SEVERAL:
        return _("Choose at least one under “%(label)s”.") % {"label": label}
    is_name = label[:2].isupper()  # such as CPR
    return _("Choose %(what)s.") % {"what": label if is_name else label[:1].lower() + label[1:]}


def clean_texts() -> None:
    """Let all text fields clean what is typed, by changing Django's base class. Passwords are taken as typed."""
    read = forms.CharField.to_python

    def to_python(field: forms.CharField, value):
        is_text = isinstance(value, str) and not isinstance(field.widget, forms.PasswordInput)
        return read(field, clean_text(value) if is_text else value)

    forms.CharField.to_python = to_python
