import datetime as dt

import pytest

from demo.factories import FollowUpFactory, InterviewFactory, MatchFactory, MembershipFactory, PlannedMeetingFactory
from desk.desks import WHOLE_BRANCH, Desk
from desk.task_rows import InterviewRow, MeetingRow
from desk.tasks import MOST_SHOWN, BranchTasks, last_task_day, task_day

TODAY = dt.date(2011, 9, 15)  # a Thursday


@pytest.fixture
def match(programme):
    return MatchFactory(programme=programme)


def tasks_of(user, programme) -> BranchTasks:
    return BranchTasks(user, programme.branch_id, TODAY)


def groups_of(user, programme, desk=WHOLE_BRANCH, **kwargs):
    return {group.key: group for group in tasks_of(user, programme).groups(desk, **kwargs)}


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
    assert tasks_of(coordinator, programme).counts(WHOLE_BRANCH) == {"overdue": 1, "today": 2, "week": 1}


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


def test_planned_meetings_are_rows_by_time(coordinator, programme, match):
    follow_up = FollowUpFactory(match=match, due_on=TODAY)
    half_past_four = PlannedMeetingFactory(match=match, on=TODAY)
    two = PlannedMeetingFactory(match=MatchFactory(programme=programme), on=TODAY, time=dt.time(14))
    talk = InterviewFactory(enrolment__programme=programme, held_on=None, planned_on=TODAY, planned_time=dt.time(15))
    late = PlannedMeetingFactory(match=MatchFactory(programme=programme), on=dt.date(2011, 9, 12))
    PlannedMeetingFactory(match=MatchFactory(programme=programme), on=dt.date(2011, 9, 13), state="held")
    PlannedMeetingFactory(match=MatchFactory(programme=programme), on=dt.date(2011, 9, 19))  # next week
    groups = groups_of(coordinator, programme)
    assert [row.plan for row in groups["overdue"].rows] == [late]
    first, *others = groups["today"].rows
    assert (first.follow_up, [row.pk for row in others]) == (follow_up, [two.pk, talk.pk, half_past_four.pk])
    assert [group.total for group in groups.values()] == [1, 4, 0]


def test_a_desk_has_the_meetings_of_its_matches_and_those_its_user_takes_part_in(coordinator, programme):
    colleague = MembershipFactory(branch=programme.branch).user
    desk = Desk(str(colleague.pk), "", colleague)
    own = PlannedMeetingFactory(match=MatchFactory(programme=programme, coordinator=colleague), on=TODAY)
    joined = PlannedMeetingFactory(
        match=MatchFactory(programme=programme, coordinator=coordinator), on=TODAY, staff=colleague
    )
    PlannedMeetingFactory(match=MatchFactory(programme=programme, coordinator=coordinator), on=TODAY)
    assert [row.plan for row in groups_of(coordinator, programme, desk)["today"].rows] == [own, joined]
    assert tasks_of(coordinator, programme).counts(desk) == {"overdue": 0, "today": 2, "week": 0}
    assert tasks_of(coordinator, programme).counts(WHOLE_BRANCH)["today"] == 3


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"place": "biblioteket"}, "Biblioteket"),
        ({"place": "biblioteket", "is_first": True}, "Biblioteket · tag aftalen med til underskrift"),
        ({"place": "", "is_first": True}, "Tag aftalen med til underskrift"),
        ({"place": ""}, ""),
    ],
)
def test_meeting_row_says_what_to_know(coordinator, match, fields, what):
    plan = PlannedMeetingFactory(match=match, on=TODAY, **fields)
    row = MeetingRow(plan, TODAY, coordinator)
    assert (row.what, row.when) == (what, "Kl.\xa016.30")


def test_meeting_row_says_who_of_us_takes_part(coordinator, match):
    hanne = MembershipFactory(user__name="Hanne Lund").user
    rows = [
        MeetingRow(PlannedMeetingFactory.build(match=match, staff=hanne), TODAY, user) for user in (hanne, coordinator)
    ]
    assert [row.what for row in rows] == [
        "Tingbjerg Bibliotek · du er med",
        "Tingbjerg Bibliotek · Hanne Lund er med",
    ]
