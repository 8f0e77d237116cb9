"""Views of planned meetings: *Første møde* on one page, and the next meeting, which is moved or cancelled."""

import datetime as dt
from decimal import Decimal

import pytest

from demo.factories import PlannedMeetingFactory
from matching import services
from tests.matching.conftest import text_of, url

TODAY = dt.date(2011, 9, 15)
SAID_YES = "Mentee sagde ja 15.\xa0september. Dagen kan ikke ligge før."
YES = {"mentee_said_yes": "on", "mentor_said_yes": "on"}


@pytest.fixture
def introduced(agreed, coordinator):
    return services.introduce_match(
        agreed, by=coordinator, on=dt.date(2011, 9, 16), time=dt.time(16, 30), place="Biblioteket", staff=coordinator
    )


def test_one_form_takes_a_proposal_to_a_running_match(staff, proposed, plan, coordinator):
    page = staff.get(url("match-start", proposed.pk))
    for words in ("Hodan Warsame siger ja", "Birgitte Holm siger ja", "Aftal første møde", "Start match"):
        assert words in text_of(page)
    data = YES | {
        "on": "14-09-2011",
        "place": "Biblioteket",
        "staff": coordinator.pk,
        "hours": "1,5",
        "agreement_signed": "on",
        "mentor_said_yes_on": "10-09-2011",
    }
    assert staff.post(url("match-start", proposed.pk), data).url == url("match-detail", proposed.pk)
    proposed.refresh_from_db()
    met = dt.date(2011, 9, 14)
    assert (proposed.status, proposed.started_on, proposed.agreement_signed_on) == ("active", met, met)
    assert (proposed.mentee_said_yes_on, proposed.mentor_said_yes_on) == (met, dt.date(2011, 9, 10))
    assert (proposed.first_meeting_place, proposed.staff_present) == ("Biblioteket", True)
    assert list(proposed.meetings.values_list("held_on", "hours")) == [(met, Decimal("1.5"))]
    held = proposed.planned_meetings.get()
    assert (held.state, held.staff, held.meeting) == ("held", coordinator, proposed.meetings.get())


def test_the_same_form_plans_the_first_meeting(staff, proposed, coordinator):
    data = YES | {"on": "20-09-2011", "time": "16.30", "place": "Skolen", "staff": coordinator.pk, "act": "plan"}
    staff.post(url("match-start", proposed.pk), data)
    proposed.refresh_from_db()
    assert (proposed.status, proposed.mentee_said_yes_on, proposed.mentor_said_yes_on) == ("introduced", TODAY, TODAY)
    text = text_of(staff.get(url("match-detail", proposed.pk)))
    for words in (
        "Første møde er aftalt til 20. september",
        "Kl. 16.30 · Skolen",
        "Mette Sørensen er med.",
        "Flyt",
        "Aflys mødet",
    ):
        assert words in text


def test_a_proposal_starts_only_with_both_answers(staff, proposed):
    data = {"on": "14-09-2011", "mentee_said_yes": "on"}
    response = staff.post(url("match-start", proposed.pk), data)
    assert response.context["form"].errors == {
        "mentor_said_yes": ["Begge skal sige ja først. Sæt kryds, når Birgitte Holm har."]
    }
    proposed.refresh_from_db()
    assert (proposed.status, proposed.mentee_said_yes_on) == ("proposed", None)


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"on": "20-09-2011"}, {"on": ["Dagen er ikke kommet endnu. Skriv den dag, det skete."]}),
        ({"on": "31-09-2011"}, {"on": ["September har 30 dage. Skriv en dato, der findes."]}),
        ({"on": "14-09-2011", "mentee_said_yes_on": "15-09-2011"}, {"on": [SAID_YES]}),
        ({"on": "14-09-2011", "hours": "30"}, {"hours": ["Skriv mellem et kvarter og 24 timer."]}),
    ],
)
def test_wrong_values_are_explained_at_their_fields(staff, proposed, data, errors):
    response = staff.post(url("match-start", proposed.pk), YES | data)
    assert response.context["form"].errors == errors
    proposed.refresh_from_db()
    assert (proposed.status, proposed.mentee_said_yes_on) == ("proposed", None)


def test_an_arranged_meeting_is_filled_in(staff, introduced, coordinator):
    form = staff.get(url("match-start", introduced.pk)).context["form"]
    found = {name: form[name].value() for name in ("on", "place", "staff")}
    assert found == {"on": "16-09-2011", "place": "Biblioteket", "staff": coordinator.pk}
    assert form.answers == []


def test_the_next_meeting_is_planned_moved_and_cancelled(staff, active, coordinator):
    page = url("match-detail", active.pk)
    assert "Aftal næste møde" in text_of(staff.get(page))
    data = {"on": "20-09-2011", "time": "16.30", "place": "Café", "staff": ""}
    assert staff.post(url("meeting-plan", active.pk), data).url == page
    text = text_of(staff.get(page))
    assert "Aftalt møde</b> 20. september kl. 16.30 · Café" in text
    assert "Aftal næste møde" not in text
    staff.post(url("meeting-plan", active.pk), data | {"on": "21-09-2011", "reason": "Birgitte er syg"})
    assert "Flyttet fra 20. september: Birgitte er syg" in text_of(staff.get(page))
    plan = active.planned_meetings.to_do().get()
    response = staff.post(url("meeting-cancel", plan.pk), {"reason": ""})
    assert list(response.context["form"].errors) == ["reason"]
    staff.post(url("meeting-cancel", plan.pk), {"reason": "Ferie"})
    assert "Aflyst: 21. september: Ferie" in text_of(staff.get(page))


def test_cancelling_the_first_meeting_says_what_stays(staff, introduced):
    plan = introduced.planned_meetings.get()
    assert "Begges svar bliver stående" in text_of(staff.get(url("meeting-cancel", plan.pk)))
    staff.post(url("meeting-cancel", plan.pk), {"reason": "Syg"})
    assert "Begge har sagt ja" in text_of(staff.get(url("match-detail", introduced.pk)))


def test_who_has_left_stays_on_a_planned_meeting(staff, active, administrator):
    PlannedMeetingFactory(match=active, on=dt.date(2011, 9, 20), staff=administrator)
    administrator.memberships.all().delete()
    form = staff.get(url("meeting-plan", active.pk)).context["form"]
    assert administrator in form.fields["staff"].queryset
