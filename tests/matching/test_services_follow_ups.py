import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from matching import services

TODAY = dt.date(2011, 9, 15)


def record(follow_up, by, **kwargs):
    return services.record_follow_up(
        follow_up, **{"by": by, "on": TODAY, "channel": "phone", "mood": "good", "note": "Mødes ugentligt"} | kwargs
    )


@pytest.fixture
def follow_up(active):
    return active.follow_ups.get(side="mentor")


def test_record_follow_up_stores_what_was_said(follow_up, coordinator):
    record(follow_up, coordinator)
    follow_up.refresh_from_db()
    assert (follow_up.done_on, follow_up.done_by) == (TODAY, coordinator)
    assert (follow_up.channel, follow_up.mood, follow_up.note) == ("phone", "good", "Mødes ugentligt")


def test_record_follow_up_twice_the_same_is_one_record(follow_up, coordinator):
    record(follow_up, coordinator)
    assert record(follow_up, coordinator).done_on == TODAY


def test_record_follow_up_tells_who_was_faster(follow_up, coordinator, administrator):
    record(follow_up, administrator)
    with pytest.raises(services.MatchRefused) as refusal:
        record(follow_up, coordinator, note="Noget andet")
    assert refusal.value.message == "Hanne Lund har allerede registreret opfølgningen som udført 15.\xa0september."
    assert follow_up.note == "Mødes ugentligt"


def test_record_follow_up_without_a_name_says_when(follow_up, coordinator):
    record(follow_up, coordinator)
    type(follow_up).objects.update(done_by=None)
    with pytest.raises(services.MatchRefused, match="Opfølgningen er allerede registreret som udført"):
        record(follow_up, coordinator, note="Noget andet")


@pytest.mark.parametrize("day", [dt.date(2011, 9, 16), dt.date(2011, 6, 1)])
def test_record_follow_up_refuses_days_that_cannot_be(follow_up, coordinator, day):
    with pytest.raises(ValidationError) as error:
        record(follow_up, coordinator, on=day)
    assert list(error.value.message_dict) == ["on"]


def test_record_follow_up_refuses_a_cpr_number(follow_up, coordinator):
    with pytest.raises(ValidationError) as error:
        record(follow_up, coordinator, note="Hans nummer er 010190-1234")
    assert list(error.value.message_dict) == ["note"]
    follow_up.refresh_from_db()
    assert follow_up.done_on is None


def test_undo_follow_up_makes_it_due_again(follow_up, coordinator):
    record(follow_up, coordinator)
    services.undo_follow_up(follow_up, by=coordinator)
    follow_up.refresh_from_db()
    assert (follow_up.done_on, follow_up.done_by, follow_up.mood, follow_up.note) == (None, None, "", "")
