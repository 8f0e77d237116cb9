"""Forms of targets. They validate; ``reporting.services`` writes."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from common.forms import CleanTextMixin, DanishDateField
from common.once import OnceFormMixin
from people.enums import Gender
from programmes.models import Programme
from reporting.indicators import find_indicator, get_indicator, indicator_choices
from reporting.models import Target
from reporting.services import PlannedPhase

MOST_PHASES = 4
KEY_LENGTH = 60


class TargetForm(OnceFormMixin, CleanTextMixin, forms.ModelForm):
    """A target in the agreement's words, and the indicator that counts it."""

    indicator = forms.ChoiceField(label=_("What is counted"))
    gender = forms.ChoiceField(
        label=_("Only"),
        required=False,
        choices=[("", _("All")), (Gender.MAN, _("Men")), (Gender.WOMAN, _("Women"))],
        widget=forms.RadioSelect,
        help_text=_("Of matches, the mentee's gender."),
    )
    period_start = DanishDateField(label=_("From"))
    period_end = DanishDateField(label=_("To"))
    pause = forms.CharField(
        label=_("Months without"),
        required=False,
        max_length=40,
        help_text=_("As numbers, such as 7, 8: none in July and August."),
    )

    class Meta:
        model = Target
        fields = [
            "label",
            "wording",
            "indicator",
            "value",
            "period_start",
            "period_end",
            "note",
            "rhythm_months",
            "rhythm_wording",
            "on_today",
        ]
        help_texts = {
            "label": _("Short, such as: Matches, men."),
            "wording": _("In the agreement's words."),
            "rhythm_months": _("Blank: no rhythm. 2 is one every second month."),
            "note": _("What the agreement leaves open, and how it is counted here."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = self._unknown_choice() + indicator_choices()
        self.fields["gender"].initial = (self.instance.filters or {}).get("gender", "")
        self.fields["pause"].initial = ", ".join(str(month) for month in self.instance.rhythm_pause_months or [])

    def _unknown_choice(self) -> list[tuple[str, str]]:
        """Return an empty choice for a stored indicator that is unknown, so that the user chooses another."""
        stored = self.instance.indicator
        return [("", find_indicator(stored).label)] if stored and stored not in dict(indicator_choices()) else []

    def clean_pause(self) -> list[int]:
        """Return the months as sorted numbers."""
        months = [int(number) for number in re.findall(r"\d+", self.cleaned_data["pause"])]
        if any(not 1 <= month <= 12 for month in months):
            raise ValidationError(_("Write months as numbers from 1 to 12."))
        return sorted(set(months))

    def clean(self):
        cleaned = super().clean()
        indicator, gender = cleaned.get("indicator"), cleaned.get("gender")
        if indicator and gender and "gender" not in get_indicator(indicator).allowed_filters:
            self.add_error("gender", _("This is not counted by gender."))
        return cleaned

    def target_fields(self) -> dict:
        """Return the fields for ``save_target()``."""
        fields = {name: self.cleaned_data[name] for name in self.Meta.fields}
        gender = self.cleaned_data["gender"]
        return {
            **fields,
            "filters": {"gender": gender} if gender else {},
            "rhythm_pause_months": self.cleaned_data["pause"],
        }


class PhaseForm(CleanTextMixin, forms.Form):
    """A phase of a target's plan; an empty row is no phase."""

    starts_on = DanishDateField(label=_("From"), required=False)
    ends_on = DanishDateField(label=_("To"), required=False)
    value = forms.IntegerField(label=_("Planned"), required=False, min_value=0, max_value=1_000_000)
    wording = forms.CharField(label=_("The agreement's words"), required=False, max_length=300)

    def clean(self):
        cleaned = super().clean()
        needed = ("starts_on", "ends_on", "value")
        if any(cleaned.get(name) not in {None, ""} for name in (*needed, "wording")):
            for name in needed:
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Fill in the whole row, or leave it empty."))
        return cleaned


class BasePhaseFormSet(forms.BaseFormSet):
    label = _("The agreement's timetable")

    def phases(self) -> list[PlannedPhase]:
        """Return the phases of the rows that are filled in."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("value") is not None]
        return [PlannedPhase(row["starts_on"], row["ends_on"], row["value"], row["wording"]) for row in rows]


PhaseFormSet = forms.formset_factory(
    PhaseForm, formset=BasePhaseFormSet, extra=MOST_PHASES, max_num=MOST_PHASES, absolute_max=MOST_PHASES
)


def free_key(programme: Programme, label: str, year: int) -> str:
    """Return an unused short name for a new target, made of its label and year."""
    danish = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
    stem = slugify(label.lower().translate(danish))[: KEY_LENGTH - 10] or "maal"
    taken = set(programme.targets.values_list("key", flat=True))
    key, number = f"{stem}-{year}", 1
    while key in taken:
        number += 1
        key = f"{stem}-{year}-{number}"
    return key
