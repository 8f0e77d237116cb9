from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from common import clock
from common.forms import CleanTextMixin, DanishDateField


class ActForm(CleanTextMixin):
    """A form of an act. What a service refuses is shown at the field it names, or above the form."""

    conflict = None

    def show_refusal(self, error: ValidationError) -> None:
        """Take over a service's ValidationError; ``conflict`` is the match that stands in the way, if any."""
        self.conflict = getattr(error, "conflict", None)
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for field, errors in error.error_dict.items():
            known = field in self.fields and field != NON_FIELD_ERRORS
            for each in errors:
                self.add_error(field if known else None, each)


def day_field(label, *, not_future: bool = True, **kwargs) -> DanishDateField:
    """A day that has today as its first suggestion."""
    return DanishDateField(label=label, not_future=not_future, initial=clock.today, **kwargs)


def text_area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})
