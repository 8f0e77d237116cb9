import datetime as dt

import pytest
from django.utils import timezone

from demo.factories import EnrolmentFactory, EventFactory

TODAY = dt.date(2011, 9, 15)
BASE_QUERIES = 3  # of every page: session, user, roles


def at(day, hour, minute=0):
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


@pytest.fixture
def event(programme):
    """An event with two places in the evening of today."""
    return EventFactory(programme=programme, title="Mød jobcentret", starts_at=at(TODAY, 17), capacity=2)


@pytest.fixture
def people(programme):
    names = ("Asha", "Emina", "Leyla", "Nadia")
    return [EnrolmentFactory(programme=programme, person__first_name=name).person for name in names]
