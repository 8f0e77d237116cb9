"""Views of the match desk: waiting list, ranking, comparison, proposal, parts for htmx, access log."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from demo.factories import (
    EnrolmentFactory,
    MatchFactory,
    MembershipFactory,
    ScreeningCheckFactory,
    ScreeningRequirementFactory,
    TermFactory,
)
from people.models import LanguageSkill
from tests.matching.desk import make_mentee, make_mentor, propose_url

pytestmark = pytest.mark.django_db
DESK = "/match/"


def names(response, css="pick"):
    """Names in the waiting list, in order."""
    return re.findall(rf'class="{css}"[^>]*>\s*<span><b>([^<]+)</b>', response.content.decode())


def test_desk_shows_the_longest_waiting_and_the_mentors(client_of, coordinator, programme):
    make_mentee(programme, "Zainab Jaberi", days=121, gender="woman")
    topic = TermFactory(name="Praktik")
    ali = make_mentee(programme, wish="en læreplads som tømrer", terms=[topic])
    LanguageSkill.objects.create(person=ali.person, language=TermFactory(kind="language", name="Dansk"), level="some")
    make_mentor(programme, terms=[topic], capacity=2)
    page = client_of(coordinator).get(DESK)
    text = page.content.decode()
    assert names(page) == ["Ali Nur", "Zainab Jaberi"]
    assert page.context["mentee"] == ali
    assert "Har ventet 148 dage" in text
    assert "en læreplads som tømrer. Lidt dansk." in text
    assert "Praktik · lidt dansk" in text
    assert "Kan hjælpe med praktik" in text
    assert "2 pladser fri" in text
    assert "opfylder 1 af 1 ønske" in text


def test_desk_segments_order_and_more(client_of, coordinator, programme):
    for number in range(13):
        make_mentee(programme, f"Mand {chr(97 + number)}", days=100 - number)
    make_mentee(programme, "Zainab Jaberi", days=5, gender="woman")
    client = client_of(coordinator)
    page = client.get(DESK)
    assert page.context["waiting"].segment_counts() == [("", 14), ("mand", 13), ("kvinde", 1)]
    assert len(names(page)) == 11
    assert "Vis 3 flere" in page.content.decode()
    assert names(client.get(DESK, {"koen": "kvinde"})) == ["Zainab Jaberi"]
    assert names(client.get(DESK, {"sorter": "name", "venter": "14"}))[-1] == "Zainab Jaberi"
    by_last_name = names(client.get(DESK, {"sorter": "last_name", "venter": "14"}))
    assert by_last_name[9:12] == ["Mand j", "Zainab Jaberi", "Mand k"]
    assert len(names(client.get(DESK, {"koen": "x", "sorter": "x", "venter": "x"}))) == 11


def picked(response):
    """Return the names of the rows of the waiting list that are marked as chosen."""
    return re.findall(r'class="pick"[^>]*aria-current="true">\s*<span><b>([^<]+)</b>', response.content.decode())


def test_desk_marks_the_chosen_mentee_wherever_it_waits(client_of, coordinator, programme):
    mentees = [make_mentee(programme, f"Mand {chr(97 + number)}", days=100 - number) for number in range(20)]
    client = client_of(coordinator)
    assert picked(client.get(DESK)) == ["Mand a"]
    near = client.get(DESK, {"mentee": mentees[10].pk})
    assert (picked(near), len(names(near)), "Vis 9 flere" in near.content.decode()) == (["Mand k"], 11, True)
    far = client.get(DESK, {"mentee": mentees[15].pk})
    assert (picked(far), names(far)[0], names(far)[-1]) == (["Mand p"], "Mand k", "Mand t")
    assert "Vis de 10 før" in far.content.decode()
    part = client.get(
        DESK, {"mentee": mentees[15].pk, "venter": "20"}, headers={"HX-Request": "true", "HX-Target": "waiting"}
    )
    assert (picked(part), len(names(part))) == (["Mand p"], 20)
    last = client.get(DESK, {"mentee": mentees[11].pk})
    assert "Vis de 6 før" in last.content.decode()
    assert "Vis 3 flere" in last.content.decode()


@pytest.fixture
def two_mentees(programme):
    """Ali speaks Somali, Zainab a little; both can in the evening, Zainab in Valby."""
    somali = TermFactory(kind="language", name="Somali")
    evening, valby = TermFactory(kind="time", name="Aften"), TermFactory(kind="area", name="Valby")
    ali = make_mentee(programme, terms=[evening])
    zainab = make_mentee(programme, "Zainab Jaberi", days=121, gender="woman", terms=[evening, valby])
    LanguageSkill.objects.create(person=ali.person, language=somali, level="native")
    LanguageSkill.objects.create(person=zainab.person, language=somali, level="some")
    return ali, zainab


@pytest.mark.parametrize(
    ("query", "found", "counts"),
    [
        ({"sprog": "Somali"}, ["Ali Nur"], [1, 1, 0]),
        ({"omraade": "Valby"}, ["Zainab Jaberi"], [1, 0, 1]),
        ({"tid": "Aften"}, ["Ali Nur", "Zainab Jaberi"], [2, 1, 1]),
        ({"tid": "Aften", "koen": "kvinde"}, ["Zainab Jaberi"], [2, 1, 1]),
        ({"tid": "Klingon"}, ["Ali Nur", "Zainab Jaberi"], [2, 1, 1]),
    ],
)
def test_desk_filters_the_waiting_list(client_of, coordinator, two_mentees, query, found, counts):
    page = client_of(coordinator).get(DESK, query)
    assert names(page) == found
    assert [count for _segment, count in page.context["waiting"].segment_counts()] == counts
    assert "2 venter på en mentor" in page.content.decode()
    assert page.context["mentee"].person.name == found[0]


def test_desk_says_when_nobody_passes_the_filters(client_of, coordinator, two_mentees):
    ali, _zainab = two_mentees
    client = client_of(coordinator)
    query = {"sprog": "Somali", "omraade": "Valby", "mentor-koen": "mand", "sorter": "name"}
    page = client.get(DESK, query)
    text = page.content.decode()
    assert "Ingen passer til filtrene" in text
    assert 'href="/match/?mentor-koen=mand&amp;sorter=name">Nulstil filtre' in text
    chosen = client.get(DESK, query | {"mentee": ali.pk})
    assert (picked(chosen), chosen.context["mentee"]) == ([], ali)
    assert "Passer ikke til filtrene" in chosen.content.decode()


def test_desk_filters_the_mentors_and_leaves_their_points(client_of, coordinator, programme):
    english, evening = TermFactory(kind="language", name="Engelsk"), TermFactory(kind="time", name="Aften")
    valby = TermFactory(kind="area", name="Valby")
    ali = make_mentee(programme, terms=[evening])
    karsten = make_mentor(programme, terms=[evening])
    peter = make_mentor(programme, "Peter Skov", terms=[evening, valby])
    anna = make_mentor(programme, "Anna Holm", terms=[english])
    type(anna.person).objects.filter(pk=anna.person_id).update(gender="woman")
    LanguageSkill.objects.create(person=peter.person, language=english, level="good")
    LanguageSkill.objects.create(person=karsten.person, language=english, level="some")
    make_mentor(programme, "Holder Pause", status="paused")
    client = client_of(coordinator)

    def found(**query):
        page = client.get(DESK, {"mentee": ali.pk} | {f"mentor-{key}": value for key, value in query.items()})
        ranking = page.context["ranking"]
        return page, {one.enrolment.pk: (one.strength, one.points) for one in ranking.mentors}

    everyone, points = found()
    assert set(points) == {karsten.pk, peter.pk, anna.pk}
    assert "3 mulige mentorer" in everyone.content.decode()
    for query, wanted in [
        ({"koen": "kvinde"}, {anna.pk}),
        ({"sprog": "Engelsk"}, {peter.pk, anna.pk}),
        ({"tid": "Aften"}, {karsten.pk, peter.pk}),
        ({"omraade": "Valby", "koen": "mand"}, {peter.pk}),
    ]:
        page, shown = found(**query)
        assert shown == {pk: points[pk] for pk in wanted}
        ranking = page.context["ranking"]
        assert (ranking.listed_count, ranking.allowed_count, ranking.excluded_count) == (len(wanted), 3, 1)
        assert f"{len(wanted)} af 3 mulige mentorer" in page.content.decode()
    page, shown = found(omraade="Valby", koen="kvinde")
    assert shown == {}
    assert "Ingen passer til filtrene" in page.content.decode()
    assert f'href="/match/?mentee={ali.pk}">Nulstil filtre' in page.content.decode()


def test_desk_forms_keep_the_rest_of_the_address(client_of, coordinator, two_mentees, programme):
    ali, _zainab = two_mentees
    make_mentor(programme)
    query = {"mentee": ali.pk, "koen": "mand", "tid": "Aften", "mentor-koen": "mand", "venter": "30", "mentorer": "40"}
    text = client_of(coordinator).get(DESK, query).content.decode()
    forms = re.findall(r"<form(?: id=\"desk-compare\"| class=\"filters\").*?</form>", text, re.DOTALL)
    kept = [re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)">', form) for form in forms]
    koen, tid, mentor_koen, venter = ("koen", "mand"), ("tid", "Aften"), ("mentor-koen", "mand"), ("venter", "30")
    mentee = ("mentee", str(ali.pk))
    assert kept == [
        [koen, mentor_koen],
        [mentee, koen, venter, ("mentorer", "40"), tid, mentor_koen],
        [mentee, koen, venter, tid],
    ]


def test_desk_shows_the_mentors_gender_and_wishes(client_of, coordinator, programme):
    make_mentee(programme)
    topic = TermFactory(name="Lektier")
    make_mentor(programme, terms=[topic], preferred_gender="man", min_age=20, max_age=30, wish="Jeg er god til tal")
    make_mentor(programme, "Peter Skov", preferred_gender="man", gender_is_required=True)
    unnamed = make_mentor(programme, "Uden Ønsker")
    type(unnamed.person).objects.filter(pk=unnamed.person_id).update(birth_date=dt.date(1959, 3, 1))
    page = client_of(coordinator).get(DESK)
    text = " ".join(page.content.decode().split())
    assert re.findall(r'<p class="rank-wishes[^"]*">([^<]*)</p>', text) == [
        "Vil kun være mentor for en mand",
        "Tilbyder lektier · Vil helst være mentor for en mand · Ønsker en mentee på 20–30 år · »Jeg er god til tal«",
    ]
    assert "mand, 52 år · 1 plads fri" in text


def test_desk_steps_through_the_list_on_a_phone(client_of, coordinator, programme):
    first, second, third = (make_mentee(programme, f"Mentee {n}", days=90 - n) for n in range(3))
    page = client_of(coordinator).get(DESK, {"mentee": second.pk})
    assert "Venteliste, nr. 2 af 3" in page.content.decode()
    assert (page.context["before"], page.context["after"]) == (first.pk, third.pk)


def test_desk_of_another_branch_is_404(client_of, coordinator, programme, other_programme):
    foreign = make_mentee(other_programme, "Fremmed Person")
    page = client_of(coordinator).get(DESK)
    assert "Ingen venter på en mentor lige nu" in page.content.decode()
    assert client_of(coordinator).get(DESK, {"mentee": foreign.pk}).status_code == 404


def test_desk_of_an_own_branch_without_the_verb_is_403(client_of, coordinator, other_programme):
    """A coordinator of Tingbjerg who is manager in København may not open København's cases."""
    MembershipFactory(user=coordinator, branch=other_programme.branch, role="manager")
    foreign = make_mentee(other_programme, "Fremmed Person")
    assert client_of(coordinator).get(DESK, {"mentee": foreign.pk}).status_code == 403


def test_desk_shows_the_first_branch_with_the_verb(client_of, coordinator, programme, other_programme):
    MembershipFactory(user=coordinator, branch=other_programme.branch, role="manager")
    make_mentee(programme)
    client = client_of(coordinator)
    session = client.session
    session["active_branch"] = other_programme.branch_id
    session.save()
    assert names(client.get(DESK)) == ["Ali Nur"]


def test_desk_is_closed_to_managers(client_of, manager, programme):
    mentee, mentor = make_mentee(programme), make_mentor(programme)
    client = client_of(manager)
    assert client.get(DESK).status_code == 403
    assert client.get(propose_url(mentee, mentor)).status_code == 403
    assert client.get(reverse("matching:desk-factors")).status_code == 403


@pytest.mark.parametrize("query", [{"mentee": "x"}, {"mentee": "99999999999999"}, {"mentee": "²"}, {"mentee": "-1"}])
def test_desk_is_404_without_a_mentee(client_of, coordinator, query):
    assert client_of(coordinator).get(DESK, query).status_code == 404


def test_desk_empty_list_counts_the_applications(client_of, coordinator, programme):
    for day in (8, 6):
        EnrolmentFactory(programme=programme, status="applied", applied_on=dt.date(2011, 9, day))
    text = " ".join(client_of(coordinator).get(DESK).content.decode().split())
    assert "2 ansøgninger mangler interview, den ældste siden 6. september." in text
    part = client_of(coordinator).get(DESK, headers={"HX-Request": "true", "HX-Target": "compare"})
    assert part.status_code == 404


def test_desk_shows_the_mentees_open_match(client_of, coordinator, administrator, programme):
    ali = make_mentee(programme, status="matched", waiting_since=None)
    MatchFactory(programme=programme, mentee=ali.person, created_by=administrator, proposed_on=dt.date(2011, 6, 1))
    text = client_of(coordinator).get(DESK, {"mentee": ali.pk}).content.decode()
    assert "Ali har allerede et aktivt match. Hanne Lund oprettede det 1.\xa0juni." in text
    assert "Ikke på ventelisten" in text


def test_desk_shows_the_problems_of_the_mentee(client_of, coordinator, programme):
    ScreeningRequirementFactory(programme=programme, role="mentee", kind="confidentiality")
    ali = make_mentee(programme, status="paused", waiting_since=None)
    ali.interviews.all().delete()
    programme.max_age = 30
    programme.save()
    page = client_of(coordinator).get(DESK, {"mentee": ali.pk})
    assert len(page.context["problems"]) == 4


def test_desk_shows_the_names_of_excluded_mentors(client_of, coordinator, programme):
    ali = make_mentee(programme)
    ScreeningRequirementFactory(programme=programme)
    make_mentor(programme)
    client = client_of(coordinator)
    closed = client.get(DESK, {"mentee": ali.pk})
    assert "Karsten Friis" not in closed.content.decode()
    assert "Ingen ledig mentor kommer gennem de faste regler" in closed.content.decode()
    opened = client.get(DESK, {"mentee": ali.pk, "udelukket": "1"})
    assert "Karsten Friis" in opened.content.decode()
    part = client.get(
        DESK, {"mentee": ali.pk, "udelukket": "1"}, headers={"HX-Request": "true", "HX-Target": "excluded"}
    )
    assert [row.enrolment.person.name for row in part.context["excluded"]] == ["Karsten Friis"]
    assert "<html" not in part.content.decode()


def test_desk_excluded_is_paged(client_of, coordinator, programme, monkeypatch):
    monkeypatch.setattr("matching.views.desk.EXCLUDED_PER_PAGE", 1)
    ali = make_mentee(programme)
    for name in ("Karsten Friis", "Peter Skov", "Abdi Osman"):
        make_mentor(programme, name, status="paused")
    page = client_of(coordinator).get(DESK, {"mentee": ali.pk, "udelukket": "2"})
    assert [row.enrolment.person.name for row in page.context["excluded"]] == ["Peter Skov"]
    assert (page.context["excluded_less"], page.context["excluded_more"]) == (1, 3)


def test_desk_compares_two_or_three(client_of, coordinator, programme):
    ali = make_mentee(programme)
    karsten = make_mentor(programme, "Karsten Friis", capacity=2, available_from=dt.date(2011, 10, 1))
    karsten.person.occupation = "tømrermester"
    karsten.person.save()
    MatchFactory(programme=programme, mentor=karsten.person, started_on=dt.date(2010, 7, 15), proposed_on=None)
    peter = make_mentor(programme, "Peter Skov")
    ended = {"status": "ended", "mentor_place": None, "proposed_on": None}
    for year, day in ((2008, 1), (2009, 20)):
        MatchFactory(
            programme=programme,
            mentor=peter.person,
            started_on=dt.date(year, 3, 1),
            ended_on=dt.date(year + 1, 3 + (day > 1), 1),
            **ended,
        )
    client = client_of(coordinator)
    one = client.get(DESK, {"mentee": ali.pk, "sammenlign": [karsten.pk]})
    assert one.context["compared"] == []
    assert one.context["ticked"] == [karsten.pk]
    both = client.get(
        DESK,
        {"mentee": ali.pk, "sammenlign": [karsten.pk, peter.pk, "x"]},
        headers={"HX-Request": "true", "HX-Target": "compare"},
    )
    text = both.content.decode()
    assert "<html" not in text
    assert "Tømrermester" in text
    assert "Har 1 match nu, 14 måneder" in text
    assert "2 afsluttede match, 12 og 13 måneder" in text
    assert "Foreslå Karsten" in text
    assert "1 af 2 pladser fri" in text
    assert "Med egne ord" in text


def test_desk_compares_the_first_three(client_of, coordinator, programme):
    ali = make_mentee(programme)
    mentors = [make_mentor(programme, f"Mentor {letter}") for letter in "abcd"]
    page = client_of(coordinator).get(DESK, {"mentee": ali.pk, "sammenlign": [m.pk for m in mentors]})
    assert [row.enrolment for row in page.context["compared"]] == mentors[:3]
    assert page.context["too_many"]


def test_desk_returns_the_waiting_list_alone_for_htmx(client_of, coordinator, programme):
    make_mentee(programme)
    part = client_of(coordinator).get(DESK, headers={"HX-Request": "true", "HX-Target": "waiting"})
    assert names(part) == ["Ali Nur"]
    assert "<html" not in part.content.decode()


def test_desk_logs_access_to_the_case_and_the_names(client_of, coordinator, programme):
    ali, karsten = make_mentee(programme), make_mentor(programme)
    client_of(coordinator).get(DESK)
    rows = AccessRecord.objects.order_by("pk")
    assert [(row.kind, row.subject, row.subject_id, row.count, row.detail) for row in rows] == [
        ("read", "people.person", ali.person_id, 1, "Find mentor"),
        ("search", "people.person", None, 2, f"Find mentor, mentorer: {karsten.person.case_number}"),
    ]


@pytest.mark.parametrize("count", [1, 50])
def test_desk_needs_a_constant_number_of_queries(client_of, coordinator, programme, django_assert_num_queries, count):
    ali = make_mentee(programme)
    topic = TermFactory(name="Praktik")
    for number in range(count):
        make_mentor(programme, f"Mentor {number}", terms=[topic])
    ali.terms.add(topic)
    client = client_of(coordinator)
    with django_assert_num_queries(35):
        client.get(DESK)


def test_ranking_explanation_lists_the_factors(client_of, coordinator):
    text = client_of(coordinator).get(reverse("matching:desk-factors")).content.decode()
    assert "Fælles sprog" in text
    assert "Tæller mest, når mentee ikke taler godt dansk." in text
    assert "<li>et fælles sprog, hvis mentee ikke taler godt dansk</li>" in text
    assert "mindst tre ud af fem ønsker er opfyldt, og intet taler stærkt imod" in text


def test_desk_shows_missing_checks_in_the_comparison(client_of, coordinator, programme):
    ScreeningRequirementFactory(programme=programme, kind="reference", count=2, blocks_match=False)
    ali = make_mentee(programme)
    mentors = [make_mentor(programme, "Karsten Friis"), make_mentor(programme, "Peter Skov")]
    ScreeningCheckFactory(enrolment=mentors[0], kind="reference")
    for _number in range(2):
        ScreeningCheckFactory(enrolment=mentors[1], kind="reference")
    page = client_of(coordinator).get(DESK, {"mentee": ali.pk, "sammenlign": [m.pk for m in mentors]})
    lacking = [[check.in_place for check in row.candidate.missing_checks] for row in page.context["compared"]]
    assert lacking == [[1], []]
