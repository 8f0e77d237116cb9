import datetime as dt

import pytest

from demo.factories import EventFactory
from events.forms import EventForm, GuestCountForm, InviteProgrammesForm
from tests.events.conftest import TODAY, at

FACTS = {
    "kind": "network",
    "title": "Mød jobcentret",
    "day": "22-09-2011",
    "starts": "17",
    "ends": "20.30",
    "place": "Biblioteket",
    "capacity": "40",
}


@pytest.fixture
def form_with(programme, coordinator):
    def build(**changes):
        return EventForm({**FACTS, "programme": programme.pk, **changes}, user=coordinator)

    return build


def test_event_form_cleans_day_and_times_in_danish_time(form_with):
    form = form_with()
    assert form.is_valid(), form.errors
    day = dt.date(2011, 9, 22)
    assert (form.facts["starts_at"], form.facts["ends_at"]) == (at(day, 17), at(day, 20, 30))
    assert form.facts["capacity"] == 40


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"day": "29-02-2011"}, "day", "2011 er ikke et skudår: februar har 28 dage. Skriv en dato, der findes."),
        ({"day": "01-01-0011"}, "day", "Datoen ligger før 1900. Se årstallet efter."),
        ({"day": "01-01-1950"}, "day", "Kontrollér årstallet."),
        ({"starts": "25"}, "starts", "Et døgn slutter kl. 23.59. Skriv et klokkeslæt, der findes."),
        ({"starts": "om lidt"}, "starts", "Skriv klokkeslættet som timer og minutter, for eksempel 16.30."),
        (
            {"ends": "16.59"},
            "ends",
            "Arrangementet slutter, før det begynder. Kontrollér dato og klokkeslæt.",
        ),
        (
            {"last_day": "21-09-2011"},
            "last_day",
            "Arrangementet slutter, før det begynder. Kontrollér dato og klokkeslæt.",
        ),
        (
            {"day": "27-03-2011", "starts": "02.30"},
            "starts",
            "Sommertiden begynder den nat, og den time findes ikke. Skriv et andet klokkeslæt.",
        ),
        (
            {"description": "CPR 030577-1234"},
            "description",
            "Teksten indeholder noget, der ligner et CPR-nummer. Fjern det: vi gemmer aldrig CPR-numre.",
        ),
    ],
)
def test_event_form_shows_errors_at_the_field(form_with, changes, field, error):
    form = form_with(**changes)
    assert form.errors == {field: [error]}
    assert form[field].value() == changes[field]


def test_event_form_accepts_the_night_when_summer_time_ends(form_with):
    form = form_with(day="29-10-2011", starts="20", last_day="30-10-2011", ends="2.30")
    assert form.is_valid(), form.errors
    assert form.facts["ends_at"] - form.facts["starts_at"] == dt.timedelta(hours=6, minutes=30)


def test_event_form_refuses_another_branchs_programme(form_with, other_programme):
    assert list(form_with(programme=other_programme.pk).errors) == ["programme"]


def test_event_form_shows_the_facts_of_an_event(event, coordinator):
    event.ends_at = at(TODAY + dt.timedelta(days=1), 9)
    form = EventForm(user=coordinator, event=event)
    shown = [form[name].value() for name in ("day", "starts", "ends", "last_day", "capacity")]
    assert shown == ["15-09-2011", "17.00", "09.00", "16-09-2011", 2]


def test_invite_programmes_form_offers_other_branches_not_invited_yet(event, other_programme):
    form = InviteProgrammesForm(event=event)
    assert [label for _key, label in form.fields["programmes"].choices] == ["København: Mentornetværket København"]
    event.programme_invitations.create(programme=other_programme, invited_on=TODAY)
    assert list(InviteProgrammesForm(event=event).fields["programmes"].queryset) == []
    assert (
        list(
            InviteProgrammesForm(event=EventFactory(programme=event.programme, starts_at=at(dt.date(2015, 1, 1), 9)))
            .fields["programmes"]
            .queryset
        )
        == []
    )


@pytest.mark.parametrize(
    ("data", "errors"),
    [({"count": "4"}, {}), ({"change": "-1"}, {}), ({}, {"count": ["Skriv et tal."]})],
)
def test_guest_count_form(data, errors):
    assert GuestCountForm(data).errors == errors
