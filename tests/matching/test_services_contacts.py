"""Services of contacts outside the plan."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from common.models import Act
from demo.factories import ContactFactory, EnrolmentFactory, MatchFactory, MentorFactory
from matching import services
from matching.models import Contact

TODAY = dt.date(2011, 9, 15)


def add(enrolment, by, **fields):
    return services.add_contact(enrolment, **{"by": by, "on": TODAY, "channel": "phone", "result": "talked"} | fields)


def test_a_talk_with_a_waiting_mentee_without_a_match(mentee, coordinator):
    contact = add(mentee, coordinator, mood="mixed", note="Vil gerne snart begynde")
    contact.refresh_from_db()
    assert (contact.enrolment, contact.match, contact.recorded_by) == (mentee, None, coordinator)
    assert (contact.on, contact.channel, contact.result, contact.mood) == (TODAY, "phone", "talked", "mixed")
    assert (contact.side, contact.is_talk, str(contact)) == ("mentee", True, "Talte sammen 2011-09-15")
    mentee.refresh_from_db()
    assert mentee.status == "waiting"


@pytest.mark.parametrize("factory", [EnrolmentFactory, MentorFactory])
@pytest.mark.parametrize("status", ["applied", "paused", "ended"])
def test_a_contact_needs_no_status(programme, coordinator, factory, status):
    day = {"paused": {"paused_on": TODAY}, "ended": {"ended_on": TODAY}}.get(status, {})
    assert add(factory(programme=programme, status=status, **day), coordinator, result="not_reached").pk


def test_a_contact_does_no_planned_follow_up(active, mentee, coordinator):
    before = list(active.follow_ups.values_list("pk", "due_on", "done_on"))
    add(mentee, coordinator, match=active, mood="good")
    assert list(active.follow_ups.values_list("pk", "due_on", "done_on")) == before


@pytest.mark.parametrize("field", ["mood", "support"])
@pytest.mark.parametrize("result", ["not_reached", "left_message"])
def test_a_try_has_no_answers(mentee, coordinator, field, result):
    answer = {"mood": "good", "support": "yes"}[field]
    with pytest.raises(ValidationError) as error:
        add(mentee, coordinator, result=result, **{field: answer})
    assert error.value.messages == ["Hvordan det går, kan kun besvares, når I har talt sammen."]
    with pytest.raises(IntegrityError, match="contact_answers_only_when_talked"), transaction.atomic():
        ContactFactory(enrolment=mentee, result=result, **{field: answer})


@pytest.mark.parametrize("field", ["channel", "result", "mood", "support"])
def test_the_database_refuses_unknown_codes(mentee, field):
    with pytest.raises(IntegrityError, match=f"contact_{field}_valid"), transaction.atomic():
        ContactFactory(enrolment=mentee, **{field: "x"})


def test_a_contact_is_about_a_match_of_the_person_only(active, mentee, coordinator, programme):
    other = MatchFactory(programme=programme)
    with pytest.raises(ValidationError) as error:
        add(mentee, coordinator, match=other)
    assert error.value.message_dict == {"match": ["Personen er ikke i dette match."]}
    own_mentor = active.mentor.enrolments.get()
    assert add(own_mentor, coordinator, match=active).side == "mentor"


def test_impossible_contacts_are_refused(mentee, coordinator, other_branch_coordinator):
    with pytest.raises(ValidationError) as error:
        add(mentee, coordinator, on=TODAY + dt.timedelta(days=1))
    assert list(error.value.message_dict) == ["on"]
    with pytest.raises(ValidationError) as error:
        add(mentee, coordinator, note="Hans nummer er 010190-1234")
    assert list(error.value.message_dict) == ["note"]
    with pytest.raises(PermissionDenied):
        add(mentee, other_branch_coordinator)
    assert not Contact.objects.exists()


def test_a_try_leaves_the_follow_up_due(active, coordinator):
    follow_up = active.follow_ups.get(side="mentor")
    contact = services.record_try(follow_up, by=coordinator, on=TODAY, channel="phone", result="left_message")
    assert (contact.enrolment.person, contact.match, contact.result) == (active.mentor, active, "left_message")
    follow_up.refresh_from_db()
    assert (follow_up.done_on, follow_up.channel) == (None, "")
    with pytest.raises(ValidationError):
        services.record_try(follow_up, by=coordinator, on=TODAY, channel="phone", result="talked")


@pytest.mark.parametrize(("side", "role"), [("both", "mentee"), ("parents", "mentee"), ("mentor", "mentor")])
def test_a_try_is_with_the_person_to_call(active, coordinator, side, role):
    follow_up = active.follow_ups.get(side="mentor")
    follow_up.side = side
    contact = services.record_try(follow_up, by=coordinator, on=TODAY, channel="sms", result="not_reached")
    assert contact.enrolment.role == role


def test_a_try_with_a_person_who_is_not_enrolled_is_refused(active, coordinator):
    active.mentor.enrolments.all().delete()
    follow_up = active.follow_ups.get(side="mentor")
    with pytest.raises(services.MatchRefused):
        services.record_try(follow_up, by=coordinator, on=TODAY, channel="phone", result="not_reached")


def test_a_correction_keeps_its_reason_and_a_removal_its_words(mentee, coordinator):
    contact = add(mentee, coordinator, mood="good", support="yes", note="Talt med Leyla")
    services.correct_contact(
        contact, by=coordinator, reason="Det var en besked", on=dt.date(2011, 9, 14), channel="sms",
        result="left_message", note="Talt med Leyla",
    )  # fmt: skip
    contact.refresh_from_db()
    assert (contact.on, contact.result, contact.mood, contact.support) == (
        dt.date(2011, 9, 14),
        "left_message",
        "",
        "",
    )
    assert Act.objects.get(name="correct_contact").reason == "Det var en besked"
    assert services.remove_contact(contact, by=coordinator) == mentee
    assert not Contact.objects.exists()


def test_a_correction_is_checked_as_a_new_contact(mentee, coordinator):
    contact = add(mentee, coordinator)
    values = {"by": coordinator, "reason": "Forkert", "channel": "phone", "result": "talked"}
    with pytest.raises(ValidationError) as error:
        services.correct_contact(contact, on=TODAY + dt.timedelta(days=1), **values)
    assert list(error.value.message_dict) == ["on"]
