"""Views of interviews and checks."""

import datetime as dt
import uuid

import pytest

from accounts.models import AccessRecord
from demo.factories import (
    EnrolmentFactory,
    InterviewFactory,
    MentorFactory,
    PersonFactory,
    TermFactory,
)
from matching import services
from matching.models import Interview
from people.enums import EnrolmentStatus, TermKind
from tests.matching.conftest import text_of, url

TODAY = dt.date(2011, 9, 15)


@pytest.fixture
def applicant(programme):
    return EnrolmentFactory(programme=programme, status=EnrolmentStatus.APPLIED)


def test_interview_list_shows_planned_interviews_and_applicants_without_one(staff, applicant, programme, coordinator):
    mentor = EnrolmentFactory(programme=programme, status=EnrolmentStatus.APPLIED, role="mentor")
    services.plan_interview(mentor, by=coordinator, on=TODAY, time=dt.time(13), place="Områdesekretariatet")
    response = staff.get(url("interview-list"))
    assert [one.enrolment for one in response.context["planned"]] == [mentor]
    assert list(response.context["lacking"]) == [applicant]
    assert "kl. 13 · Områdesekretariatet · Mette Sørensen" in text_of(response)
    response = staff.get(url("interview-list"), {"rolle": "mentee"})
    assert list(response.context["planned"]) == []


def test_interview_list_pages_filters_and_searches(staff, programme):
    for number in range(51):
        person = PersonFactory(home_branch=programme.branch, first_name=f"Nr{number:02}", last_name="Holm")
        MentorFactory(programme=programme, person=person, status=EnrolmentStatus.APPLIED)
    query = {"rolle": "mentor"}
    response = staff.get(url("interview-list"), query)
    assert (len(response.context["lacking"]), response.context["lacking"].paginator.count) == (50, 51)
    assert "1–50 af 51" in text_of(response)
    assert 'href="?rolle=mentor&amp;side=2"' in text_of(response)
    response = staff.get(url("interview-list"), query | {"side": 2})
    assert [one.person.name for one in response.context["lacking"]] == ["Nr50 Holm"]
    response = staff.get(url("interview-list"), query | {"soeg": "nr07 HOLM"})
    assert [one.person.name for one in response.context["lacking"]] == ["Nr07 Holm"]
    assert AccessRecord.objects.get(kind="search").count == 1
    assert "Ingen passer til filtrene" in text_of(staff.get(url("interview-list"), {"soeg": "findes ikke"}))


@pytest.mark.parametrize("count", [1, 50])
def test_interview_list_needs_a_constant_number_of_queries(
    staff, programme, coordinator, django_assert_num_queries, count
):
    for _number in range(count):
        EnrolmentFactory(programme=programme, status=EnrolmentStatus.APPLIED)
        InterviewFactory(
            enrolment=MentorFactory(programme=programme), held_on=None, planned_on=TODAY, interviewer=coordinator
        )
    staff.get(url("interview-list"))
    with django_assert_num_queries(7):
        staff.get(url("interview-list"))


def test_interview_plan_move_and_cancel(staff, applicant, coordinator):
    data = {"on": "20-09-2011", "time": "16.30", "place": "Her", "interviewer": coordinator.pk}
    staff.post(url("interview-plan", applicant.pk), data)
    interview = Interview.objects.get()
    assert (interview.planned_on, interview.planned_time) == (dt.date(2011, 9, 20), dt.time(16, 30))
    text = text_of(staff.get(url("interview-plan", applicant.pk)))
    assert 'value="20-09-2011"' in text
    assert 'value="16.30"' in text
    assert "Aftalen 20. september fjernes." in text
    staff.post(url("interview-cancel", interview.pk))
    assert Interview.objects.count() == 0


def test_interview_record_updates_the_wishes(staff, applicant, coordinator):
    job, language = TermFactory(name="Jobsøgning"), TermFactory(kind=TermKind.LANGUAGE, name="Somali")
    applicant.terms.set([language])
    services.plan_interview(applicant, by=coordinator, on=TODAY)
    assert 'value="15-09-2011"' in text_of(staff.get(url("interview-record", applicant.pk)))
    data = {
        "held_on": "15-09-2011",
        "interviewer": coordinator.pk,
        "summary": "Vil i praktik",
        "motivation": "",
        "wishes": "",
        "wish": "Jeg vil være hjælper",
        "terms": [job.pk],
        "assessment": "suitable",
        "once": uuid.uuid4(),
    }
    wrong = staff.post(url("interview-record", applicant.pk), {**data, "summary": "010190-1234"})
    assert list(wrong.context["form"].errors) == ["summary"]
    for _time in range(2):
        staff.post(url("interview-record", applicant.pk), data)
    applicant.refresh_from_db()
    assert (applicant.status, applicant.wish) == (EnrolmentStatus.WAITING, "Jeg vil være hjælper")
    assert set(applicant.terms.all()) == {job, language}
    assert Interview.objects.get().summary == "Vil i praktik"


def test_interviewers_are_users_of_the_branch(staff, applicant, other_branch_coordinator, manager):
    data = {"on": "20-09-2011"}
    for stranger in (other_branch_coordinator, manager):
        response = staff.post(url("interview-plan", applicant.pk), {**data, "interviewer": stranger.pk})
        assert list(response.context["form"].errors) == ["interviewer"]


def test_check_create(staff, mentor):
    data = {"kind": "criminal_record", "outcome": "approved", "checked_on": "15-09-2011", "note": ""}
    assert staff.get(url("check-create", mentor.pk), {"type": "training"}).status_code == 200
    staff.post(url("check-create", mentor.pk), data)
    assert list(mentor.checks.values_list("kind", "outcome")) == [("criminal_record", "approved")]
