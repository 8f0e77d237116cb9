"""Forms of status reports: choosing the programme and period, and writing the texts."""

import datetime as dt
import json

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts.roles import Verb
from common import clock
from common.cpr import refuse_cpr
from common.once import OnceFormMixin
from programmes.models import Programme
from reporting.documents.sections import LONGEST_TEXT, PARTS
from reporting.models import StatusReport

WHOLE, OWN = "programme", "own"
HALVES = ((1, 1, 6, 30), (7, 1, 12, 31))


class ReportForm(OnceFormMixin):
    """The programme and period of a new report; offers the usual periods."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Programme"))
    period = forms.ChoiceField(label=_("Period"))
    start = forms.DateField(label=_("From"), required=False, help_text=_("Day-month-year, for other days."))
    end = forms.DateField(label=_("To"), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        programmes = Programme.objects.visible_to(user, Verb.WRITE_REPORTS).order_by("-starts_on", "name")
        self.fields["programme"].queryset = programmes
        self.fields["period"].choices = period_choices(list(programmes), clock.today())
        if len(programmes) == 1:
            self.initial.setdefault("programme", programmes[0].pk)

    def clean(self):
        cleaned = super().clean()
        programme, period = cleaned.get("programme"), cleaned.get("period")
        if not (programme and period):
            return cleaned
        if period == OWN:
            self._clean_own(cleaned)
        elif period == WHOLE:
            cleaned["start"], cleaned["end"] = programme.starts_on, programme.ends_on
        else:
            cleaned["start"], cleaned["end"] = (dt.date.fromisoformat(day) for day in period.split("/"))
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and (end < programme.starts_on or start > programme.ends_on):
            self.add_error("period", _("The programme does not run in this period."))
        return cleaned

    def _clean_own(self, cleaned: dict) -> None:
        for name in ("start", "end"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Write the day."))
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _("The period ends before it begins."))


def period_choices(programmes: list[Programme], today: dt.date) -> list[tuple[str, object]]:
    """Return the years and half-years of the programmes until today, newest first, then the whole period."""
    first = min((programme.starts_on for programme in programmes), default=today)
    last = min(max((programme.ends_on for programme in programmes), default=today), today)
    choices: list[tuple[str, object]] = []
    for year in range(max(last.year, first.year), first.year - 1, -1):
        choices.append((f"{year}-01-01/{year}-12-31", _("The year %(year)s") % {"year": year}))
        for number, (month, day, end_month, end_day) in reversed(list(enumerate(HALVES, start=1))):
            begin, end = dt.date(year, month, day), dt.date(year, end_month, end_day)
            if begin <= last and end >= first:
                label = _("%(number)s. half of %(year)s") % {"number": number, "year": year}
                choices.append((f"{begin}/{end}", label))
    return [*choices, (WHOLE, _("The programme's whole period")), (OWN, _("Other days"))]


class SectionsForm(forms.Form):
    """The texts of a report, one field a part."""

    title = forms.CharField(label=_("Title"), max_length=StatusReport._meta.get_field("title").max_length)
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for part in PARTS:
            self.fields[part.key] = forms.CharField(
                label=part.heading,
                help_text=part.hint,
                required=False,
                widget=forms.Textarea(attrs={"rows": 5}),
                validators=[refuse_cpr, MaxLengthValidator(LONGEST_TEXT)],
            )

    @property
    def parts(self) -> list:
        return [self[part.key] for part in PARTS]

    def clean_opened(self) -> dict[str, str]:
        """Return the fingerprints of the texts that the page was opened with; none when the field is not readable."""
        try:
            marks = json.loads(self.cleaned_data["opened"] or "{}")
        except ValueError:
            return {}
        return marks if isinstance(marks, dict) else {}

    @property
    def sections(self) -> dict[str, str]:
        """The texts as entered, also when a field has an error."""
        return {part.key: self.data.get(part.key, "") for part in PARTS}
