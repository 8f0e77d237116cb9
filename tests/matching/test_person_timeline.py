import datetime as dt

from demo.factories import FollowUpFactory
from matching import services
from matching.enums import Channel
from matching.pages import person_timeline
from people.timeline import EntryKind

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
