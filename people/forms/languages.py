from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.forms import CleanTextMixin
from people.enums import LanguageLevel, TermKind
from people.models import Term
from people.services import Skill


class LanguageForm(CleanTextMixin):
    """A language, its level and a note."""

    language = forms.ModelChoiceField(
        label=_("Language"),
        queryset=Term.objects.filter(kind=TermKind.LANGUAGE),
        required=False,
        empty_label=_("Choose a language"),
    )
    level = forms.ChoiceField(
        label=_("Level"), choices=LanguageLevel.choices, initial=LanguageLevel.UNKNOWN, required=False
    )
    note = forms.CharField(label=_("Note"), max_length=80, required=False)


class BaseLanguageFormSet(forms.BaseFormSet):
    label = _("Languages")

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), "use_required_attribute": False}

    def clean(self):
        chosen = [skill.language for skill in skills_of(self)]
        if len(chosen) != len(set(chosen)):
            raise ValidationError(_("A language is listed twice."))


LanguageFormSet = forms.formset_factory(LanguageForm, formset=BaseLanguageFormSet, extra=3, max_num=12, absolute_max=50)


def skills_of(formset) -> list[Skill]:
    """Return the languages of a valid formset, without rows that have no language."""
    return [
        Skill(
            language=form.cleaned_data["language"],
            level=form.cleaned_data.get("level") or LanguageLevel.UNKNOWN,
            note=form.cleaned_data.get("note", ""),
        )
        for form in formset.forms
        if getattr(form, "cleaned_data", None) and form.cleaned_data.get("language")
    ]
