"""Pauses of matches: the plan rests, and moves or skips what fell in the pause when the match goes on."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from matching import services
from matching.models import FollowUp, MatchPause
from tests.matching.conftest import STARTED_ON

pytestmark = pytest.mark.django_db
PAUSED_ON, UNTIL, BACK_ON = dt.date(2011, 7, 20), dt.date(2011, 8, 25), dt.date(2011, 9, 1)


def days_of(match) -> list[tuple]:
    return list(match.follow_ups.order_by("due_on", "pk").values_list("name", "due_on"))


@pytest.fixture
def paused(active, coordinator):
    return services.pause_match(active, by=coordinator, on=PAUSED_ON, note="Ramadan", until=UNTIL)


def test_a_pause_is_a_record_and_the_match_copies_it(paused, coordinator):
    fields = ("began_on", "expected_on", "ended_on", "reason", "end_reason")
    assert list(paused.pauses.values_list(*fields)) == [(PAUSED_ON, UNTIL, None, "Ramadan", "")]
    assert (paused.status, paused.paused_on, paused.paused_until) == ("paused", PAUSED_ON, UNTIL)
    services.resume_match(paused, by=coordinator, on=BACK_ON, note="Hjemme igen")
    assert list(paused.pauses.values_list(*fields)) == [(PAUSED_ON, UNTIL, BACK_ON, "Ramadan", "Hjemme igen")]
    assert (paused.status, paused.paused_on, paused.paused_until) == ("active", None, None)


def test_no_follow_up_of_a_match_on_pause_is_due(paused, coordinator):
    assert not FollowUp.objects.to_do().exists()
    services.resume_match(paused, by=coordinator, on=BACK_ON)
    assert FollowUp.objects.to_do().count() == 5


def test_the_rest_of_the_plan_moves_by_the_length_of_the_pause(paused, coordinator):
    services.resume_match(paused, by=coordinator, on=BACK_ON, plan="move")
    assert (paused.pauses.get().moved_days, days_of(paused)) == (
        43,
        [
            ("Efter 14 dage", dt.date(2011, 7, 12)),
            ("Månedlig", dt.date(2011, 9, 9)),
            ("Månedlig", dt.date(2011, 10, 9)),
            ("Månedlig", dt.date(2011, 11, 8)),
            ("Afsluttende samtale", dt.date(2012, 8, 9)),
        ],
    )


def test_what_fell_in_the_pause_is_skipped_unless_something_was_written(paused, coordinator):
    FollowUp.objects.filter(due_on=dt.date(2011, 8, 27)).update(note="Ring om aftenen")
    services.resume_match(paused, by=coordinator, on=BACK_ON, plan="skip")
    assert days_of(paused) == [
        ("Efter 14 dage", dt.date(2011, 7, 12)),
        ("Månedlig", dt.date(2011, 8, 27)),
        ("Månedlig", dt.date(2011, 9, 26)),
        ("Afsluttende samtale", dt.date(2012, 6, 27)),
    ]


def test_a_reopened_match_gets_the_moved_plan(paused, coordinator):
    services.resume_match(paused, by=coordinator, on=BACK_ON, plan="move")
    before, end = days_of(paused), {"mentor_next": "waiting", "mentee_next": "waiting"}
    services.end_match(paused, by=coordinator, on=dt.date(2011, 9, 10), reason="other", **end)
    services.reopen_match(paused, by=coordinator, on=dt.date(2011, 9, 12))
    assert days_of(paused) == before


def test_a_pause_is_over_when_the_match_ends_or_is_withdrawn(paused, coordinator):
    end = {"mentor_next": "waiting", "mentee_next": "waiting"}
    services.end_match(paused, by=coordinator, on=BACK_ON, reason="other", **end)
    assert paused.pauses.get().ended_on == BACK_ON
    services.reopen_match(paused, by=coordinator, on=BACK_ON)
    services.pause_match(paused, by=coordinator, on=dt.date(2011, 9, 3))
    services.withdraw_match(paused, by=coordinator, note="Fejl", on=dt.date(2011, 9, 5))
    assert paused.pauses.last().ended_on == dt.date(2011, 9, 5)
    assert (paused.status, paused.paused_on) == ("withdrawn", None)


@pytest.mark.parametrize(
    ("act", "values", "field"),
    [
        ("pause_match", {"on": dt.date(2011, 9, 16)}, "on"),
        ("pause_match", {"on": STARTED_ON - dt.timedelta(days=1)}, "on"),
        ("pause_match", {"on": PAUSED_ON, "until": PAUSED_ON}, "until"),
    ],
)
def test_days_out_of_order_are_refused(active, coordinator, act, values, field):
    with pytest.raises(ValidationError) as refused:
        getattr(services, act)(active, by=coordinator, **values)
    assert list(refused.value.message_dict) == [field]
    assert not MatchPause.objects.exists()


def test_a_match_does_not_go_on_before_the_pause(paused, coordinator):
    with pytest.raises(ValidationError, match="Dagen ligger før 20"):
        services.resume_match(paused, by=coordinator, on=PAUSED_ON - dt.timedelta(days=1))


def test_the_database_allows_one_open_pause_and_one_open_end(paused):
    with pytest.raises(IntegrityError), transaction.atomic():
        MatchPause.objects.create(match=paused, began_on=BACK_ON)
    with pytest.raises(IntegrityError), transaction.atomic():
        MatchPause.objects.create(match=paused, began_on=BACK_ON, ended_on=PAUSED_ON)
