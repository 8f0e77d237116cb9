"""Services of interviews and checks."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from demo.factories import EnrolmentFactory, InterviewFactory, ScreeningRequirementFactory
from matching import services
from people.enums import EnrolmentStatus
from programmes.enums import ScreeningKind
from tests.journal_entries import recorded

TODAY = dt.date(2011, 9, 15)


# --- interviews --------------------------------------------------------------------------------------


@pytest.fixture
def applicant(programme):
    return EnrolmentFactory(programme=programme, status=EnrolmentStatus.APPLIED)


def interview(enrolment, by, assessment, **kwargs):
    words = {"held_on": dt.date(2011, 9, 14), "interviewer": None, "summary": "Vil i praktik"} | kwargs
    return services.record_interview(enrolment, by=by, assessment=assessment, **words)


def test_plan_interview_twice_moves_the_planned_one(applicant, coordinator, administrator):
    first = services.plan_interview(applicant, by=coordinator, on=dt.date(2011, 9, 20), time=dt.time(13), place="Her")
    second = services.plan_interview(applicant, by=coordinator, on=dt.date(2011, 9, 22), interviewer=administrator)
    assert first == second
    assert (second.planned_on, second.planned_time, second.interviewer) == (dt.date(2011, 9, 22), None, administrator)


def test_record_interview_fills_the_planned_one_and_sets_the_status(applicant, coordinator):
    planned = services.plan_interview(applicant, by=coordinator, on=dt.date(2011, 9, 14))
    held = interview(applicant, coordinator, "suitable", wishes="En kvinde", next_step="Find mentor")
    assert (held, held.interviewer, held.held_on) == (planned, coordinator, dt.date(2011, 9, 14))
    applicant.refresh_from_db()
    assert (applicant.status, applicant.waiting_since) == (EnrolmentStatus.WAITING, dt.date(2011, 9, 14))


def test_record_interview_keeps_waiting_since(mentee, coordinator):
    interview(mentee, coordinator, "suitable")
    mentee.refresh_from_db()
    assert mentee.waiting_since == dt.date(2011, 4, 1)


def test_record_interview_not_yet_and_not_suited(applicant, coordinator):
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


def test_record_interview_ends_a_pause(programme, coordinator):
    paused = EnrolmentFactory(
        programme=programme, status=EnrolmentStatus.PAUSED, paused_on=dt.date(2011, 5, 1), paused_reason="Rejse"
    )
    interview(paused, coordinator, "suitable")
    paused.refresh_from_db()
    assert (paused.status, paused.paused_on, paused.paused_reason) == (EnrolmentStatus.WAITING, None, "")


def test_record_interview_does_not_decline_a_person_in_a_match(active, mentee, coordinator):
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


def test_a_person_who_does_not_come_is_a_try_to_reach_them(applicant, coordinator):
    planned = services.plan_interview(applicant, by=coordinator, on=dt.date(2011, 9, 14))
    services.miss_interview(planned, by=coordinator)
    contact = applicant.contacts.get()
    assert (contact.on, contact.channel, contact.result, contact.note) == (
        dt.date(2011, 9, 14),
        "meeting",
        "not_reached",
        "Mødte ikke op til interviewet.",
    )
    assert applicant.interviews.count() == 0
    coming = services.plan_interview(applicant, by=coordinator, on=dt.date(2011, 9, 20))
    with pytest.raises(ValidationError):
        services.miss_interview(coming, by=coordinator)
    assert applicant.interviews.get() == coming


def test_record_interview_of_a_contact_person(programme, coordinator):
    contact = EnrolmentFactory(programme=programme, role="contact", status=EnrolmentStatus.APPLIED)
    interview(contact, coordinator, "not_suitable")
    contact.refresh_from_db()
    assert contact.status == EnrolmentStatus.DECLINED


# --- checks ------------------------------------------------------------------------------------------


def test_record_check_completes_the_pending_one(mentor, coordinator):
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


def test_missing_checks_count_approved_checks_only(mentor, mentee, coordinator, django_assert_num_queries):
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


def test_record_check_refuses_users_of_another_branch(mentor, other_branch_coordinator):
    with pytest.raises(PermissionDenied):
        services.record_check(mentor, by=other_branch_coordinator, kind="training", outcome="approved")
    assert mentor.checks.count() == 0


def test_the_journal_has_an_interview_and_the_status_that_it_sets(applicant, coordinator):
    interview(applicant, coordinator, "suitable")
    assert recorded("record_interview") == [
        ("made", "matching.interview", "", None, None),
        ("made", "people.enrolmentperiod", "", None, None),
        ("changed", "people.enrolment", "waiting_since", None, "2011-09-14"),
        ("changed", "people.enrolment", "status", "applied", "waiting"),
    ]
