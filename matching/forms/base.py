from django import forms
from django.core.exceptions import ValidationError

from common import clock
from common.forms import CleanTextMixin, DanishDateField, add_errors


class ActForm(CleanTextMixin):
    """A form that calls a service, and shows the errors of the service at their fields or above the form."""

    conflict = None

    def show_refusal(self, error: ValidationError) -> None:
        """Add the errors of a service's ValidationError to the form, and keep the conflicting match, if any."""
        self.conflict = getattr(error, "conflict", None)
        add_errors(self, error)


def day_field(label, *, not_future: bool = True, **kwargs) -> DanishDateField:
    """Return a date field with today as its initial value."""
    return DanishDateField(label=label, not_future=not_future, initial=clock.today, **kwargs)


def text_area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})
