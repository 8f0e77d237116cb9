"""Times of day in forms."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from common.forms import DanishTimeField, at_danish_time, parse_danish_time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("16.30", dt.time(16, 30)),
        ("16:30", dt.time(16, 30)),
        ("1630", dt.time(16, 30)),
        ("kl. 9", dt.time(9)),
        ("kl 9,05", dt.time(9, 5)),
        ("0", dt.time(0)),
    ],
)
def test_parse_danish_time(text, time):
    assert parse_danish_time(text) == time


@pytest.mark.parametrize("text", ["", "24", "9.60", "halv fem", "16.3", "1 2 3"])
def test_parse_danish_time_refuses(text):
    with pytest.raises(ValidationError):
        parse_danish_time(text)


def test_danish_time_field_shows_and_cleans():
    field = DanishTimeField(required=False)
    assert field.prepare_value(dt.time(9, 5)) == "09.05"
    assert field.prepare_value("ni") == "ni"
    assert field.clean("9") == dt.time(9)
    assert field.clean("") is None


def test_skipped_hour_is_refused_and_the_repeated_hour_is_the_first():
    with pytest.raises(ValidationError):
        at_danish_time(dt.date(2011, 3, 27), dt.time(2, 30))
    assert at_danish_time(dt.date(2011, 10, 30), dt.time(2, 30)).utcoffset() == dt.timedelta(hours=2)
