"""Form fields for dates, births, phone numbers and e-mail addresses."""

import datetime as dt

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from common.forms import (
    Birth,
    BirthField,
    CleanTextMixin,
    DanishDateField,
    EmailListField,
    PhoneListField,
    parse_danish_date,
    parse_emails,
)
from common.phones import read_typed_phones


@pytest.mark.parametrize(
    "text",
    ["28-06-2011", "28/6-11", "28.6.2011", "28/06/2011", "28 6 2011", "2011-06-28", "280611", "28062011",
     "28. juni 2011", "28 jun 11", "28. Juni 2011"],
)  # fmt: skip
def test_parse_danish_date_reads_every_usual_notation(text):
    assert parse_danish_date(text) == dt.date(2011, 6, 28)


@pytest.mark.parametrize(("text", "day"), [("3 may 2011", (2011, 5, 3)), ("3. oct 11", (2011, 10, 3))])
def test_parse_danish_date_reads_english_months(text, day):
    assert parse_danish_date(text) == dt.date(*day)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31-06-2011", "Juni har 30 dage. Skriv en dato, der findes."),
        ("31/6", "Juni har 30 dage. Skriv en dato, der findes."),
        ("30/2", "Februar har 29 dage. Skriv en dato, der findes."),
        ("31", "Skriv datoen som dag-måned-år, for eksempel 28-06-2011."),
        ("29-02-2011", "2011 er ikke et skudår: februar har 28 dage. Skriv en dato, der findes."),
        ("30-02-2012", "Februar har 29 dage. Skriv en dato, der findes."),
        ("1-13-2011", "Året har 12 måneder. Skriv en dato, der findes."),
        ("0-1-2011", "Skriv en dato, der findes."),
        ("1-1-0000", "Skriv en dato, der findes."),
        ("3. foo 2011", "Skriv datoen som dag-måned-år, for eksempel 28-06-2011."),
        ("snart", "Skriv datoen som dag-måned-år, for eksempel 28-06-2011."),
    ],
)
def test_parse_danish_date_names_the_error(text, sentence):
    with translation.override("da"), pytest.raises(ValidationError) as caught:
        parse_danish_date(text)
    assert caught.value.messages == [sentence]


@pytest.mark.parametrize(("text", "year"), [("3/9-68", 1968), ("3/9-12", 1912), ("3/9-05", 2005), ("3/9-1968", 1968)])
def test_birth_year_of_two_digits_means_an_age_of_at_most_100(text, year):
    assert parse_danish_date(text, is_birth=True).year == year


def test_danish_date_field_shows_and_reads_the_same_day():
    field = DanishDateField()
    assert field.prepare_value(dt.date(2011, 6, 28)) == "28-06-2011"
    assert field.prepare_value("28/6") == "28/6"
    assert field.clean("28/6-11") == dt.date(2011, 6, 28)
    assert field.clean(dt.datetime(2011, 6, 28, 12, 0)) == dt.date(2011, 6, 28)
    assert DanishDateField(required=False).clean("") is None
    assert field.has_changed(dt.date(2011, 6, 28), "28/6-11") is False
    assert field.has_changed(dt.date(2011, 6, 28), "31/6-11") is True


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("1/1-0201", "Datoen ligger før 1900. Se årstallet efter."),
        ("31-12-1899", "Datoen ligger før 1900. Se årstallet efter."),
        ("1/1-2101", "Datoen ligger efter 2100. Se årstallet efter."),
        ("31-12-9999", "Datoen ligger efter 2100. Se årstallet efter."),
    ],
)
def test_a_mistyped_year_is_refused_in_every_field(text, error):
    for kind in ({}, {"is_planned": True}):
        with pytest.raises(ValidationError) as refusal:
            DanishDateField(**kind).clean(text)
        assert refusal.value.messages == [error]
    assert DanishDateField().clean("31-12-2100") == dt.date(2100, 12, 31)


def test_danish_date_field_refuses_the_future_and_births_before_1900():
    with pytest.raises(ValidationError):
        DanishDateField(not_future=True).clean("16-09-2011")
    assert DanishDateField(not_future=True).clean("15-09-2011") == dt.date(2011, 9, 15)
    with pytest.raises(ValidationError):
        DanishDateField(is_birth=True).clean("31-12-1899")


@pytest.mark.parametrize(
    ("text", "birth"),
    [("3/5-77", Birth(date=dt.date(1977, 5, 3))), ("1977", Birth(year=1977)), ("", Birth())],
)
def test_birth_field_reads_a_day_or_only_the_year(text, birth):
    assert BirthField(required=False).clean(text) == birth


@pytest.mark.parametrize("text", ["1899", "2012", "16-09-2011", "31-12-1899"])
def test_birth_field_refuses_impossible_years(text):
    with pytest.raises(ValidationError):
        BirthField().clean(text)


def test_birth_field_shows_day_or_year():
    field = BirthField()
    assert field.prepare_value(Birth(date=dt.date(1977, 5, 3))) == "03-05-1977"
    assert field.prepare_value(Birth(year=1977)) == "1977"
    assert field.prepare_value(Birth()) == ""
    assert field.prepare_value("x") == "x"


@pytest.mark.parametrize(
    ("text", "numbers", "unreadable"),
    [
        ("57269617", ["+4557269617"], []),
        ("(+45) 57-26.96 17 (aften)", ["+4557269617"], []),
        ("0045 57269617 / tlf. 26 76 26 97 eller 57269617", ["+4557269617", "+4526762697"], []),
        ("+46 70-123 45 67", ["+46701234567"], []),
        ("0046 70 123 45 67", ["+46701234567"], []),
        ("1234, 12345678; ", [], ["1234", "12345678"]),
        ("+45 123", [], ["+45 123"]),
    ],
)
def test_typed_phones(text, numbers, unreadable):
    assert read_typed_phones(text) == (numbers, unreadable)


def test_phone_list_field_shows_pairs_and_names_the_unreadable_part():
    field = PhoneListField(required=False)
    assert field.prepare_value(["+4557269617", "+46701234567"]) == "57 26 96 17, +46701234567"
    assert field.clean("") == []
    assert field.has_changed(["+4557269617"], "57 26 96 17") is False
    with translation.override("da"), pytest.raises(ValidationError) as caught:
        field.clean("57269617, 123")
    assert caught.value.messages == ["»123« er ikke et telefonnummer. Skriv 8 cifre, eller + og landekode."]
    with pytest.raises(ValidationError) as caught:
        field.clean("030577-1234")
    assert caught.value.code == "cpr"


def test_email_list_field_reads_addresses_with_any_separators():
    assert parse_emails(" mailto:Hodan@Example.DK; b@c.org / hodan@example.dk") == (["hodan@example.dk", "b@c.org"], [])
    field = EmailListField()
    assert field.clean("a@b.dk, c@d.org") == ["a@b.dk", "c@d.org"]
    assert field.prepare_value(["a@b.dk", "c@d.org"]) == "a@b.dk, c@d.org"
    for wrong in ["a.b.dk", "a@b", "a@@b.dk", "a@b..dk"]:
        with pytest.raises(ValidationError):
            field.clean(wrong)


def test_missing_answers_have_the_messages_of_the_product():
    class Everything(forms.Form):
        text, day, number = forms.CharField(), DanishDateField(), forms.IntegerField()
        choice = forms.ChoiceField(choices=[("a", "A")], label="Køn", widget=forms.RadioSelect)
        typed = forms.TypedChoiceField(choices=[("a", "A")], label="Hvordan går det?")
        several = forms.MultipleChoiceField(choices=[("a", "A")], label="Emner")
        own = forms.ChoiceField(choices=[("a", "A")], label="Vej", error_messages={"required": "Vælg en vej."})
        unnamed = forms.ChoiceField(choices=[("a", "A")])
        initials = forms.ChoiceField(choices=[("a", "A")], label="CVR-nummer")

    with translation.override("da"):
        said = {name: str(errors[0]) for name, errors in Everything({}).errors.items()}
    assert said == {
        **dict.fromkeys(["text", "day", "number"], "Feltet skal udfyldes."),
        "choice": "Vælg køn.",
        "typed": "Vælg et svar på »Hvordan går det?«.",
        "several": "Vælg mindst én under »Emner«.",
        "own": "Vælg en vej.",
        "unnamed": "Vælg én af mulighederne.",
        "initials": "Vælg CVR-nummer.",
    }


def test_all_text_fields_clean_what_is_typed_but_passwords():
    class Everything(forms.Form):
        line, text = forms.CharField(), forms.CharField(widget=forms.Textarea)
        email, phones = forms.EmailField(), PhoneListField()
        password = forms.CharField(widget=forms.PasswordInput, strip=False)

    form = Everything(
        {
            "line": "A\u030ase\u200b\x00",
            "text": "\ufeffet\r\nto\u2028tre می\u200cخواهم",
            "email": "\u200fa@b.dk",
            "phones": "\u202a+45 20 12 34 56\u202c",
            "password": "A\u030a\xa0\u200b",
        }
    )
    assert form.is_valid()
    assert form.cleaned_data == {
        "line": "Åse",
        "text": "et\r\nto\ntre می\u200cخواهم",
        "email": "a@b.dk",
        "phones": ["+4520123456"],
        "password": "A\u030a\xa0\u200b",
    }
    assert Everything({"line": "\u200b\x00"}).errors["line"].as_data()[0].code == "required"


def test_clean_text_mixin_refuses_cpr_numbers_at_their_field():
    class Note(CleanTextMixin):
        text = forms.CharField()
        other = forms.CharField(required=False)

    form = Note({"text": "hun hedder 030577-1234", "other": "i dag"})
    assert form.is_valid() is False
    assert list(form.errors) == ["text"]
