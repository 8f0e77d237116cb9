"""Follow-ups that are moved or skipped."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from common.models import Act
from matching import services
from matching.models import FollowUp

TODAY = dt.date(2011, 9, 15)
FIRST = dt.date(2011, 9, 26)  # the last monthly follow-up of ``active``
NEXT = {"mentor_next": "waiting", "mentee_next": "waiting"}


@pytest.fixture
def follow_up(active):
    return active.follow_ups.filter(side="mentee").last()


def move(follow_up, by, day, reason="Ferie"):
    return services.move_follow_up(follow_up, by=by, due_on=day, reason=reason)


def stored(follow_up) -> tuple:
    follow_up.refresh_from_db()
    return follow_up.due_on, follow_up.first_due_on, follow_up.moved_reason, follow_up.skipped_reason


def test_a_move_keeps_the_first_day_and_the_reason(follow_up, coordinator):
    move(follow_up, coordinator, dt.date(2011, 10, 3))
    assert stored(follow_up) == (dt.date(2011, 10, 3), FIRST, "Ferie", "")
    move(follow_up, coordinator, dt.date(2011, 10, 5), "Syg")
    assert stored(follow_up) == (dt.date(2011, 10, 5), FIRST, "Syg", "")
    assert list(Act.objects.filter(name="move_follow_up").values_list("reason", flat=True)) == ["Ferie", "Syg"]


@pytest.mark.parametrize("is_moved_back", [True, False])
def test_a_move_is_taken_back(follow_up, coordinator, is_moved_back):
    move(follow_up, coordinator, dt.date(2011, 10, 3))
    if is_moved_back:
        move(follow_up, coordinator, FIRST, "Alligevel ikke")
    else:
        services.restore_follow_up(follow_up, by=coordinator)
    assert stored(follow_up) == (FIRST, None, "", "")


def test_a_skipped_follow_up_is_not_due(active, follow_up, coordinator):
    services.skip_follow_up(follow_up, by=coordinator, reason="Talte i går")
    assert stored(follow_up)[3] == "Talte i går"
    assert follow_up not in FollowUp.objects.to_do()
    assert follow_up not in FollowUp.objects.planned()
    with pytest.raises(ValidationError) as error:
        services.record_follow_up(follow_up, by=coordinator, on=TODAY, channel="phone", mood="good")
    assert error.value.messages == [
        "En opfølgning, der er sprunget over, kan ikke være udført. Tag den med i planen igen."
    ]
    follow_up.refresh_from_db()
    services.restore_follow_up(follow_up, by=coordinator)
    assert follow_up in FollowUp.objects.to_do()


def test_a_skipped_and_moved_follow_up_comes_back_where_it_was_moved_to(follow_up, coordinator):
    move(follow_up, coordinator, dt.date(2011, 10, 3))
    services.skip_follow_up(follow_up, by=coordinator, reason="Syg")
    services.restore_follow_up(follow_up, by=coordinator)
    assert stored(follow_up) == (dt.date(2011, 10, 3), FIRST, "Ferie", "")


def test_moving_a_skipped_follow_up_takes_it_into_the_plan_again(follow_up, coordinator):
    services.skip_follow_up(follow_up, by=coordinator, reason="Syg")
    move(follow_up, coordinator, FIRST)
    assert stored(follow_up) == (FIRST, None, "", "")


@pytest.mark.parametrize(
    ("day", "reason", "field"),
    [
        (dt.date(2011, 9, 14), "Ferie", "due_on"),
        (FIRST, "Ferie", "due_on"),
        (dt.date(2011, 10, 3), " ", "reason"),
    ],
)
def test_impossible_moves_are_refused(follow_up, coordinator, day, reason, field):
    with pytest.raises(ValidationError) as error:
        move(follow_up, coordinator, day, reason)
    assert list(error.value.message_dict) == [field]


def test_a_skip_needs_a_reason_and_an_open_follow_up(active, follow_up, coordinator):
    with pytest.raises(ValidationError) as error:
        services.skip_follow_up(follow_up, by=coordinator, reason="")
    assert list(error.value.message_dict) == ["reason"]
    services.record_follow_up(follow_up, by=coordinator, on=TODAY, channel="phone", mood="good")
    for act in (
        lambda: services.skip_follow_up(follow_up, by=coordinator, reason="Syg"),
        lambda: move(follow_up, coordinator, dt.date(2011, 10, 3)),
        lambda: services.restore_follow_up(follow_up, by=coordinator),
    ):
        with pytest.raises(ValidationError) as error:
            act()
        assert error.value.messages == [
            "Opfølgningen er allerede udført. Kun en, der mangler, kan flyttes eller springes over."
        ]
    late = active.follow_ups.filter(side="mentee").first()
    services.end_match(active, by=coordinator, on=TODAY, reason="moved", **NEXT)
    late.refresh_from_db()
    with pytest.raises(services.MatchRefused):
        services.skip_follow_up(late, by=coordinator, reason="Syg")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"first_due_on": TODAY}, "followup_moved_with_a_reason"),
        ({"moved_reason": "Ferie"}, "followup_moved_with_a_reason"),
        ({"skipped_reason": "Syg", "done_on": TODAY}, "followup_skipped_is_not_done"),
    ],
)
def test_the_database_refuses_what_cannot_be(follow_up, fields, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        FollowUp.objects.filter(pk=follow_up.pk).update(**fields)


def test_the_plan_does_not_create_a_moved_or_skipped_follow_up_again(active, follow_up, coordinator):
    move(follow_up, coordinator, dt.date(2011, 10, 3))
    services.skip_follow_up(active.follow_ups.filter(side="mentee").first(), by=coordinator, reason="Syg")
    services.end_match(active, by=coordinator, on=TODAY, reason="moved", **NEXT)
    services.reopen_match(active, by=coordinator, on=TODAY)
    assert active.follow_ups.filter(due_on__lte=TODAY).count() == 3
    assert active.follow_ups.filter(due_on=FIRST).count() == 1


def test_a_moved_follow_up_moves_with_the_plan(active, follow_up, coordinator):
    """After a pause, and with a corrected first meeting, the first day moves as well."""
    move(follow_up, coordinator, dt.date(2011, 10, 3))
    services.pause_match(active, by=coordinator, on=dt.date(2011, 9, 5))
    services.resume_match(active, by=coordinator, on=TODAY)
    assert stored(follow_up)[:2] == (dt.date(2011, 10, 13), dt.date(2011, 10, 6))
    services.correct_match_days(active, by=coordinator, reason="Forkert", started_on=dt.date(2011, 6, 27))
    assert stored(follow_up)[:2] == (dt.date(2011, 10, 12), dt.date(2011, 10, 5))


def test_a_corrected_pause_moves_a_moved_follow_up(active, follow_up, coordinator):
    move(follow_up, coordinator, dt.date(2011, 10, 3))
    services.pause_match(active, by=coordinator, on=dt.date(2011, 9, 5))
    services.resume_match(active, by=coordinator, on=TODAY)
    pause = active.pauses.get()
    services.correct_pause(
        pause, by=coordinator, reason="Forkert", began_on=dt.date(2011, 9, 10), expected_on=None, ended_on=TODAY
    )
    assert stored(follow_up)[:2] == (dt.date(2011, 10, 8), dt.date(2011, 10, 1))


def test_skipping_the_follow_ups_of_a_pause_keeps_those_skipped_before(active, coordinator):
    in_pause = active.follow_ups.filter(side="mentee").first()
    services.skip_follow_up(in_pause, by=coordinator, reason="Syg")
    services.pause_match(active, by=coordinator, on=dt.date(2011, 7, 20))
    services.resume_match(active, by=coordinator, on=TODAY, plan="skip")
    assert stored(in_pause)[3] == "Syg"


def test_the_closing_talk_of_an_end_was_held_though_it_was_skipped(active, coordinator):
    closing = active.follow_ups.get(kind="closing")
    services.skip_follow_up(closing, by=coordinator, reason="Ingen tid")
    talk = services.ClosingTalk(TODAY, "Godt forløb")
    services.end_match(active, by=coordinator, on=TODAY, reason="moved", mentee_talk=talk, **NEXT)
    closing.refresh_from_db()
    assert (closing.done_on, closing.skipped_reason) == (TODAY, "")
