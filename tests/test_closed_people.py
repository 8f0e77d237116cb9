"""Every act about a person is decided: it is refused for one who has died, moved away or wants no contact, or not.

The list is made from the services. When ``test_every_act_about_a_person_is_decided`` fails for a new act, let the
service call ``people.services.permissions.refuse_closed_people`` and enter the act in ``REFUSED``, or enter it in
``ALLOWED`` with the reason.
"""

import datetime as dt
import inspect
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from common.journal import recording
from common.models import Act
from demo.factories import (
    EnrolmentFactory,
    EventFactory,
    FollowUpFactory,
    InterviewFactory,
    MatchFactory,
    MentorFactory,
    PlannedMeetingFactory,
)
from events import services as events
from events.models import Attendance
from events.services.bulk import AttendanceEntry, bulk_record_attendance
from matching import services as matching
from matching.models import Match
from matching.services.bulk import NewMatch, bulk_create_matches
from people import services as people
from people.enums import PersonStateKind
from people.models import Enrolment
from people.services.bulk import bulk_enrol_people
from tests.events.conftest import at
from tests.test_services import public_functions

TODAY = dt.date(2011, 9, 15)
TOMORROW = TODAY + dt.timedelta(days=1)
PARAMETERS = {
    *("person", "people", "kept", "one", "mentor", "mentee", "enrolment", "enrolments", "match", "matches", "new"),
    *("attendance", "entries", "interview", "interviews", "follow_up", "question", "transfer", "state", "plan"),
}

pytestmark = pytest.mark.django_db


class Scene:
    """Ali, a mentee who wants no contact since yesterday, a mentor, and an event of tomorrow."""

    def __init__(self, programme, other, by):
        self.programme, self.other, self.by = programme, other, by
        self.enrolment = EnrolmentFactory(programme=programme, person__first_name="Ali")
        self.mentor = MentorFactory(programme=programme)
        for enrolment in (self.enrolment, self.mentor):
            InterviewFactory(enrolment=enrolment)
        self.person = self.enrolment.person
        self.match = MatchFactory(programme=programme, mentor=self.mentor.person, mentee=self.person)
        self.plan = PlannedMeetingFactory(match=self.match, on=TOMORROW)
        self.follow_up = FollowUpFactory(match=self.match)
        self.event = EventFactory(programme=programme, starts_at=at(TOMORROW, 17))
        self.today = EventFactory(programme=programme, starts_at=at(TODAY, 0))
        self.attendance = Attendance.objects.create(event=self.today, person=self.person, status="absent")
        yesterday = TODAY - dt.timedelta(days=1)
        people.set_person_state(self.person, by=by, kind=PersonStateKind.NO_CONTACT, on=yesterday)
        for row in (self.enrolment, self.match, self.plan, self.person):
            row.refresh_from_db()


def pair(scene: Scene) -> dict:
    return {"programme": scene.programme, "mentor": scene.mentor.person, "mentee": scene.person, "by": scene.by}


def days_of(scene: Scene) -> dict:
    return {"by": scene.by, "on": TODAY}


# By act, without its module: what would begin something new with the person.
REFUSED: dict[str, Callable[[Scene], object]] = {
    "enrol_person": lambda s: people.enrol_person(s.person, by=s.by, programme=s.programme, role="volunteer"),
    "complete_intake": lambda s: people.complete_intake(
        by=s.by, person=s.person, enrolment={"programme": s.programme, "role": "volunteer"}
    ),
    "reopen_enrolment": lambda s: people.reopen_enrolment(s.enrolment, by=s.by),
    "pause_enrolment": lambda s: people.pause_enrolment(s.enrolment, **days_of(s), reason="Rejse"),
    "record_contact": lambda s: people.record_contact(s.person, **days_of(s)),
    "ask_transfer": lambda s: people.ask_transfer(s.person, by=s.by, to=s.other),
    "set_person_state": lambda s: people.set_person_state(s.person, **days_of(s), kind=PersonStateKind.DIED),
    "propose_match": lambda s: matching.propose_match(**pair(s), on=TODAY),
    "register_match": lambda s: matching.register_match(**pair(s), proposed_on=TODAY, started_on=TODAY),
    "reopen_match": lambda s: matching.reopen_match(s.match, **days_of(s)),
    "resume_match": lambda s: matching.resume_match(s.match, **days_of(s)),
    "pause_match": lambda s: matching.pause_match(s.match, **days_of(s)),
    "answer_match": lambda s: matching.answer_match(s.match, **days_of(s), side="mentee", said_yes=True),
    "introduce_match": lambda s: matching.introduce_match(s.match, **days_of(s)),
    "start_match": lambda s: matching.start_match(s.match, **days_of(s)),
    "record_meeting": lambda s: matching.record_meeting(s.match, by=s.by, held_on=TODAY, hours=1),
    "plan_meeting": lambda s: matching.plan_meeting(s.match, by=s.by, on=TOMORROW),
    "move_planned_meeting": lambda s: matching.move_planned_meeting(
        s.plan, by=s.by, on=TOMORROW + dt.timedelta(days=1)
    ),
    "add_contact": lambda s: matching.add_contact(s.enrolment, **days_of(s), channel="phone", result="talked"),
    "record_try": lambda s: matching.record_try(s.follow_up, **days_of(s), channel="phone", result="not_reached"),
    "plan_interview": lambda s: matching.plan_interview(s.enrolment, by=s.by, on=TOMORROW),
    "record_interview": lambda s: matching.record_interview(
        s.enrolment, by=s.by, held_on=TODAY, interviewer=None, summary="Talt sammen", assessment="suitable"
    ),
    "invite_people": lambda s: events.invite_people(s.event, **days_of(s), people=[s.person]),
    "sign_up": lambda s: events.sign_up(s.event, by=s.by, person=s.person),
    "add_participant": lambda s: events.add_participant(s.today, by=s.by, person=s.person),
    "tick_attendance": lambda s: events.tick_attendance(s.attendance, by=s.by),
    "bulk_enrol_people": lambda s: bulk_enrol_people(
        [Enrolment(person=s.person, programme=s.programme, role="volunteer")], by=s.by
    ),
    "bulk_create_matches": lambda s: bulk_create_matches(
        s.programme,
        [
            NewMatch(
                Match(programme=s.programme, mentor=s.mentor.person, mentee=s.person, status="active"),
                [("active", TODAY)],
            )
        ],
        by=s.by,
    ),
    "bulk_record_attendance": lambda s: bulk_record_attendance([AttendanceEntry(s.event, s.person.pk, "invited")]),
}
FACT = "a fact about what was before, or a detail of the case"
ENDS = "ends or withdraws something"
ALLOWED = {
    **dict.fromkeys(
        [
            *("update_person", "set_languages", "record_consent", "update_enrolment", "update_wishes"),
            *("correct_application", "correct_interview", "correct_follow_up", "correct_match_days", "record_check"),
            *("move_follow_up", "skip_follow_up", "restore_follow_up", "record_outcomes_asked"),
            *("record_outcome", "add_goal", "sign_agreement", "record_follow_up", "undo_follow_up", "hand_over"),
            *("bulk_complete_interviews", "bulk_create_interviews", "bulk_apply_assessments", "bulk_create_people"),
        ],
        FACT,
    ),
    **dict.fromkeys(
        [
            *(
                "end_enrolment",
                "end_match",
                "withdraw_match",
                "decline_match",
                "cancel_interview",
                "miss_interview",
                "cancel_planned_meeting",
                "cancel_sign_up",
            ),
            *("remove_invitation", "undo_attendance", "withdraw_question", "withdraw_transfer", "remove_person"),
            "lift_person_state",
        ],
        ENDS,
    ),
    **dict.fromkeys(["merge_people", "mark_distinct"], "says who is who"),
    **dict.fromkeys(["ask_branch", "answer_question"], "two branches talk about a person, not with the person"),
    "answer_transfer": "refuses to accept a person with a state (tests/people/test_transfers.py)",
    "create_follow_ups": "is called by the acts that start a match",
}


def test_every_act_about_a_person_is_decided():
    found = {
        name.rpartition(".")[2]
        for name, function in public_functions()
        if (getattr(function, "is_act", False) or name.rpartition(".")[2].startswith("bulk_"))
        and PARAMETERS & inspect.signature(function).parameters.keys()
    }
    assert sorted(found) == sorted(REFUSED | ALLOWED)


@pytest.mark.parametrize("name", REFUSED)
def test_the_act_is_refused_and_stores_nothing(programme, koebenhavn, coordinator, name):
    scene = Scene(programme, koebenhavn, coordinator)
    acts = Act.objects.count()
    with pytest.raises(ValidationError), recording(name, by=coordinator):
        REFUSED[name](scene)
    assert Act.objects.count() == acts
    assert not scene.person.enrolments.exclude(status="ended").exists()
