"""Pages about the state of a person, and where the state is shown."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from demo.factories import AttendanceFactory, EnrolmentFactory, EventFactory, MatchFactory, MentorFactory
from events.enums import AttendanceStatus
from events.services import invite_people
from people.endings import groups_digest, open_groups
from people.enums import PersonStateKind
from people.models import PersonState
from people.services import lift_person_state, set_person_state
from tests.events.conftest import TODAY, at

DAY = dt.date(2011, 9, 3)
DIED, MOVED, NO_CONTACT = PersonStateKind.values

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client_of, coordinator):
    return client_of(coordinator)


@pytest.fixture
def mentor(programme):
    return MentorFactory(
        programme=programme,
        person__first_name="Birgitte",
        person__last_name="Holm",
        person__phones=["+4557269617"],
        person__emails=["birgitte@example.dk"],
    )


@pytest.fixture
def match(programme, mentor):
    mentee = EnrolmentFactory(programme=programme, status="matched", person__first_name="Ida").person
    return MatchFactory(programme=programme, mentor=mentor.person, mentee=mentee, started_on=dt.date(2011, 6, 28))


def text_of(response) -> str:
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def page(name, pk) -> str:
    return reverse(f"people:{name}", args=[pk])


def test_the_page_lists_what_ends_and_the_act_ends_it(staff, coordinator, match, mentor):
    address = page("person-state", mentor.person.pk)
    text = text_of(staff.get(address))
    assert "<b>1 match</b>" in text
    assert f"Ida Warsame, match {match.number}" in text
    seen = groups_digest(open_groups(mentor.person, coordinator))
    response = staff.post(address, {"kind": DIED, "on": "03-09-2011", "note": "", "seen": seen})
    assert response["Location"] == page("person-detail", mentor.person.pk)
    match.refresh_from_db()
    assert (match.status, match.end_reason) == ("ended", "died")
    assert list(PersonState.objects.values_list("kind", "on")) == [(DIED, DAY)]


def test_what_changed_meanwhile_is_shown_before_anything_ends(staff, coordinator, match, mentor, programme):
    seen = groups_digest(open_groups(mentor.person, coordinator))
    event = EventFactory(programme=programme, starts_at=at(TODAY + dt.timedelta(days=1), 17))
    invite_people(event, by=coordinator, people=[mentor.person], on=TODAY)
    form = {"kind": DIED, "on": "03-09-2011", "note": "Fra datteren", "seen": seen}
    response = staff.post(page("person-state", mentor.person.pk), form)
    text = text_of(response)
    assert "Noget er ændret, siden du åbnede siden. Se igen, hvad der afsluttes." in text
    assert "<b>1 invitation</b>" in text
    assert 'value="Fra datteren"' in text
    assert not PersonState.objects.exists()
    form["seen"] = response.context["form"]["seen"].value()
    staff.post(page("person-state", mentor.person.pk), form)
    assert PersonState.objects.count() == 1


def test_a_person_with_a_state_has_no_second_form(staff, coordinator, mentor):
    set_person_state(mentor.person, by=coordinator, kind=MOVED, on=DAY)
    response = staff.get(page("person-state", mentor.person.pk))
    assert response["Location"] == page("person-detail", mentor.person.pk)


def test_the_state_is_lifted_and_the_next_page_lists_what_it_ended(staff, coordinator, match, mentor):
    state = set_person_state(mentor.person, by=coordinator, kind=MOVED, on=DAY)
    assert "Ophæv tilstanden" in text_of(staff.get(page("person-state-lift", state.pk)))
    sent = {"on": "15-09-2011", "reason": "Registreret ved en fejl"}
    response = staff.post(page("person-state-lift", state.pk), sent)
    assert response["Location"] == page("person-state-detail", state.pk)
    text = text_of(staff.get(response["Location"]))
    assert "Ophævet af Mette Sørensen: Registreret ved en fejl" in text
    assert (
        f'<a href="{reverse("matching:match-detail", args=[match.pk])}">Ida Warsame, match {match.number}</a>' in text
    )


def test_a_state_that_ended_nothing_leads_back_to_the_person(staff, coordinator, mentor):
    state = PersonState.objects.create(person=mentor.person, kind=MOVED, on=DAY)
    response = staff.post(page("person-state-lift", state.pk), {"on": "15-09-2011", "reason": "Fejl"})
    assert response["Location"] == page("person-detail", mentor.person.pk)
    assert "Den afsluttede intet." in text_of(staff.get(page("person-state-detail", state.pk)))


def test_lifting_without_a_reason_shows_the_form_again(staff, coordinator, mentor):
    state = set_person_state(mentor.person, by=coordinator, kind=MOVED, on=DAY)
    response = staff.post(page("person-state-lift", state.pk), {"on": "15-09-2011", "reason": ""})
    assert list(response.context["form"].errors) == ["reason"]
    state.refresh_from_db()
    assert state.lifted_on is None


def test_no_link_calls_or_writes_to_a_person_with_a_state(staff, coordinator, mentor):
    before = text_of(staff.get(page("person-detail", mentor.person.pk)))
    assert ("tel:+4557269617" in before, "mailto:birgitte@example.dk" in before) == (True, True)
    set_person_state(mentor.person, by=coordinator, kind=NO_CONTACT, on=DAY)
    after = text_of(staff.get(page("person-detail", mentor.person.pk)))
    assert ("tel:" in after, "mailto:" in after) == (False, False)
    assert ("57 26 96 17" in after, "birgitte@example.dk" in after) == (True, True)  # the coordinator may edit


def test_the_list_shows_the_state_and_filters_by_it(staff, coordinator, mentor, match):
    set_person_state(mentor.person, by=coordinator, kind=DIED, on=DAY)
    everyone = text_of(staff.get(reverse("people:person-list")))
    assert 'Birgitte Holm <span class="person-state">død 3. september 2011</span></a>' in everyone
    assert "tel:+4557269617" not in everyone
    dead = text_of(staff.get(reverse("people:person-list"), {"tilstand": DIED}))
    assert ("Birgitte Holm" in dead, "Ida Warsame" in dead) == (True, False)
    others = text_of(staff.get(reverse("people:person-list"), {"tilstand": "ingen"}))
    assert ("Birgitte Holm" in others, "Ida Warsame" in others) == (False, True)


def test_a_lifted_state_is_on_the_page_but_not_beside_the_name(staff, coordinator, mentor):
    state = set_person_state(mentor.person, by=coordinator, kind=MOVED, on=DAY)
    lift_person_state(state, by=coordinator, on=TODAY, reason="Flyttet tilbage")
    text = text_of(staff.get(page("person-detail", mentor.person.pk)))
    assert "3. september 2011 – 15. september 2011" in text
    assert "person-state" not in text.partition("</h1>")[0]


# ---------------------------------------------------------------- beside the name, wherever it is

NAME = "Birgitte Holm"
# Where the name is part of a sentence about an act, or of what screen readers hear about a button.
PAGES = [
    ("people:person-detail", "mentor"),
    ("people:person-edit", "mentor"),
    ("people:consent-edit", "mentor"),
    ("people:merge-choose", "mentor"),
    ("people:person-detail", "mentee"),
    ("matching:match-detail", "match"),
    ("matching:meeting-list", "match"),
    ("events:event-detail", "event"),
    ("events:check-in", "event"),
]


@pytest.mark.parametrize(("name", "row"), PAGES)
def test_every_page_shows_the_state_beside_the_name(staff, coordinator, programme, mentor, match, name, row):
    event = EventFactory(programme=programme, starts_at=at(dt.date(2011, 9, 1), 17))
    AttendanceFactory(event=event, person=mentor.person, status=AttendanceStatus.SIGNED_UP)
    set_person_state(mentor.person, by=coordinator, kind=DIED, on=DAY)
    rows = {"mentor": mentor.person, "mentee": match.mentee, "match": match, "event": event}
    text = text_of(staff.get(reverse(name, args=[rows[row].pk])))
    assert re.search(rf"{NAME} (\(|<span class=.person-state.>)død 3. september 2011", text)


@pytest.mark.parametrize(
    "name", ["people:person-list", "matching:match-list", "people:duplicate-list", "matching:interview-list"]
)
def test_every_list_shows_the_state_wherever_it_shows_the_name(staff, coordinator, mentor, match, name):
    set_person_state(mentor.person, by=coordinator, kind=DIED, on=DAY)
    text = text_of(staff.get(reverse(name), {"status": "afsluttet"} if name == "matching:match-list" else {}))
    assert text.count(NAME) == text.count("død 3. september 2011")


def test_the_export_has_the_state_and_no_address(staff, coordinator, mentor):
    set_person_state(mentor.person, by=coordinator, kind=NO_CONTACT, on=DAY)
    columns = ["first_name", "state", "phone", "email"]
    response = staff.post(reverse("people:person-export"), {"kind": "csv", "columns": columns})
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    assert lines[1:] == ["Birgitte;ønsker ingen kontakt;;"]


def test_the_timeline_tells_the_state_and_its_end(staff, coordinator, mentor):
    state = set_person_state(mentor.person, by=coordinator, kind=MOVED, on=DAY, note="til Aarhus")
    lift_person_state(state, by=coordinator, on=TODAY, reason="flyttet tilbage")
    response = staff.get(page("person-detail", mentor.person.pk))
    entries = [entry for block in response.context["blocks"] for entry in block.entries]
    assert [(entry.title, entry.text, entry.on) for entry in entries[:2]] == [
        ("Ikke længere: flyttet", "Flyttet tilbage.", TODAY),
        ("Flyttet", "Til Aarhus.", DAY),
    ]
