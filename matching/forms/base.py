from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import clock
from common.forms import CleanTextMixin, DanishDateField, add_errors
from matching.models import FollowUp, Goal, Meeting, Outcome
from matching.rules.days import DAY_SLUGS, MATCH_DAYS
from matching.services import DayRefused


class ActForm(CleanTextMixin):
    """A form that calls a service, and shows the errors of the service at their fields or above the form."""

    conflict = None
    same_meeting: Meeting | None = None
    question = ""
    other_day: tuple[Model, str] | None = None

    def show_refusal(self, error: ValidationError) -> None:
        """Add the errors of a service's ValidationError to the form.

        Keep the conflicting match, or the record and field of another day that may be the wrong one, if there is one.
        A meeting that may be the same one is no error but a question.
        """
        self.conflict = getattr(error, "conflict", None)
        self.same_meeting = getattr(error, "meeting", None)
        if self.same_meeting:
            self.question = " ".join(error.messages)
            return
        if isinstance(error, DayRefused):
            self.other_day = (error.record, error.name)
        add_errors(self, error)

    @property
    def correction(self) -> tuple[str, str] | None:
        """The address and label of the page on which the other day is corrected, if it has one."""
        return correction_link(*self.other_day) if self.other_day else None


# Model → name of the address at which one of its records is corrected, and the label of the link.
_CORRECTIONS = {
    Meeting: ("matching:meeting-correct", _("Correct the meeting")),
    FollowUp: ("matching:follow-up-correct", _("Correct the follow-up")),
    Outcome: ("matching:outcome-correct", _("Correct the result")),
    Goal: ("matching:goal-update", _("Correct the goal")),
}


def correction_link(record: Model, name: str) -> tuple[str, str] | None:
    """Return the address and the label of a link to the correction of a day; None if it is corrected elsewhere."""
    if type(record) in _CORRECTIONS:
        url_name, label = _CORRECTIONS[type(record)]
        return reverse(url_name, args=[record.pk]), str(label)
    if name in MATCH_DAYS:
        address = f"{reverse('matching:match-days', args=[record.pk])}?felt={DAY_SLUGS[name]}"
        return address, gettext("Correct the day: %(what)s") % {"what": MATCH_DAYS[name]}
    return None


def day_field(label, *, not_future: bool = True, **kwargs) -> DanishDateField:
    """Return a date field with today as its initial value."""
    return DanishDateField(label=label, not_future=not_future, initial=clock.today, **kwargs)


def hours_field(**kwargs) -> forms.DecimalField:
    """Return a field for the hours of a meeting."""
    limits = {"min_value": 0.25, "max_value": 24, "max_digits": 4, "decimal_places": 2}
    words = _("Write between a quarter of an hour and 24 hours.")
    field = forms.DecimalField(
        label=_("Hours"), localize=True, error_messages={"min_value": words, "max_value": words}, **limits, **kwargs
    )
    field.widget.attrs |= {"class": "hours-field", "inputmode": "decimal", "autocomplete": "off"}
    return field


def text_area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})
