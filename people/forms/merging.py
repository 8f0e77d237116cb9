from django import forms

from common.once import OnceFormMixin
from people.merging.lines import Line


class MergeForm(OnceFormMixin):
    """Which of the two each differing thing is taken from; what is left out stays as it is proposed."""

    number = forms.CharField(widget=forms.HiddenInput, required=False)  # of the other, to say who was faster

    def __init__(self, *args, lines: list[Line] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.keys = [line.key for line in lines if line.outcome == "choose"]
        for line in lines:
            if line.outcome == "choose":
                self.fields[line.key] = forms.ChoiceField(
                    label=line.label,
                    choices=line.options,
                    widget=forms.RadioSelect,
                    required=False,
                    initial=line.default,
                )

    def chosen(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in self.keys if self.cleaned_data[key]}
