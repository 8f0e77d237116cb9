import pytest

from demo.factories import AttendanceFactory, EventFactory
from events.timeline import event_entries
from people.timeline import EntryKind, entries_for
from tests.events.conftest import TODAY


@pytest.mark.parametrize(
    ("status", "title"),
    [
        ("invited", "Inviteret til »Mød jobcentret«"),
        ("signed_up", "Tilmeldt »Mød jobcentret«"),
        ("waiting_list", "På venteliste til »Mød jobcentret«"),
        ("attended", "Deltog i »Mød jobcentret«"),
        ("absent", "Udeblev fra »Mød jobcentret«"),
        ("cancelled", "Meldte afbud til »Mød jobcentret«"),
    ],
)
def test_timeline_entry_has_a_title_for_each_status(event, people, coordinator, status, title):
    AttendanceFactory(event=event, person=people[0], status=status)
    entry = next(iter(event_entries(people[0], coordinator)))
    assert (entry.title, entry.text, entry.on) == (title, "Netværksarrangement · Tingbjerg Bibliotek", TODAY)
    assert entry.url == f"/arrangementer/{event.pk}/"


def test_timeline_of_a_cancelled_event(event, people, coordinator):
    event.is_cancelled = True
    event.save()
    AttendanceFactory(event=event, person=people[0])
    assert [e.title for e in entries_for(people[0], coordinator, EntryKind.EVENT)] == [
        "Aflyst arrangement: »Mød jobcentret«"
    ]


def test_person_timeline_links_only_to_events_the_user_may_open(
    event, people, coordinator, other_branch_coordinator, other_programme
):
    borrowed = people[0]
    borrowed.enrolments.create(programme=other_programme, role="mentor")
    AttendanceFactory(event=event, person=borrowed, status="attended")
    assert [e.url for e in entries_for(borrowed, other_branch_coordinator, EntryKind.EVENT)] == [""]
    assert [e.title for e in entries_for(people[1], coordinator, EntryKind.EVENT)] == []


@pytest.mark.parametrize("number", [1, 50])
def test_timeline_takes_the_same_queries_at_any_size(people, coordinator, programme, django_assert_num_queries, number):
    for _ in range(number):
        AttendanceFactory(event=EventFactory(programme=programme), person=people[0])
    coordinator.active_memberships  # noqa: B018 - read once a request
    with django_assert_num_queries(2):
        assert len(list(event_entries(people[0], coordinator))) == number
