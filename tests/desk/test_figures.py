import datetime as dt

import pytest

from demo.factories import (
    AttendanceFactory,
    ContactFactory,
    EnrolmentFactory,
    EventFactory,
    FollowUpFactory,
    MatchFactory,
    TargetFactory,
    TermFactory,
)
from desk import figures
from events.models import Event

TODAY = dt.date(2011, 9, 15)
NOW = dt.datetime(2011, 9, 15, 9, 0, tzinfo=dt.UTC)


def target(programme, **fields):
    values = {
        "programme": programme,
        "period_start": dt.date(2011, 1, 1),
        "period_end": dt.date(2011, 12, 31),
        "value": 25,
        "on_today": True,
    }
    return TargetFactory(**values | fields)


def test_statuses_on_today_are_of_the_chosen_current_targets(coordinator, programme, other_programme):
    shown = target(programme)
    target(programme, on_today=False)
    target(programme, period_start=dt.date(2010, 1, 1), period_end=dt.date(2010, 12, 31))
    target(other_programme)
    found = figures.statuses_on_today(coordinator, [programme, other_programme], TODAY)
    assert [status.target for status in found] == [shown]


def test_statuses_by_programme_are_of_all_current_targets(manager, programme):
    rows = [target(programme, order=1), target(programme, order=2, on_today=False)]
    [(found, statuses)] = figures.statuses_by_programme(manager, [programme], TODAY)
    assert (found, [status.target for status in statuses]) == (programme, rows)


def test_status_words_count_what_is_missing_or_name_the_state(coordinator, programme):
    target(programme)
    [status] = figures.statuses_on_today(coordinator, [programme], TODAY)
    assert figures.status_words(status) == "18 bag planen"
    for _number in range(18):
        MatchFactory(programme=programme)
    [status] = figures.statuses_on_today(coordinator, [programme], TODAY)
    assert figures.status_words(status) == "Følger planen"


def test_longest_waiting_counts_all_and_shows_three(coordinator, programme):
    days = [dt.date(2011, 9, 1), dt.date(2011, 4, 20), dt.date(2011, 5, 17), dt.date(2011, 6, 11)]
    rows = [EnrolmentFactory(programme=programme, waiting_since=day) for day in days]
    EnrolmentFactory(programme=programme, status="applied")
    shown, total = figures.longest_waiting(coordinator, programme.branch_id, TODAY)
    assert [(row.enrolment, row.days) for row in shown] == [(rows[1], 148), (rows[2], 121), (rows[3], 96)]
    assert total == 4


def test_longest_waiting_of_an_empty_list(coordinator, programme):
    assert figures.longest_waiting(coordinator, programme.branch_id, TODAY) == ([], 0)


@pytest.mark.parametrize(
    ("wish", "expected"),
    [("Søger en mand i byggefaget. Gerne aftener.", "Søger en mand i byggefaget"), ("", "Praktik")],
)
def test_wish_words_are_the_wish_or_the_terms(db, programme, wish, expected):
    enrolment = EnrolmentFactory(programme=programme, wish=wish, terms=[TermFactory(name="Praktik")])
    assert figures.wish_words(enrolment) == expected


def test_next_events_are_the_coming_ones(coordinator, programme):
    later = EventFactory(programme=programme, starts_at=dt.datetime(2011, 10, 4, 17, 0, tzinfo=dt.UTC))
    soon = EventFactory(programme=programme)
    EventFactory(programme=programme, is_cancelled=True)
    EventFactory(programme=programme, starts_at=dt.datetime(2011, 9, 1, 17, 0, tzinfo=dt.UTC))
    assert figures.next_events(coordinator, programme.branch_id, NOW) == [soon, later]


def test_places_words_show_when_an_event_is_full(db, programme):
    event = EventFactory(programme=programme, capacity=1)
    AttendanceFactory(event=event, status="signed_up", place_number=1)
    AttendanceFactory(event=event, status="waiting_list")
    roomy = EventFactory(programme=programme, capacity=40)
    endless = EventFactory(programme=programme)
    words = {row.pk: figures.places_words(row) for row in Event.objects.with_counts()}
    assert words == {
        event.pk: "1 tilmeldt · fuldt · 1 på venteliste",
        roomy.pk: "0 tilmeldt · 40 pladser",
        endless.pk: "0 tilmeldt",
    }


def test_work_figures_count_without_names(manager, programme, other_programme):
    EnrolmentFactory(programme=programme, waiting_since=dt.date(2011, 4, 20))
    EnrolmentFactory(programme=programme, status="applied")
    match = MatchFactory(programme=programme)
    FollowUpFactory(match=match, due_on=dt.date(2011, 8, 1), done_on=dt.date(2011, 8, 1))
    FollowUpFactory(match=match, due_on=dt.date(2011, 8, 2), done_on=dt.date(2011, 8, 9))
    FollowUpFactory(match=match, due_on=dt.date(2011, 9, 6))
    FollowUpFactory(match=MatchFactory(programme=other_programme))
    work = figures.work_figures(manager, programme.branch_id, TODAY)
    assert work == figures.WorkFigures(
        applied=1, waiting=1, longest_wait=148, running=1, paused=0, proposed=0, overdue=1, done=2, on_time=1
    )
    assert work.on_time_share == 50


def test_moved_and_skipped_follow_ups_and_contacts_outside_the_plan_in_the_figures(manager, programme):
    """A moved follow-up is judged by its new day, a skipped one does not count, and neither does a contact."""
    match = MatchFactory(programme=programme)
    moved = {"first_due_on": dt.date(2011, 8, 1), "moved_reason": "Ferie", "due_on": dt.date(2011, 8, 9)}
    FollowUpFactory(match=match, **moved, done_on=dt.date(2011, 8, 9))
    FollowUpFactory(match=match, due_on=dt.date(2011, 9, 6), skipped_reason="Syg")
    ContactFactory(enrolment=match.mentee.enrolments.get(), match=match, mood="good")
    work = figures.work_figures(manager, programme.branch_id, TODAY)
    assert (work.overdue, work.done, work.on_time) == (0, 1, 1)


def test_work_figures_of_an_empty_branch(manager, programme):
    work = figures.work_figures(manager, programme.branch_id, TODAY)
    assert (work.longest_wait, work.on_time_share) == (0, None)
