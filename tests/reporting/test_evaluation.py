"""The status of targets on a day."""

import datetime as dt
import random

import pytest

from common.charts import Forecast
from demo.factories import EnrolmentFactory, EventFactory, MatchFactory, PersonFactory, TargetFactory
from reporting.enums import TargetState
from reporting.evaluation import evaluate_target, evaluate_targets, target_state
from reporting.models import TargetPhase

TODAY = dt.date(2011, 9, 15)


def matches_on(programme, *days, gender="man"):
    for day in days:
        mentee = PersonFactory(home_branch=programme.branch, gender=gender)
        MatchFactory(programme=programme, mentee=mentee, proposed_on=None, started_on=day)


def event_on(programme, day, kind="network"):
    start = dt.datetime(day.year, day.month, day.day, 17, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    EventFactory(programme=programme, kind=kind, starts_at=start)


def by_key(statuses):
    return {status.target.key: status for status in statuses}


def test_targets_of_tingbjerg_on_15_september_2011(loaded):
    matches_on(loaded, *(dt.date(2011, 1 + n % 8, 1 + n) for n in range(12)))
    matches_on(loaded, *(dt.date(2011, 1 + n % 8, 1 + n) for n in range(19)), gender="woman")
    matches_on(loaded, *(dt.date(2010, 1 + n % 12, 1 + n) for n in range(28)))
    for day in (dt.date(2011, 2, 3), dt.date(2011, 3, 31), dt.date(2011, 6, 30)):
        event_on(loaded, day)
    event_on(loaded, dt.date(2011, 3, 2), "mentor_course")
    event_on(loaded, dt.date(2011, 3, 3), "mentee_course")
    event_on(loaded, dt.date(2011, 5, 3), "mentee_course")
    event_on(loaded, dt.date(2011, 4, 3), "exchange")
    found = evaluate_targets(loaded, start=dt.date(2011, 1, 1), end=dt.date(2011, 12, 31), on=TODAY)
    assert [
        (s.target.key, s.value, s.promised, s.phased, s.plan_today, (s.forecast.low, s.forecast.high), s.state)
        for s in found
        if s.value
    ] == [
        ("matches-men-2011", 12, 25, 20, 14, (14, 21), "unlikely"),
        ("matches-women-2011", 19, 30, 20, 14, (23, 31), "ahead"),
        ("network-events-2011", 3, 5, None, 3, (5, 5), "on_plan"),
        ("mentor-courses-2011", 1, 2, None, 1, (2, 2), "on_plan"),
        ("mentee-courses-2011", 2, 2, None, 1, (2, 2), "reached"),
        ("exchange-meetings-2011", 1, 4, None, 2, (2, 4), "behind"),
    ]
    assert len(found) == 10
    whole = by_key(evaluate_targets(loaded, start=loaded.starts_on, end=loaded.ends_on, on=TODAY))
    men = whole["matches-men-all"]
    assert (len(whole), men.value, men.promised, men.plan_today, men.state) == (22, 40, 50, 44, "behind")


def test_target_of_a_past_year_is_reached_or_missed(loaded):
    matches_on(loaded, *[dt.date(2010, 12, 31)] * 25)
    matches_on(loaded, *[dt.date(2010, 1, 1)] * 29, gender="woman")
    found = by_key(evaluate_targets(loaded, start=dt.date(2010, 1, 1), end=dt.date(2010, 12, 31), on=TODAY))
    men, women = found["matches-men-2010"], found["matches-women-2010"]
    assert (men.value, men.plan_today, men.phased, men.state) == (25, 30, 30, "reached")
    assert (women.value, women.plan_today, women.phased, women.state) == (29, 40, 40, "missed")
    assert women.forecast == Forecast(29, 29, 29)


def test_half_a_year_has_the_targets_that_overlap_it(loaded):
    found = evaluate_targets(loaded, start=dt.date(2010, 1, 1), end=dt.date(2010, 6, 30), on=dt.date(2010, 6, 30))
    assert len(found) == 12
    assert by_key(found)["mentees-men-2010"].plan_today == 12


def test_target_before_its_period(programme):
    target = TargetFactory(programme=programme)
    status = evaluate_target(target, dt.date(2010, 12, 31))
    assert (status.value, status.plan_today, status.state) == (0, 0, TargetState.COMING)


def test_records_after_the_day_do_not_count(programme):
    target = TargetFactory(programme=programme)
    matches_on(programme, TODAY, TODAY + dt.timedelta(days=1))
    assert evaluate_target(target, TODAY).value == 1


@pytest.mark.parametrize(
    ("on", "plan"),
    [
        (dt.date(2011, 1, 1), 0),
        (dt.date(2011, 1, 8), 1),  # 8/365 of 25 is 0.55
        (dt.date(2011, 9, 15), 18),
        (dt.date(2011, 12, 31), 25),
        (dt.date(2012, 6, 1), 25),
    ],
)
def test_plan_is_linear_and_rounded_half_up(programme, on, plan):
    assert evaluate_target(TargetFactory(programme=programme), on).plan_today == plan


def test_plan_follows_the_phases_and_is_constant_between_them(programme):
    target = TargetFactory(programme=programme, period_start=dt.date(2010, 1, 1), value=50)
    for first, last, value in (
        (dt.date(2010, 2, 1), dt.date(2010, 2, 28), 28),
        (dt.date(2011, 12, 1), dt.date(2011, 12, 31), 20),
    ):
        TargetPhase.objects.create(target=target, starts_on=first, ends_on=last, value=value)
    planned = [
        evaluate_target(target, on).plan_today
        for on in (
            dt.date(2010, 1, 31),
            dt.date(2010, 2, 1),
            dt.date(2010, 2, 28),
            dt.date(2011, 11, 30),
            dt.date(2011, 12, 31),
        )
    ]
    assert planned == [0, 1, 28, 28, 48]
    status = evaluate_target(target, TODAY)
    assert (status.phased, status.has_phases_apart) == (48, True)
    assert status.plan == (
        (dt.date(2010, 1, 1), 0),
        (dt.date(2010, 1, 31), 0),
        (dt.date(2010, 2, 28), 28),
        (dt.date(2011, 11, 30), 28),
        (dt.date(2011, 12, 31), 48),
    )


@pytest.mark.parametrize(
    ("value", "high", "state"),
    [
        (20, 30, "reached"),
        (11, 19, "unlikely"),
        (8, 20, "behind"),
        (9, 20, "on_plan"),  # one record behind is 5 % of 20: still on plan
        (11, 20, "on_plan"),
        (12, 20, "ahead"),
    ],
)
def test_state_has_a_tolerance_of_five_per_cent_of_the_target(programme, value, high, state):
    target = TargetFactory.build(value=20, programme=programme)
    assert target_state(target, value, 10, Forecast(0, 0, high), TODAY) == state


def test_rhythm_windows_are_kept_missed_or_coming(loaded):
    event_on(loaded, dt.date(2011, 2, 28))
    event_on(loaded, dt.date(2011, 7, 5))  # in the pause: counts, but belongs to no window
    found = by_key(evaluate_targets(loaded, start=dt.date(2011, 1, 1), end=dt.date(2011, 12, 31), on=TODAY))
    events = found["network-events-2011"]
    assert [(w.starts_on, w.ends_on, w.count, str(w.state)) for w in events.windows] == [
        (dt.date(2011, 1, 1), dt.date(2011, 2, 28), 1, "kept"),
        (dt.date(2011, 3, 1), dt.date(2011, 4, 30), 0, "missed"),
        (dt.date(2011, 5, 1), dt.date(2011, 6, 30), 0, "missed"),
        (dt.date(2011, 9, 1), dt.date(2011, 10, 31), 0, "coming"),
        (dt.date(2011, 11, 1), dt.date(2011, 12, 31), 0, "coming"),
    ]
    assert (events.value, events.plan_today, events.state) == (2, 3, "behind")
    assert [len(windows) for windows in (events.kept, events.missed, events.coming)] == [1, 2, 2]
    halves = found["mentor-courses-2011"].windows
    assert [(w.starts_on.month, w.ends_on.month) for w in halves] == [(1, 6), (7, 12)]
    quarters = found["exchange-meetings-2011"].windows
    assert [(w.starts_on.month, w.ends_on.month) for w in quarters] == [(1, 3), (4, 6), (7, 9), (10, 12)]


def test_value_is_the_number_of_evidence_rows(loaded):
    """No figure differs from its evidence, with random records."""
    dice = random.Random(2011)
    for _n in range(40):
        day = dt.date(2009, 12, 1) + dt.timedelta(days=dice.randrange(800))
        matches_on(loaded, day, gender=dice.choice(["man", "woman", "other", "unknown"]))
        person = PersonFactory(home_branch=loaded.branch, gender=dice.choice(["man", "woman"]))
        role, status = dice.choice(["mentee", "mentor", "contact"]), dice.choice(["applied", "matched", "declined"])
        EnrolmentFactory(programme=loaded, person=person, role=role, status=status, applied_on=day)
        event_on(loaded, day, dice.choice(["network", "mentor_course", "mentee_course", "exchange"]))
    for on in (dt.date(2010, 7, 1), TODAY, dt.date(2012, 1, 1)):
        for status in evaluate_targets(loaded, start=loaded.starts_on, end=loaded.ends_on, on=on):
            assert status.value == len(status.evidence_rows()) == status.evidence().count()
            assert status.value == (status.reached[-1][1] if status.reached else 0)


@pytest.mark.parametrize("rows", [1, 50])
def test_query_count_does_not_grow_with_the_records(loaded, rows, django_assert_num_queries):
    matches_on(loaded, *[dt.date(2011, 3, 1)] * rows)
    with django_assert_num_queries(12):  # targets, phases, and one for each of the ten targets
        evaluate_targets(loaded, start=dt.date(2011, 1, 1), end=dt.date(2011, 12, 31), on=TODAY)
