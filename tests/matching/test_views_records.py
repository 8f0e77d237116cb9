"""Views of the records of a match: meetings, goals and outcomes."""

import datetime as dt
import uuid

from demo.factories import PlannedMeetingFactory
from matching.models import Goal, Meeting, Outcome
from matching.services import record_meeting
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


def meeting_data(**given) -> dict:
    return {"held_on": "14-09-2011", "hours": "2", "note": "", "once": uuid.uuid4()} | given


def test_a_second_meeting_of_the_day_is_asked_about(staff, active, administrator, client_of):
    path = url("meeting-create", active.pk)
    staff.post(path, meeting_data(hours="1,5", note="Café"))
    first = active.meetings.get(held_on="2011-09-14")
    colleague = client_of(administrator)
    data = meeting_data(note="De drak kaffe")
    asked = colleague.post(path, data)
    question = "Mette Sørensen har registreret et møde den dag: 1,5 timer. Er det det samme?"
    assert text_of(asked).count(question) == 1
    for words in ("Café", "Det er det samme møde", "Et møde mere, registrer det også", "De drak kaffe"):
        assert words in text_of(asked)
    assert active.meetings.count() == 2
    assert colleague.post(path, data | {"others": first.pk}).status_code == 302
    assert sorted(active.meetings.filter(held_on="2011-09-14").values_list("hours", flat=True)) == [1.5, 2]


def test_the_same_meeting_keeps_both_notes_and_is_stored_once(staff, active):
    path = url("meeting-create", active.pk)
    staff.post(path, meeting_data(note="Café"))
    first = active.meetings.get(held_on="2011-09-14")
    asked = staff.post(path, meeting_data(note="Tur i Utterslev Mose"))
    assert "Du har registreret et møde den dag: 2 timer. Er det det samme?" in text_of(asked)
    for _time in range(2):
        staff.post(path, meeting_data(note="Tur i Utterslev Mose", same=first.pk))
    staff.post(path, meeting_data(same=first.pk))
    first.refresh_from_db()
    assert (first.note, active.meetings.filter(held_on="2011-09-14").count()) == ("Café\nTur i Utterslev Mose", 1)


def test_a_third_meeting_that_the_user_has_not_seen_is_asked_about(staff, active, coordinator):
    path = url("meeting-create", active.pk)
    staff.post(path, meeting_data())
    first = active.meetings.get(held_on="2011-09-14")
    record_meeting(active, by=None, held_on=first.held_on, hours=1, others=[first.pk])
    asked = staff.post(path, meeting_data(others=first.pk))
    assert "Der er registreret et møde den dag: 1 time. Er det det samme?" in text_of(asked)
    third = active.meetings.order_by("pk").last()
    staff.post(path, meeting_data(others=[first.pk, third.pk]))
    assert active.meetings.filter(held_on="2011-09-14").count() == 3


def test_the_form_of_a_meeting_says_which_agreed_one_it_closes(staff, active):
    PlannedMeetingFactory(match=active, on=dt.date(2011, 9, 14))
    page = staff.get(url("meeting-create", active.pk))
    assert "Det aftalte møde 14. september lukkes af et møde den dag eller senere." in text_of(page)
    assert page.context["form"]["held_on"].value() == "14-09-2011"
