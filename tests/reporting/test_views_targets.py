"""The pages of targets."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import AccessRecord
from demo.factories import EnrolmentFactory, EventFactory, MatchFactory, PersonFactory, ProgrammeFactory, TargetFactory
from reporting.models import Target, TargetPhase
from reporting.views.targets import SHOWN_ROWS, headline
from tests.reporting.test_evaluation import matches_on

URL = reverse("reporting:target-list")


@pytest.fixture
def established(loaded):
    """Two matches of men of 2011, a proposed match and one of 2010."""
    facts = [("M-2011-002", dt.date(2011, 5, 3), "active"), ("M-2011-001", dt.date(2011, 2, 1), "active")]
    facts += [("M-2011-003", None, "proposed"), ("M-2010-009", dt.date(2010, 11, 2), "active")]
    for number, day, status in facts:
        mentee = PersonFactory(home_branch=loaded.branch, gender="man", last_name="Hemmelig", case_number=f"T-{number}")
        MatchFactory(programme=loaded, mentee=mentee, number=number, started_on=day, proposed_on=None, status=status)
    return loaded


def text_of(response) -> str:
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def test_page_shows_the_years_targets_and_a_headline(client_of, manager, established):
    response = client_of(manager).get(URL)
    assert response.status_code == 200
    context = response.context
    assert (context["programme"], context["period"].key, len(context["statuses"])) == (established, "2011", 10)
    assert context["headline"] == "0 af 10 mål følger planen, 3 er bagud, 7 nås næppe."
    assert context["plotted"].target.key == "mentees-men-2011"
    assert context["chosen"] is None
    assert "<h1>Resultatmål 2011</h1>" in text_of(response)
    assert not AccessRecord.objects.filter(kind="evidence").exists()


def test_evidence_for_managers_has_case_numbers_and_is_logged(client_of, manager, established):
    response = client_of(manager).get(URL, {"maal": "matches-men-2011"})
    page = text_of(response)
    assert response.context["counted"] == "2 match tæller med"
    assert [(linked.row.number, linked.row.other, linked.url) for linked in response.context["rows"]] == [
        ("M-2011-002", "T-M-2011-002", ""),
        ("M-2011-001", "T-M-2011-001", ""),
    ]
    assert [sentence for miss in response.context["misses"] for sentence in miss.sentences()] == [
        "M-2011-003: foreslået, intet møde endnu",
        "1 match med første møde i 2010",
    ]
    assert response.context["missed_count"] == 2
    assert "Hemmelig" not in page
    record = AccessRecord.objects.get(kind="evidence")
    assert (record.user, record.branch, record.detail, record.count) == (
        manager,
        established.branch,
        "tingbjerg-2010 matches-men-2011",
        2,
    )


def test_evidence_for_coordinators_has_links(client_of, coordinator, established):
    response = client_of(coordinator).get(URL, {"maal": "matches-men-2011"})
    match = established.matches.get(number="M-2011-002")
    first = response.context["rows"][0]
    assert (first.url, first.other_url) == (
        reverse("matching:match-detail", args=[match.pk]),
        reverse("people:person-detail", args=[match.mentee_id]),
    )


def test_tab_of_records_that_do_not_count(client_of, manager, established):
    response = client_of(manager).get(URL, {"maal": "matches-men-2011", "vis": "ikke-med"})
    assert response.context["tab"] == "ikke-med"
    assert "M-2011-002" not in text_of(response)


def test_htmx_gets_the_fragment(client_of, manager, established):
    part = client_of(manager).get(URL, {"maal": "matches-men-2011"}, headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith("{#") is False
    assert "<html" not in part.content.decode()
    assert 'id="evidence"' in part.content.decode()


def test_headline_of_a_past_year(client_of, manager, established):
    response = client_of(manager).get(URL, {"aar": "2010"})
    assert response.context["headline"] == "0 af 10 mål er nået, 10 blev ikke nået."


def test_whole_period_shows_targets_longer_than_a_year(client_of, manager, established):
    response = client_of(manager).get(URL, {"aar": "hele"})
    assert [status.target.key for status in response.context["statuses"]] == ["matches-men-all", "matches-women-all"]
    assert response.context["statuses"][0].value == 3


@pytest.mark.parametrize("query", [{"indsats": "koebenhavn"}, {"indsats": "ukendt"}, {"aar": "1999"}, {"maal": "x"}])
def test_foreign_and_unknown_values_are_not_found(client_of, manager, loaded, other_programme, query):
    assert client_of(manager).get(URL, query).status_code == 404


def test_programme_without_targets_explains_how_to_start(client_of, manager, administrator, programme):
    assert "Ingen resultatmål i perioden" in text_of(client_of(manager).get(URL))
    assert "Tilføj resultatmål" in text_of(client_of(administrator).get(URL))


def test_branch_without_programmes(client_of, manager):
    assert "Der er ingen indsats endnu" in text_of(client_of(manager).get(URL))
    assert client_of(manager).get(reverse("reporting:targets-export")).status_code == 404


def test_past_programme_is_shown_with_its_last_year(client_of, manager, programme):
    programme.starts_on, programme.ends_on = dt.date(2008, 1, 1), dt.date(2009, 12, 31)
    programme.save()
    TargetFactory(
        programme=programme, period_start=dt.date(2009, 1, 1), period_end=dt.date(2009, 12, 31), rhythm_months=6
    )
    response = client_of(manager).get(URL)
    assert (response.context["period"].key, response.context["statuses"][0].state) == ("2009", "missed")


def test_long_evidence_is_shortened_on_the_page(client_of, manager, loaded):
    matches_on(loaded, *[dt.date(2011, 3, 1)] * (SHOWN_ROWS + 1))
    response = client_of(manager).get(URL, {"maal": "matches-men-2011"})
    assert (len(response.context["rows"]), response.context["more_rows"]) == (SHOWN_ROWS, 1)


def test_event_evidence_has_links_for_users_who_read_events(client_of, manager, coordinator, loaded):
    event = EventFactory(programme=loaded, starts_at=dt.datetime(2011, 3, 1, 17, tzinfo=dt.UTC))
    query = {"maal": "network-events-2011"}
    assert client_of(manager).get(URL, query).context["rows"][0].url == ""
    linked = client_of(coordinator).get(URL, query).context["rows"][0]
    assert linked.url == reverse("events:event-detail", args=[event.pk])


def sheet(response) -> list[list]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


def test_export_of_targets(client_of, manager, established):
    rows = sheet(client_of(manager).get(reverse("reporting:targets-export"), {"aar": "2011"}))
    assert rows[0][:8] == ["Resultatmål", "Aftalens ord", "Fra", "Til", "Lovet", "Tidsplan", "Nået", "Plan i dag"]
    assert rows[4][0] == "Match, mænd"
    assert rows[4][4:11] == [25, 20, 2, 14, 2, 5, "Nås næppe"]
    assert len(rows) == 11
    record = AccessRecord.objects.get(kind="export")
    words = "Resultatmål, xlsx · Indsats: Mentornetværket Tingbjerg · Periode: 2011"
    assert (record.detail, record.count) == (words, 10)


def test_export_of_evidence(client_of, manager, established):
    target = Target.objects.get(key="matches-men-2011")
    rows = sheet(client_of(manager).get(reverse("reporting:evidence-export", args=[target.pk])))
    assert rows == [
        ["Match", "Mentee", "Første møde"],
        ["M-2011-002", "T-M-2011-002", dt.date(2011, 5, 3)],
        ["M-2011-001", "T-M-2011-001", dt.date(2011, 2, 1)],
    ]
    assert AccessRecord.objects.get(kind="export").count == 2


def test_evidence_of_another_branch_is_not_found(client_of, other_branch_coordinator, outsider, loaded):
    url = reverse("reporting:evidence-export", args=[loaded.targets.first().pk])
    assert client_of(other_branch_coordinator).get(url).status_code == 404
    assert client_of(outsider).get(url).status_code == 403


@pytest.mark.parametrize("rows", [1, 50])
def test_query_count_does_not_grow_with_the_records(client_of, manager, loaded, rows, django_assert_num_queries):
    matches_on(loaded, *[dt.date(2011, 3, 1)] * rows)
    matches_on(loaded, *[dt.date(2010, 3, 1)] * rows)
    for _n in range(rows):
        EnrolmentFactory(programme=loaded, applied_on=dt.date(2011, 2, 1))
    client = client_of(manager)
    client.get(reverse("programmes:programme-list"))  # the first request also begins the session
    with django_assert_num_queries(29):
        client.get(URL, {"maal": "matches-men-2011"})


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        (["on_plan"], "1 af 1 mål følger planen."),
        (["reached", "missed"], "1 af 2 mål er nået, 1 blev ikke nået."),
        (["coming", "behind", "unlikely"], "0 af 3 mål følger planen, 1 er bagud, 1 nås næppe, 1 er ikke begyndt."),
    ],
)
def test_headline_counts_states(states, sentence):
    class Status:
        def __init__(self, state):
            self.state = state

    assert headline([Status(state) for state in states]) == sentence


def form_of(**changes):
    fields = {
        "wording": "Etablering af 10 match",
        "label": "Match, ældre",
        "indicator": "matches_established",
        "gender": "woman",
        "value": "10",
        "period_start": "01-01-2011",
        "period_end": "31-12-2011",
        "pause": "",
        "phases-TOTAL_FORMS": "4",
        "phases-INITIAL_FORMS": "0",
        "phases-0-starts_on": "01-01-2011",
        "phases-0-ends_on": "30-06-2011",
        "phases-0-value": "8",
    }
    return {**fields, **changes}


def test_administrator_creates_a_target(client_of, administrator, programme):
    url = reverse("reporting:target-create", args=[programme.slug])
    client = client_of(administrator)
    assert client.get(url).status_code == 200
    once = "6f1b6f0e-0000-4000-8000-000000000001"
    answers = [client.post(url, form_of(once=once, rhythm_months="2", pause="8, 7")) for _twice in range(2)]
    detail = reverse("programmes:programme-detail", args=[programme.slug])
    assert [answer.headers["Location"] for answer in answers] == [detail, detail]
    target = Target.objects.get()
    assert (target.key, target.filters, target.value, target.rhythm_pause_months) == (
        "match-aeldre-2011",
        {"gender": "woman"},
        10,
        [7, 8],
    )
    assert [(phase.ends_on, phase.value) for phase in target.phases.all()] == [(dt.date(2011, 6, 30), 8)]
    client.post(url, form_of())
    assert Target.objects.latest("pk").key == "match-aeldre-2011-2"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"indicator": "network_events_held"}, "gender"),
        ({"pause": "13"}, "pause"),
        ({"value": "0"}, "value"),
        ({"period_end": "31-12-2013"}, "period_start"),
        ({"period_end": "31-12-2010"}, "__all__"),
        ({"phases-0-starts_on": "01-01-2010"}, "__all__"),
    ],
)
def test_wrong_target_is_refused_at_its_field(client_of, administrator, programme, changes, field):
    url = reverse("reporting:target-create", args=[programme.slug])
    response = client_of(administrator).post(url, form_of(**changes))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not Target.objects.exists()


def test_phase_must_be_complete_or_empty(client_of, administrator, programme):
    url = reverse("reporting:target-create", args=[programme.slug])
    response = client_of(administrator).post(url, form_of(**{"phases-0-value": ""}))
    assert (response.status_code, response.context["phases"].errors[0]) == (
        422,
        {"value": ["Udfyld hele rækken, eller lad den stå tom."]},
    )


def test_administrator_changes_and_removes_a_target(client_of, administrator, loaded):
    target = Target.objects.get(key="matches-men-2011")
    edit = reverse("reporting:target-edit", args=[target.pk])
    client = client_of(administrator)
    form = client.get(edit).context["form"]
    assert (form["gender"].value(), form["pause"].value()) == ("man", "")
    client.post(edit, form_of(value="26", **{"phases-INITIAL_FORMS": "1", "phases-0-value": "21"}))
    target.refresh_from_db()
    assert (target.key, target.value, target.phases.get().value) == ("matches-men-2011", 26, 21)
    remove = reverse("reporting:target-remove", args=[target.pk])
    assert client.get(remove).status_code == 200
    assert client.post(remove).headers["Location"] == reverse("programmes:programme-detail", args=[loaded.slug])
    assert not Target.objects.filter(pk=target.pk).exists()
    assert not TargetPhase.objects.filter(target_id=target.pk).exists()


def test_only_users_who_manage_rules_open_the_forms(client_of, coordinator, other_branch_administrator, loaded):
    target = loaded.targets.first()
    addresses = [
        reverse("reporting:target-create", args=[loaded.slug]),
        reverse("reporting:target-edit", args=[target.pk]),
        reverse("reporting:target-remove", args=[target.pk]),
    ]
    for url in addresses:
        assert client_of(coordinator).post(url).status_code == 403
        assert client_of(other_branch_administrator).post(url).status_code == 404
    assert loaded.targets.count() == 22


def test_focus_returns_to_the_figure_whose_evidence_was_closed(client_of, manager, loaded):
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{URL}?maal=matches-men-2011"}
    response = client_of(manager).get(URL, {"aar": "2011"}, headers=headers)
    assert response.context["closed_key"] == "matches-men-2011"
    assert response.content.decode().count("data-focus") == 1


def test_programme_of_the_address_is_shown(client_of, manager, loaded):
    other = ProgrammeFactory(branch=loaded.branch, slug="senere", name="Senere", starts_on=dt.date(2009, 1, 1))
    response = client_of(manager).get(URL, {"indsats": "senere"})
    assert response.context["programme"] == other
    assert 'id="programme-choice"' in response.content.decode()


def test_long_programme_offers_its_years_in_a_select(client_of, manager, programme):
    programme.starts_on = dt.date(2003, 1, 1)
    programme.save()
    assert 'id="period-choice"' in client_of(manager).get(URL).content.decode()
