import datetime as dt

import pytest

from demo.factories import FollowUpFactory
from matching import services
from matching.enums import Channel, MatchStatus
from matching.pages import person_timeline
from matching.pages.match_page import MatchPage
from matching.pages.steps import steps_with_kinds
from people.timeline import EntryKind
from tests.matching.conftest import url

TODAY = dt.date(2011, 9, 15)
NEXT = {"mentor_next": "waiting", "mentee_next": "ended"}


def shown_entries(person, user) -> list[tuple]:
    entries = sorted(person_timeline.timeline_entries(person, user), key=lambda entry: (entry.on, entry.order))
    return [(entry.on.strftime("%d-%m-%y"), entry.title, entry.text.replace("\xa0", " ")) for entry in entries]


def test_timeline_entries_of_a_mentee_are_in_order(active, mentee, coordinator):
    first = active.follow_ups.filter(side="mentee").first()
    services.record_follow_up(
        first, by=coordinator, on=dt.date(2011, 7, 29), channel=Channel.PHONE, mood="good", note="Trygge"
    )
    services.record_outcome(active, by=coordinator, kind="danish", on=dt.date(2011, 8, 9), note="Egen vurdering")
    services.pause_match(active, by=coordinator, on=dt.date(2011, 9, 1), note="Ramadan")
    FollowUpFactory(match=active, side="both", due_on=dt.date(2011, 9, 20), name="Begge")

    assert shown_entries(mentee.person, coordinator) == [
        ("01-04-11", "Interview", ""),
        ("20-06-11", "Match med Birgitte Holm foreslået", "Birgitte sagde ja 21. juni. Hodan sagde ja 21. juni."),
        (
            "28-06-11",
            "Første møde med Birgitte Holm",
            "Biblioteket. En af os var med. Alle har underskrevet aftalen om mindst et år.",
        ),
        ("29-07-11", "Månedlig opfølgning", "Trygge"),
        ("09-08-11", "Bedre dansk", "Egen vurdering"),
        ("01-09-11", "Match med Birgitte Holm på pause", "Ramadan"),
        ("20-09-11", "Begge opfølgning", "Planlagt. Med både Hodan og Birgitte."),
    ]
    kinds = {
        entry.title: (entry.kind, entry.badge) for entry in person_timeline.timeline_entries(mentee.person, coordinator)
    }
    assert kinds["Månedlig opfølgning"] == (EntryKind.FOLLOW_UP, "good")


def test_timeline_entries_of_a_mentor_have_checks_and_the_end(active, mentor, coordinator):
    for kind in ("training", "reference", "reference"):
        services.record_check(mentor, by=coordinator, kind=kind, outcome="approved", checked_on=dt.date(2011, 5, 1))
    services.end_match(active, by=coordinator, on=TODAY, reason="moved", note="Flyttede til Odense.", **NEXT)
    titles = shown_entries(mentor.person, coordinator)
    assert ("01-05-11", "To referencer og kursus: på plads", "") in titles
    assert titles[-1] == ("15-09-11", "Match med Hodan Warsame afsluttet", "Flyttede. Flyttede til Odense")


def test_timeline_entries_of_the_future_and_of_a_decline(agreed, mentee, mentor, coordinator):
    services.introduce_match(agreed, by=coordinator, on=dt.date(2011, 9, 20), place="Biblioteket")
    services.plan_interview(mentee, by=coordinator, on=dt.date(2011, 9, 22), time=dt.time(16, 30), place="Her")
    ahead = [entry for entry in person_timeline.timeline_entries(mentee.person, coordinator) if entry.is_future]
    assert [(entry.title, entry.text) for entry in ahead] == [
        ("Interview planlagt", "kl.\xa016.30 · Her"),
        ("Første møde med Birgitte Holm aftalt", "Biblioteket"),
    ]
    services.decline_match(agreed, by=coordinator, on=TODAY, side="mentor", note="Har travlt")
    assert shown_entries(mentor.person, coordinator)[-1] == ("15-09-11", "Match med Hodan Warsame afvist", "Har travlt")


def names_of(person, user) -> list[str]:
    entries = sorted(person_timeline.timeline_entries(person, user), key=lambda entry: (entry.on, entry.order))
    return [entry.title for entry in entries]


def steps_of(match) -> list[str]:
    return [event.title for event in MatchPage(match, TODAY).timeline[::-1]]


def test_each_step_of_a_match_has_its_own_name(active, mentee, coordinator):
    """The same status, active, is a first meeting, a match that goes on after a pause, or one that was reopened."""
    services.pause_match(active, by=coordinator, on=dt.date(2011, 8, 1), note="Ferie")
    services.resume_match(active, by=coordinator, on=dt.date(2011, 8, 9), note="Hjemme", plan="skip")
    services.end_match(active, by=coordinator, on=dt.date(2011, 9, 1), reason="moved", **NEXT)
    services.reopen_match(active, by=coordinator, on=dt.date(2011, 9, 2), note="Blev boende")
    services.withdraw_match(active, by=coordinator, note="Forkert", on=dt.date(2011, 9, 3))
    assert steps_of(active) == [
        "Foreslået",
        "Første møde",
        "Sat på pause",
        "Genoptaget",
        "Afsluttet",
        "Genåbnet",
        "Taget tilbage",
    ]
    assert names_of(mentee.person, coordinator)[1:] == [
        "Match med Birgitte Holm foreslået",
        "Første møde med Birgitte Holm",
        "Match med Birgitte Holm på pause",
        "Match med Birgitte Holm genoptaget",
        "Match med Birgitte Holm afsluttet",
        "Match med Birgitte Holm genåbnet",
        "Match med Birgitte Holm taget tilbage",
    ]


def test_a_declined_match_names_its_steps(agreed, coordinator):
    services.introduce_match(agreed, by=coordinator, on=dt.date(2011, 9, 10), place="Biblioteket")
    services.decline_match(agreed, by=coordinator, on=TODAY, side="mentor")
    assert steps_of(agreed) == ["Foreslået", "Første møde aftalt til", "Afvist"]


@pytest.mark.parametrize("status", MatchStatus.values)
def test_every_status_has_a_step_with_a_name(match, status):
    match.steps.create(status=status, on=TODAY)
    [(_step, kind)] = steps_with_kinds(match.steps.all())
    assert kind == ("started" if status == "active" else status)


def test_a_moved_and_a_skipped_follow_up_have_names(active, mentee, coordinator):
    first, _second, last = active.follow_ups.filter(side="mentee")
    services.skip_follow_up(first, by=coordinator, reason="Syg")
    services.move_follow_up(last, by=coordinator, due_on=dt.date(2011, 10, 3), reason="Ferie")
    moved = ("26-09-11", "Månedlig opfølgning flyttet til 3.\xa0oktober", "Ferie")
    skipped = ("28-07-11", "Månedlig opfølgning sprunget over", "Syg")
    entries = shown_entries(mentee.person, coordinator)
    assert skipped in entries
    assert moved in entries
    assert ("03-10-11", "Månedlig opfølgning", "Planlagt.") in entries
    assert moved[1] in steps_of(active)
    assert skipped[1] in steps_of(active)


def test_contacts_outside_the_plan(mentee, coordinator, other_branch_coordinator):
    common = {"by": coordinator, "on": TODAY}
    talk = services.add_contact(mentee, **common, channel="phone", result="talked", mood="good", note="Har tid nu")
    services.add_contact(mentee, **common, channel="sms", result="left_message")
    entries = [entry for entry in person_timeline.timeline_entries(mentee.person, coordinator) if entry.on == TODAY]
    assert [(entry.title, entry.text, entry.icon, entry.badge, entry.kind, entry.author) for entry in entries] == [
        ("Talte sammen", "Har tid nu", "telephone", "good", EntryKind.FOLLOW_UP, coordinator.name),
        ("Lagde besked", "", "chat-dots", "", EntryKind.FOLLOW_UP, coordinator.name),
    ]
    assert entries[0].correct_url == url("contact-correct", talk.pk)
    assert person_timeline.timeline_entries(mentee.person, other_branch_coordinator) == []
