"""Pages of matches: what they show, what they do, for whom, in how many queries."""

import datetime as dt
import uuid

import pytest

from accounts.models import AccessRecord
from demo.factories import (
    FollowUpFactory,
    MatchFactory,
    MeetingFactory,
)
from matching import services
from matching.models import Goal, Match, Meeting, Outcome
from tests.matching.conftest import ready_mentee, text_of, url

TODAY = dt.date(2011, 9, 15)


# --- the list ----------------------------------------------------------------------------------------


def test_match_list_shows_active_ones_and_counts_the_rest(staff, programme):
    active = MatchFactory(programme=programme)
    MatchFactory(programme=programme, status="ended", ended_on=TODAY)
    response = staff.get(url("match-list"))
    assert [row.record for row in response.context["table"].rows] == [active]
    assert [(one["key"], one["count"]) for one in response.context["segments"]] == [
        ("active", 1),
        ("coming", 0),
        ("paused", 0),
        ("ended", 1),
        ("dropped", 0),
        ("all", 2),
    ]


def test_match_list_filters_stay_in_the_address_and_searches_are_logged(staff, programme, coordinator):
    match = MatchFactory(programme=programme, coordinator=coordinator)
    MatchFactory(programme=programme)
    query = {"status": "all", "soeg": "WARSAME m-2011", "indsats": programme.pk, "koordinator": coordinator.pk}
    response = staff.get(url("match-list"), query)
    assert [row.record for row in response.context["table"].rows] == [match]
    assert "status=ended" in text_of(response)
    record = AccessRecord.objects.get(kind="search")
    assert (record.subject, record.count, record.user) == ("matching.match", 1, coordinator)


def test_match_list_says_when_it_is_empty(staff):
    assert "Ingen match her" in text_of(staff.get(url("match-list")))
    assert "Ingen passer til filtrene" in text_of(staff.get(url("match-list"), {"soeg": "findes ikke"}))


def test_match_list_of_another_branch_is_empty(client_of, other_branch_coordinator, programme):
    MatchFactory(programme=programme)
    response = client_of(other_branch_coordinator).get(url("match-list"), {"indsats": programme.pk})
    assert len(response.context["table"].rows) == 0
    assert list(response.context["filter"].form.errors) == ["indsats"]


@pytest.mark.parametrize("count", [1, 50])
def test_lists_ask_the_same_number_of_questions(staff, programme, coordinator, django_assert_num_queries, count):
    for _number in range(count):
        match = MatchFactory(programme=programme, coordinator=coordinator)
        MeetingFactory(match=match)
        FollowUpFactory(match=match)
    staff.get(url("match-list"))  # the session is written once a while
    with django_assert_num_queries(9):
        staff.get(url("match-list"))
    with django_assert_num_queries(7):
        staff.get(url("follow-up-list"))
    with django_assert_num_queries(4):
        staff.get(url("attention-list"))


def test_match_export_is_what_the_list_shows(staff, programme):
    match = MatchFactory(programme=programme)
    MeetingFactory(match=match, hours="1.5")
    MatchFactory(programme=programme, status="ended", ended_on=TODAY)
    rows = b"".join(staff.get(url("match-export", "csv")).streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert rows[1].startswith(f"{match.number};Hodan Warsame;")
    assert ";1;1,5;05-07-2011;" in rows[1]
    response = staff.get(url("match-export", "xlsx"), {"status": "all"})
    assert response["Content-Disposition"] == 'attachment; filename="Match 2011-09-15.xlsx"'
    logged = AccessRecord.objects.filter(kind="export").order_by("pk").values_list("detail", "count")
    assert list(logged) == [("Match, csv · Status: Aktive", 1), ("Match, xlsx", 2)]


# --- a match's page ------------------------------------------------------------------------------------


def test_match_detail_shows_the_whole_of_it_and_is_logged(staff, active, coordinator):
    services.add_goal(active, by=coordinator, text="Blive optaget på SOSU")
    services.record_outcome(active, by=coordinator, kind="internship", on=TODAY, note="Plejehjem", told_by="mentor")
    services.record_follow_up(
        active.follow_ups.get(side="mentor"), by=coordinator, on=dt.date(2011, 7, 18), channel="phone", mood="mixed"
    )
    response = staff.get(url("match-detail", active.pk))
    text = text_of(response)
    for words in (
        "Hodan Warsame og Birgitte Holm",
        "Første møde 28. juni 2011",
        "Uge 12 af 52",
        "0 af 3 til tiden",
        "6 dage for sent",
        "19 dage over",
        "1 møde, 1 time.",
        "Blive optaget på SOSU",
        "Praktik begyndt",
        "Fortalt af Birgitte.",
        "Registrer møde",
    ):
        assert words in text
    record = AccessRecord.objects.get(kind="read")
    assert (record.subject, record.subject_id, record.case_number) == ("matching.match", active.pk, active.number)


@pytest.mark.parametrize("count", [1, 50])
def test_match_detail_asks_the_same_number_of_questions(staff, active, coordinator, django_assert_num_queries, count):
    for number in range(count):
        MeetingFactory(match=active, held_on=dt.date(2011, 7, 1) + dt.timedelta(days=number))
        FollowUpFactory(
            match=active, due_on=dt.date(2011, 7, 1) + dt.timedelta(days=number), done_on=TODAY, mood="good"
        )
        services.add_goal(active, by=coordinator, text=f"Mål {number}")
        services.record_outcome(active, by=coordinator, kind="danish", on=TODAY)
    page = url("match-detail", active.pk)
    staff.get(page)  # the session is written once a while
    with django_assert_num_queries(16):
        staff.get(page)


def test_match_detail_shows_the_plan_of_the_whole_year_when_asked(staff, active):
    for day in range(1, 10):
        FollowUpFactory(match=active, due_on=dt.date(2011, 7, day), done_on=dt.date(2011, 7, day), mood="good")
    page = staff.get(url("match-detail", active.pk)).context["page"]
    assert (len(page.shown_rows), page.hidden_count) == (8, 6)
    page = staff.get(url("match-detail", active.pk), {"plan": "all"}).context["page"]
    assert (len(page.shown_rows), page.hidden_count) == (14, 0)


def test_match_page_of_each_state_names_its_next_step(staff, proposed, coordinator):
    page = url("match-detail", proposed.pk)
    assert "Hvad siger de?" in text_of(staff.get(page))
    for side in ("mentor", "mentee"):
        assert staff.post(url("match-answer", proposed.pk, side)).status_code == 302
    assert "Begge har sagt ja" in text_of(staff.get(page))

    staff.post(url("match-introduce", proposed.pk), {"on": "14-09-2011", "place": "Biblioteket"})
    assert "Første møde</b> 14. september, Biblioteket." in text_of(staff.get(page))
    staff.post(
        url("match-start", proposed.pk),
        {"on": "14-09-2011", "place": "Biblioteket", "hours": "1,5", "staff_present": "on", "agreement_signed_on": ""},
    )
    text = text_of(staff.get(page))
    assert "Uge 1 af 52" in text
    assert "Aftale underskrevet" in text

    staff.post(url("match-sign", proposed.pk), {"on": "15-09-2011"})
    staff.post(url("match-pause", proposed.pk), {"on": "15-09-2011", "note": "Barsel"})
    assert "På pause siden 15. september</b>: Barsel" in text_of(staff.get(page))
    staff.post(url("match-resume", proposed.pk), {"on": "15-09-2011", "note": ""})
    staff.post(
        url("match-end", proposed.pk),
        {
            "on": "15-09-2011",
            "reason": "moved",
            "note": "Flyttede til Odense",
            "closing_talk_on": "15-09-2011",
            "outcomes": ["network"],
            "outcome_note": "Kender nu en nabo",
            "mentee_next": "ended",
            "mentor_next": "waiting",
        },
    )
    text = text_of(staff.get(page))
    assert "Det sluttede så tidligt, at det kan gøre skade." in text
    assert "Flyttede til Odense" in text
    staff.post(url("match-reopen", proposed.pk), {"on": "15-09-2011", "note": "", "over_capacity_reason": ""})
    staff.post(url("match-withdraw", proposed.pk), {"note": "Forkert person"})
    assert "Det tæller ingen steder." in text_of(staff.get(page))
    assert list(proposed.steps.order_by("pk").values_list("status", flat=True)) == [
        *("proposed", "introduced", "active", "paused", "active", "ended", "active", "withdrawn")
    ]


def test_match_page_says_what_needs_attention(staff, programme):
    match = MatchFactory(programme=programme)
    text = text_of(staff.get(url("match-detail", match.pk)))
    assert "79 dage uden et registreret møde. Indsatsen kræver mindst 2 om måneden." in text
    assert "Mangler underskrevet aftale 79 dage efter første møde." in text


def test_an_act_sent_twice_acts_once(staff, agreed):
    data = {"on": "14-09-2011", "place": "", "hours": "1", "agreement_signed_on": "", "once": uuid.uuid4()}
    answers = [staff.post(url("match-start", agreed.pk), data) for _time in range(2)]
    assert [answer.url for answer in answers] == [url("match-detail", agreed.pk)] * 2
    assert agreed.meetings.count() == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("match-end", "2 kommende opfølgninger fjernes. Det, der er registreret, bliver stående."),
        ("match-withdraw", "Registrerede møder og samtaler kan stadig læses."),
        ("match-reopen", "Matchet løber igen med resten af sin plan."),
        ("match-start", "Matchet løber fra den dag"),
        ("meeting-create", "Registrer møde"),
        ("goal-create", "Det, de to arbejder hen imod"),
        ("outcome-create", "Hvad der kom ud af matchet"),
    ],
)
def test_an_act_says_beforehand_what_happens(staff, active, name, words):
    assert words in text_of(staff.get(url(name, active.pk)))


def test_ending_a_match_without_a_plan(staff, programme):
    match = MatchFactory(programme=programme)
    assert "Det, der er registreret, bliver stående." in text_of(staff.get(url("match-end", match.pk)))


def test_match_decline_by_the_mentee(staff, proposed):
    response = staff.get(url("match-decline", proposed.pk, "mentee"))
    assert "Hodan Warsame siger nej" in text_of(response)
    staff.post(url("match-decline", proposed.pk, "mentee"), {"on": "15-09-2011", "note": "Har fået job"})
    assert "Mentee sagde nej. Begge er ledige igen." in text_of(staff.get(url("match-detail", proposed.pk)))


def test_refusals_stand_on_the_page_and_lose_nothing(staff, active, proposed):
    response = staff.post(url("match-answer", active.pk, "mentor"), follow=True)
    assert "Matchet står nu som: Aktivt" in text_of(response)
    response = staff.post(url("match-introduce", active.pk), {"on": "15-09-2011", "place": "Mit sted"})
    assert response.status_code == 200
    assert "Matchet står nu som: Aktivt" in text_of(response)
    assert response.context["form"]["place"].value() == "Mit sted"
    response = staff.post(url("match-pause", active.pk), {"on": "01-06-2011", "note": "x"})
    assert response.context["form"].errors == {"on": ["Dagen ligger før første møde."]}


def test_reopen_refused_leads_to_the_match_in_the_way(staff, active, mentor, programme, coordinator):
    services.end_match(active, by=coordinator, on=TODAY, reason="other")
    other = services.propose_match(
        programme=programme, mentor=mentor.person, mentee=ready_mentee(programme).person, by=coordinator, on=TODAY
    )
    response = staff.post(url("match-reopen", active.pk), {"on": "15-09-2011"})
    assert url("match-detail", other.pk) in text_of(response)


# --- records -------------------------------------------------------------------------------------------


def test_meeting_create_twice_makes_one_and_can_be_undone(staff, active):
    assert 'name="held_on" value="15-09-2011"' in text_of(
        staff.get(url("meeting-create", active.pk), headers={"HX-Request": "true"})
    )
    data = {"held_on": "15-09-2011", "hours": "1,5", "note": "Café", "once": uuid.uuid4()}
    for _time in range(2):
        assert staff.post(url("meeting-create", active.pk), data).url == url("match-detail", active.pk)
    meeting = Meeting.objects.get(held_on=TODAY)
    assert "Café" in text_of(staff.get(url("meeting-list", active.pk)))
    staff.post(url("meeting-remove", meeting.pk))
    assert active.meetings.count() == 1


def test_meeting_create_says_what_is_wrong(staff, active):
    response = staff.post(
        url("meeting-create", active.pk), {"held_on": "31-06-2011", "hours": "30", "note": "Beholdes"}
    )
    form = response.context["form"]
    assert form.errors == {
        "held_on": ["Juni har 30 dage. Skriv en dato, der findes."],
        "hours": ["Skriv mellem et kvarter og 24 timer."],
    }
    assert form["note"].value() == "Beholdes"


def test_goal_create_and_update(staff, active):
    staff.post(url("goal-create", active.pk), {"text": "Tale dansk", "note": ""})
    goal = Goal.objects.get()
    response = staff.post(url("goal-update", goal.pk), {"text": "Tale dansk", "status": "reached", "reached_on": ""})
    assert response.context["form"].errors == {"reached_on": ["Skriv, hvornår målet blev nået."]}
    staff.post(url("goal-update", goal.pk), {"text": "Tale dansk", "status": "reached", "reached_on": "8/9-11"})
    goal.refresh_from_db()
    assert (goal.status, goal.reached_on) == ("reached", dt.date(2011, 9, 8))
    assert 'value="08-09-2011"' in text_of(staff.get(url("goal-update", goal.pk)))
    assert "Nået 8. september" in text_of(staff.get(url("match-detail", active.pk)))


def test_outcome_create_and_remove(staff, active):
    staff.post(url("outcome-create", active.pk), {"kind": "job", "on": "15-09-2011", "note": "", "told_by": "mentee"})
    outcome = Outcome.objects.get()
    staff.post(url("outcome-remove", outcome.pk))
    assert Outcome.objects.count() == 0


# --- for whom ------------------------------------------------------------------------------------------


def test_foreign_matches_are_404_and_managers_are_403(client_of, active, other_branch_coordinator, manager):
    pages = [url("match-detail", active.pk), url("match-end", active.pk), url("meeting-list", active.pk)]
    client = client_of(other_branch_coordinator)
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    assert client.post(url("match-withdraw", active.pk), {"note": "x"}).status_code == 404
    client = client_of(manager)
    assert [client.get(page).status_code for page in [*pages, url("match-list")]] == [403] * 4
    assert Match.objects.get().status == "active"
    assert not AccessRecord.objects.filter(kind="read").exists()


def test_days_of_the_current_year_stand_without_it(staff, programme):
    match = MatchFactory(programme=programme, status="proposed", started_on=None, proposed_on=dt.date(2011, 9, 12))
    text = text_of(staff.get(url("match-detail", match.pk)))
    assert "Foreslået 12. september </p>" in text or "Foreslået 12. september ·" in text
    match = MatchFactory(programme=programme, status="ended", ended_on=TODAY)
    assert "<dt>Afsluttet</dt> <dd>15. september</dd>" in text_of(staff.get(url("match-detail", match.pk)))


def test_match_list_offers_those_who_work_with_cases_as_coordinators(staff, programme, coordinator, manager):
    choices = staff.get(url("match-list")).context["filter"].form.fields["koordinator"].queryset
    assert list(choices) == [coordinator]


def test_match_list_says_that_none_matches_an_unknown_status(staff, programme):
    MatchFactory(programme=programme)
    response = staff.get(url("match-list"), {"status": "findes-ikke"})
    assert response.context["total"] == 0
    assert "Ingen passer til filtrene" in text_of(response)
