from django import forms

from common.once import OnceFormMixin
from people.merging.comparison import ComparedDetail


class MergeForm(OnceFormMixin):
    """A choice for each detail that differs; a detail left out takes its default."""

    number = forms.CharField(widget=forms.HiddenInput, required=False)  # to find a merge made meanwhile

    def __init__(self, *args, details: list[ComparedDetail] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.keys = [detail.key for detail in details if detail.outcome == "choose"]
        for detail in details:
            if detail.outcome == "choose":
                self.fields[detail.key] = forms.ChoiceField(
                    label=detail.label,
                    choices=detail.options,
                    widget=forms.RadioSelect,
                    required=False,
                    initial=detail.default,
                )

    def chosen(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in self.keys if self.cleaned_data[key]}
