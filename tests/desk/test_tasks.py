import datetime as dt

import pytest

from demo.factories import FollowUpFactory, InterviewFactory, MatchFactory
from desk.tasks import MOST_SHOWN, InterviewRow, last_task_day, task_counts, task_day, task_groups

TODAY = dt.date(2011, 9, 15)  # a Thursday


@pytest.fixture
def match(programme):
    return MatchFactory(programme=programme)


def groups_of(user, programme, **kwargs):
    return {group.key: group for group in task_groups(user, programme.branch_id, TODAY, **kwargs)}


def test_task_groups_sort_by_day_and_time(coordinator, programme, match):
    late = FollowUpFactory(match=match, due_on=dt.date(2011, 9, 2))
    some_time = FollowUpFactory(match=match, due_on=TODAY)
    friday = FollowUpFactory(match=match, due_on=dt.date(2011, 9, 16))
    FollowUpFactory(match=match, due_on=dt.date(2011, 9, 19))  # next week
    talk = InterviewFactory(
        enrolment__programme=programme, held_on=None, planned_on=TODAY, planned_time=dt.time(16, 30)
    )
    groups = groups_of(coordinator, programme)
    assert [row.follow_up for row in groups["overdue"].rows] == [late]
    today = groups["today"].rows
    assert [today[0].follow_up, today[1].interview] == [some_time, talk]
    assert [row.follow_up for row in groups["week"].rows] == [friday]
    assert task_counts(coordinator, programme.branch_id, TODAY) == {"overdue": 1, "today": 2, "week": 1}


def test_task_groups_leave_out_what_is_done_ended_or_foreign(
    coordinator, other_branch_coordinator, programme, other_programme, match
):
    FollowUpFactory(match=match, done_on=dt.date(2011, 9, 6))
    ended = MatchFactory(programme=programme, status="ended", ended_on=dt.date(2011, 9, 1))
    FollowUpFactory(match=ended)
    foreign = FollowUpFactory(match=MatchFactory(programme=other_programme))
    InterviewFactory(enrolment__programme=programme, held_on=dt.date(2011, 9, 1), planned_on=dt.date(2011, 9, 1))
    assert [group.total for group in groups_of(coordinator, programme).values()] == [0, 0, 0]
    theirs = groups_of(other_branch_coordinator, other_programme)
    assert [row.follow_up for row in theirs["overdue"].rows] == [foreign]


def test_task_groups_show_a_limited_number_of_rows(coordinator, programme, match):
    for days in range(MOST_SHOWN["overdue"] + 2):
        FollowUpFactory(match=match, due_on=TODAY - dt.timedelta(days=days + 1))
    for _number in range(MOST_SHOWN["week"] + 3):
        FollowUpFactory(match=match, due_on=dt.date(2011, 9, 17))
    InterviewFactory(enrolment__programme=programme, held_on=None, planned_on=dt.date(2011, 9, 1))
    groups = groups_of(coordinator, programme)
    assert [(group.total, group.more) for group in groups.values()] == [(18, 3), (0, 0), (13, 3)]
    everything = groups_of(coordinator, programme, show_all=True)
    assert [group.more for group in everything.values()] == [0, 0, 0]


@pytest.mark.parametrize(
    ("planned_on", "time", "when", "is_overdue"),
    [
        (TODAY, dt.time(16, 30), "Kl.\xa016.30", False),
        (TODAY, None, "", False),
        (dt.date(2011, 9, 16), dt.time(13), "Fredag kl.\xa013", False),
        (dt.date(2011, 9, 16), None, "Fredag", False),
        (dt.date(2011, 10, 4), None, "4.\xa0oktober", False),
        (dt.date(2011, 9, 10), None, "10.\xa0september", True),
    ],
)
def test_interview_row_has_day_and_time_as_text(db, planned_on, time, when, is_overdue):
    row = InterviewRow(InterviewFactory.build(enrolment=None, planned_on=planned_on, planned_time=time), TODAY)
    assert (row.when, row.is_overdue, task_day(row)) == (when, is_overdue, planned_on)


@pytest.mark.parametrize(
    ("today", "last_day"),
    [
        (dt.date(2011, 9, 12), dt.date(2011, 9, 18)),
        (dt.date(2011, 9, 16), dt.date(2011, 9, 18)),
        (dt.date(2011, 9, 17), dt.date(2011, 9, 25)),
        (dt.date(2011, 9, 18), dt.date(2011, 9, 25)),
    ],
)
def test_last_task_day_is_sunday_or_at_the_weekend_the_next_sunday(today, last_day):
    assert last_task_day(today) == last_day
