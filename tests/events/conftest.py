import datetime as dt

import pytest
from django.utils import timezone

from demo.factories import EnrolmentFactory, EventFactory

TODAY = dt.date(2011, 9, 15)
FRAME = 3  # what every page asks for: session, user, roles


def at(day, hour, minute=0):
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


@pytest.fixture
def event(programme):
    """An evening today with two places."""
    return EventFactory(programme=programme, title="Mød jobcentret", starts_at=at(TODAY, 17), capacity=2)


@pytest.fixture
def people(programme):
    names = ("Asha", "Emina", "Leyla", "Nadia")
    return [EnrolmentFactory(programme=programme, person__first_name=name).person for name in names]
