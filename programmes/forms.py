"""Forms of programmes and their rules. They validate; services write."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from accounts.roles import Verb
from common.forms import CleanTextMixin, DanishDateField
from common.once import OnceFormMixin
from programmes.models import FollowUpStep, Programme, ScreeningRequirement
from programmes.services import RankedArea

MOST_AREAS = 6


class ProgrammeForm(CleanTextMixin, forms.ModelForm):
    """A programme's facts and rules. The slug cannot be edited, because commands and files refer to it."""

    starts_on = DanishDateField(label=_("First day"))
    ends_on = DanishDateField(label=_("Last day"))
    funder_names = forms.CharField(
        label=_("Funders"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One on each line."),
    )

    class Meta:
        model = Programme
        fields = [
            "name",
            "kind",
            "starts_on",
            "ends_on",
            "agreement",
            "purpose",
            "target_group",
            "min_duration_months",
            "harm_months",
            "meetings_per_month",
            "hours_per_meeting",
            "silence_days",
            "outcome_months",
            "default_capacity",
            "min_age",
            "max_age",
            "requires_interview",
            "requires_agreement",
            "retention_months",
        ]
        localized_fields = ["meetings_per_month", "hours_per_meeting"]
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 4}),
            "target_group": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            names = self.instance.funders.values_list("name", flat=True)
            self.fields["funder_names"].initial = "\n".join(names)

    def clean_funder_names(self) -> list[str]:
        """Return the names in order, each once."""
        lines = (line.strip() for line in self.cleaned_data["funder_names"].splitlines())
        return list(dict.fromkeys(line[:150] for line in lines if line))


class NewProgrammeForm(OnceFormMixin, ProgrammeForm):
    """A new programme in a branch whose rules the user manages."""

    branch = forms.ModelChoiceField(label=_("Branch"), queryset=Branch.objects.none(), empty_label=None)

    class Meta(ProgrammeForm.Meta):
        fields = ["branch", "slug", *ProgrammeForm.Meta.fields]
        help_texts = {"slug": _("Letters, digits and hyphens, such as tingbjerg-2010. Used in addresses and commands.")}

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = Branch.objects.filter(pk__in=user.branch_ids_for(Verb.MANAGE_RULES))
        self.fields["branch"].queryset = allowed


class AreaForm(CleanTextMixin, forms.Form):
    """A policy area; its position in the formset is its priority."""

    name = forms.CharField(label=_("Policy area"), required=False, max_length=100)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class BaseAreaFormSet(forms.BaseFormSet):
    label = _("Policy areas")

    def clean(self):
        """Refuse an area that appears twice, at the second row."""
        seen = set()
        for form in self.forms:
            name = form.cleaned_data.get("name", "") if hasattr(form, "cleaned_data") else ""
            if name and name.casefold() in seen:
                form.add_error("name", _("This policy area is in the list already."))
            seen.add(name.casefold())

    def areas(self) -> list[RankedArea]:
        """Return the filled rows in order, with priorities from 1."""
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]
        return [RankedArea(row["name"], number, row["note"]) for number, row in enumerate(filled, start=1)]


AreaFormSet = forms.formset_factory(
    AreaForm, formset=BaseAreaFormSet, extra=MOST_AREAS, max_num=MOST_AREAS, absolute_max=MOST_AREAS
)


class StepForm(OnceFormMixin, CleanTextMixin, forms.ModelForm):
    """A step of the follow-up plan."""

    class Meta:
        model = FollowUpStep
        fields = ["name", "kind", "side", "days_after_start", "repeat_days", "until_days"]
        help_texts = {
            "repeat_days": _("Blank: only once."),
            "until_days": _("The last day on which the step can be due, when it repeats."),
        }


class RequirementForm(OnceFormMixin, forms.ModelForm):
    """A required check of a role. The service refuses a second one of the same kind."""

    class Meta:
        model = ScreeningRequirement
        fields = ["role", "kind", "count", "blocks_match"]
