"""Views of the records of a match: meetings, goals and outcomes."""

import datetime as dt
import uuid

from matching.models import Goal, Meeting, Outcome
from tests.matching.conftest import text_of, url

TODAY = dt.date(2011, 9, 15)


def test_meeting_create_twice_creates_one_which_can_be_removed(staff, active):
    assert 'name="held_on" value="15-09-2011"' in text_of(
        staff.get(url("meeting-create", active.pk), headers={"HX-Request": "true"})
    )
    data = {"held_on": "15-09-2011", "hours": "1,5", "note": "Café", "once": uuid.uuid4()}
    for _time in range(2):
        assert staff.post(url("meeting-create", active.pk), data).url == url("match-detail", active.pk)
    meeting = Meeting.objects.get(held_on=TODAY)
    assert "Café" in text_of(staff.get(url("meeting-list", active.pk)))
    staff.post(url("meeting-remove", meeting.pk))
    assert active.meetings.count() == 1


def test_meeting_create_shows_errors_and_keeps_the_input(staff, active):
    response = staff.post(
        url("meeting-create", active.pk), {"held_on": "31-06-2011", "hours": "30", "note": "Beholdes"}
    )
    form = response.context["form"]
    assert form.errors == {
        "held_on": ["Juni har 30 dage. Skriv en dato, der findes."],
        "hours": ["Skriv mellem et kvarter og 24 timer."],
    }
    assert form["note"].value() == "Beholdes"


def test_goal_create_and_update(staff, active):
    staff.post(url("goal-create", active.pk), {"text": "Tale dansk", "note": ""})
    goal = Goal.objects.get()
    response = staff.post(url("goal-update", goal.pk), {"text": "Tale dansk", "status": "reached", "reached_on": ""})
    assert response.context["form"].errors == {"reached_on": ["Skriv, hvornår målet blev nået."]}
    staff.post(url("goal-update", goal.pk), {"text": "Tale dansk", "status": "reached", "reached_on": "8/9-11"})
    goal.refresh_from_db()
    assert (goal.status, goal.reached_on) == ("reached", dt.date(2011, 9, 8))
    assert 'value="08-09-2011"' in text_of(staff.get(url("goal-update", goal.pk)))
    assert "Nået 8. september" in text_of(staff.get(url("match-detail", active.pk)))


def test_outcome_create_and_remove(staff, active):
    staff.post(url("outcome-create", active.pk), {"kind": "job", "on": "15-09-2011", "note": "", "told_by": "mentee"})
    outcome = Outcome.objects.get()
    staff.post(url("outcome-remove", outcome.pk))
    assert Outcome.objects.count() == 0
