"""Tests of planned meetings: agreed, moved, cancelled, and closed by what happens to the match."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from common.models import Change
from demo.factories import PlannedMeetingFactory, UserFactory
from matching import services
from matching.models import PlannedMeeting

pytestmark = pytest.mark.django_db
TODAY = dt.date(2011, 9, 15)
FRIDAY, MONDAY = dt.date(2011, 9, 16), dt.date(2011, 9, 19)
HALF_PAST_FOUR = dt.time(16, 30)


@pytest.fixture
def introduced(agreed, coordinator):
    return services.introduce_match(
        agreed, by=coordinator, on=FRIDAY, time=HALF_PAST_FOUR, place="Biblioteket", staff=coordinator
    )


@pytest.fixture
def planned(active, coordinator):
    """The next meeting of the running match."""
    return services.plan_meeting(active, by=coordinator, on=FRIDAY, time=HALF_PAST_FOUR, place="Biblioteket")


def plans_of(match) -> list[tuple]:
    return list(match.planned_meetings.order_by("pk").values_list("on", "time", "place", "state", "reason"))


def refused(act, *args, **kwargs) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        act(*args, **kwargs)
    return [message.replace("\xa0", " ") for message in caught.value.messages]


def test_introducing_plans_the_first_meeting(introduced, coordinator):
    plan = introduced.planned_meetings.get()
    assert (plan.on, plan.time, plan.place, plan.is_first) == (FRIDAY, HALF_PAST_FOUR, "Biblioteket", True)
    assert (plan.staff, plan.planned_by, plan.state) == (coordinator, coordinator, "open")
    assert (introduced.introduced_on, introduced.first_meeting_place) == (FRIDAY, "Biblioteket")


def test_moving_closes_the_plan_with_the_reason_and_plans_again(introduced, coordinator):
    plan = services.move_planned_meeting(
        introduced.planned_meetings.get(), by=coordinator, on=MONDAY, place="Skolen", reason="Eva er syg"
    )
    assert plans_of(introduced) == [
        (FRIDAY, HALF_PAST_FOUR, "Biblioteket", "moved", "Eva er syg"),
        (MONDAY, None, "Skolen", "open", ""),
    ]
    introduced.refresh_from_db()
    assert (plan.is_first, introduced.introduced_on, introduced.first_meeting_place) == (True, MONDAY, "Skolen")
    assert introduced.steps.get(status="introduced").on == MONDAY


def test_another_place_or_user_changes_the_plan_itself(introduced, coordinator):
    nina = UserFactory(name="Nina Holst")
    plan = services.move_planned_meeting(
        introduced.planned_meetings.get(), by=coordinator, on=FRIDAY, time=HALF_PAST_FOUR, place="Skolen", staff=nina
    )
    assert plans_of(introduced) == [(FRIDAY, HALF_PAST_FOUR, "Skolen", "open", "")]
    assert (plan.staff, introduced.planned_meetings.get().staff) == (nina, nina)
    introduced.refresh_from_db()
    assert introduced.first_meeting_place == "Skolen"


def test_the_same_plan_twice_changes_nothing(planned, coordinator):
    before = Change.objects.count()
    services.move_planned_meeting(planned, by=coordinator, on=FRIDAY, time=HALF_PAST_FOUR, place="Biblioteket")
    assert plans_of(planned.match) == [(FRIDAY, HALF_PAST_FOUR, "Biblioteket", "open", "")]
    assert Change.objects.count() == before


def test_a_cancelled_first_meeting_leaves_the_match_proposed_with_both_answers(introduced, coordinator):
    services.cancel_planned_meeting(introduced.planned_meetings.get(), by=coordinator, reason="Mentor er rejst")
    introduced.refresh_from_db()
    assert (introduced.status, introduced.introduced_on, introduced.first_meeting_place) == ("proposed", None, "")
    assert introduced.mentor_said_yes_on == introduced.mentee_said_yes_on == dt.date(2011, 6, 21)
    assert plans_of(introduced) == [(FRIDAY, HALF_PAST_FOUR, "Biblioteket", "cancelled", "Mentor er rejst")]
    services.introduce_match(introduced, by=coordinator, on=MONDAY)
    assert introduced.planned_meetings.to_do().get().on == MONDAY


def test_a_cancelled_next_meeting_leaves_the_match_as_it_is(planned, coordinator):
    services.cancel_planned_meeting(planned, by=coordinator, reason="Ferie")
    planned.match.refresh_from_db()
    assert (planned.match.status, planned.state) == ("active", "cancelled")
    assert refused(services.cancel_planned_meeting, planned, by=coordinator, reason="Ferie") == [
        "Mødet er ikke aftalt længere: aflyst. En anden kan have ændret det."
    ]
    assert refused(services.move_planned_meeting, planned, by=coordinator, on=MONDAY) == [
        "Mødet er ikke aftalt længere: aflyst. En anden kan have ændret det."
    ]


def test_cancelling_asks_for_a_reason(planned, coordinator):
    assert refused(services.cancel_planned_meeting, planned, by=coordinator, reason=" ") == [
        "Skriv hvorfor, med få ord."
    ]


def test_only_a_running_match_plans_a_next_meeting_and_only_one(agreed, planned, coordinator):
    assert refused(services.plan_meeting, planned.match, by=coordinator, on=MONDAY) == [
        "Det aftalte møde 16. september er stadig åbent. Flyt det, eller registrer det."
    ]
    services.end_match(planned.match, by=coordinator, on=TODAY, reason="completed", mentor_next="", mentee_next="")
    assert "afsluttet" in refused(services.plan_meeting, planned.match, by=coordinator, on=MONDAY)[0].lower()


@pytest.mark.parametrize("act", [services.plan_meeting, services.move_planned_meeting])
def test_a_meeting_is_not_planned_for_a_day_that_is_past(active, coordinator, act):
    subject = active if act is services.plan_meeting else PlannedMeetingFactory(match=active, on=MONDAY)
    yesterday = TODAY - dt.timedelta(days=1)
    assert refused(act, subject, by=coordinator, on=yesterday) == ["Dagen er gået. Skriv den dag, de mødes."]
    act(subject, by=coordinator, on=TODAY)
    assert active.planned_meetings.to_do().get().on == TODAY


def test_two_open_plans_of_a_match_are_impossible(planned):
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedMeeting.objects.bulk_create([PlannedMeeting(match=planned.match, on=MONDAY)])
    PlannedMeeting.objects.bulk_create([PlannedMeeting(match=planned.match, on=MONDAY, state="moved")])


def test_a_start_closes_the_first_meeting_whatever_its_day(introduced, coordinator):
    services.start_match(introduced, by=coordinator, on=TODAY, hours=1)
    plan = introduced.planned_meetings.get()
    assert (plan.state, plan.on, plan.meeting) == ("held", FRIDAY, introduced.meetings.get())


def test_a_meeting_of_the_day_or_later_closes_the_plan_and_an_earlier_one_does_not(active, coordinator):
    plan = PlannedMeetingFactory(match=active, on=dt.date(2011, 9, 12))
    services.record_meeting(active, by=coordinator, held_on=dt.date(2011, 9, 11), hours=1)
    plan.refresh_from_db()
    assert (plan.state, plan.meeting) == ("open", None)
    meeting = services.record_meeting(active, by=coordinator, held_on=dt.date(2011, 9, 13), hours=1)
    plan.refresh_from_db()
    assert (plan.state, plan.meeting) == ("held", meeting)


def test_removing_the_meeting_opens_the_plan_again(active, coordinator):
    plan = PlannedMeetingFactory(match=active, on=TODAY)
    meeting = services.record_meeting(active, by=coordinator, held_on=TODAY, hours=1)
    services.remove_meeting(meeting, by=coordinator)
    plan.refresh_from_db()
    assert (plan.state, plan.meeting) == ("open", None)


def test_removing_the_meeting_keeps_a_plan_made_since(active, coordinator):
    plan = PlannedMeetingFactory(match=active, on=TODAY)
    meeting = services.record_meeting(active, by=coordinator, held_on=TODAY, hours=1)
    services.plan_meeting(active, by=coordinator, on=MONDAY)
    services.remove_meeting(meeting, by=coordinator)
    plan.refresh_from_db()
    assert (plan.state, active.planned_meetings.to_do().get().on) == ("held", MONDAY)


@pytest.mark.parametrize(
    ("act", "values", "reason"),
    [
        (services.decline_match, {"on": TODAY, "side": "mentor"}, "Afvist"),
        (services.withdraw_match, {}, "Taget tilbage"),
    ],
)
def test_a_match_that_does_not_start_cancels_its_first_meeting(introduced, coordinator, act, values, reason):
    act(introduced, by=coordinator, **values)
    assert plans_of(introduced) == [(FRIDAY, HALF_PAST_FOUR, "Biblioteket", "cancelled", reason)]


def test_the_end_of_a_match_cancels_its_next_meeting(planned, coordinator):
    services.end_match(planned.match, by=coordinator, on=TODAY, reason="completed", mentor_next="", mentee_next="")
    assert plans_of(planned.match) == [(FRIDAY, HALF_PAST_FOUR, "Biblioteket", "cancelled", "Afsluttet")]


def test_correcting_the_arranged_day_moves_the_plan(introduced, coordinator):
    services.correct_match_days(introduced, by=coordinator, reason="Tastefejl", introduced_on=MONDAY)
    assert introduced.planned_meetings.get().on == MONDAY


def test_a_receiver_takes_part_instead_of_the_giver_in_the_period(introduced, coordinator, administrator):
    plan = introduced.planned_meetings.get()
    services.hand_over(
        matches={introduced: administrator}, by=coordinator, from_on=TODAY, until_on=FRIDAY, reason="Ferie"
    )
    plan.refresh_from_db()
    assert plan.staff == administrator


def test_a_deputy_of_another_period_does_not_take_part(introduced, coordinator, administrator):
    services.hand_over(
        matches={introduced: administrator}, by=coordinator, from_on=TODAY, until_on=TODAY, reason="Ferie"
    )
    assert introduced.planned_meetings.get().staff == coordinator


def test_the_lists_of_planned_meetings(introduced, coordinator, other_branch_coordinator, django_assert_num_queries):
    visible = PlannedMeeting.objects.visible_to(coordinator)
    assert list(PlannedMeeting.objects.visible_to(other_branch_coordinator)) == []
    assert [plan.on for plan in visible.due_between(TODAY, FRIDAY)] == [FRIDAY]
    assert [plan.on for plan in visible.due_between(MONDAY, MONDAY)] == []
    assert [plan.on for plan in visible.overdue(MONDAY)] == [FRIDAY]
    assert [plan.on for plan in visible.overdue(FRIDAY)] == []
    assert [plan.on for plan in visible.of_staff(coordinator, TODAY)] == [FRIDAY]
    assert [plan.on for plan in visible.of_staff(other_branch_coordinator, TODAY)] == []
    with django_assert_num_queries(1):
        [plan] = visible.to_do().for_rows()
        names = (plan.match.mentor.name, plan.match.mentee.name, plan.match.programme.branch.name, plan.staff.name)
    assert names[0] == "Birgitte Holm"
