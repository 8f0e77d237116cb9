import datetime as dt

import pytest

from demo.factories import FollowUpFactory, InterviewFactory, MatchFactory, ScreeningRequirementFactory
from matching import services
from matching.pages import person_page, person_timeline
from people.models import Enrolment
from programmes.enums import ParticipantRole, ScreeningKind

TODAY = dt.date(2011, 9, 15)


def test_another_branch_gets_no_entries_or_panels(active, mentee, other_branch_coordinator, manager):
    for user in (other_branch_coordinator, manager):
        assert person_timeline.timeline_entries(mentee.person, user) == []
        assert person_page.person_panels(mentee.person, user) == []


@pytest.mark.parametrize("count", [1, 50])
def test_the_number_of_queries_is_constant(active, mentee, coordinator, django_assert_num_queries, count):
    for number in range(count):
        FollowUpFactory(match=active, due_on=TODAY - dt.timedelta(days=number), done_on=TODAY, mood="good")
        InterviewFactory(enrolment=mentee)
    coordinator.branch_ids_for("read_cases")
    with django_assert_num_queries(8):
        person_timeline.timeline_entries(mentee.person, coordinator)
    with django_assert_num_queries(5):
        person_page.person_panels(mentee.person, coordinator)


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


def test_a_contact_person_has_no_check_panel(programme, coordinator):
    match = MatchFactory(programme=programme)
    Enrolment.objects.filter(person=match.mentor).update(role=ParticipantRole.CONTACT)
    assert [panel.template for panel in person_page.person_panels(match.mentor, coordinator)] == [
        "matching/_person_match.html"
    ]
