import datetime as dt

import pytest

from demo.factories import FollowUpFactory, InterviewFactory, MatchFactory, ScreeningRequirementFactory
from matching import services
from matching.pages import person_page, person_timeline
from people.enums import EnrolmentStatus
from people.models import Enrolment
from programmes.enums import ParticipantRole, ScreeningKind

TODAY = dt.date(2011, 9, 15)


def test_another_branch_gets_no_entries_panels_or_actions(active, mentee, other_branch_coordinator, manager):
    for user in (other_branch_coordinator, manager):
        assert person_timeline.timeline_entries(mentee.person, user) == []
        assert person_page.person_panels(mentee.person, user) == []
        assert person_page.next_actions(mentee.person, user) == []


@pytest.mark.parametrize("count", [1, 50])
def test_the_number_of_queries_is_constant(active, mentee, coordinator, django_assert_num_queries, count):
    for number in range(count):
        FollowUpFactory(match=active, due_on=TODAY - dt.timedelta(days=number), done_on=TODAY, mood="good")
        InterviewFactory(enrolment=mentee)
    coordinator.branch_ids_for("read_cases")
    with django_assert_num_queries(7):
        person_timeline.timeline_entries(mentee.person, coordinator)
    with django_assert_num_queries(5):
        person_page.person_panels(mentee.person, coordinator)
    with django_assert_num_queries(4):
        person_page.next_actions(mentee.person, coordinator)


def test_panels_show_the_match_the_interview_and_the_checks(active, mentor, mentee, coordinator):
    ScreeningRequirementFactory(programme=active.programme, kind=ScreeningKind.REFERENCE, count=2)
    services.record_check(mentor, by=coordinator, kind="reference", outcome="approved", checked_on=TODAY)
    InterviewFactory(enrolment=mentor, held_on=TODAY, motivation="Vil gøre en forskel")
    panels = {panel.template: panel.context for panel in person_page.person_panels(mentor.person, coordinator)}
    match = panels["matching/_person_match.html"]
    assert (match["other"], match["week"], match["weeks"], match["match"].meeting_count) == (mentee.person, 12, 52, 1)
    assert panels["matching/_person_interview.html"]["interview"].motivation == "Vil gøre en forskel"
    line = panels["matching/_person_checks.html"]["lines"][0]
    assert (line["have"], line["is_in_place"]) == (1, False)


def test_panels_are_on_the_persons_page(client_of, active, mentee, coordinator):
    text = " ".join(client_of(coordinator).get(f"/personer/{mentee.person_id}/").content.decode().split())
    assert "1 møde, senest 28. juni. Uge 12 af 52." in text
    assert "Registrer opfølgning" in text


# --- next actions ------------------------------------------------------------------------------------


def actions_of(person, user) -> list[tuple]:
    return [
        (action.priority, action.badge, action.title, action.text.replace("\xa0", " "))
        for action in person_page.next_actions(person, user)
    ]


def test_next_action_is_the_overdue_follow_up(active, mentor, coordinator):
    assert actions_of(mentor.person, coordinator) == [
        (10, "overdue", "Opfølgning efter 14 dage med Birgitte", "skulle være sket 12. juli.")
    ]
    active.follow_ups.filter(side="mentor").update(due_on=TODAY)
    assert actions_of(mentor.person, coordinator)[0][:2] == (20, "today")
    active.follow_ups.filter(side="mentor").update(due_on=dt.date(2011, 9, 20))
    assert actions_of(mentor.person, coordinator)[0][3] == "er planlagt til 20. september."


def test_next_action_of_an_applicant_is_an_interview(programme, mentee, coordinator):
    Enrolment.objects.update(status=EnrolmentStatus.APPLIED)
    mentee.interviews.all().delete()
    assert actions_of(mentee.person, coordinator) == [(50, "planned", "Hodan er ikke interviewet.", "")]
    services.plan_interview(mentee, by=coordinator, on=TODAY, time=dt.time(13), place="Her")
    assert actions_of(mentee.person, coordinator) == [
        (20, "today", "Interview med Hodan", "15. september, kl. 13, Her.")
    ]


def test_next_action_of_a_proposal_is_the_answers_then_the_first_meeting(agreed, mentee, coordinator):
    assert actions_of(mentee.person, coordinator) == [
        (30, "planned", "Match med Birgitte Holm er foreslået.", "Spørg begge, og registrer, hvad de siger.")
    ]
    services.introduce_match(agreed, by=coordinator, on=dt.date(2011, 9, 13))
    assert actions_of(mentee.person, coordinator) == [
        (30, "overdue", "Første møde med Birgitte Holm", "var aftalt til 13. september.")
    ]


def test_a_contact_person_has_no_check_panel(programme, coordinator):
    match = MatchFactory(programme=programme)
    Enrolment.objects.filter(person=match.mentor).update(role=ParticipantRole.CONTACT)
    assert [panel.template for panel in person_page.person_panels(match.mentor, coordinator)] == [
        "matching/_person_match.html"
    ]
