"""States of a person: what setting one ends, what it forbids, how it is lifted."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AccessRecord
from common.models import Act
from demo.factories import EnrolmentFactory, PersonFactory
from people.display import name_with_state
from people.endings import ended_groups, groups_digest, open_groups
from people.enums import EnrolmentStatus, PersonStateKind
from people.merging import MergeRefused
from people.models import Person, PersonState
from people.services import enrol_person, lift_person_state, reopen_enrolment, set_person_state
from people.services.merging import merge_people, undo_merge
from people.services.permissions import StateRefused
from programmes.enums import ParticipantRole

TODAY = dt.date(2011, 9, 15)
DAY = dt.date(2011, 5, 3)
DIED, MOVED, NO_CONTACT = PersonStateKind.values

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(programme):
    return EnrolmentFactory(programme=programme, person__first_name="Ali", person__last_name="Hassan")


def stored(person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_a_state_ends_the_roles_and_is_shown_with_the_name(enrolment, coordinator):
    state = set_person_state(enrolment.person, by=coordinator, kind=DIED, on=DAY, note="Fortalt af datteren")
    person = stored(enrolment.person)
    assert (person.state, person.state_on) == (DIED, DAY)
    assert name_with_state(person) == "Ali Hassan (død 3.\N{NO-BREAK SPACE}maj 2011)"
    assert (state.recorded_by, state.note, state.lifted_on) == (coordinator, "Fortalt af datteren", None)
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.ended_on, enrolment.ended_reason) == (EnrolmentStatus.ENDED, DAY, "Død")


@pytest.mark.parametrize(
    ("kind", "words"),
    [(DIED, "død 3.\N{NO-BREAK SPACE}maj 2011"), (MOVED, "flyttet"), (NO_CONTACT, "ønsker ingen kontakt")],
)
def test_each_state_has_its_words(kind, words):
    assert name_with_state(PersonFactory.build(first_name="Ali", last_name="", state=kind, state_on=DAY)) == (
        f"Ali ({words})"
    )


def test_a_state_is_one_act_with_one_line_in_the_log(enrolment, coordinator):
    set_person_state(enrolment.person, by=coordinator, kind=DIED, on=DAY)
    assert list(Act.objects.values_list("name", "by")) == [("set_person_state", coordinator.pk)]
    details = [str(row.detail) for row in AccessRecord.objects.filter(kind="write").order_by("pk")]
    assert details == ["Rolle afsluttet", "Tilstand: Død, fra 3.\N{NO-BREAK SPACE}maj 2011"]


def test_a_role_that_began_after_the_day_ends_on_its_first_day(enrolment, coordinator):
    set_person_state(enrolment.person, by=coordinator, kind=MOVED, on=dt.date(2010, 1, 5))
    enrolment.refresh_from_db()
    assert enrolment.ended_on == enrolment.waiting_since


def test_a_person_has_one_open_state(enrolment, coordinator):
    set_person_state(enrolment.person, by=coordinator, kind=MOVED, on=DAY)
    with pytest.raises(StateRefused) as refusal:
        set_person_state(enrolment.person, by=coordinator, kind=DIED, on=DAY)
    assert refusal.value.messages == [
        "Ali Hassan: flyttet. Hvis det er forkert, så ophæv først tilstanden på personens side."
    ]
    assert PersonState.objects.count() == 1


@pytest.mark.parametrize(
    ("on", "message"),
    [
        (TODAY + dt.timedelta(days=1), "Dagen er ikke kommet endnu. Skriv den dag, det skete."),
        (dt.date(1976, 1, 1), "Dagen ligger før personens fødsel."),
    ],
)
def test_the_day_is_neither_in_the_future_nor_before_the_birth(programme, coordinator, on, message):
    person = PersonFactory(home_branch=programme.branch, birth_date=dt.date(1977, 5, 3))
    with pytest.raises(ValidationError) as refusal:
        set_person_state(person, by=coordinator, kind=DIED, on=on)
    assert refusal.value.message_dict == {"on": [message]}
    assert stored(person).state == ""


def test_another_branch_sets_no_state(enrolment, other_branch_coordinator):
    with pytest.raises(PermissionDenied):
        set_person_state(enrolment.person, by=other_branch_coordinator, kind=DIED, on=DAY)
    assert stored(enrolment.person).state == ""


def test_a_branch_that_only_enrols_the_person_ends_the_roles_of_both(
    enrolment, other_programme, other_branch_coordinator
):
    guest = EnrolmentFactory(programme=other_programme, person=enrolment.person)
    set_person_state(enrolment.person, by=other_branch_coordinator, kind=DIED, on=DAY)
    for row in (enrolment, guest):
        row.refresh_from_db()
        assert row.status == EnrolmentStatus.ENDED


def test_what_a_user_confirmed_must_still_be_what_ends(enrolment, coordinator, programme):
    seen = groups_digest(open_groups(enrolment.person, coordinator))
    EnrolmentFactory(programme=programme, person=enrolment.person, role=ParticipantRole.MENTOR)
    with pytest.raises(ValidationError) as refusal:
        set_person_state(enrolment.person, by=coordinator, kind=DIED, on=DAY, seen=seen)
    assert refusal.value.code == "stale"
    assert stored(enrolment.person).state == ""


def test_nothing_new_begins_with_a_person_who_has_a_state(enrolment, coordinator, programme):
    set_person_state(enrolment.person, by=coordinator, kind=NO_CONTACT, on=DAY)
    with pytest.raises(StateRefused):
        enrol_person(enrolment.person, by=coordinator, programme=programme, role=ParticipantRole.MENTOR)
    with pytest.raises(StateRefused):
        reopen_enrolment(enrolment, by=coordinator)
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.person.enrolments.count()) == (EnrolmentStatus.ENDED, 1)


def test_a_lifted_state_stays_as_a_record_and_what_it_ended_is_listed(enrolment, coordinator):
    state = set_person_state(enrolment.person, by=coordinator, kind=DIED, on=DAY)
    lifted = lift_person_state(state, by=coordinator, on=TODAY, reason="Registreret ved en fejl")
    assert (lifted.kind, lifted.on, lifted.lifted_on, lifted.lifted_reason, lifted.lifted_by) == (
        *(DIED, DAY, TODAY),
        *("Registreret ved en fejl", coordinator),
    )
    assert (stored(enrolment.person).state, stored(enrolment.person).state_on) == ("", None)
    (roles,) = ended_groups(lifted, coordinator)
    assert (roles.title, [item.text for item in roles.items]) == (
        "1 rolle",
        [f"Mentee i {enrolment.programme.name}"],
    )
    reopen_enrolment(enrolment, by=coordinator)
    again = set_person_state(enrolment.person, by=coordinator, kind=MOVED, on=TODAY)
    assert list(enrolment.person.states.values_list("kind", "lifted_on")) == [(MOVED, None), (DIED, TODAY)]
    assert again.person.state == MOVED


def test_a_state_is_lifted_once_with_a_reason_and_not_before_it_began(enrolment, coordinator):
    state = set_person_state(enrolment.person, by=coordinator, kind=DIED, on=DAY)
    with pytest.raises(ValidationError) as no_reason:
        lift_person_state(state, by=coordinator, on=TODAY, reason=" ")
    assert no_reason.value.messages == ["Skriv, hvorfor tilstanden ophæves."]
    with pytest.raises(ValidationError) as too_early:
        lift_person_state(state, by=coordinator, on=DAY - dt.timedelta(days=1), reason="Fejl")
    assert too_early.value.message_dict == {"on": ["Dagen ligger før tilstandens begyndelse."]}
    lift_person_state(state, by=coordinator, on=TODAY, reason="Fejl")
    with pytest.raises(StateRefused):
        lift_person_state(state, by=coordinator, on=TODAY, reason="Igen")


def test_a_merge_keeps_the_graver_state_and_notes_the_other(kept, other, administrator):
    set_person_state(kept, by=administrator, kind=NO_CONTACT, on=TODAY)
    set_person_state(other, by=administrator, kind=DIED, on=DAY)
    merge = merge_people(kept, other, by=administrator)
    person = stored(kept)
    assert (person.state, person.state_on) == (DIED, DAY)
    assert [(row.kind, row.on) for row in person.states.all()] == [(DIED, DAY)]
    assert "Ønsker ingen kontakt · 15.\N{NO-BREAK SPACE}september 2011" in person.notes
    undo_merge(merge, by=administrator)
    assert [(stored(one).state, stored(one).state_on) for one in (kept, other)] == [(NO_CONTACT, TODAY), (DIED, DAY)]


def test_a_merge_gives_the_kept_person_the_state_of_the_other(kept, other, administrator):
    set_person_state(other, by=administrator, kind=DIED, on=DAY)
    merge_people(kept, other, by=administrator)
    assert stored(kept).state == DIED


def test_a_person_with_open_roles_is_not_merged_with_one_who_has_died(kept, other, administrator, programme):
    EnrolmentFactory(programme=programme, person=kept)
    set_person_state(other, by=administrator, kind=DIED, on=DAY)
    with pytest.raises(MergeRefused) as refusal:
        merge_people(kept, other, by=administrator)
    assert refusal.value.messages[0].startswith(
        "Hodaan Warsame (død 3.\N{NO-BREAK SPACE}maj 2011), men T-2010-031 har åbne roller."
    )
