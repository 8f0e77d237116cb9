"""Export of a list, tried with the list of people: the choice, the file, the access record."""

import io
import re

import pytest
from django.urls import reverse

from accounts.models import AccessRecord, ExportChoice
from accounts.services import remember_export_choice
from common.spreadsheets import read_spreadsheet, values
from demo.factories import EnrolmentFactory, EventFactory, MatchFactory, MentorFactory, TargetFactory, TermFactory
from people import exports
from people.models import LanguageSkill

pytestmark = pytest.mark.django_db
HERE = "/personer/hent/"
KINDS = ["xlsx", "ods", "csv"]


def rows_of(response) -> list[list]:
    """Return the rows of the file in a response."""
    file = io.BytesIO(b"".join(response.streaming_content))
    return [cells for _number, cells in read_spreadsheet(file).sheets[0].rows]


def ticked(response) -> list[str]:
    return re.findall(r'name="columns" value="(\w+)"[^>]*checked', response.text)


def named(name, programme, **fields):
    first, _, last = name.partition(" ")
    return EnrolmentFactory(programme=programme, person__first_name=first, person__last_name=last, **fields)


@pytest.fixture
def people(programme, other_programme):
    named("Åse Møller", programme, person__case_number="T-2010-901", person__phones=["+4557269617"])
    named("Bo Berg", programme, person__gender="man", person__case_number="T-2010-902")
    named("=1+1 Dahl", programme, person__case_number="T-2010-903", person__phones=["+46850828508"])
    named("Karen Fremmed", other_programme)


def test_page_shows_filters_columns_and_formats(client_of, coordinator, people):
    page = client_of(coordinator).get(HERE, {"koen": "woman", "soeg": "møller", "sorter": "case_number"})
    assert "Hent 1 række" in page.text
    assert page.context["filters"] == [("Søg", "»møller«"), ("Køn", "Kvinde")]
    assert page.context["list_url"] == "/personer/?koen=woman&soeg=m%C3%B8ller&sorter=case_number"
    assert 'action="/personer/hent/?koen=woman&amp;soeg=m%C3%B8ller&amp;sorter=case_number"' in page.text
    assert ticked(page) == [column.key for column in exports.PEOPLE.columns]
    assert re.findall(r'name="kind" value="(\w+)"', page.text) == KINDS
    assert AccessRecord.objects.filter(kind="export").count() == 0
    assert "Hele listen, 3 rækker." in client_of(coordinator).get(HERE).text


@pytest.mark.parametrize("kind", KINDS)
def test_file_has_the_chosen_columns_in_order_and_the_filtered_rows(client_of, coordinator, people, kind):
    client = client_of(coordinator)
    sent = {"columns": ["phone", "case_number", "last_name", "first_name"], "kind": kind}
    response = client.post(f"{HERE}?koen=woman&sorter=-case_number", sent)
    assert response["Content-Disposition"] == f'attachment; filename="Personer 2011-09-15.{kind}"'
    assert rows_of(response) == [
        ["Sagsnummer", "Fornavn", "Efternavn", "Telefon"],
        ["T-2010-903", "=1+1", "Dahl", "+46850828508"],
        ["T-2010-901", "Åse", "Møller", "57 26 96 17"],
    ]
    record = AccessRecord.objects.get(kind="export")
    assert (record.user, record.branch_id) == (coordinator, coordinator.branch_ids[0])
    assert (record.subject, record.subject_id, record.count) == ("people.person", None, 2)
    assert record.detail == f"Personer, {kind} · Køn: Kvinde"


def test_choice_is_stored_per_user_and_list(client_of, coordinator, administrator, people):
    client = client_of(coordinator)
    client.post(HERE, {"columns": ["email", "first_name"], "kind": "ods"})
    client.post(HERE, {"columns": ["first_name", "last_name"], "kind": "csv"})
    choice = ExportChoice.objects.get()
    assert (choice.user, choice.list_key) == (coordinator, "people")
    assert (choice.columns, choice.kind) == (["first_name", "last_name"], "csv")
    assert str(choice) == "Mette Sørensen · people · csv"
    page = client.get(HERE)
    assert ticked(page) == ["first_name", "last_name"]
    assert re.findall(r'name="kind" value="(\w+)"[^>]*checked', page.text) == ["csv"]
    assert rows_of(client.get(HERE, {"format": "ods"}))[0] == ["Fornavn", "Efternavn"]
    assert len(ticked(client.get("/match/interview/hent/"))) == 13
    assert len(ticked(client_of(administrator).get(HERE))) == 22


def test_link_with_a_format_returns_the_file(client_of, coordinator, people):
    client = client_of(coordinator)
    rows = rows_of(client.get(HERE, {"type": "csv", "kolonner": ["case_number"], "koen": "man"}))
    assert rows == [["Sagsnummer"], ["T-2010-902"]]
    assert ExportChoice.objects.count() == 0
    assert "Hent 3 rækker" in client.get(HERE, {"format": "pdf"}).text


def test_format_in_the_query_is_not_taken_for_a_filter(client_of, coordinator, programme):
    EventFactory(programme=programme, kind="network")
    EventFactory(programme=programme, kind="mentor_course")
    client = client_of(coordinator)
    assert len(rows_of(client.get("/arrangementer/hent/", {"type": "csv"}))) == 3
    assert len(rows_of(client.get("/arrangementer/hent/", {"type": "network", "format": "csv"}))) == 2
    logged = AccessRecord.objects.filter(kind="export").order_by("pk")
    assert [record.detail for record in logged] == [
        "Arrangementer, csv · Tid: Kommende",
        "Arrangementer, csv · Tid: Kommende · Type: Netværksarrangement",
    ]


def test_ticking_all_and_none_works_without_javascript(client_of, coordinator, people):
    client = client_of(coordinator)
    client.post(HERE, {"columns": ["email"], "kind": "csv"})
    page = client.get(HERE, {"kryds": "alle", "koen": "man"})
    assert ticked(page) == [column.key for column in exports.PEOPLE.columns]
    assert 'action="/personer/hent/?koen=man"' in page.text
    assert ticked(client.get(HERE, {"kryds": "ingen"})) == []


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"kind": "csv"}, "Vælg mindst én kolonne."),
        ({"columns": ["password"], "kind": "csv"}, "En af kolonnerne hører ikke til listen. Vælg igen."),
        ({"columns": ["email"]}, "Vælg en filtype."),
        ({"columns": ["email"], "kind": "exe"}, "Vælg en filtype."),
    ],
)
def test_invalid_choice_returns_no_file(client_of, coordinator, people, sent, sentence):
    response = client_of(coordinator).post(HERE, sent)
    assert response.status_code == 422
    assert sentence in response.text
    assert not ExportChoice.objects.exists()
    assert not AccessRecord.objects.filter(kind="export").exists()


def test_too_many_rows_for_a_sheet_are_refused_but_not_for_csv(client_of, coordinator, people, monkeypatch):
    monkeypatch.setattr(values, "MAX_ROWS", 2)
    client = client_of(coordinator)
    for kind in ("xlsx", "ods"):
        response = client.post(HERE, {"columns": ["case_number"], "kind": kind})
        assert response.status_code == 422
        assert "Et ark kan ikke rumme så mange rækker. Vælg CSV, eller filtrer listen først." in response.text
    assert not AccessRecord.objects.filter(kind="export").exists()
    assert len(rows_of(client.post(HERE, {"columns": ["case_number"], "kind": "csv"}))) == 4
    assert len(rows_of(client.get(HERE, {"format": "ods", "koen": "woman"}))) == 3


def test_manager_gets_case_numbers_and_a_forged_column_is_refused(client_of, manager, coordinator, programme):
    mentee = named("Åse Møller", programme, status="matched", person__case_number="T-2010-901").person
    MatchFactory(programme=programme, number="M-2011-001", mentee=mentee, started_on="2011-06-28")
    target = TargetFactory(programme=programme)
    here = reverse("reporting:evidence-list-export", args=[target.pk])
    client = client_of(manager)
    page = client.get(here)
    assert re.findall(r'name="columns" value="(\w+)"', page.text) == ["number", "other", "on"]
    forged = {"columns": ["number", "name"], "kind": "csv"}
    assert client.post(here, forged).status_code == 403
    assert client.get(here, {"format": "csv", "kolonner": ["name"]}).status_code == 403
    assert not AccessRecord.objects.filter(kind="export").exists()
    remember_export_choice(by=manager, list_key="evidence", columns=["number", "name"], kind="csv")
    assert rows_of(client.get(here, {"format": "csv"})) == [["Match"], ["M-2011-001"]]
    assert rows_of(client_of(coordinator).post(here, forged)) == [["Match", "Navn"], ["M-2011-001", "Åse Møller"]]


@pytest.mark.parametrize("count", [1, 50])
def test_page_and_file_need_the_same_queries_at_any_size(
    client_of, coordinator, programme, count, django_assert_num_queries
):
    somali = TermFactory(kind="language", name="Somali")
    for _ in range(count):
        LanguageSkill.objects.create(
            person=MentorFactory(programme=programme, terms=[TermFactory()]).person, language=somali
        )
    client = client_of(coordinator)
    client.get("/healthz")  # the first response stores the start of the session
    with django_assert_num_queries(6):
        client.get(HERE)
    with django_assert_num_queries(15):
        client.post(
            HERE, {"columns": ["case_number", "languages", "topics", "organisation", "programme"], "kind": "csv"}
        )
