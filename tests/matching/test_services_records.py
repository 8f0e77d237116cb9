"""Meetings, goals, results, interviews and checks."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from demo.factories import EnrolmentFactory, InterviewFactory, ScreeningRequirementFactory
from matching import services
from people.enums import EnrolmentStatus
from programmes.enums import ScreeningKind

TODAY = dt.date(2011, 9, 15)


def test_record_meeting_counts_day_and_hours(active, coordinator):
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
def test_record_meeting_refuses_what_cannot_be(active, coordinator, held_on, hours, field):
    with pytest.raises(ValidationError) as error:
        services.record_meeting(active, by=coordinator, held_on=held_on, hours=hours)
    assert list(error.value.message_dict) == [field]


def test_record_meeting_waits_for_the_first_and_stops_at_the_end(active, coordinator):
    services.end_match(active, by=coordinator, on=dt.date(2011, 9, 1), reason="moved")
    services.record_meeting(active, by=coordinator, held_on=dt.date(2011, 8, 30), hours=2)
    with pytest.raises(ValidationError) as error:
        services.record_meeting(active, by=coordinator, held_on=dt.date(2011, 9, 2), hours=2)
    assert error.value.message_dict == {"held_on": ["Matchet var afsluttet på det tidspunkt."]}


def test_record_meeting_and_outcome_need_a_begun_match(proposed, coordinator):
    with pytest.raises(services.MatchRefused, match="Matchet er ikke begyndt"):
        services.record_meeting(proposed, by=coordinator, held_on=TODAY, hours=2)
    with pytest.raises(services.MatchRefused, match="Matchet er ikke begyndt"):
        services.record_outcome(proposed, by=coordinator, kind="job", on=TODAY)


def test_goals_are_added_and_reached(active, coordinator):
    goal = services.add_goal(active, by=coordinator, text="Blive optaget på SOSU", note="Frist 15. november")
    services.update_goal(goal, by=coordinator, text=goal.text, status="reached", reached_on=TODAY)
    assert (goal.status, goal.reached_on) == ("reached", TODAY)
    services.update_goal(goal, by=coordinator, text=goal.text, status="dropped", reached_on=TODAY)
    assert (goal.status, goal.reached_on) == ("dropped", None)
    with pytest.raises(ValidationError):
        services.update_goal(goal, by=coordinator, text="", status="reached", reached_on=TODAY)


def test_outcomes_are_recorded_also_after_the_end(active, coordinator):
    services.end_match(active, by=coordinator, on=dt.date(2011, 8, 1), reason="completed")
    outcome = services.record_outcome(active, by=coordinator, kind="job", on=TODAY, note="Lager", told_by="mentee")
    assert (outcome.kind, outcome.on, outcome.recorded_by) == ("job", TODAY, coordinator)
    with pytest.raises(ValidationError):
        services.record_outcome(active, by=coordinator, kind="job", on=dt.date(2011, 6, 1))
    assert services.remove_outcome(outcome, by=coordinator) == active
    assert active.outcomes.count() == 0


# --- interviews --------------------------------------------------------------------------------------


@pytest.fixture
def applicant(programme):
    return EnrolmentFactory(programme=programme, status=EnrolmentStatus.APPLIED)


def interview(enrolment, by, assessment, **kwargs):
    words = {"held_on": dt.date(2011, 9, 14), "interviewer": None, "summary": "Vil i praktik"} | kwargs
    return services.record_interview(enrolment, by=by, assessment=assessment, **words)


def test_plan_interview_makes_one_appointment_and_moves_it(applicant, coordinator, administrator):
    first = services.plan_interview(applicant, by=coordinator, on=dt.date(2011, 9, 20), time=dt.time(13), place="Her")
    second = services.plan_interview(applicant, by=coordinator, on=dt.date(2011, 9, 22), interviewer=administrator)
    assert first == second
    assert (second.planned_on, second.planned_time, second.interviewer) == (dt.date(2011, 9, 22), None, administrator)


def test_record_interview_fills_the_appointment_and_moves_on(applicant, coordinator):
    planned = services.plan_interview(applicant, by=coordinator, on=dt.date(2011, 9, 14))
    held = interview(applicant, coordinator, "suitable", wishes="En kvinde", next_step="Find mentor")
    assert (held, held.interviewer, held.held_on) == (planned, coordinator, dt.date(2011, 9, 14))
    applicant.refresh_from_db()
    assert (applicant.status, applicant.waiting_since) == (EnrolmentStatus.WAITING, dt.date(2011, 9, 14))


def test_record_interview_keeps_the_day_of_somebody_who_waits(mentee, coordinator):
    interview(mentee, coordinator, "suitable")
    mentee.refresh_from_db()
    assert mentee.waiting_since == dt.date(2011, 4, 1)


def test_record_interview_later_and_not_suited(applicant, coordinator):
    interview(applicant, coordinator, "later")
    applicant.refresh_from_db()
    assert applicant.status == EnrolmentStatus.APPLIED
    interview(applicant, coordinator, "not_suitable", assessment_note="Søger bolig")
    applicant.refresh_from_db()
    assert (applicant.status, applicant.ended_on, applicant.ended_reason) == (
        EnrolmentStatus.DECLINED,
        dt.date(2011, 9, 14),
        "Søger bolig",
    )


def test_record_interview_takes_somebody_back_who_was_paused(programme, coordinator):
    paused = EnrolmentFactory(
        programme=programme, status=EnrolmentStatus.PAUSED, paused_on=dt.date(2011, 5, 1), paused_reason="Rejse"
    )
    interview(paused, coordinator, "suitable")
    paused.refresh_from_db()
    assert (paused.status, paused.paused_on, paused.paused_reason) == (EnrolmentStatus.WAITING, None, "")


def test_record_interview_does_not_decline_somebody_in_a_match(active, mentee, coordinator):
    interview(mentee, coordinator, "later")
    mentee.refresh_from_db()
    assert mentee.status == EnrolmentStatus.MATCHED
    with pytest.raises(services.MatchRefused, match="Afslut først matchet"):
        interview(mentee, coordinator, "not_suitable")


def test_record_interview_refuses_the_future_and_cpr(applicant, coordinator):
    with pytest.raises(ValidationError):
        interview(applicant, coordinator, "suitable", held_on=dt.date(2011, 9, 16))
    with pytest.raises(ValidationError):
        interview(applicant, coordinator, "suitable", summary="CPR 010190-1234")
    assert applicant.interviews.count() == 0


def test_cancel_interview_only_before_it_was_held(applicant, coordinator):
    services.cancel_interview(
        services.plan_interview(applicant, by=coordinator, on=dt.date(2011, 9, 20)), by=coordinator
    )
    assert applicant.interviews.count() == 0
    with pytest.raises(services.MatchRefused, match="Interviewet er holdt"):
        services.cancel_interview(InterviewFactory(enrolment=applicant), by=coordinator)


def test_interviews_of_contact_persons_do_not_ask_for_matches(programme, coordinator):
    contact = EnrolmentFactory(programme=programme, role="contact", status=EnrolmentStatus.APPLIED)
    interview(contact, coordinator, "not_suitable")
    contact.refresh_from_db()
    assert contact.status == EnrolmentStatus.DECLINED


# --- checks ------------------------------------------------------------------------------------------


def test_record_check_settles_the_one_under_way(mentor, coordinator):
    under_way = services.record_check(mentor, by=coordinator, kind="reference", outcome="pending")
    settled = services.record_check(mentor, by=coordinator, kind="reference", outcome="approved", checked_on=TODAY)
    assert settled == under_way
    assert (settled.outcome, settled.checked_on, settled.assessor) == ("approved", TODAY, coordinator)
    services.record_check(mentor, by=coordinator, kind="reference", outcome="approved", checked_on=TODAY)
    assert mentor.checks.count() == 2
    with pytest.raises(ValidationError):
        services.record_check(
            mentor, by=coordinator, kind="training", outcome="approved", checked_on=dt.date(2012, 1, 1)
        )


def test_missing_checks_count_only_what_is_approved(mentor, mentee, coordinator, django_assert_num_queries):
    ScreeningRequirementFactory(programme=mentor.programme, kind=ScreeningKind.REFERENCE, count=2)
    ScreeningRequirementFactory(programme=mentor.programme, kind=ScreeningKind.CRIMINAL_RECORD, blocks_match=False)
    services.record_check(mentor, by=coordinator, kind="reference", outcome="approved", checked_on=TODAY)
    services.record_check(mentor, by=coordinator, kind="criminal_record", outcome="refused", checked_on=TODAY)
    with django_assert_num_queries(2):
        missing = services.missing_checks_of([mentor, mentee])
    assert [(check.words, check.blocks_match) for check in missing[mentor.pk]] == [
        ("Straffeattest", False),
        ("Reference (1 af 2)", True),
    ]
    assert missing[mentee.pk] == []


def test_checks_of_another_branch_are_refused(mentor, other_branch_coordinator):
    with pytest.raises(PermissionDenied):
        services.record_check(mentor, by=other_branch_coordinator, kind="training", outcome="approved")
    assert mentor.checks.count() == 0
