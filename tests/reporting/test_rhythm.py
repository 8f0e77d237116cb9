"""Windows of the rhythm."""

import datetime as dt

from django.utils import translation

from reporting.rhythm import rhythm_spans, rhythm_windows


def months(spans):
    return [(first.month, last.month) for first, last in spans]


def test_spans_of_two_months_without_the_summer():
    spans = rhythm_spans(dt.date(2011, 1, 1), dt.date(2011, 12, 31), 2, [7, 8])
    assert months(spans) == [(1, 2), (3, 4), (5, 6), (9, 10), (11, 12)]


def test_incomplete_span_is_left_out():
    assert months(rhythm_spans(dt.date(2011, 1, 1), dt.date(2011, 5, 31), 2)) == [(1, 2), (3, 4)]


def test_period_may_start_within_a_month():
    spans = rhythm_spans(dt.date(2011, 1, 15), dt.date(2011, 2, 10), 1)
    assert spans == [
        (dt.date(2011, 1, 15), dt.date(2011, 1, 31)),
        (dt.date(2011, 2, 1), dt.date(2011, 2, 10)),
    ]


def test_window_ends_with_its_last_day():
    spans = [(dt.date(2011, 1, 1), dt.date(2011, 2, 28))]
    states = [str(rhythm_windows(spans, {}, day)[0].state) for day in (dt.date(2011, 2, 27), dt.date(2011, 2, 28))]
    assert states == ["coming", "missed"]


def test_window_is_named_by_its_months():
    with translation.override("en"):
        first, second = rhythm_windows(
            [(dt.date(2011, 1, 1), dt.date(2011, 2, 28)), (dt.date(2011, 3, 1), dt.date(2011, 3, 31))],
            {},
            dt.date(2011, 1, 1),
        )
        assert (first.months, second.months) == ("Jan.–Feb.", "March")
