"""Views of matches: lists, filters, downloads, the page of a match, access, and numbers of queries."""

import datetime as dt
import re

import pytest

from accounts.models import AccessRecord, User
from demo.factories import FollowUpFactory, MatchFactory, MeetingFactory, MembershipFactory, PersonFactory
from matching import services
from matching.models import Match
from people.services import update_person
from tests.matching.conftest import text_of, url

TODAY = dt.date(2011, 9, 15)


def test_match_list_shows_active_ones_and_counts_the_rest(staff, programme):
    active = MatchFactory(programme=programme)
    MatchFactory(programme=programme, status="ended", ended_on=TODAY)
    response = staff.get(url("match-list"))
    assert [row.record for row in response.context["table"].rows] == [active]
    assert [(one["slug"], one["count"]) for one in response.context["segments"]] == [
        ("aktive", 1),
        ("forslag", 0),
        ("pause", 0),
        ("afsluttet", 1),
        ("aldrig-begyndt", 0),
        ("alle", 2),
    ]


def test_match_list_filters_by_the_address_and_logs_searches(staff, programme, coordinator):
    match = MatchFactory(programme=programme, coordinator=coordinator)
    MatchFactory(programme=programme, coordinator=None)
    query = {"status": "alle", "soeg": "WARSAME m-2011", "indsats": programme.pk, "koordinator": coordinator.pk}
    response = staff.get(url("match-list"), query)
    assert [row.record for row in response.context["table"].rows] == [match]
    assert "status=afsluttet" in text_of(response)
    record = AccessRecord.objects.get(kind="search")
    assert (record.subject, record.count, record.user) == ("matching.match", 1, coordinator)


@pytest.mark.parametrize("words", ["m2011021", "tlf. 20 12 34 56", "<hodan@b.dk>", "Warsame, Hodan"])
def test_match_list_is_searched_as_numbers_and_contacts_are_stored(staff, programme, words):
    match = MatchFactory(programme=programme, number="M-2011-021")
    update_person(match.mentee, by=None, phones=["+4520123456"], emails=["hodan@b.dk"], last_name="Warsame")
    other = MatchFactory(programme=programme, number="M-2011-022")
    update_person(other.mentee, by=None, phones=["+4530123456"], emails=["karen@b.dk"], last_name="Dahl")
    response = staff.get(url("match-list"), {"status": "alle", "soeg": words})
    assert [row.record for row in response.context["table"].rows] == [match]


def test_match_list_shows_a_message_if_empty(staff):
    assert "Ingen match her" in text_of(staff.get(url("match-list")))
    assert "Ingen passer til filtrene" in text_of(staff.get(url("match-list"), {"soeg": "findes ikke"}))


def test_match_list_of_another_branch_is_empty(client_of, other_branch_coordinator, programme):
    MatchFactory(programme=programme)
    response = client_of(other_branch_coordinator).get(url("match-list"), {"indsats": programme.pk})
    assert len(response.context["table"].rows) == 0
    assert list(response.context["filter"].form.errors) == ["indsats"]


@pytest.mark.parametrize("count", [1, 50])
def test_lists_need_a_constant_number_of_queries(staff, programme, coordinator, django_assert_num_queries, count):
    for _number in range(count):
        match = MatchFactory(programme=programme, coordinator=coordinator)
        MeetingFactory(match=match)
        FollowUpFactory(match=match)
    staff.get(url("match-list"))  # the session is written once a while
    with django_assert_num_queries(9):
        staff.get(url("match-list"))
    with django_assert_num_queries(8):
        staff.get(url("follow-up-list"))
    with django_assert_num_queries(8):
        staff.get(url("attention-list"))


def test_matches_sort_in_danish_by_the_mentees_first_or_last_name(staff, programme):
    for first, last in (("Åse", "Dahl"), ("Zahra", "Aagaard"), ("Øjvind", "Ærø")):
        MatchFactory(programme=programme, mentee=PersonFactory(first_name=first, last_name=last))
    for order, expected in {"parties": ["Zahra", "Øjvind", "Åse"], "last_name": ["Åse", "Øjvind", "Zahra"]}.items():
        rows = staff.get(url("match-list"), {"sorter": order}).context["table"].rows
        assert [row.record.mentee.first_name for row in rows] == expected, order


def test_match_export_has_the_rows_of_the_list(staff, programme):
    match = MatchFactory(programme=programme)
    MeetingFactory(match=match, hours="1.5")
    MatchFactory(programme=programme, status="ended", ended_on=TODAY)
    rows = b"".join(staff.get(url("match-export", "csv")).streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert rows[1].startswith(f"{match.number};Hodan Warsame;")
    assert ";1;1,5;05-07-2011;" in rows[1]
    response = staff.get(url("match-export", "xlsx"), {"status": "alle"})
    assert response["Content-Disposition"] == 'attachment; filename="Match 2011-09-15.xlsx"'
    logged = AccessRecord.objects.filter(kind="export").order_by("pk")
    assert [(row.detail, row.count) for row in logged] == [("Match, csv · Status: Aktive", 1), ("Match, xlsx", 2)]


def test_match_detail_shows_all_records_and_is_logged(staff, active, coordinator):
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


def test_match_detail_gives_reasons_against_no_tick(staff, active):
    Match.objects.filter(pk=active.pk).update(reasons=["Kan hjælpe med praktik", "– Har ikke haft en mentee før"])
    text = staff.get(url("match-detail", active.pk)).content.decode()
    found = re.findall(r'<li class="(yes|no)"><svg[^>]*>.*?</svg>([^<]*)</li>', text)
    assert found == [("yes", "Kan hjælpe med praktik"), ("no", "Har ikke haft en mentee før")]


@pytest.mark.parametrize("count", [1, 50])
def test_match_detail_needs_a_constant_number_of_queries(staff, active, coordinator, django_assert_num_queries, count):
    for number in range(count):
        MeetingFactory(match=active, held_on=dt.date(2011, 7, 1) + dt.timedelta(days=number))
        FollowUpFactory(
            match=active, due_on=dt.date(2011, 7, 1) + dt.timedelta(days=number), done_on=TODAY, mood="good"
        )
        services.add_goal(active, by=coordinator, text=f"Mål {number}")
        services.record_outcome(active, by=coordinator, kind="danish", on=TODAY)
    page = url("match-detail", active.pk)
    staff.get(page)  # the session is written once a while
    with django_assert_num_queries(25):
        staff.get(page)


def test_match_detail_shows_all_follow_ups_on_request(staff, active):
    for day in range(1, 10):
        FollowUpFactory(match=active, due_on=dt.date(2011, 7, day), done_on=dt.date(2011, 7, day), mood="good")
    page = staff.get(url("match-detail", active.pk)).context["page"]
    assert (len(page.shown_rows), page.hidden_count) == (8, 6)
    page = staff.get(url("match-detail", active.pk), {"plan": "all"}).context["page"]
    assert (len(page.shown_rows), page.hidden_count) == (14, 0)


def test_match_page_shows_why_it_needs_attention(staff, programme):
    match = MatchFactory(programme=programme)
    text = text_of(staff.get(url("match-detail", match.pk)))
    assert "79 dage uden et registreret møde. Indsatsen kræver mindst 2 om måneden." in text
    assert "Mangler underskrevet aftale 79 dage efter første møde." in text


def test_matches_of_other_branches_are_404_and_managers_get_403(client_of, active, other_branch_coordinator, manager):
    pages = [url("match-detail", active.pk), url("match-end", active.pk), url("meeting-list", active.pk)]
    client = client_of(other_branch_coordinator)
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    assert client.post(url("match-withdraw", active.pk), {"note": "x"}).status_code == 404
    client = client_of(manager)
    assert [client.get(page).status_code for page in [*pages, url("match-list")]] == [403] * 4
    assert Match.objects.get().status == "active"
    assert not AccessRecord.objects.filter(kind="read").exists()


def test_match_detail_leaves_out_the_current_year(staff, programme):
    match = MatchFactory(programme=programme, status="proposed", started_on=None, proposed_on=dt.date(2011, 9, 12))
    text = text_of(staff.get(url("match-detail", match.pk)))
    assert "Foreslået 12. september </p>" in text or "Foreslået 12. september ·" in text
    match = MatchFactory(programme=programme, status="ended", ended_on=TODAY)
    assert "<dt>Afsluttet</dt> <dd>15. september</dd>" in text_of(staff.get(url("match-detail", match.pk)))


def test_match_list_offers_coordinators_in_danish_order(staff, tingbjerg, coordinator):
    for name in ("Åse", "Ægir", "aage", "Zahra", "bo"):
        MembershipFactory(branch=tingbjerg, user__name=name)
    User.objects.filter(pk=coordinator.pk).update(name="Mette")
    field = staff.get(url("match-list")).context["filter"].form.fields["koordinator"]
    assert [user.name for user in field.queryset] == ["bo", "Mette", "Zahra", "Ægir", "aage", "Åse"]


def test_match_list_offers_only_users_who_work_with_cases_as_coordinators(staff, programme, coordinator, manager):
    choices = staff.get(url("match-list")).context["filter"].form.fields["koordinator"].queryset
    assert list(choices) == [coordinator]


def test_match_list_is_empty_for_an_unknown_status(staff, programme):
    MatchFactory(programme=programme)
    response = staff.get(url("match-list"), {"status": "findes-ikke"})
    assert response.context["total"] == 0
    assert "Ingen passer til filtrene" in text_of(response)


def test_attention_list(staff, programme):
    assert "Ingen match er i gang endnu" in text_of(staff.get(url("attention-list")))
    match = MatchFactory(programme=programme, status="proposed", started_on=None, proposed_on=dt.date(2011, 9, 10))
    assert "Intet match kræver opmærksomhed lige nu." in text_of(staff.get(url("attention-list")))
    match.delete()
    MatchFactory(programme=programme)
    assert "79 dage uden et registreret møde." in text_of(staff.get(url("attention-list")))


def test_attention_list_and_its_download_are_grouped_and_filtered_by_coordinator(staff, coordinator, programme):
    colleague = MembershipFactory(branch=programme.branch).user
    own = MatchFactory(programme=programme, coordinator=coordinator)
    MatchFactory(programme=programme, coordinator=colleague, status="paused", paused_on=dt.date(2011, 7, 1))
    page = staff.get(url("attention-list"))
    assert [(group.kind.slug, len(group.items)) for group in page.context["groups"]] == [
        ("uden-moede", 1),
        ("lang-pause", 1),
    ]
    chosen = {"koordinator": coordinator.pk}
    page = staff.get(url("attention-list"), chosen)
    assert [[item.match for item in group.items] for group in page.context["groups"]] == [[own]]
    download = staff.get(url("attention-export"), chosen | {"format": "csv"})
    lines = download.getvalue().decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines] == ["Match", own.number]
    own.delete()
    assert "Ingen passer til filtrene" in text_of(staff.get(url("attention-list"), chosen))
