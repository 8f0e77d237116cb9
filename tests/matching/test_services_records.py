"""Services of the records of a match: follow-ups, meetings, goals and outcomes."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from common.models import Act, Change
from matching import services
from matching.models import Contact, Match
from tests.journal_entries import recorded

TODAY = dt.date(2011, 9, 15)
NEXT = {"mentor_next": "waiting", "mentee_next": "ended"}


# --- follow-ups --------------------------------------------------------------------------------------


def record(follow_up, by, **kwargs):
    return services.record_follow_up(
        follow_up, **{"by": by, "on": TODAY, "channel": "phone", "mood": "good", "note": "Mødes ugentligt"} | kwargs
    )


@pytest.fixture
def follow_up(active):
    return active.follow_ups.get(side="mentor")


def test_record_follow_up_stores_the_answers(follow_up, coordinator):
    record(follow_up, coordinator)
    follow_up.refresh_from_db()
    assert (follow_up.done_on, follow_up.done_by) == (TODAY, coordinator)
    assert (follow_up.channel, follow_up.mood, follow_up.note) == ("phone", "good", "Mødes ugentligt")


def test_record_follow_up_with_the_same_answers_changes_nothing(follow_up, coordinator):
    record(follow_up, coordinator)
    assert record(follow_up, coordinator).done_on == TODAY


def test_record_follow_up_keeps_other_answers_as_a_contact_outside_the_plan(follow_up, coordinator, administrator):
    record(follow_up, administrator)
    contacts = [record(follow_up, coordinator, note="Noget andet", mood="hard") for _twice in range(2)]
    assert contacts[0] == contacts[1] == Contact.objects.get()
    further = contacts[0]
    assert (further.match, further.side, further.result) == (follow_up.match, "mentor", "talked")
    assert (further.on, further.recorded_by) == (TODAY, coordinator)
    assert (further.note, further.mood) == ("Noget andet", "hard")
    follow_up.refresh_from_db()
    assert (follow_up.note, follow_up.mood, follow_up.done_by) == ("Mødes ugentligt", "good", administrator)


@pytest.mark.parametrize("day", [dt.date(2011, 9, 16), dt.date(2011, 6, 1)])
def test_record_follow_up_refuses_impossible_days(follow_up, coordinator, day):
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
    assert (follow_up.done_on, follow_up.done_by, follow_up.mood) == (None, None, "")
    assert follow_up.note == "Mødes ugentligt"  # the draft of the next note


# --- meetings, goals, outcomes -----------------------------------------------------------------------


def test_record_meeting_stores_day_and_hours(active, coordinator):
    meeting = services.record_meeting(active, by=coordinator, held_on=TODAY, hours=Decimal("1.5"), note="Café")
    assert (meeting.held_on, meeting.hours, meeting.recorded_by) == (TODAY, Decimal("1.5"), coordinator)
    assert services.remove_meeting(meeting, by=coordinator) == active
    assert active.meetings.count() == 1


@pytest.mark.parametrize(
    ("held_on", "hours", "field"),
    [
        (dt.date(2011, 9, 16), 2, "held_on"),
        (dt.date(2011, 6, 27), 2, "held_on"),
        (TODAY, Decimal("0.1"), "hours"),
        (TODAY, 25, "hours"),
    ],
)
def test_record_meeting_refuses_impossible_values(active, coordinator, held_on, hours, field):
    with pytest.raises(ValidationError) as error:
        services.record_meeting(active, by=coordinator, held_on=held_on, hours=hours)
    assert list(error.value.message_dict) == [field]


def test_record_meeting_refuses_days_after_the_end(active, coordinator):
    services.end_match(active, by=coordinator, on=dt.date(2011, 9, 1), reason="moved", **NEXT)
    services.record_meeting(active, by=coordinator, held_on=dt.date(2011, 8, 30), hours=2)
    with pytest.raises(ValidationError) as error:
        services.record_meeting(active, by=coordinator, held_on=dt.date(2011, 9, 2), hours=2)
    assert error.value.message_dict == {"held_on": ["Matchet sluttede 1.\xa0september. Dagen kan ikke ligge efter."]}


def test_record_meeting_and_outcome_refuse_a_match_not_started(proposed, coordinator):
    with pytest.raises(services.MatchRefused, match="Matchet er ikke begyndt"):
        services.record_meeting(proposed, by=coordinator, held_on=TODAY, hours=2)
    with pytest.raises(services.MatchRefused, match="Matchet er ikke begyndt"):
        services.record_outcome(proposed, by=coordinator, kind="job", on=TODAY)


def test_add_goal_and_update_goal(active, coordinator):
    goal = services.add_goal(active, by=coordinator, text="Blive optaget på SOSU", note="Frist 15. november")
    services.update_goal(goal, by=coordinator, text=goal.text, status="reached", reached_on=TODAY)
    assert (goal.status, goal.reached_on) == ("reached", TODAY)
    services.update_goal(goal, by=coordinator, text=goal.text, status="dropped", reached_on=TODAY)
    assert (goal.status, goal.reached_on) == ("dropped", None)
    with pytest.raises(ValidationError):
        services.update_goal(goal, by=coordinator, text="", status="reached", reached_on=TODAY)


def test_record_outcome_after_the_end_of_the_match(active, coordinator):
    services.end_match(active, by=coordinator, on=dt.date(2011, 8, 1), reason="completed", **NEXT)
    outcome = services.record_outcome(active, by=coordinator, kind="job", on=TODAY, note="Lager", told_by="mentee")
    assert (outcome.kind, outcome.on, outcome.recorded_by) == ("job", TODAY, coordinator)
    with pytest.raises(ValidationError):
        services.record_outcome(active, by=coordinator, kind="job", on=dt.date(2011, 6, 1))
    assert services.remove_outcome(outcome, by=coordinator) == active
    assert active.outcomes.count() == 0


# --- the journal -------------------------------------------------------------------------------------


def test_the_journal_has_an_answered_follow_up_field_by_field(follow_up, coordinator):
    record(follow_up, coordinator)
    record(follow_up, coordinator)
    model = "matching.followup"
    assert recorded("record_follow_up") == [
        ("changed", model, "done_on", None, "2011-09-15"),
        ("changed", model, "channel", "", "phone"),
        ("changed", model, "mood", "", "good"),
        ("changed", model, "note", "", "Mødes ugentligt"),
        ("changed", model, "done_by_id", None, coordinator.pk),
    ]
    assert Act.objects.filter(name="record_follow_up").count() == 1


def test_the_journal_has_created_changed_and_deleted_records(active, coordinator):
    goal = services.add_goal(active, by=coordinator, text="Lære dansk")
    services.update_goal(goal, by=coordinator, text="Lære dansk", status="reached", reached_on=TODAY)
    meeting = services.record_meeting(active, by=coordinator, held_on=TODAY, hours=Decimal("1.5"))
    pk = meeting.pk
    services.remove_meeting(meeting, by=coordinator)
    assert recorded("add_goal") == [("made", "matching.goal", "", None, None)]
    assert recorded("update_goal") == [
        ("changed", "matching.goal", "status", "under_way", "reached"),
        ("changed", "matching.goal", "reached_on", None, "2011-09-15"),
    ]
    assert recorded("record_meeting") == [("made", "matching.meeting", "", None, None)]
    removed = Change.objects.get(act__name="remove_meeting")
    assert (removed.kind, removed.model, removed.record_id) == ("removed", "matching.meeting", pk)
    assert (removed.before["held_on"], removed.before["hours"], removed.act.by) == ("2011-09-15", "1.5", coordinator)


def test_a_refused_record_leaves_no_entry_in_the_journal(active, other_branch_coordinator):
    with pytest.raises(PermissionDenied):
        services.add_goal(active, by=other_branch_coordinator, text="Lære dansk")
    assert not Act.objects.filter(name="add_goal").exists()


@pytest.mark.django_db(transaction=True)
def test_simultaneous_meetings_of_a_day_are_recorded_once(active, coordinator, administrator):
    """Both users recorded the same meeting at once: one is stored, and the other is asked whether it is the same."""
    start, asked, failed = threading.Barrier(4), [], []

    def press(by):
        try:
            match = Match.objects.get(pk=active.pk)
            start.wait()
            services.record_meeting(match, by=by, held_on=dt.date(2011, 9, 14), hours=1)
        except services.SameDayRefused as question:
            asked.append(question.meeting.held_on)
        except Exception as error:  # noqa: BLE001 - the test reports every other error
            failed.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(by,)) for by in [coordinator, administrator] * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failed, asked) == ([], [dt.date(2011, 9, 14)] * 3)
    assert active.meetings.filter(held_on=dt.date(2011, 9, 14)).count() == 1
