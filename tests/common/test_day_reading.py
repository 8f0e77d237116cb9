"""Days as people write them. Today is Thursday 15 September 2011."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from common.forms import BirthField, DanishDateField, Tense, parse_danish_date


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a day in words means the same in every field
        ("i dag", "2011-09-15"),
        ("idag", "2011-09-15"),
        ("I går", "2011-09-14"),
        ("igår", "2011-09-14"),
        ("i gaar", "2011-09-14"),
        ("i forgårs", "2011-09-13"),
        ("i morgen", "2011-09-16"),
        ("i overmorgen", "2011-09-17"),
        ("today", "2011-09-15"),
        ("yesterday", "2011-09-14"),
        ("the day before yesterday", "2011-09-13"),
        ("tomorrow", "2011-09-16"),
        ("the day after tomorrow", "2011-09-17"),
        ("på mandag", "2011-09-19"),
        ("på torsdag", "2011-09-22"),
        ("næste fredag", "2011-09-16"),
        ("next monday", "2011-09-19"),
        ("i mandags", "2011-09-12"),
        ("i torsdags", "2011-09-08"),
        ("sidste onsdag", "2011-09-14"),
        ("last Friday", "2011-09-09"),
        # with a year there is nothing to guess
        ("14/9-11", "2011-09-14"),
        ("14.9.2011", "2011-09-14"),
        ("d. 3. sept. 2010", "2010-09-03"),
        ("d.3.9.2010", "2010-09-03"),
        ("den 3. september 2010", "2010-09-03"),
        ("mandag den 12. september 2011", "2011-09-12"),
        ("mandag d. 12/9-11", "2011-09-12"),
        ("Monday, 12 September 2011", "2011-09-12"),
        ("September 3, 2010", "2010-09-03"),
        ("3rd September 2010", "2010-09-03"),
        ("29/2-12", "2012-02-29"),
    ],
)
@pytest.mark.parametrize("tense", Tense)
def test_a_day_means_the_same_in_every_field(text, expected, tense):
    assert parse_danish_date(text, tense=tense) == day(expected)


@pytest.mark.parametrize(
    ("text", "past", "planned", "nearest"),
    [
        ("14/9", "2011-09-14", "2012-09-14", "2011-09-14"),
        ("14.9.", "2011-09-14", "2012-09-14", "2011-09-14"),
        ("14-9", "2011-09-14", "2012-09-14", "2011-09-14"),
        ("15/9", "2011-09-15", "2011-09-15", "2011-09-15"),
        ("16/9", "2010-09-16", "2011-09-16", "2011-09-16"),
        ("d. 3. sept.", "2011-09-03", "2012-09-03", "2011-09-03"),
        ("3. september", "2011-09-03", "2012-09-03", "2011-09-03"),
        ("the 3rd of", None, None, None),
        ("Sept 3", "2011-09-03", "2012-09-03", "2011-09-03"),
        ("28. december", "2010-12-28", "2011-12-28", "2011-12-28"),
        ("1. januar", "2011-01-01", "2012-01-01", "2012-01-01"),
        ("29/2", "2008-02-29", "2012-02-29", "2012-02-29"),
        ("29. februar", "2008-02-29", "2012-02-29", "2012-02-29"),
        # a weekday
        ("mandag", "2011-09-12", "2011-09-19", "2011-09-19"),
        ("torsdag", "2011-09-15", "2011-09-15", "2011-09-15"),
        ("Sunday", "2011-09-11", "2011-09-18", "2011-09-18"),
        ("fredag den 16. september", None, "2011-09-16", "2011-09-16"),
    ],
)
def test_a_day_without_a_year_is_the_plausible_one(text, past, planned, nearest):
    for tense, expected in ((Tense.PAST, past), (Tense.PLANNED, planned), (Tense.NEAREST, nearest)):
        if expected is None:
            with pytest.raises(ValidationError):
                parse_danish_date(text, tense=tense)
        else:
            assert parse_danish_date(text, tense=tense) == day(expected)


@pytest.mark.parametrize(
    ("today", "text", "past", "planned", "nearest"),
    [
        ("2011-01-05", "28/12", "2010-12-28", "2011-12-28", "2010-12-28"),
        ("2010-12-28", "5/1", "2010-01-05", "2011-01-05", "2011-01-05"),
        ("2012-02-29", "29/2", "2012-02-29", "2012-02-29", "2012-02-29"),
        ("2012-03-01", "29/2", "2012-02-29", "2016-02-29", "2012-02-29"),
        ("2011-01-01", "i går", "2010-12-31", "2010-12-31", "2010-12-31"),
        ("2012-02-28", "i morgen", "2012-02-29", "2012-02-29", "2012-02-29"),
        ("1901-06-01", "29/2", "1896-02-29", "1904-02-29", "1904-02-29"),
    ],
)
def test_a_day_without_a_year_around_new_year_and_leap_days(settings, today, text, past, planned, nearest):
    settings.DEMO, settings.DEMO_TODAY = True, today
    assert parse_danish_date(text, tense=Tense.PAST) == day(past)
    assert parse_danish_date(text, tense=Tense.PLANNED) == day(planned)
    assert parse_danish_date(text, tense=Tense.NEAREST) == day(nearest)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("tirsdag den 12. september 2011", "Den dag er en mandag. Se efter, om dagen eller ugedagen er forkert."),
        ("i juleferien", "Skriv datoen som dag-måned-år, for eksempel 28-06-2011."),
        ("på onkel", "Skriv datoen som dag-måned-år, for eksempel 28-06-2011."),
        ("i onkels", "Skriv datoen som dag-måned-år, for eksempel 28-06-2011."),
        ("31. november", "November har 30 dage. Skriv en dato, der findes."),
        ("14/13", "Året har 12 måneder. Skriv en dato, der findes."),
    ],
)
def test_a_day_that_is_not_understood_is_refused_in_words(text, sentence):
    with translation.override("da"), pytest.raises(ValidationError) as caught:
        parse_danish_date(text)
    assert caught.value.messages == [sentence]


def test_a_birth_needs_its_year():
    with translation.override("da"):
        for text, sentence in [
            ("14/9", "Skriv også året, for eksempel 28-06-1977."),
            ("i går", "Skriv datoen som dag-måned-år, for eksempel 28-06-2011."),
        ]:
            with pytest.raises(ValidationError) as caught:
                BirthField().clean(text)
            assert caught.value.messages == [sentence]


def test_a_fact_is_never_in_the_future():
    field = DanishDateField(not_future=True)
    assert field.clean("16/9") == day("2010-09-16")
    with translation.override("da"), pytest.raises(ValidationError) as caught:
        field.clean("på mandag")
    assert caught.value.messages == ["Datoen er ikke kommet endnu. Skriv en dato til og med i dag."]
    assert DanishDateField(is_planned=True).clean("mandag") == day("2011-09-19")
