"""What a state of a person ends in events, and that the person is not invited again."""

import datetime as dt

import pytest

from demo.factories import AttendanceFactory, EventFactory
from events import services
from events.enums import AttendanceStatus
from people.endings import ended_groups, open_groups
from people.enums import PersonStateKind
from people.services import set_person_state
from people.services.permissions import StateRefused
from tests.events.conftest import TODAY, at

DIED, MOVED, NO_CONTACT = PersonStateKind.values
TOMORROW = TODAY + dt.timedelta(days=1)
YESTERDAY = TODAY - dt.timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(programme):
    """An event of tomorrow with two places."""
    return EventFactory(programme=programme, title="Mød jobcentret", starts_at=at(TOMORROW, 17), capacity=2)


def statuses(event) -> dict[str, str]:
    return dict(event.attendances.values_list("person__first_name", "status"))


def test_invitations_are_withdrawn_and_a_sign_up_gives_its_place_to_the_next(event, people, coordinator, programme):
    asha, emina, leyla, _nadia = people
    for person in (asha, emina, leyla):
        services.sign_up(event, by=coordinator, person=person)
    invited_to = EventFactory(programme=programme, title="Sommerfest", starts_at=at(TOMORROW, 17))
    services.invite_people(invited_to, by=coordinator, people=[asha, emina], on=TODAY)
    before = open_groups(asha, coordinator)
    state = set_person_state(asha, by=coordinator, kind=NO_CONTACT, on=YESTERDAY)
    assert statuses(event) == {
        "Asha": AttendanceStatus.CANCELLED,
        "Emina": AttendanceStatus.SIGNED_UP,
        "Leyla": AttendanceStatus.SIGNED_UP,
    }
    assert statuses(invited_to) == {"Emina": AttendanceStatus.INVITED}
    assert [(group.title, [item.text for item in group.items]) for group in before[1:]] == [
        ("1 invitation", ["Sommerfest, 16.\N{NO-BREAK SPACE}september"]),
        ("1 tilmelding", ["Mød jobcentret, 16.\N{NO-BREAK SPACE}september"]),
    ]
    assert ended_groups(state, coordinator) == before


def test_an_event_that_is_over_keeps_its_list(programme, people, coordinator):
    over = EventFactory(programme=programme, starts_at=at(YESTERDAY, 17))
    AttendanceFactory(event=over, person=people[0], status=AttendanceStatus.SIGNED_UP)
    set_person_state(people[0], by=coordinator, kind=DIED, on=TODAY)
    assert statuses(over) == {"Asha": AttendanceStatus.SIGNED_UP}


def test_a_cancelled_event_that_takes_place_after_all_does_not_expect_the_person(programme, people, coordinator):
    event = EventFactory(programme=programme, starts_at=at(TOMORROW, 17), is_cancelled=True)
    AttendanceFactory(event=event, person=people[0], status=AttendanceStatus.SIGNED_UP)
    set_person_state(people[0], by=coordinator, kind=DIED, on=TODAY)
    services.reinstate_event(event, by=coordinator)
    assert statuses(event) == {"Asha": AttendanceStatus.CANCELLED}


def test_the_person_is_not_invited_or_signed_up_again(event, people, coordinator):
    set_person_state(people[0], by=coordinator, kind=MOVED, on=YESTERDAY)
    with pytest.raises(StateRefused):
        services.invite_people(event, by=coordinator, people=people[:2], on=TODAY)
    with pytest.raises(StateRefused):
        services.sign_up(event, by=coordinator, person=people[0])
    assert list(event.attendances.all()) == []


def test_no_one_comes_after_the_day(programme, people, coordinator):
    today = EventFactory(programme=programme, starts_at=at(TODAY, 0))
    set_person_state(people[0], by=coordinator, kind=DIED, on=YESTERDAY)
    with pytest.raises(StateRefused):
        services.add_participant(today, by=coordinator, person=people[0])
    assert list(today.attendances.all()) == []


def test_that_the_person_came_before_the_day_is_still_recorded(programme, people, coordinator):
    over = EventFactory(programme=programme, starts_at=at(YESTERDAY, 17))
    set_person_state(people[0], by=coordinator, kind=DIED, on=TODAY)
    services.add_participant(over, by=coordinator, person=people[0])
    assert [row.status for row in over.attendances.all()] == [AttendanceStatus.ATTENDED]
