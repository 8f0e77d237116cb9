"""The bulk services of events, which imports call."""

from collections import Counter

import pytest

from common.journal import recording
from demo.factories import AttendanceFactory, EventFactory, PersonFactory
from events.models import Attendance, Event
from events.services.bulk import (
    AttendanceChanged,
    AttendanceEntry,
    bulk_add_unnamed_guests,
    bulk_create_events,
    bulk_record_attendance,
)
from events.services.places import free_place
from tests.events.conftest import TODAY, at
from tests.journal_entries import changed, made

pytestmark = pytest.mark.django_db


@pytest.fixture
def journal(db):
    with recording("apply_import", by=None) as journal:
        yield journal


@pytest.fixture
def event(programme):
    """An event with two places."""
    return EventFactory(programme=programme, starts_at=at(TODAY, 17), capacity=2, unnamed_guests=3)


def test_events_are_created_and_listed_in_the_journal(programme, administrator, journal):
    new = EventFactory.build(programme=programme, starts_at=at(TODAY, 17), ends_at=at(TODAY, 19))
    [event] = bulk_create_events([new], by=administrator)
    assert (Event.objects.get(), event.created_by) == (event, administrator)
    assert (made(journal), changed(journal)) == ({"events.event": 1}, {})


def test_guests_are_added_and_the_former_number_is_listed(event, journal):
    bulk_add_unnamed_guests(Counter({event: 4}))
    event.refresh_from_db()
    assert event.unnamed_guests == 7
    assert (made(journal), changed(journal)) == ({}, {("events.event", event.pk): {"unnamed_guests": (3, 7)}})


def test_attended_takes_a_place_beyond_the_limit_and_waiting_takes_none(event, journal):
    people = PersonFactory.create_batch(4)
    statuses = ["signed_up", "signed_up", "attended", "waiting_list"]
    entries = [AttendanceEntry(event, person.pk, status) for person, status in zip(people, statuses, strict=True)]
    created = bulk_record_attendance(entries)
    assert [attendance.place_number for attendance in created] == [1, 2, 3, None]


def test_changed_attendance_keeps_its_place_and_returns_none(event, journal):
    stored = AttendanceFactory(event=event, status="signed_up", place_number=2, note="vegetar")
    entry = AttendanceEntry(event, stored.person_id, "attended", expected_status="signed_up", note="med barn")
    assert bulk_record_attendance([entry]) == [None]
    stored.refresh_from_db()
    assert (stored.status, stored.place_number, stored.note) == ("attended", 2, "vegetar")


@pytest.mark.parametrize("expected", [{"expected_status": "invited"}, {"expected_full": True}])
def test_list_that_is_not_as_expected_is_refused(event, expected, journal):
    with pytest.raises(AttendanceChanged):
        bulk_record_attendance([AttendanceEntry(event, PersonFactory().pk, "signed_up", **expected)])
    assert Attendance.objects.count() == 0


def test_free_place_is_the_lowest_number_within_the_capacity():
    assert [free_place({1, 3, None}), free_place({1, 2}, 2), free_place(set(), 1)] == [2, None, 1]
