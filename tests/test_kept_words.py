"""No act empties the words of another: the history of the page shows them. The list of these acts is generated."""

import datetime as dt
from html import unescape

import pytest
from django.urls import reverse

from common import clock
from demo.factories import EventFactory
from events.services.events import cancel_event, reinstate_event
from matching import services as matching
from people import services as people
from tests.matching.conftest import active, agreed, mentee, mentor, plan, proposed, ready_mentee  # noqa: F401
from tests.test_dated_acts import acts

VERBS = ("answer", "cancel", "decline", "reinstate", "reopen", "resume", "lift", "remove", "undo", "withdraw")
APPS = ("events", "matching", "people")
WORDS = "Ring først til søsteren"
DAY = dt.date(2011, 8, 1)

NO_WORDS = "it takes back what holds no words"
# Acts that empty no words of another act, and why.
NOT_SHOWN = {
    "events.services.attendance.undo_absent": NO_WORDS,
    "events.services.attendance.undo_attendance": NO_WORDS,
    "events.services.confirmation.undo_confirmation": NO_WORDS,
    "events.services.invitations.remove_invitation": NO_WORDS,
    "events.services.invitations.withdraw_invitations": NO_WORDS,
    "events.services.invitations.withdraw_programme_invitation": NO_WORDS,
    "events.services.places.cancel_sign_up": NO_WORDS,
    "matching.services.handovers.undo_handover": "tests/matching/test_services_handovers.py",
    "people.services.merging.undo_merge": "tests/people/test_services_merging.py",
    "people.services.questions.answer_question": "an answer is final, and the note of the question stays",
    "people.services.questions.withdraw_question": "tests/common/test_history.py",
    "people.services.removing.remove_person": "only a person without records, made by mistake today",
    "people.services.states.lift_person_state": "the record of the state stays with its note",
    "people.services.transfers.answer_transfer": "an answer is final, and the reason of the question stays",
    "people.services.transfers.withdraw_transfer": "the record of the transfer stays with its reason",
}


def test_the_list_of_acts_is_complete():
    found = [name for name in acts() if name.split(".")[0] in APPS and name.rpartition(".")[2].startswith(VERBS)]
    assert sorted([*NOT_SHOWN, *KEPT, *SHOWN]) == sorted(found)


def test_an_event_that_is_cancelled_and_takes_place_keeps_its_words(programme, coordinator):
    event = EventFactory(programme=programme, description=WORDS)
    cancel_event(event, by=coordinator)
    reinstate_event(event, by=coordinator)
    event.refresh_from_db()
    assert (event.description, event.is_cancelled) == (WORDS, False)


def meeting(match, by):
    matching.remove_meeting(matching.record_meeting(match, by=by, held_on=DAY, hours=1, note=WORDS), by=by)


def planned(match, by):
    meeting = matching.plan_meeting(match, by=by, on=clock.today(), place=WORDS)
    matching.cancel_planned_meeting(meeting, by=by, reason=WORDS)
    assert match.planned_meetings.get().place == WORDS


def outcome(match, by):
    matching.remove_outcome(matching.record_outcome(match, by=by, kind="job", on=DAY, note=WORDS), by=by)


def contact(match, by):
    role = match.mentee.enrolments.get(programme=match.programme)
    row = matching.add_contact(role, by=by, on=DAY, channel="phone", result="talked", match=match, note=WORDS)
    matching.remove_contact(row, by=by)


def follow_up(match, by):
    row = match.follow_ups.order_by("due_on").first()
    matching.record_follow_up(row, by=by, on=DAY, channel="phone", mood="good", note=WORDS)
    matching.undo_follow_up(row, by=by)
    assert row.note == WORDS


def withdrawn(match, by):
    follow_up(match, by)
    matching.withdraw_match(match, by=by, note="Forkert person")


def resumed(match, by):
    matching.pause_match(match, by=by, on=DAY, note=WORDS)
    matching.resume_match(match, by=by, on=DAY, note="Hjemme")
    assert match.pauses.get().reason == WORDS


def reopened(match, by):
    after = {"mentor_next": "waiting", "mentee_next": "waiting"}
    matching.end_match(match, by=by, on=DAY, reason="moved", note=WORDS, **after)
    matching.reopen_match(match, by=by, on=DAY)
    assert match.endings.get().note == WORDS


def declined(match, by):
    matching.withdraw_match(match, by=by, note="Forkert")
    pair = {"mentor": match.mentor, "mentee": match.mentee, "programme": match.programme}
    match.refresh_from_db()
    again = matching.propose_match(**pair, by=by, on=DAY)
    again.mentee_said_yes_on = None
    matching.answer_match(again, side="mentee", said_yes=True, by=by, on=DAY)
    matching.answer_match(again, side="mentor", said_yes=True, by=by, on=DAY)
    matching.introduce_match(again, by=by, on=DAY, place=WORDS)
    matching.decline_match(again, by=by, on=DAY, side="mentor", note="Syg")
    assert again.first_meeting_place == WORDS
    return again


# What each act leaves of the words, in the history of the match.
SHOWN = {
    "matching.services.planned_meetings.cancel_planned_meeting": planned,
    "matching.services.records.remove_meeting": meeting,
    "matching.services.records.remove_outcome": outcome,
    "matching.services.contacts.remove_contact": contact,
    "matching.services.records.undo_follow_up": follow_up,
    "matching.services.endings.withdraw_match": withdrawn,
    "matching.services.matches.resume_match": resumed,
    "matching.services.endings.reopen_match": reopened,
    "matching.services.matches.decline_match": declined,
    "matching.services.matches.answer_match": declined,
}
# Tested below.
KEPT = {
    "events.services.events.cancel_event",
    "events.services.events.reinstate_event",
    "matching.services.screening.cancel_interview",
    "people.services.enrolments.reopen_enrolment",
}


def history(client, record) -> str:
    address = reverse("history", args=[record._meta.app_label, record._meta.model_name, record.pk])
    return unescape(client.get(address).content.decode())


@pytest.mark.parametrize("name", SHOWN)
def test_the_history_of_the_match_shows_the_words(name, client_of, coordinator, active):  # noqa: F811
    match = SHOWN[name](active, coordinator) or active
    assert WORDS in history(client_of(coordinator), match)


def test_the_history_of_the_person_shows_the_words(client_of, coordinator, programme):
    role = ready_mentee(programme)
    interview = matching.plan_interview(role, by=coordinator, on=dt.date(2011, 9, 20), place=WORDS)
    matching.cancel_interview(interview, by=coordinator)
    people.end_enrolment(role, by=coordinator, on=dt.date(2011, 9, 1), reason="Flyttet til Odense")
    people.reopen_enrolment(role, by=coordinator, on=dt.date(2011, 9, 2))
    check = matching.record_check(role, by=coordinator, kind="reference", outcome="pending", note="Venter på Bodil")
    matching.record_check(role, by=coordinator, kind="reference", outcome="approved", checked_on=DAY, note="Godt")
    assert role.checks.get() == check
    shown = history(client_of(coordinator), role.person)
    for words in (WORDS, "Flyttet til Odense", "Venter på Bodil", "Godt"):
        assert words in shown
