import datetime as dt

import pytest

from demo.factories import FollowUpFactory, InterviewFactory, MatchFactory, ScreeningRequirementFactory
from matching import on_person, services
from matching.enums import Channel
from people.enums import EnrolmentStatus
from people.models import Enrolment
from people.timeline import EntryKind
from programmes.enums import ParticipantRole, ScreeningKind

TODAY = dt.date(2011, 9, 15)


def told(person, user) -> list[tuple]:
    entries = sorted(on_person.timeline_entries(person, user), key=lambda entry: (entry.on, entry.order))
    return [(entry.on.strftime("%d-%m-%y"), entry.title, entry.text.replace("\xa0", " ")) for entry in entries]


def test_timeline_tells_the_course_of_a_mentee(active, mentee, coordinator):
    first = active.follow_ups.filter(side="mentee").first()
    services.record_follow_up(
        first, by=coordinator, on=dt.date(2011, 7, 29), channel=Channel.PHONE, mood="good", note="Trygge"
    )
    services.record_outcome(active, by=coordinator, kind="danish", on=dt.date(2011, 8, 9), note="Egen vurdering")
    services.pause_match(active, by=coordinator, on=dt.date(2011, 9, 1), note="Ramadan")
    FollowUpFactory(match=active, side="both", due_on=dt.date(2011, 9, 20), name="Begge")

    assert told(mentee.person, coordinator) == [
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
    kinds = {entry.title: (entry.kind, entry.badge) for entry in on_person.timeline_entries(mentee.person, coordinator)}
    assert kinds["Månedlig opfølgning"] == (EntryKind.FOLLOW_UP, "good")


def test_timeline_of_the_mentor_tells_checks_and_the_end(active, mentor, coordinator):
    for kind in ("training", "reference", "reference"):
        services.record_check(mentor, by=coordinator, kind=kind, outcome="approved", checked_on=dt.date(2011, 5, 1))
    services.end_match(active, by=coordinator, on=TODAY, reason="moved", note="Flyttede til Odense.")
    titles = told(mentor.person, coordinator)
    assert ("01-05-11", "To referencer og kursus: på plads", "") in titles
    assert titles[-1] == ("15-09-11", "Match med Hodan Warsame afsluttet", "Flyttede. Flyttede til Odense")


def test_timeline_of_what_lies_ahead(agreed, mentee, mentor, coordinator):
    services.introduce_match(agreed, by=coordinator, on=dt.date(2011, 9, 20), place="Biblioteket")
    services.plan_interview(mentee, by=coordinator, on=dt.date(2011, 9, 22), time=dt.time(16, 30), place="Her")
    ahead = [entry for entry in on_person.timeline_entries(mentee.person, coordinator) if entry.is_future]
    assert [(entry.title, entry.text) for entry in ahead] == [
        ("Interview planlagt", "kl.\xa016.30 · Her"),
        ("Første møde med Birgitte Holm aftalt", "Biblioteket"),
    ]
    services.decline_match(agreed, by=coordinator, on=TODAY, side="mentor", note="Har travlt")
    assert told(mentor.person, coordinator)[-1] == ("15-09-11", "Match med Hodan Warsame afvist", "Har travlt")


def test_another_branch_is_told_nothing(active, mentee, other_branch_coordinator, manager):
    for user in (other_branch_coordinator, manager):
        assert on_person.timeline_entries(mentee.person, user) == []
        assert on_person.person_panels(mentee.person, user) == []
        assert on_person.next_actions(mentee.person, user) == []


@pytest.mark.parametrize("count", [1, 50])
def test_a_person_costs_the_same_questions(active, mentee, coordinator, django_assert_num_queries, count):
    for number in range(count):
        FollowUpFactory(match=active, due_on=TODAY - dt.timedelta(days=number), done_on=TODAY, mood="good")
        InterviewFactory(enrolment=mentee)
    coordinator.branch_ids_for("read_cases")
    with django_assert_num_queries(6):
        on_person.timeline_entries(mentee.person, coordinator)
    with django_assert_num_queries(4):
        on_person.person_panels(mentee.person, coordinator)
    with django_assert_num_queries(4):
        on_person.next_actions(mentee.person, coordinator)


def test_panels_show_the_match_the_interview_and_the_checks(active, mentor, mentee, coordinator):
    ScreeningRequirementFactory(programme=active.programme, kind=ScreeningKind.REFERENCE, count=2)
    services.record_check(mentor, by=coordinator, kind="reference", outcome="approved", checked_on=TODAY)
    InterviewFactory(enrolment=mentor, held_on=TODAY, motivation="Vil gøre en forskel")
    panels = {panel.template: panel.context for panel in on_person.person_panels(mentor.person, coordinator)}
    match = panels["matching/_person_match.html"]
    assert (match["other"], match["week"], match["weeks"], match["match"].meeting_count) == (mentee.person, 12, 52, 1)
    assert panels["matching/_person_interview.html"]["interview"].motivation == "Vil gøre en forskel"
    line = panels["matching/_person_checks.html"]["lines"][0]
    assert (line["have"], line["is_in_place"]) == (1, False)


def test_panels_stand_on_the_persons_page(client_of, active, mentee, coordinator):
    text = " ".join(client_of(coordinator).get(f"/personer/{mentee.person_id}/").content.decode().split())
    assert "1 møde, senest 28. juni. Uge 12 af 52." in text
    assert "Registrer opfølgning" in text


# --- what is next ------------------------------------------------------------------------------------


def next_of(person, user) -> list[tuple]:
    return [
        (action.priority, action.badge, action.title, action.text.replace("\xa0", " "))
        for action in on_person.next_actions(person, user)
    ]


def test_next_is_the_overdue_follow_up(active, mentor, coordinator):
    assert next_of(mentor.person, coordinator) == [
        (10, "overdue", "Opfølgning efter 14 dage med Birgitte", "skulle være sket 12. juli.")
    ]
    active.follow_ups.filter(side="mentor").update(due_on=TODAY)
    assert next_of(mentor.person, coordinator)[0][:2] == (20, "today")
    active.follow_ups.filter(side="mentor").update(due_on=dt.date(2011, 9, 20))
    assert next_of(mentor.person, coordinator)[0][3] == "er planlagt til 20. september."


def test_next_of_an_applicant_is_an_interview(programme, mentee, coordinator):
    Enrolment.objects.update(status=EnrolmentStatus.APPLIED)
    mentee.interviews.all().delete()
    assert next_of(mentee.person, coordinator) == [(50, "planned", "Hodan er ikke interviewet.", "")]
    services.plan_interview(mentee, by=coordinator, on=TODAY, time=dt.time(13), place="Her")
    assert next_of(mentee.person, coordinator) == [(20, "today", "Interview med Hodan", "15. september, kl. 13, Her.")]


def test_next_of_a_proposal_is_the_answers_then_the_first_meeting(agreed, mentee, coordinator):
    assert next_of(mentee.person, coordinator) == [
        (30, "planned", "Match med Birgitte Holm er foreslået.", "Spørg begge, og registrer, hvad de siger.")
    ]
    services.introduce_match(agreed, by=coordinator, on=dt.date(2011, 9, 13))
    assert next_of(mentee.person, coordinator) == [(30, "overdue", "Første møde med Birgitte Holm", "13. september.")]


def test_a_contact_person_has_nothing_of_matching(programme, coordinator):
    match = MatchFactory(programme=programme)
    Enrolment.objects.filter(person=match.mentor).update(role=ParticipantRole.CONTACT)
    assert [panel.template for panel in on_person.person_panels(match.mentor, coordinator)] == [
        "matching/_person_match.html"
    ]
