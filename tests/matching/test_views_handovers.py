"""Handing over on a page, deputies, choosing in the list of matches, filters by coordinator, written names."""

import datetime as dt
import uuid

import pytest

from common.models import Act
from demo.factories import FollowUpFactory, InterviewFactory, MatchFactory, MembershipFactory, UserFactory
from matching.forms.handovers import key_of
from matching.models import Handover, Match
from matching.services import hand_over
from tests.matching.conftest import text_of, url

TODAY = dt.date(2011, 9, 15)
QUERIES_PAGE = 11
PERIOD = {"length": "periode", "from_on": "19-09-2011", "until_on": "31-12-2011", "reason": "Orlov"}
FOR_GOOD = {"length": "altid", "from_on": "15-09-2011", "reason": "Nyt arbejde"}


@pytest.fixture
def karin(tingbjerg):
    return MembershipFactory(branch=tingbjerg, user=UserFactory(name="Karin Juhl")).user


@pytest.fixture
def hers(programme, karin):
    """Two matches and a planned interview of Karin."""
    matches = [MatchFactory(programme=programme, coordinator=karin, number=f"M-2011-0{n}") for n in (21, 22)]
    talk = InterviewFactory(
        enrolment__programme=programme, interviewer=karin, held_on=None, planned_on=dt.date(2011, 9, 22)
    )
    return [*matches, talk]


@pytest.fixture
def office(client_of, administrator):
    return client_of(administrator)


def page_of(giver) -> str:
    return f"{url('hand-over')}?fra={giver.pk}"


def ticked(*rows) -> dict:
    matches = [row.pk for row in rows if isinstance(row, Match)]
    return {"match": matches, "interview": [row.pk for row in rows if not isinstance(row, Match)]}


def errors_of(response) -> dict:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


# --- the page ----------------------------------------------------------------------------------------


def test_the_page_lists_what_a_colleague_has(office, karin, hers, coordinator, programme):
    FollowUpFactory(match=hers[0], due_on=TODAY - dt.timedelta(days=3))
    FollowUpFactory(match=hers[0], due_on=TODAY + dt.timedelta(days=9))
    MatchFactory(programme=programme, coordinator=coordinator)
    response = office.get(page_of(karin))
    rows = [[row.record for row in rows] for _label, rows in response.context["groups"]]
    assert rows == [hers[:2], hers[2:]]
    assert [(one.user.name, one.count) for one in response.context["receivers"]] == [
        ("Hanne Lund", 0),
        ("Mette Sørensen", 1),
    ]
    text = text_of(response)
    for words in ("Overdrag opgaver fra Karin Juhl", "Aktivt · 2 opfølgninger", "3 dage over", "22. sept."):
        assert words in text


@pytest.mark.parametrize("number", [1, 12])
def test_the_page_takes_the_same_queries_at_any_size(office, karin, programme, django_assert_num_queries, number):
    for _number in range(number):
        FollowUpFactory(match=MatchFactory(programme=programme, coordinator=karin))
        InterviewFactory(enrolment__programme=programme, interviewer=karin, held_on=None, planned_on=TODAY)
        colleague = MembershipFactory(branch=programme.branch).user
        match = MatchFactory(programme=programme, coordinator=karin)
        hand_over(matches={match: colleague}, by=karin, from_on=TODAY, until_on=TODAY, reason="Kursus")
    office.get(page_of(karin))
    with django_assert_num_queries(QUERIES_PAGE):
        office.get(page_of(karin))


def test_several_are_handed_over_for_a_period_to_one_and_another(office, karin, hers, coordinator, administrator):
    data = PERIOD | ticked(*hers) | {"receiver": coordinator.pk, f"match-{hers[1].pk}": administrator.pk}
    response = office.post(page_of(karin), data, follow=True)
    assert response.redirect_chain == [("/match/liste/", 302)]
    assert "3 opgaver er overdraget." in text_of(response)
    found = Handover.objects.order_by("match__number").values_list("match__number", "receiver__name", "until_on")
    assert list(found) == [
        ("M-2011-021", "Mette Sørensen", dt.date(2011, 12, 31)),
        ("M-2011-022", "Hanne Lund", dt.date(2011, 12, 31)),
    ]
    hers[2].refresh_from_db()
    assert hers[2].interviewer == coordinator


def test_only_what_is_ticked_is_handed_over_and_it_can_be_undone(office, karin, hers, coordinator):
    data = FOR_GOOD | ticked(hers[1]) | {"receiver": coordinator.pk}
    office.post(page_of(karin), data)
    assert list(Match.objects.order_by("number").values_list("coordinator__name", flat=True)) == [
        "Karin Juhl",
        "Mette Sørensen",
    ]
    undo = f"{url('hand-over-undo')}?handling={Act.objects.get(name='hand_over').pk}"
    assert "Overdragelsen er fortrudt." in text_of(office.post(undo, follow=True))
    assert set(Match.objects.values_list("coordinator", flat=True)) == {karin.pk}
    assert "Der er ikke længere noget at fortryde." in text_of(office.post(undo, follow=True))


def test_an_interview_outside_the_period_is_named(office, karin, hers, coordinator):
    data = PERIOD | ticked(*hers) | {"receiver": coordinator.pk, "until_on": "20-09-2011"}
    text = text_of(office.post(page_of(karin), data, follow=True))
    assert "2 opgaver er overdraget. 1 interview ligger uden for perioden og bliver, hvor det er." in text


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"length": ""}, {"length": ["Vælg et svar på »Hvor længe?«."]}),
        ({"until_on": ""}, {"until_on": ["Skriv den sidste dag i perioden."]}),
        ({"until_on": "18-09-2011"}, {"until_on": ["Sidste dag ligger før den første."]}),
        ({"from_on": "1-9-2011", "until_on": "14-09-2011"}, {"until_on": ["Perioden er allerede forbi."]}),
        ({"reason": ""}, {"reason": ["Feltet skal udfyldes."]}),
        ({"receiver": ""}, {"receiver": ["Vælg, hvem der overtager."]}),
        ({"match": [], "interview": []}, {"__all__": ["Vælg mindst ét match eller interview."]}),
    ],
)
def test_wrong_answers_keep_what_was_chosen(office, karin, hers, coordinator, changed, errors):
    data = PERIOD | ticked(hers[0]) | {"receiver": coordinator.pk} | changed
    response = office.post(page_of(karin), data)
    assert errors_of(response) == errors
    assert Handover.objects.count() == 0
    chosen = [row.record for _label, rows in response.context["groups"] for row in rows if row.is_ticked]
    assert chosen == ([] if "match" in changed else hers[:1])


def test_the_same_form_twice_hands_over_once(office, karin, hers, coordinator):
    data = PERIOD | ticked(hers[0]) | {"receiver": coordinator.pk, "once": str(uuid.uuid4())}
    for _time in range(2):
        assert office.post(page_of(karin), data).status_code == 302
    assert Handover.objects.count() == 1


def test_a_forged_match_or_receiver_is_refused(
    office, karin, hers, other_programme, other_branch_coordinator, coordinator
):
    foreign = MatchFactory(programme=other_programme, coordinator=other_branch_coordinator)
    response = office.post(page_of(karin), PERIOD | ticked(foreign) | {"receiver": coordinator.pk})
    assert list(errors_of(response)) == ["match", "__all__"]
    response = office.post(page_of(karin), PERIOD | ticked(hers[0]) | {"receiver": other_branch_coordinator.pk})
    assert list(errors_of(response)) == ["receiver"]
    assert Handover.objects.count() == 0


def test_a_suggestion_gives_most_to_those_with_fewest(office, karin, hers, coordinator, programme, tingbjerg):
    MatchFactory(programme=programme, coordinator=coordinator)
    away = MembershipFactory(branch=tingbjerg, user=UserFactory(name="Lis Bro")).user
    match = MatchFactory(programme=programme, coordinator=away)
    hand_over(
        matches={match: coordinator}, by=away, from_on=TODAY, until_on=TODAY + dt.timedelta(days=2), reason="Ferie"
    )
    response = office.get(f"{page_of(karin)}&fordel=1")
    assert [(one.user.name, one.count, one.more) for one in response.context["receivers"]] == [
        ("Hanne Lund", 0, 3),
        ("Lis Bro", 0, 0),
        ("Mette Sørensen", 2, 0),
    ]
    assert "Væk til og med 17. september" in text_of(response)
    fields = [row.field.value() for _label, rows in response.context["groups"] for row in rows]
    administrator = response.context["receivers"][0].user
    assert fields == [str(administrator.pk)] * 3


def test_a_coordinator_hands_over_her_own_and_those_without_an_active_one(
    client_of, karin, hers, coordinator, programme
):
    orphan = MatchFactory(programme=programme, coordinator_note="Lis", number="M-2011-030")
    client = client_of(karin)
    rows = client.get(url("hand-over")).context["groups"][0][1]
    assert [row.record for row in rows] == hers[:2]
    assert [row.record for row in client.get(f"{url('hand-over')}?fra=ingen").context["groups"][0][1]] == [orphan]
    assert client_of(coordinator).get(page_of(karin)).status_code == 403


def test_matches_chosen_in_the_list_that_are_a_colleagues_are_left_out(client_of, hers, coordinator, programme):
    own = MatchFactory(programme=programme, coordinator=coordinator)
    response = client_of(coordinator).get(url("hand-over"), {"match": [own.pk, hers[0].pk]})
    assert [row.record for row in response.context["groups"][0][1]] == [own]
    assert "1 af de valgte match er ikke dit at overdrage." in text_of(response)


@pytest.mark.parametrize("query", ["?fra=999", "?match=999", "?afdeling=999", "?fra=x"])
def test_unknown_keys_are_not_found(office, query):
    assert office.get(url("hand-over") + query).status_code == 404


def test_another_branch_is_not_found(office, koebenhavn, other_branch_coordinator, other_programme):
    match = MatchFactory(programme=other_programme, coordinator=other_branch_coordinator)
    for query in (f"?fra={other_branch_coordinator.pk}", f"?afdeling={koebenhavn.pk}", f"?match={match.pk}"):
        assert office.get(url("hand-over") + query).status_code == 404


def test_a_branch_in_which_one_is_manager_is_refused(client_of, coordinator, koebenhavn):
    MembershipFactory(user=coordinator, branch=koebenhavn, role="manager")
    assert client_of(coordinator).get(f"{url('hand-over')}?afdeling={koebenhavn.pk}").status_code == 403


def test_nothing_to_hand_over(client_of, coordinator):
    assert "Intet at overdrage" in text_of(client_of(coordinator).get(url("hand-over")))


def test_the_list_of_matches_lets_one_choose(staff, programme, coordinator):
    match = MatchFactory(programme=programme, coordinator=coordinator)
    box = f'<input class="form-check-input" type="checkbox" name="match" value="{match.pk}"'
    assert box not in text_of(staff.get(url("match-list")))
    assert box in text_of(staff.get(url("match-list"), {"vaelg": "1"}))


# --- deputies ----------------------------------------------------------------------------------------


def test_the_page_of_a_match_names_the_deputy_and_ends_the_period(client_of, karin, hers, coordinator):
    match = hers[0]
    hand_over(matches={match: coordinator}, by=karin, from_on=TODAY, until_on=dt.date(2011, 9, 30), reason="Ferie")
    client = client_of(karin)
    text = text_of(client.get(url("match-detail", match.pk)))
    assert "Koordinator: Mette Sørensen for Karin Juhl" in text
    assert "15. september–30. september 2011 · Ferie" in text
    response = client.post(url("deputy-end", Handover.objects.get().pk), follow=True)
    assert response.redirect_chain == [(url("match-detail", match.pk), 302)]
    text = text_of(response)
    assert "1 match er tilbage." in text
    assert "Koordinator: Karin Juhl" in text


def test_all_periods_of_a_giver_end_on_the_page(office, karin, hers, coordinator):
    given = dict.fromkeys(hers[:2], coordinator)
    hand_over(matches=given, by=karin, from_on=TODAY, until_on=dt.date(2011, 9, 30), reason="Ferie")
    response = office.get(page_of(karin))
    assert [(one.handover.receiver, one.count) for one in response.context["page"].own_away] == [(coordinator, 2)]
    ended = url("deputy-end", Handover.objects.first().pk)
    response = office.post(ended, {"alle": "1", "next": page_of(karin)}, follow=True)
    assert "2 match er tilbage." in text_of(response)
    assert Handover.objects.count() == 0


def test_a_colleague_is_told_why_a_period_stays(client_of, karin, hers, coordinator, tingbjerg):
    hand_over(matches={hers[0]: coordinator}, by=karin, from_on=TODAY, until_on=dt.date(2011, 9, 30), reason="Ferie")
    client = client_of(MembershipFactory(branch=tingbjerg).user)
    response = client.post(url("deputy-end", Handover.objects.get().pk), follow=True)
    assert "En administrator kan afslutte et vikariat." in text_of(response)
    assert Handover.objects.count() == 1


def test_the_page_of_a_match_shows_earlier_coordinators(office, karin, hers, coordinator):
    hand_over(matches={hers[0]: coordinator}, by=karin, from_on=dt.date(2011, 9, 1), reason="Nyt arbejde")
    text = text_of(office.get(url("match-detail", hers[0].pk)))
    assert "Koordinator: Mette Sørensen</p>" in text.replace(" </p>", "</p>")
    assert "efter Karin Juhl · Nyt arbejde" in text


def test_a_match_without_an_active_coordinator_says_so_with_the_act_that_mends_it(staff, programme, coordinator):
    match = MatchFactory(programme=programme, coordinator=UserFactory(name="Jens Toft"))
    text = text_of(staff.get(url("match-detail", match.pk)))
    assert "Ingen aktiv koordinator: Jens Toft arbejder her ikke længere." in text
    assert f"{url('hand-over')}?match={match.pk}&amp;next=" in text
    assert "Vælg en koordinator" in text


# --- filters -----------------------------------------------------------------------------------------


def found_by(client, name: str, coordinator) -> list[str]:
    response = client.get(url(name), {"koordinator": coordinator, "status": "all"})
    if name == "match-list":
        return sorted(row.record.number for row in response.context["table"].rows)
    return sorted(row.follow_up.match.number for group in response.context["groups"] for row in group.rows)


@pytest.mark.parametrize("name", ["match-list", "follow-up-list"])
def test_filters_find_by_who_takes_care_today_and_without_an_active_coordinator(staff, karin, hers, coordinator, name):
    for match in hers[:2]:
        FollowUpFactory(match=match)
    hand_over(matches={hers[1]: coordinator}, by=karin, from_on=TODAY, until_on=TODAY, reason="Kursus")
    assert found_by(staff, name, karin.pk) == ["M-2011-021"]
    assert found_by(staff, name, coordinator.pk) == ["M-2011-022"]
    assert found_by(staff, name, "ingen") == []
    karin.memberships.all().delete()
    assert found_by(staff, name, karin.pk) == ["M-2011-021"]
    assert found_by(staff, name, "ingen") == ["M-2011-021"]
    text = text_of(staff.get(url(name)))
    assert "Karin Juhl (tidligere)" in text
    assert "Uden aktiv koordinator" in text


def test_what_was_handed_over_meanwhile_is_said_on_the_page(staff, match, karin, coordinator, administrator):
    mine = MatchFactory(programme=match.programme, coordinator=coordinator, number="M-2011-041")
    gone = MatchFactory(programme=match.programme, coordinator=coordinator, number="M-2011-042")
    hand_over(matches={gone: karin}, by=administrator, from_on=TODAY, reason="Flytter")
    response = staff.post(url("hand-over"), FOR_GOOD | ticked(mine, gone) | {"receiver": karin.pk})
    assert "Noget af det, du har valgt, er overdraget eller afsluttet imens." in text_of(response)
    assert Match.objects.get(pk=mine.pk).coordinator == coordinator


def test_the_page_says_what_a_user_has_as_a_deputy_only(office, match, karin, coordinator, administrator):
    match.coordinator = coordinator
    match.save()
    hand_over(matches={match: karin}, by=administrator, from_on=TODAY, until_on=dt.date(2011, 9, 30), reason="Ferie")
    response = office.get(page_of(karin))
    text = text_of(response)
    assert "som vikar for Mette Sørensen" in text
    assert "<b>Karin Juhl</b> for Mette Sørensen" in text
    handover = Handover.objects.get()
    office.post(url("deputy-end", handover.pk), {"alle": "1"})
    assert "som vikar for" not in text_of(office.get(page_of(karin)))


# --- written names -----------------------------------------------------------------------------------


def test_written_names_are_listed_with_counts_and_a_suggestion(office, programme, karin, coordinator):
    for name in ("Karin J", "Karin J", "Lis"):
        MatchFactory(programme=programme, coordinator_note=name)
    InterviewFactory(enrolment__programme=programme, interviewer=None, interviewer_note="Karin J")
    response = office.get(url("written-names"))
    rows = [(field.label, field.value(), counts) for field, counts in response.context["rows"]]
    assert rows == [
        ("Karin J", str(karin.pk), {"matches": 2, "interviews": 1}),
        ("Lis", "", {"matches": 1, "interviews": 0}),
    ]
    response = office.post(url("written-names"), {key_of("Karin J"): karin.pk, key_of("Lis"): ""}, follow=True)
    assert "3 registreringer har fået deres bruger." in text_of(response)
    assert [(field.label, field.value()) for field, _counts in response.context["rows"]] == [("Lis", "")]
    undo = f"{url('hand-over-undo')}?handling={Act.objects.get(name='tie_names').pk}"
    office.post(undo)
    assert Match.objects.filter(coordinator=karin).count() == 0


def test_written_names_need_a_choice(office, programme):
    MatchFactory(programme=programme, coordinator_note="Lis")
    response = office.post(url("written-names"), {key_of("Lis"): ""})
    assert errors_of(response) == {"__all__": ["Vælg en bruger til mindst ét navn."]}


def test_a_page_from_before_a_name_was_tied_ties_no_other_name(office, programme, karin, coordinator):
    """The names move up by one place between the page and its sending."""
    for name in ("Karin J", "Karin J", "Lis"):
        MatchFactory(programme=programme, coordinator_note=name)
    page = office.get(url("written-names"))
    sent = {field.html_name: field.value() for field, _counts in page.context["rows"]}
    office.post(url("written-names"), {key_of("Karin J"): coordinator.pk})
    office.post(url("written-names"), sent)
    tied = Match.objects.order_by("pk").values_list("coordinator_note", "coordinator__name")
    assert list(tied) == [("Karin J", coordinator.name), ("Karin J", coordinator.name), ("Lis", None)]


def test_no_written_names(office):
    assert "Alle navne har deres bruger" in text_of(office.get(url("written-names")))


def test_written_names_belong_to_the_branch_that_is_chosen(client_of, administrator, koebenhavn, other_programme):
    MembershipFactory(user=administrator, branch=koebenhavn, role="coordinator")
    MatchFactory(programme=other_programme, coordinator_note="Karen")
    client = client_of(administrator)
    session = client.session
    session["active_branch"] = koebenhavn.pk
    session.save()
    assert client.get(url("written-names")).status_code == 403
