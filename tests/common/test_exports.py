"""Columns and filters of exported lists."""

from types import SimpleNamespace

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured

from accounts.models import Branch
from common.exports import Column, ListExport, chosen_columns, filter_values, phone_words, search_phrase
from common.forms import DanishDateField

NAME = Column("name", "Navn")
TOWN = Column("town", "By", lambda row: row.town.upper(), is_default=False)
SECRET = Column("secret", "Hemmeligt", verb="see_secrets")
LIST = ListExport("things", "Ting", (NAME, TOWN, SECRET))


def test_column_reads_the_attribute_of_its_key_or_calls_its_function():
    row = SimpleNamespace(name="Åse", town="Brønshøj")
    assert [NAME.value(row), TOWN.value(row)] == ["Åse", "BRØNSHØJ"]


def test_column_with_a_verb_needs_that_right():
    assert LIST.permitted(lambda verb: False) == [NAME, TOWN]
    assert LIST.permitted(lambda verb: verb == "see_secrets") == [NAME, TOWN, SECRET]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["town", "name", "ukendt"], [NAME, TOWN]),
        (["town"], [TOWN]),
        (["ukendt"], [NAME]),
        ([], [NAME]),
        (None, [NAME]),
    ],
)
def test_chosen_columns_are_in_the_order_of_the_list(keys, expected):
    assert chosen_columns([NAME, TOWN], keys) == expected


def test_column_declared_twice_is_an_error():
    with pytest.raises(ImproperlyConfigured):
        ListExport("things", "Ting", (NAME, NAME))


class Filters(forms.Form):
    q = forms.CharField(label="Søg", required=False)
    kind = forms.ChoiceField(label="Type", choices=[("", "Alle"), ("a", "Aften")], required=False)
    branch = forms.ModelChoiceField(label="Afdeling", queryset=None, required=False)
    since = DanishDateField(label="Fra", required=False)

    def __init__(self, *args):
        super().__init__(*args)
        self.fields["branch"].queryset = Branch.objects.all()


def test_filter_values_are_plain_and_hold_no_cpr_number(tingbjerg):
    form = Filters({"q": "åse", "kind": "a", "branch": tingbjerg.pk, "since": "15-09-2011"})
    assert filter_values(form) == {"q": "åse", "kind": "a", "branch": "Tingbjerg", "since": "2011-09-15"}
    assert filter_values(Filters({"q": "030577-1234"})) == {"q": None}
    assert filter_values(Filters({"kind": "b", "q": "x"})) == {"q": "x"}
    assert filter_values(Filters({})) == {}
    assert filter_values(Filters()) == {}


def test_search_phrase_is_quoted_or_withheld():
    assert (search_phrase("åse"), search_phrase(None)) == ("»åse«", "(et CPR-nummer)")


def test_phone_words_has_ordinary_spaces():
    assert phone_words(["+4557269617", "", "+46 8 508"]) == "57 26 96 17, +46 8 508"
