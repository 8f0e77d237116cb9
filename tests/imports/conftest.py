"""The browser of an administrator, and a match and an event that lists can name."""

import pytest

from demo.factories import EnrolmentFactory, EventFactory, MatchFactory, MentorFactory
from tests.events.conftest import TODAY, at
from tests.tasks.conftest import killed, start_worker

__all__ = ["killed", "start_worker"]  # fixtures


@pytest.fixture
def admin(client_of, administrator):
    """A test client signed in as the administrator."""
    return client_of(administrator)


@pytest.fixture
def match(programme):
    """Per Holm and Ida Dam, from 28 June 2011."""
    mentor = MentorFactory(programme=programme, person__first_name="Per", person__last_name="Holm").person
    mentee = EnrolmentFactory(programme=programme, person__first_name="Ida", person__last_name="Dam").person
    return MatchFactory(programme=programme, mentor=mentor, mentee=mentee, number="M-2011-021")


@pytest.fixture
def event(programme):
    """An evening today with two places."""
    return EventFactory(programme=programme, title="Mød jobcentret", starts_at=at(TODAY, 17), capacity=2)


@pytest.fixture
def people(programme):
    names = ("Asha", "Emina", "Leyla", "Nadia")
    return [EnrolmentFactory(programme=programme, person__first_name=name).person for name in names]
