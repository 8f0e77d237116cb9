import datetime as dt
import threading

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AccessRecord
from common.models import Act, Change
from demo.factories import (
    AttendanceFactory,
    BranchFactory,
    EnrolmentFactory,
    EventFactory,
    MembershipFactory,
    PersonFactory,
    ProgrammeFactory,
)
from events import services
from events.enums import AttendanceStatus
from events.models import Attendance, Event, ProgrammeInvitation
from people.models import Person
from tests.events.conftest import TODAY, at
from tests.journal_entries import recorded


def statuses(event):
    return {row.person.first_name: (row.status, row.place_number) for row in event.attendances.select_related("person")}


def test_create_event_stores_and_logs_it(programme, coordinator):
    event = services.create_event(
        by=coordinator,
        programme=programme,
        kind="network",
        title="Mød jobcentret",
        starts_at=at(TODAY, 17),
        ends_at=at(TODAY, 20),
        capacity=40,
    )
    assert (event.created_by, event.capacity, event.day) == (coordinator, 40, TODAY)
    assert AccessRecord.objects.get().subject_id == event.pk


def test_create_event_refuses_an_end_before_the_start(programme, coordinator):
    with pytest.raises(ValidationError):
        services.create_event(
            by=coordinator,
            programme=programme,
            kind="network",
            title="x",
            starts_at=at(TODAY, 17),
            ends_at=at(TODAY, 16),
        )
    assert Event.objects.count() == 0


def test_cancel_and_reinstate_event(event, coordinator):
    services.cancel_event(event, by=coordinator)
    assert Event.objects.get().is_cancelled is True
    services.reinstate_event(event, by=coordinator)
    assert Event.objects.get().is_cancelled is False


def test_invite_people_keeps_the_status_of_those_on_the_list(event, people, coordinator):
    services.sign_up(event, by=coordinator, person=people[0])
    result = services.invite_people(event, by=coordinator, people=people, on=TODAY)
    assert (result.new, result.already) == (3, 1)
    assert statuses(event)["Asha"] == ("signed_up", 1)
    assert services.invite_people(event, by=coordinator, people=people, on=TODAY) == (0, 4, None)


def test_withdraw_invitations_keeps_those_who_have_answered(event, people, coordinator):
    earlier = services.invite_people(event, by=coordinator, people=people[:1], on=TODAY)
    result = services.invite_people(event, by=coordinator, people=people, on=TODAY)
    services.sign_up(event, by=coordinator, person=people[1])
    assert services.withdraw_invitations(event, by=coordinator, rows=result.rows) == 2
    assert list(statuses(event)) == ["Asha", "Emina"]
    assert services.withdraw_invitations(event, by=coordinator, rows=earlier.rows) == 1


def test_invite_people_refuses_another_branchs_people(event, coordinator, other_programme):
    foreign = EnrolmentFactory(programme=other_programme).person
    with pytest.raises(PermissionDenied):
        services.invite_people(event, by=coordinator, people=[foreign], on=TODAY)
    assert Attendance.objects.count() == 0


def test_remove_invitation_refuses_people_who_are_signed_up(event, people, coordinator):
    row = AttendanceFactory(event=event, person=people[0])
    services.sign_up(event, by=coordinator, person=people[0])
    row.refresh_from_db()
    with pytest.raises(ValidationError):
        services.remove_invitation(row, by=coordinator)
    services.cancel_sign_up(row, by=coordinator)
    services.remove_invitation(row, by=coordinator)
    assert event.attendances.count() == 0


def test_invite_programmes_invites_once_and_can_be_withdrawn(event, coordinator, programme, other_programme):
    assert services.invite_programmes(event, by=coordinator, programmes=[other_programme], on=TODAY) == (1, 0, None)
    assert services.invite_programmes(event, by=coordinator, programmes=[other_programme], on=TODAY) == (0, 1, None)
    with pytest.raises(ValidationError):
        services.invite_programmes(event, by=coordinator, programmes=[programme], on=TODAY)
    services.withdraw_programme_invitation(ProgrammeInvitation.objects.get(), by=coordinator)
    assert ProgrammeInvitation.objects.count() == 0


def test_invited_branch_signs_up_only_its_own_people(event, people, other_programme, other_branch_coordinator):
    own = EnrolmentFactory(programme=other_programme, person__first_name="Zainab").person
    with pytest.raises(PermissionDenied):
        services.sign_up(event, by=other_branch_coordinator, person=own)
    ProgrammeInvitation.objects.create(event=event, programme=other_programme, invited_on=TODAY)
    services.sign_up(event, by=other_branch_coordinator, person=own)
    with pytest.raises(PermissionDenied):
        services.sign_up(event, by=other_branch_coordinator, person=people[0])
    assert statuses(event) == {"Zainab": ("signed_up", 1)}


def test_invited_branch_sees_only_its_own_people_on_the_list(event, people, other_programme, other_branch_coordinator):
    ProgrammeInvitation.objects.create(event=event, programme=other_programme, invited_on=TODAY)
    own = AttendanceFactory(event=event, person=EnrolmentFactory(programme=other_programme).person)
    AttendanceFactory(event=event, person=people[0])
    assert list(Event.objects.visible_to(other_branch_coordinator)) == [event]
    assert list(event.attendances.visible_to(other_branch_coordinator)) == [own]


def test_sign_up_fills_places_then_the_waiting_list_in_order(event, people, coordinator):
    for person in people:
        services.sign_up(event, by=coordinator, person=person)
    assert statuses(event) == {
        "Asha": ("signed_up", 1),
        "Emina": ("signed_up", 2),
        "Leyla": ("waiting_list", None),
        "Nadia": ("waiting_list", None),
    }
    assert [row.person for row in event.attendances.in_waiting_order()] == people[2:]


def test_sign_up_twice_changes_only_the_note(event, people, coordinator):
    first = services.sign_up(event, by=coordinator, person=people[0])
    again = services.sign_up(event, by=coordinator, person=people[0], note="kommer med Lise")
    assert (again.pk, again.place_number, again.signed_up_at) == (first.pk, 1, first.signed_up_at)
    assert Attendance.objects.get().note == "kommer med Lise"


def test_sign_up_to_a_cancelled_event_is_refused(event, people, coordinator):
    services.cancel_event(event, by=coordinator)
    with pytest.raises(ValidationError):
        services.sign_up(event, by=coordinator, person=people[0])


def test_sign_up_without_limit_numbers_no_places(programme, people, coordinator):
    event = EventFactory(programme=programme, capacity=None)
    assert services.sign_up(event, by=coordinator, person=people[0]).place_number is None


def test_cancel_sign_up_moves_up_the_first_on_the_waiting_list(event, people, coordinator):
    rows = [services.sign_up(event, by=coordinator, person=person) for person in people]
    moved = services.cancel_sign_up(rows[0], by=coordinator)
    assert moved.person == people[2]
    assert statuses(event) == {
        "Asha": ("cancelled", None),
        "Emina": ("signed_up", 2),
        "Leyla": ("signed_up", 1),
        "Nadia": ("waiting_list", None),
    }
    assert services.sign_up(event, by=coordinator, person=people[0]).status == AttendanceStatus.WAITING_LIST


def test_cancel_sign_up_refuses_a_person_who_came(event, people, coordinator):
    row = services.add_participant(event, by=coordinator, person=people[0])
    with pytest.raises(ValidationError):
        services.cancel_sign_up(row, by=coordinator)


def test_update_event_with_more_places_moves_people_up_from_the_waiting_list(event, people, coordinator):
    for person in people:
        services.sign_up(event, by=coordinator, person=person)
    assert [row.person for row in services.update_event(event, by=coordinator, capacity=3)] == [people[2]]
    assert [row.person for row in services.update_event(event, by=coordinator, capacity=None)] == [people[3]]
    assert {place for _status, place in statuses(event).values()} == {None}
    services.update_event(event, by=coordinator, capacity=4)
    assert sorted(place for _status, place in statuses(event).values()) == [1, 2, 3, 4]


def test_update_event_refuses_fewer_places_than_signed_up(event, people, coordinator):
    for person in people[:2]:
        services.sign_up(event, by=coordinator, person=person)
    with pytest.raises(ValidationError) as error:
        services.update_event(event, by=coordinator, capacity=1)
    assert list(error.value.message_dict) == ["capacity"]
    assert Event.objects.get().capacity == 2


def test_update_event_refuses_a_future_day_when_people_have_come(event, people, coordinator):
    services.add_participant(event, by=coordinator, person=people[0])
    ahead = TODAY + dt.timedelta(days=1)
    with pytest.raises(ValidationError) as error:
        services.update_event(event, by=coordinator, starts_at=at(ahead, 17), ends_at=at(ahead, 20))
    assert list(error.value.message_dict) == ["day"]


def test_update_event_accepts_more_people_at_the_door_than_places(event, people, coordinator):
    for person in people[:3]:
        services.add_participant(event, by=coordinator, person=person)
    services.update_event(event, by=coordinator, title="Mød kommunen", capacity=2)
    assert Event.objects.get().title == "Mød kommunen"


@time_machine.travel(dt.datetime(2026, 1, 5, 16, 4, tzinfo=dt.UTC), tick=False)
def test_tick_attendance_stores_the_time_and_undo_clears_it(event, people, coordinator):
    row = services.sign_up(event, by=coordinator, person=people[0])
    services.tick_attendance(row, by=coordinator)
    row.refresh_from_db()
    assert (row.status, row.place_number, timezone.localtime(row.came_at)) == ("attended", 1, at(TODAY, 17, 4))
    services.tick_attendance(row, by=coordinator)
    services.undo_attendance(row, by=coordinator)
    row.refresh_from_db()
    assert (row.status, row.place_number, row.came_at) == ("signed_up", 1, None)
    assert services.undo_attendance(row, by=coordinator).status == AttendanceStatus.SIGNED_UP


def test_tick_attendance_on_a_later_day_stores_the_start_of_the_event(programme, people, coordinator):
    event = EventFactory(programme=programme, starts_at=at(dt.date(2011, 9, 1), 17))
    row = services.add_participant(event, by=coordinator, person=people[0])
    assert row.came_at == event.starts_at


def test_tick_attendance_before_the_day_is_refused(programme, people, coordinator):
    event = EventFactory(programme=programme, starts_at=at(dt.date(2011, 9, 22), 17))
    with pytest.raises(ValidationError):
        services.add_participant(event, by=coordinator, person=people[0])
    assert event.attendances.count() == 0


def test_ticking_a_person_on_the_waiting_list_adds_a_place_and_undo_removes_it(event, people, coordinator):
    rows = [services.sign_up(event, by=coordinator, person=person) for person in people[:3]]
    assert services.tick_attendance(rows[2], by=coordinator).place_number == 3
    assert services.undo_attendance(rows[2], by=coordinator).status == AttendanceStatus.WAITING_LIST


def test_undo_attendance_restores_an_invitation_and_deletes_an_added_person(event, people, coordinator):
    invited = AttendanceFactory(event=event, person=people[0], invited_on=TODAY)
    services.tick_attendance(invited, by=coordinator)
    assert services.undo_attendance(invited, by=coordinator).status == AttendanceStatus.INVITED
    added = services.add_participant(event, by=coordinator, person=people[1])
    assert services.undo_attendance(added, by=coordinator) is None
    assert list(event.attendances.all()) == [invited]


def test_add_participant_ticks_a_person_on_the_list(event, people, coordinator):
    row = services.sign_up(event, by=coordinator, person=people[0])
    assert services.add_participant(event, by=coordinator, person=people[0]).pk == row.pk


def test_mark_absent_and_undo(event, people, coordinator):
    rows = [services.sign_up(event, by=coordinator, person=person) for person in people[:3]]
    services.tick_attendance(rows[0], by=coordinator)
    assert services.mark_absent(event, by=coordinator) == 1
    assert statuses(event)["Emina"] == ("absent", None)
    assert services.undo_absent(event, by=coordinator) == 1
    assert statuses(event) == {
        "Asha": ("attended", 1),
        "Emina": ("signed_up", 2),
        "Leyla": ("waiting_list", None),
    }


def test_unnamed_guests_never_fall_below_zero(event, coordinator):
    assert services.set_unnamed_guests(event, by=coordinator, count=4) == 4
    assert services.change_unnamed_guests(event, by=coordinator, change=1) == 5
    assert services.change_unnamed_guests(event, by=coordinator, change=-9) == 0


def test_the_journal_has_created_changed_and_deleted_attendances(event, people, coordinator):
    row = services.sign_up(event, by=coordinator, person=people[0])
    services.cancel_sign_up(row, by=coordinator)
    services.remove_invitation(row, by=coordinator)
    assert recorded("sign_up") == [("made", "events.attendance", "", None, None)]
    assert recorded("cancel_sign_up") == [
        ("changed", "events.attendance", "status", "signed_up", "cancelled"),
        ("changed", "events.attendance", "place_number", 1, None),
    ]
    assert recorded("remove_invitation") == [("removed", "events.attendance", "", None, None)]
    assert Change.objects.get(act__name="remove_invitation").before["person_id"] == people[0].pk
    assert set(Act.objects.values_list("by", flat=True)) == {coordinator.pk}


def test_the_journal_has_each_person_marked_as_absent(event, people, coordinator):
    rows = [services.sign_up(event, by=coordinator, person=person) for person in people[:2]]
    services.mark_absent(event, by=coordinator)
    changes = Change.objects.filter(act__name="mark_absent", field="status")
    assert [(change.record_id, change.before, change.after) for change in changes] == [
        (row.pk, "signed_up", "absent") for row in rows
    ]


def test_the_journal_has_a_changed_limit_and_the_people_who_moved_up(event, people, coordinator):
    for person in people[:3]:
        services.sign_up(event, by=coordinator, person=person)
    services.update_event(event, by=coordinator, capacity=3)
    assert recorded("update_event") == [
        ("changed", "events.event", "capacity", 2, 3),
        ("changed", "events.attendance", "status", "waiting_list", "signed_up"),
        ("changed", "events.attendance", "place_number", None, 3),
    ]
    services.update_event(event, by=coordinator, capacity=None)
    assert recorded("update_event")[3:] == [
        ("changed", "events.event", "capacity", 3, None),
        *(("changed", "events.attendance", "place_number", place, None) for place in (1, 2, 3)),
    ]


def test_the_journal_has_invited_people_and_programmes(event, people, coordinator, other_programme):
    services.invite_people(event, by=coordinator, people=people, on=TODAY)
    services.invite_programmes(event, by=coordinator, programmes=[other_programme], on=TODAY)
    change = Change.objects.get(act__name="invite_people")
    assert (change.kind, change.model, change.last_id - change.record_id) == ("made", "events.attendance", 3)
    assert recorded("invite_programmes") == [("made", "events.programmeinvitation", "", None, None)]


def test_a_refused_act_leaves_no_entry_in_the_journal(event, people, coordinator):
    for person in people[:2]:
        services.sign_up(event, by=coordinator, person=person)
    with pytest.raises(ValidationError):
        services.update_event(event, by=coordinator, capacity=1)
    assert set(Act.objects.values_list("name", flat=True)) == {"sign_up"}


def test_cancelling_an_event_keeps_facts_that_a_colleague_has_changed(event, coordinator):
    opened = Event.objects.get()
    services.update_event(event, by=coordinator, title="Mød kommunen")
    services.cancel_event(opened, by=coordinator)
    stored = Event.objects.get()
    assert (stored.title, stored.is_cancelled) == ("Mød kommunen", True)
    assert recorded("cancel_event") == [("changed", "events.event", "is_cancelled", False, True)]


def test_a_place_can_be_taken_only_once(event, people):
    AttendanceFactory(event=event, person=people[0], status="signed_up", place_number=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceFactory(event=event, person=people[1], status="attended", place_number=1)


@pytest.mark.django_db(transaction=True)
def test_concurrent_sign_ups_assign_the_last_place_once():
    programme = ProgrammeFactory(branch=BranchFactory())
    coordinator = MembershipFactory(branch=programme.branch, role=Role.COORDINATOR).user
    event = EventFactory(programme=programme, capacity=1)
    people = [PersonFactory(home_branch=programme.branch).pk for _ in range(8)]
    barrier = threading.Barrier(len(people))
    outcome = []

    def run(pk):
        try:
            barrier.wait()
            row = services.sign_up(event, by=coordinator, person=Person.objects.get(pk=pk))
            outcome.append(row.status)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(pk,)) for pk in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["signed_up"] + ["waiting_list"] * 7
    assert event.attendances.filter(place_number=1).count() == 1
