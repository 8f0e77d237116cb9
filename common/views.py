"""The page of components for developers, available in the demo only."""

from django import forms
from django.conf import settings
from django.http import Http404
from django.shortcuts import render


class _SampleForm(forms.Form):
    """One field of each kind, with two invalid values."""

    first_meeting = forms.DateField(label="Første møde", help_text="Dag-måned-år")
    end = forms.DateField(label="Slutdato", error_messages={"invalid": "Juni har 30 dage. Skriv en dato, der findes."})
    reason = forms.ChoiceField(label="Årsag", choices=[("", "Vælg årsag"), ("moved", "Flyttet")], required=True)
    going = forms.ChoiceField(
        label="Hvordan går det?",
        choices=[("good", "Godt"), ("mixed", "Blandet"), ("hard", "Svært")],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label="Emner",
        choices=[("danish", "Dansk"), ("job", "Job")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(label="Begge har skrevet under", required=False)
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)


def components(request):
    """Show all components on one page."""
    if not settings.DEMO:
        raise Http404
    form = _SampleForm({"first_meeting": "28-06-2011", "end": "31-06-2011", "going": "good"})
    return render(request, "common/components.html", {"form": form})
