"""The fields of a post in words."""

import pytest
from django import forms

from common.forms.words import describe_fields


class TalkForm(forms.Form):
    talked_with = forms.ChoiceField(label="Hvem?", choices=[("both", "Begge"), ("mentee", "Mentee")])
    hours_of_talk = forms.DecimalField(label="Timer")
    what_was_said = forms.CharField(label="Note")
    secret_key = forms.CharField(widget=forms.HiddenInput)
    programme_of_talk = forms.ModelChoiceField(queryset=None)


@pytest.mark.parametrize(
    ("fields", "described"),
    [
        (
            [("what_was_said", ["Alt vel\nSes tirsdag"]), ("hours_of_talk", ["2"])],
            [("Note", "Alt vel\nSes tirsdag"), ("Timer", "2")],
        ),
        ([("talked_with", ["both", "mentee"]), ("hours_of_talk", [""])], [("Hvem?", "Begge, Mentee")]),
        ([("talked_with", ["forged"]), ("what_was_said", [""])], []),
        (
            [("secret_key", ["c0ffee"]), ("programme_of_talk", ["12", "13"]), ("what_was_said", ["Ja"])],
            [("Note", "Ja")],
        ),
        (
            [("what_was_said", ["Ja"]), ("unknown_0", ["Et frit svar"]), ("unknown_1", ["kode"])],
            [("Note", "Ja"), ("", "Et frit svar")],
        ),
        ([], []),
    ],
)
def test_fields_are_described_by_the_form_that_has_most_of_them(fields, described):
    assert describe_fields(fields) == described
