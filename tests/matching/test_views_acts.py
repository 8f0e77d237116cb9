"""Views of the acts on a match, from its answers to its end."""

import datetime as dt
import uuid

import pytest

from demo.factories import MatchFactory
from matching import services
from tests.matching.conftest import ready_mentee, text_of, url

TODAY = dt.date(2011, 9, 15)
NEXT = {"mentor_next": "waiting", "mentee_next": "ended"}


def test_match_page_shows_the_next_step_of_each_status(staff, proposed, coordinator):
    page = url("match-detail", proposed.pk)
    assert "Hvad siger de?" in text_of(staff.get(page))
    for side in ("mentor", "mentee"):
        assert staff.post(url("match-answer", proposed.pk, side), {"on": "13/9"}).status_code == 302
    assert "Begge har sagt ja" in text_of(staff.get(page))

    staff.post(url("match-start", proposed.pk), {"on": "14-09-2011", "place": "Biblioteket", "act": "plan"})
    arranged = "Første møde var aftalt til 14. september. Registrer, om det blev holdt."
    assert f'{arranged} <span class="grey">Biblioteket</span>' in text_of(staff.get(page))
    staff.post(
        url("match-start", proposed.pk),
        {"on": "14-09-2011", "place": "Biblioteket", "hours": "1,5", "agreement_signed_on": ""},
    )
    text = text_of(staff.get(page))
    assert "Uge 1 af 52" in text
    assert "Aftale underskrevet" in text

    staff.post(url("match-sign", proposed.pk), {"on": "15-09-2011"})
    staff.post(url("match-pause", proposed.pk), {"on": "15-09-2011", "until": "01-12-2011", "note": "Barsel"})
    assert "På pause siden 15. september, forventes til 1. december</b>: Barsel" in text_of(staff.get(page))
    staff.post(url("match-resume", proposed.pk), {"on": "15-09-2011", "note": "", "plan": "move"})
    staff.post(
        url("match-end", proposed.pk),
        {
            "on": "15-09-2011",
            "reason": "moved",
            "note": "Flyttede til Odense",
            "mentee_talk_on": "15-09-2011",
            "mentee_talk_note": "Glad for året",
            "mentor_talk_note": "Ville ikke",
            "outcomes": ["network"],
            "outcome_note": "Kender nu en nabo",
            "outcome_told_by": "mentee",
            "mentee_next": "ended",
            "mentor_next": "waiting",
        },
    )
    text = text_of(staff.get(page))
    assert "Det sluttede så tidligt, at det kan gøre skade." in text
    for words in ("Flyttede til Odense", "Glad for året", "Ikke holdt<br>Ville ikke", "Fortalt af Hodan."):
        assert words in text
    staff.post(url("match-reopen", proposed.pk), {"on": "15-09-2011", "note": "Mødes igen", "over_capacity_reason": ""})
    text = text_of(staff.get(page))
    for words in (
        "Afslutningen 15. september, som blev genåbnet",
        "Flyttede til Odense",
        "Glad for året",
        "Mødes igen",
    ):
        assert words in text
    staff.post(url("match-withdraw", proposed.pk), {"note": "Forkert person"})
    assert "Det tæller ingen steder." in text_of(staff.get(page))
    assert list(proposed.steps.order_by("pk").values_list("status", flat=True)) == [
        *("proposed", "introduced", "active", "paused", "active", "ended", "active", "withdrawn")
    ]


def test_a_form_sent_twice_takes_effect_once(staff, agreed):
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
def test_a_form_explains_what_happens(staff, active, name, words):
    assert words in text_of(staff.get(url(name, active.pk)))


def test_match_end_form_without_follow_ups(staff, programme):
    match = MatchFactory(programme=programme)
    assert "Det, der er registreret, bliver stående." in text_of(staff.get(url("match-end", match.pk)))


def test_match_decline_by_the_mentee(staff, proposed):
    response = staff.get(url("match-decline", proposed.pk, "mentee"))
    assert "Hodan Warsame siger nej" in text_of(response)
    staff.post(url("match-decline", proposed.pk, "mentee"), {"on": "15-09-2011", "note": "Har fået job"})
    assert "Mentee sagde nej. Begge er ledige igen." in text_of(staff.get(url("match-detail", proposed.pk)))


def test_refusals_are_shown_and_keep_the_input(staff, active, proposed):
    response = staff.post(url("match-answer", active.pk, "mentor"), follow=True)
    assert "Matchet står nu som: Aktivt" in text_of(response)
    response = staff.post(url("match-start", active.pk), {"on": "15-09-2011", "place": "Mit sted", "act": "plan"})
    assert response.status_code == 200
    assert "Matchet står nu som: Aktivt" in text_of(response)
    assert response.context["form"]["place"].value() == "Mit sted"
    response = staff.post(url("match-pause", active.pk), {"on": "01-06-2011", "note": "x"})
    assert response.context["form"].errors == {"on": ["Første møde blev holdt 28.\xa0juni. Dagen kan ikke ligge før."]}


def test_match_reopen_refusal_links_to_the_conflicting_match(staff, active, mentor, programme, coordinator):
    services.end_match(active, by=coordinator, on=TODAY, reason="other", **NEXT)
    other = services.propose_match(
        programme=programme, mentor=mentor.person, mentee=ready_mentee(programme).person, by=coordinator, on=TODAY
    )
    response = staff.post(url("match-reopen", active.pk), {"on": "15-09-2011"})
    assert url("match-detail", other.pk) in text_of(response)


def test_the_end_of_a_match_chooses_nothing_for_the_two(staff, active):
    page = staff.get(url("match-end", active.pk))
    form = page.context["form"]
    assert [form[f"{side}_next"].value() for side in ("mentee", "mentor")] == [None, None]
    assert text_of(page).count("Ved ikke endnu") == 2
    response = staff.post(url("match-end", active.pk), {"on": "15-09-2011", "reason": "died"})
    assert response.context["form"].errors == {
        "mentee_next": ["Vælg, hvad der nu skal ske for Hodan Warsame."],
        "mentor_next": ["Vælg, hvad der nu skal ske for Birgitte Holm."],
    }
    staff.post(
        url("match-end", active.pk),
        {"on": "15-09-2011", "reason": "died", "mentee_next": "undecided", "mentor_next": "ended"},
    )
    active.refresh_from_db()
    assert (active.status, active.end_reason) == ("ended", "died")
    assert sorted(active.programme.enrolments.values_list("role", "status")) == [
        ("mentee", "paused"), ("mentor", "ended"),
    ]  # fmt: skip


def test_resuming_suggests_to_move_the_plan_if_follow_ups_fell_in_the_pause(staff, active, coordinator):
    services.pause_match(active, by=coordinator, on=dt.date(2011, 8, 20))
    page = staff.get(url("match-resume", active.pk))
    assert (page.context["form"]["plan"].value(), page.context["lead"]) == (
        "move", "De to mødes igen. 1 opfølgning faldt i pausen.",
    )  # fmt: skip
    services.resume_match(active, by=coordinator, on=TODAY, plan="skip")
    services.pause_match(active, by=coordinator, on=TODAY)
    page = staff.get(url("match-resume", active.pk))
    assert page.context["form"]["plan"].value() == "skip"


def test_reopening_asks_for_one_more_than_agreed_only_if_the_mentor_is_full(staff, active, mentor, coordinator):
    after = {"mentor_next": "waiting", "mentee_next": "waiting"}
    services.end_match(active, by=coordinator, on=dt.date(2011, 9, 1), reason="moved", **after)
    page = url("match-reopen", active.pk)
    assert "over_capacity_reason" not in staff.get(page).context["form"].fields
    other = ready_mentee(active.programme).person
    services.propose_match(
        programme=active.programme, mentor=mentor.person, mentee=other, by=coordinator, on=dt.date(2011, 9, 5)
    )
    assert "over_capacity_reason" in staff.get(page).context["form"].fields
    staff.post(page, {"on": "15-09-2011", "note": "Mødes igen", "over_capacity_reason": "Begge vil"})
    active.refresh_from_db()
    assert (active.status, active.over_capacity_reason) == ("active", "Begge vil")
