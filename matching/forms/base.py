from django import forms
from django.core.exceptions import ValidationError

from common import clock
from common.forms import CleanTextMixin, DanishDateField, add_errors


class ActForm(CleanTextMixin):
    """A form of an act. What a service refuses is shown at the field it names, or above the form."""

    conflict = None

    def show_refusal(self, error: ValidationError) -> None:
        """Take over a service's ValidationError; ``conflict`` is the match that stands in the way, if any."""
        self.conflict = getattr(error, "conflict", None)
        add_errors(self, error)


def day_field(label, *, not_future: bool = True, **kwargs) -> DanishDateField:
    """A day that has today as its first suggestion."""
    return DanishDateField(label=label, not_future=not_future, initial=clock.today, **kwargs)


def text_area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})
