"""Fixtures: a mentor and a mentee who can be matched, and matches in each status made by the services."""

import datetime as dt

import pytest
from django.urls import reverse

from demo.factories import (
    EnrolmentFactory,
    FollowUpStepFactory,
    InterviewFactory,
    MatchFactory,
    MentorFactory,
    PersonFactory,
)
from matching import services
from programmes.enums import ContactSide, FollowUpKind

PROPOSED_ON = dt.date(2011, 6, 20)
STARTED_ON = dt.date(2011, 6, 28)


def ready_mentor(programme, **fields):
    """An enrolled and interviewed mentor."""
    person = fields.pop("person", None) or PersonFactory(
        home_branch=programme.branch, first_name="Birgitte", last_name="Holm"
    )
    enrolment = MentorFactory(programme=programme, person=person, **fields)
    InterviewFactory(enrolment=enrolment)
    return enrolment


def ready_mentee(programme, **fields):
    """An enrolled and interviewed mentee."""
    enrolment = EnrolmentFactory(programme=programme, **fields)
    InterviewFactory(enrolment=enrolment)
    return enrolment


@pytest.fixture
def mentor(programme):
    return ready_mentor(programme)


@pytest.fixture
def mentee(programme):
    return ready_mentee(programme)


@pytest.fixture
def plan(programme):
    """A follow-up plan: the mentor after two weeks, the mentee monthly for three months, and a closing talk."""
    FollowUpStepFactory(programme=programme, name="Efter 14 dage", side=ContactSide.MENTOR, days_after_start=14)
    FollowUpStepFactory(
        programme=programme,
        name="Månedlig",
        side=ContactSide.MENTEE,
        days_after_start=30,
        repeat_days=30,
        until_days=90,
    )
    FollowUpStepFactory(
        programme=programme,
        name="Afsluttende samtale",
        side=ContactSide.BOTH,
        kind=FollowUpKind.CLOSING,
        days_after_start=365,
    )


@pytest.fixture
def proposed(programme, mentor, mentee, coordinator):
    return services.propose_match(
        programme=programme, mentor=mentor.person, mentee=mentee.person, by=coordinator, on=PROPOSED_ON
    )


@pytest.fixture
def agreed(proposed, coordinator):
    """Both have said yes."""
    for side in ("mentor", "mentee"):
        services.answer_match(proposed, side=side, said_yes=True, by=coordinator, on=dt.date(2011, 6, 21))
    return proposed


@pytest.fixture
def active(agreed, plan, coordinator):
    """A match active since 28 June, with its follow-ups."""
    return services.start_match(
        agreed,
        by=coordinator,
        on=STARTED_ON,
        place="Biblioteket",
        staff_present=True,
        agreement_signed_on=STARTED_ON,
        hours=1,
    )


def url(name, *args) -> str:
    return reverse(f"matching:{name}", args=args)


def text_of(response) -> str:
    return " ".join(response.content.decode().replace("\xa0", " ").split())


@pytest.fixture
def staff(client_of, coordinator):
    return client_of(coordinator)


@pytest.fixture
def match(programme):
    """Per Holm and Ida Dam, from 28 June 2011."""
    mentor = MentorFactory(programme=programme, person__first_name="Per", person__last_name="Holm").person
    mentee = EnrolmentFactory(programme=programme, person__first_name="Ida", person__last_name="Dam").person
    return MatchFactory(programme=programme, mentor=mentor, mentee=mentee, number="M-2011-021")
