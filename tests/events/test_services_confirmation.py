"""An event is held when people came, by name or counted, or when a user confirmed it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import AccessRecord
from common.models import Act
from demo.factories import AttendanceFactory, EventFactory
from events import services
from events.enums import AttendanceStatus
from events.models import Event
from tests.events.conftest import TODAY, at

YESTERDAY = TODAY - dt.timedelta(days=1)
NOW = at(TODAY, 9, 30)
ATTENDED, SIGNED_UP, ABSENT = AttendanceStatus.ATTENDED, AttendanceStatus.SIGNED_UP, AttendanceStatus.ABSENT


@pytest.fixture
def past(programme):
    return EventFactory(programme=programme, title="Skole og hjem", starts_at=at(YESTERDAY, 17))


def fill(event, *statuses):
    return [AttendanceFactory(event=event, status=status) for status in statuses]


def states(event):
    """Return ``is_held`` and ``is_to_confirm``, after checking that both querysets say the same."""
    counted = Event.objects.with_counts().get(pk=event.pk)
    assert Event.objects.held().filter(pk=event.pk).exists() == counted.is_held
    assert Event.objects.to_confirm(NOW).filter(pk=event.pk).exists() == counted.is_to_confirm
    return counted.is_held, counted.is_to_confirm


@pytest.mark.parametrize(
    ("statuses", "guests", "is_cancelled", "expected"),
    [
        ([], 0, False, (False, True)),
        ([SIGNED_UP], 0, False, (False, True)),
        ([ABSENT], 0, False, (False, True)),
        ([ATTENDED], 0, False, (True, False)),
        ([ATTENDED, ABSENT], 0, False, (True, False)),
        ([ATTENDED, SIGNED_UP], 0, False, (True, True)),  # the list is not finished
        ([], 12, False, (True, False)),  # as an import stores a counted event
        ([ATTENDED], 12, True, (False, False)),
    ],
)
def test_an_event_is_held_when_people_came_and_to_confirm_when_its_list_is_open(
    past, statuses, guests, is_cancelled, expected
):
    fill(past, *statuses)
    Event.objects.update(unnamed_guests=guests, is_cancelled=is_cancelled)
    assert states(past) == expected


def test_an_event_that_is_not_over_is_not_to_confirm(event):
    assert states(event) == (False, False)
    fill(event, ATTENDED)
    assert states(event) == (True, False)


def test_events_to_confirm_have_the_last_one_first(past, programme):
    older = EventFactory(programme=programme, starts_at=at(dt.date(2011, 3, 1), 17))
    assert list(Event.objects.to_confirm(NOW)) == [past, older]


def test_confirming_takes_those_counted_so_far(past, coordinator):
    fill(past, ATTENDED, ATTENDED, SIGNED_UP)
    confirmed = services.confirm_event(past, by=coordinator)
    assert (confirmed.confirmed_by, confirmed.unnamed_guests) == (coordinator, 0)
    assert states(past) == (True, False)
    assert Event.objects.with_counts().get().participant_count == 2
    assert list(Act.objects.values_list("name", "by")) == [("confirm_event", coordinator.pk)]
    assert AccessRecord.objects.get().code == "event_confirmed"


def test_a_number_makes_guests_without_names_of_those_who_are_not_ticked(past, coordinator):
    fill(past, ATTENDED, SIGNED_UP)
    services.confirm_event(past, by=coordinator, participants=24)
    assert Event.objects.with_counts().values_list("unnamed_guests", "participant_count").get() == (23, 24)


def test_an_event_may_be_confirmed_although_nobody_came(past, coordinator):
    services.confirm_event(past, by=coordinator, participants=0)
    assert states(past) == (True, False)


def test_fewer_participants_than_are_ticked_are_refused(past, coordinator):
    fill(past, ATTENDED, ATTENDED)
    with pytest.raises(ValidationError) as refusal:
        services.confirm_event(past, by=coordinator, participants=1)
    assert refusal.value.message_dict == {
        "participants": ["2 personer er krydset af. Skriv mindst det tal, eller fjern krydset ved dem, der ikke kom."]
    }
    assert Event.objects.get().confirmed_at is None


def test_an_event_is_confirmed_from_its_day_on_and_not_when_cancelled(event, programme, coordinator):
    assert services.confirm_event(event, by=coordinator).confirmed_at
    tomorrow = EventFactory(programme=programme, starts_at=at(TODAY + dt.timedelta(days=1), 10))
    cancelled = EventFactory(programme=programme, starts_at=at(YESTERDAY, 10), is_cancelled=True)
    for refused, code in ((tomorrow, "early"), (cancelled, "cancelled")):
        with pytest.raises(ValidationError) as refusal:
            services.confirm_event(refused, by=coordinator)
        assert refusal.value.code == code


def test_confirming_twice_keeps_the_first_confirmation(past, coordinator, administrator):
    services.confirm_event(past, by=coordinator, participants=10)
    services.confirm_event(past, by=administrator, participants=12)
    stored = Event.objects.get()
    assert (stored.confirmed_by, stored.unnamed_guests) == (coordinator, 10)


def test_undoing_brings_back_the_guests_from_before(past, coordinator):
    services.set_unnamed_guests(past, by=coordinator, count=3)
    services.confirm_event(past, by=coordinator, participants=24)
    services.undo_confirmation(past, by=coordinator)
    stored = Event.objects.get()
    assert (stored.confirmed_at, stored.confirmed_by, stored.unnamed_guests) == (None, None, 3)
    assert Act.objects.get(name="undo_confirmation").undoes.name == "confirm_event"
    services.undo_confirmation(past, by=coordinator)
    assert AccessRecord.objects.filter(code="confirmation_undone").count() == 1


def test_undoing_keeps_guests_counted_since(past, coordinator):
    services.confirm_event(past, by=coordinator, participants=24)
    services.set_unnamed_guests(past, by=coordinator, count=30)
    services.undo_confirmation(past, by=coordinator)
    stored = Event.objects.get()
    assert (stored.confirmed_at, stored.unnamed_guests) == (None, 30)


def test_undoing_after_confirming_again_undoes_the_last_one(past, coordinator):
    services.confirm_event(past, by=coordinator, participants=24)
    services.undo_confirmation(past, by=coordinator)
    services.confirm_event(past, by=coordinator, participants=7)
    services.undo_confirmation(past, by=coordinator)
    stored = Event.objects.get()
    assert (stored.confirmed_at, stored.unnamed_guests) == (None, 0)


def test_a_confirmation_without_journal_can_be_undone(past, coordinator):
    Event.objects.update(confirmed_at=NOW, confirmed_by=coordinator, unnamed_guests=5)
    services.undo_confirmation(past, by=coordinator)
    stored = Event.objects.get()
    assert (stored.confirmed_at, stored.confirmed_by, stored.unnamed_guests) == (None, None, 5)


def test_the_number_of_a_confirmed_event_is_corrected_with_a_reason(past, coordinator):
    with pytest.raises(ValidationError):
        services.correct_participants(past, by=coordinator, participants=5, reason="Talt om.")
    services.confirm_event(past, by=coordinator, participants=24)
    services.correct_participants(past, by=coordinator, participants=26, reason="To kom sent.")
    assert Event.objects.get().unnamed_guests == 26
    assert Act.objects.get(name="correct_participants").reason == "To kom sent."


def test_a_confirmed_event_does_not_move_to_a_coming_day(past, coordinator):
    services.confirm_event(past, by=coordinator, participants=24)
    tomorrow = at(TODAY + dt.timedelta(days=1), 17)
    with pytest.raises(ValidationError) as refusal:
        services.update_event(past, by=coordinator, starts_at=tomorrow, ends_at=tomorrow + dt.timedelta(hours=1))
    assert list(refusal.value.message_dict) == ["day"]


def test_a_confirmation_has_its_time(past, coordinator):
    with pytest.raises(IntegrityError):
        Event.objects.update(confirmed_by=coordinator)
