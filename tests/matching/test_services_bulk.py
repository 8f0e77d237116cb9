"""Bulk services of interviews, checks, matches and records."""

import datetime as dt

import pytest

from common.journal import recording
from demo.factories import EnrolmentFactory, FollowUpStepFactory, MatchFactory, MentorFactory
from matching.models import FollowUp, Interview, Match, MatchStep, Meeting
from matching.services import MatchRefused
from matching.services.bulk import NewMatch, bulk_apply_assessments, bulk_create_matches, bulk_create_records
from people.models import Enrolment, EnrolmentPeriod
from tests.journal_entries import changed, made

pytestmark = pytest.mark.django_db
STARTED_ON = dt.date(2011, 8, 1)


@pytest.fixture
def journal(db):
    with recording("apply_import", by=None) as journal:
        yield journal


def new_match(mentor, mentee, **values):
    fields = {"programme": mentor.programme, "status": "active", "started_on": STARTED_ON} | values
    match = Match(mentor=mentor.person, mentee=mentee.person, **fields)
    return NewMatch(match, [(match.status, STARTED_ON)], number_note=f"Nr.: {match.number}")


def test_bulk_create_matches_gives_number_place_steps_and_follow_ups(programme, administrator, journal):
    FollowUpStepFactory(programme=programme, days_after_start=30, repeat_days=30, until_days=90, side="mentee")
    MatchFactory(programme=programme, number="M-2011-001")
    mentor = MentorFactory(programme=programme, capacity=1)
    mentees = [EnrolmentFactory(programme=programme, status="applied") for _count in range(3)]
    new = [
        new_match(mentor, mentees[0], number="m-2011-007"),
        new_match(mentor, mentees[1], number="M-2011-001", note="Aftalt"),
        new_match(mentor, mentees[2], status="declined", started_on=None, proposed_on=STARTED_ON),
    ]
    matches = bulk_create_matches(programme, new, by=administrator)
    assert [(match.number, match.mentor_place, match.note, match.created_by) for match in matches] == [
        ("M-2011-007", 1, "", administrator),
        ("M-2011-002", 2, "Nr.: M-2011-001\nAftalt", administrator),
        ("M-2011-003", None, "", administrator),
    ]
    assert [bool(match.over_capacity_reason) for match in matches] == [False, True, False]
    steps = MatchStep.objects.filter(match__in=matches).order_by("pk").values_list("match", "status", "on")
    assert list(steps) == [(match.pk, match.status, STARTED_ON) for match in matches]
    follow_ups = FollowUp.objects.order_by("pk").values_list("match", "due_on")
    days = [dt.date(2011, 9, 30), dt.date(2011, 10, 30)]
    assert list(follow_ups) == [(match.pk, day) for match in matches[:2] for day in days]
    statuses = Enrolment.objects.filter(pk__in=[mentor.pk, *(mentee.pk for mentee in mentees)]).order_by("pk")
    assert list(statuses.values_list("status", flat=True)) == ["matched", "matched", "matched", "applied"]
    assert made(journal) == {"matching.match": 3, "matching.matchstep": 3, "matching.followup": 4}
    found = changed(journal)
    enrolled = {mentor.pk, mentees[0].pk, mentees[1].pk}
    assert {pk for model, pk in found if model == "people.enrolment"} == enrolled
    waits = EnrolmentPeriod.objects.filter(pk__in=[pk for model, pk in found if model == "people.enrolmentperiod"])
    assert list(waits.values_list("enrolment", "began_on", "ended_on")) == [
        (mentor.pk, dt.date(2011, 4, 1), STARTED_ON)
    ]


@pytest.mark.parametrize(
    "act",
    [
        lambda mentor, mentee: (mentor.delete(), mentor.person.delete()),
        lambda mentor, mentee: MatchFactory(programme=mentee.programme, mentee=mentee.person),
    ],
)
def test_bulk_create_matches_refuses_deleted_people_and_second_matches(programme, act, journal):
    mentor, mentee = MentorFactory(programme=programme), EnrolmentFactory(programme=programme)
    new = [new_match(mentor, mentee)]
    act(mentor, mentee)
    with pytest.raises(MatchRefused) as refused:
        bulk_create_matches(programme, new, by=None)
    assert refused.value.code == "changed"


def test_bulk_apply_assessments_sets_the_status_by_the_last_interview(programme, journal):
    applicant, waiting = (EnrolmentFactory(programme=programme, status=status) for status in ("applied", "waiting"))
    interviews = [
        Interview(enrolment=applicant, held_on=dt.date(2011, 5, 2), assessment="suitable"),
        Interview(enrolment=applicant, held_on=dt.date(2011, 5, 1), assessment="not_suitable"),
        Interview(enrolment=waiting, held_on=dt.date(2011, 5, 3), assessment="not_suitable"),
    ]
    bulk_apply_assessments(interviews)
    found = Enrolment.objects.filter(pk__in=[applicant.pk, waiting.pk]).order_by("pk")
    assert list(found.values_list("status", "waiting_since", "ended_on")) == [
        ("waiting", dt.date(2011, 5, 2), None),
        ("declined", None, dt.date(2011, 5, 3)),
    ]
    applicant.delete()
    with pytest.raises(MatchRefused):
        bulk_apply_assessments(interviews)


def test_bulk_create_records_stores_records_of_one_model(journal):
    match = MatchFactory()
    stored = bulk_create_records([Meeting(match=match, held_on=STARTED_ON, hours=2)])
    assert list(Meeting.objects.all()) == stored
    assert bulk_create_records([]) == []
