"""Filters that format dates, numbers and phone numbers."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from common.templatetags import danish

NBSP = "\xa0"
DAY = dt.date(2011, 6, 28)


@pytest.fixture(autouse=True)
def _in_danish():
    with translation.override("da"):
        yield


def plain(text):
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("value", "style", "expected"),
    [
        (DAY, "", "28. juni"),
        (dt.date(2010, 6, 28), "", "28. juni 2010"),
        (DAY, "year", "28. juni 2011"),
        (dt.date(2010, 6, 28), "noyear", "28. juni"),
        (dt.date(2011, 9, 22), "short", "22. sept."),
        (dt.date(2010, 9, 22), "short,noyear", "22. sept."),
        (dt.datetime(2011, 6, 27, 23, 30, tzinfo=dt.UTC), "", "28. juni"),
        (None, "", ""),
    ],
)
def test_danish_date_leaves_the_current_year_out(value, style, expected):
    assert plain(danish.danish_date(value, style)) == expected


def test_danish_date_does_not_break_after_the_day():
    assert danish.danish_date(DAY) == f"28.{NBSP}juni"


def test_danish_long_date_begins_with_the_weekday():
    assert plain(danish.danish_long_date(dt.date(2011, 9, 15))) == "Torsdag den 15. september 2011"
    assert danish.danish_long_date(None) == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [(dt.time(16, 30), "16.30"), (dt.time(13), "13"), (dt.time(9, 5), "9.05"), (None, ""), ("", "")],
)
def test_danish_time_shortens_whole_hours(value, expected):
    assert danish.danish_time(value) == expected


def test_danish_datetime_is_local_time():
    moment = dt.datetime(2011, 6, 28, 14, 30, tzinfo=dt.UTC)
    assert plain(danish.danish_datetime(moment)) == "28. juni kl. 16.30"
    assert danish.danish_datetime(None) == ""
    assert danish.at_time(None) == ""
    assert plain(danish.danish_datetime(moment.astimezone(ZoneInfo("America/New_York")))) == "28. juni kl. 16.30"


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (1478, None, "1.478"),
        (16.5, None, "16,5"),
        ("0.25", None, "0,25"),
        (3.0, None, "3"),
        (100, None, "100"),
        (2, 1, "2,0"),
        (None, None, ""),
    ],
)
def test_danish_number_has_dots_and_commas(value, decimals, expected):
    assert danish.danish_number(value, decimals) == expected


@pytest.mark.parametrize(
    ("away", "expected"),
    [(-9, "9 dage over"), (-1, "1 dag over"), (0, "I dag"), (1, "I morgen"), (5, "Om 5 dage")],
)
def test_due_words_count_from_the_clock_of_the_product(away, expected):
    assert danish.due_words(dt.date(2011, 9, 15) + dt.timedelta(days=away)) == expected


def test_hours_and_days_have_units():
    assert (danish.in_days(148), danish.in_days(1), danish.in_days(None)) == ("148 dage", "1 dag", "")
    assert (danish.in_hours(16.5), danish.in_hours(1), danish.in_hours(None)) == ("16,5 timer", "1 time", "")
    assert danish.due_words(None) == ""


def test_late_words_are_empty_when_on_time():
    assert danish.late_words(dt.date(2011, 8, 15), dt.date(2011, 8, 9)) == "6 dage for sent"
    assert danish.late_words(dt.date(2011, 8, 9), dt.date(2011, 8, 9)) == ""
    assert danish.late_words(None, dt.date(2011, 8, 9)) == ""


def test_danish_period_names_the_year_once():
    assert plain(danish.danish_period(dt.date(2011, 1, 1), dt.date(2011, 12, 31))) == "1. januar–31. december 2011"
    assert plain(danish.danish_period(dt.date(2010, 1, 1), dt.date(2011, 12, 31))) == "1. januar 2010–31. december 2011"
    assert plain(danish.danish_period(DAY, None)) == "28. juni"


@pytest.mark.parametrize(
    ("value", "shown", "uri"),
    [
        ("+4557269617", "57 26 96 17", "+4557269617"),
        ("57 26 96 17", "57 26 96 17", "+4557269617"),
        ("0045 57269617", "57 26 96 17", "004557269617"),
        ("+46 70 123 45 67", "+46 70 123 45 67", "+46701234567"),
        ("4210 015", "4210 015", "4210015"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_phone_is_grouped_in_pairs(value, shown, uri):
    assert plain(danish.phone(value)) == shown
    assert danish.phone_uri(value) == uri


def test_quoted_does_not_double_the_marks():
    assert danish.quoted(" »Jeg vil lære« ") == "»Jeg vil lære«"
    assert danish.quoted("") == ""


def test_formats_are_english_when_english_is_active():
    with translation.override("en"):
        assert plain(danish.danish_date(DAY, "year")) == "28 June 2011"
        assert plain(danish.danish_long_date(DAY)) == "Tuesday 28 June 2011"
        assert plain(danish.at_time(dt.time(16, 30))) == "at 16:30"
        assert danish.danish_number(1478) == "1,478"
        assert danish.due_words(dt.date(2011, 9, 6)) == "9 days over"
        assert danish.quoted("x") == "“x”"
