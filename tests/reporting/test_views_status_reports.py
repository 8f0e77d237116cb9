"""The pages of status reports, and who may open them."""

import datetime as dt
import json
import uuid

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import AccessRecord
from demo.factories import EventFactory, MatchFactory
from reporting.documents import PdfUnavailable
from reporting.models import StatusReport
from reporting.services.status_reports import create_report, fingerprints, save_sections, send_report
from reporting.views import status_reports

LIST, CREATE = reverse("reporting:report-list"), reverse("reporting:report-create")
YEAR = {"start": dt.date(2011, 1, 1), "end": dt.date(2011, 12, 31)}
LIST_QUERIES = 5
DETAIL_QUERIES = 82


@pytest.fixture
def draft(loaded, manager) -> StatusReport:
    return create_report(loaded, by=manager, **YEAR)


def page_of(report: StatusReport, name: str = "detail") -> str:
    return reverse(f"reporting:report-{name}", args=[report.pk])


def text_of(response) -> str:
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def written(draft: StatusReport, **changes) -> dict:
    marks = json.dumps(fingerprints(draft.title, draft.sections))
    return draft.sections | {"title": draft.title, "opened": marks} | changes


def test_empty_list_offers_the_first_report(client_of, manager, loaded):
    assert "Ingen statusrapporter endnu" in text_of(client_of(manager).get(LIST))


@pytest.mark.parametrize("count", [1, 40])
def test_query_count_of_the_list_does_not_grow(
    client_of, manager, loaded, count, django_assert_num_queries: DjangoAssertNumQueries
):
    for number in range(count):
        create_report(loaded, by=manager, title=f"Nummer {number}", **YEAR)
    client = client_of(manager)
    with django_assert_num_queries(LIST_QUERIES):
        response = client.get(LIST)
    assert len(response.context["object_list"]) == count


@pytest.mark.parametrize("count", [1, 12])
def test_query_count_of_a_report_does_not_grow(
    client_of, manager, loaded, draft, count, django_assert_num_queries: DjangoAssertNumQueries
):
    for number in range(1, count + 1):
        match = {"number": f"M-2011-{number:03d}", "proposed_on": None, "started_on": dt.date(2011, 2, 1)}
        MatchFactory(programme=loaded, **match)
        EventFactory(programme=loaded, starts_at=dt.datetime(2011, 3, 3, 17, tzinfo=dt.UTC))
    client = client_of(manager)
    with django_assert_num_queries(DETAIL_QUERIES):
        response = client.get(page_of(draft))
    assert len(response.context["contents"].matches) == count


def test_create_offers_the_usual_periods_and_redirects_to_writing(client_of, manager, loaded):
    client = client_of(manager)
    form = client.get(CREATE, {"indsats": loaded.slug, "aar": "2010"}).context["form"]
    assert [str(label) for _value, label in form.fields["period"].choices] == [
        *["Hele 2011", "2. halvår 2011", "1. halvår 2011", "Hele 2010", "2. halvår 2010", "1. halvår 2010"],
        *["Hele indsatsens periode", "Andre datoer"],
    ]
    assert form.initial == {"programme": loaded.pk, "period": "2010-01-01/2010-12-31"}

    data = {"programme": loaded.pk, "period": "2010-07-01/2010-12-31", "once": uuid.uuid4()}
    twice = [client.post(CREATE, data) for _number in range(2)]
    report = StatusReport.objects.get()
    assert [response.url for response in twice] == [page_of(report, "write")] * 2
    assert (report.period_start, report.period_end) == (dt.date(2010, 7, 1), dt.date(2010, 12, 31))


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"period": "own"}, {"start": ["Skriv datoen."], "end": ["Skriv datoen."]}),
        (
            {"period": "own", "start": "30-06-2011", "end": "01-06-2011"},
            {"end": ["Perioden slutter, før den begynder."]},
        ),
        (
            {"period": "own", "start": "01-01-2015", "end": "30-06-2015"},
            {"period": ["Indsatsen er ikke i gang i den periode."]},
        ),
    ],
)
def test_create_refuses_wrong_periods(client_of, manager, loaded, data, errors):
    response = client_of(manager).post(CREATE, {"programme": loaded.pk, **data})

    assert response.context["form"].errors == errors
    assert not StatusReport.objects.exists()


def test_create_accepts_other_days_and_the_whole_period(client_of, manager, loaded):
    client = client_of(manager)
    client.post(CREATE, {"programme": loaded.pk, "period": "own", "start": "1/2-2011", "end": "30-04-2011"})
    client.post(CREATE, {"programme": loaded.pk, "period": "programme"})

    days = StatusReport.objects.order_by("pk").values_list("period_start", "period_end")
    assert list(days) == [
        (dt.date(2011, 2, 1), dt.date(2011, 4, 30)),
        (dt.date(2010, 1, 1), dt.date(2011, 12, 31)),
    ]


def test_write_saves_and_shows_the_report(client_of, manager, draft):
    client = client_of(manager)
    page = client.get(page_of(draft, "write"))
    assert page.context["form"].initial["purpose"] == draft.sections["purpose"]

    response = client.post(
        page_of(draft, "write"), written(draft, lessons="Det var svært", title="Status til Kommunen")
    )
    draft.refresh_from_db()
    assert (response.status_code, response.url) == (302, page_of(draft, "write"))
    assert (draft.title, draft.sections["lessons"]) == ("Status til Kommunen", "Det var svært")


def test_write_with_htmx_returns_the_preview(client_of, manager, draft):
    data = written(draft, lessons="Det var svært")
    response = client_of(manager).post(page_of(draft, "write"), data, headers={"HX-Request": "true"})

    draft.refresh_from_db()
    text = text_of(response)
    assert "Gemt kl." in text
    assert "Det var svært" in text
    assert response.context["opened"] == json.dumps(fingerprints(draft.title, draft.sections))
    assert "<html" not in text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_entered_texts_are_kept_when_they_are_refused(client_of, manager, draft, headers):
    data = written(draft, lessons="Hun hedder 010190-1234", next_steps="Mere")
    response = client_of(manager).post(page_of(draft, "write"), data, headers=headers)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["lessons"]
    assert response.context["form"].errors["lessons"][0] in text_of(response)
    assert response.context["form"]["next_steps"].value() == "Mere"
    draft.refresh_from_db()
    assert "lessons" not in draft.sections


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_conflict_shows_the_text_of_the_other_user(client_of, manager, administrator, draft, headers):
    data = written(draft, lessons="Min tekst")
    save_sections(draft, by=administrator, sections=draft.sections | {"lessons": "Hannes tekst"})
    response = client_of(manager).post(page_of(draft, "write"), data, headers=headers)

    assert response.status_code == 409
    assert response.context["theirs"] == [("Udfordringer og læring", "Hannes tekst")]
    assert response.context["form"]["lessons"].value() == "Min tekst"

    client_of(manager).post(page_of(draft, "write"), data | {"overwrite": "1"})
    draft.refresh_from_db()
    assert draft.sections["lessons"] == "Min tekst"


@pytest.mark.parametrize("garbled", ["{", "[1]", ""])
def test_unreadable_fingerprints_are_ignored(client_of, manager, draft, garbled):
    client_of(manager).post(page_of(draft, "write"), written(draft, lessons="Gemt", opened=garbled))

    draft.refresh_from_db()
    assert draft.sections["lessons"] == "Gemt"


def test_send_freezes_the_report_and_lists_parts_without_text(client_of, manager, loaded, draft):
    MatchFactory(programme=loaded, number="M-2011-001", proposed_on=None, started_on=dt.date(2011, 2, 1))
    client = client_of(manager)
    question = client.get(page_of(draft, "send"))
    assert question.context["unwritten"][:2] == ["Rekruttering", "Match"]

    client.post(page_of(draft, "send"))
    draft.refresh_from_db()
    assert draft.status == "sent"
    page = text_of(client.get(page_of(draft)))
    assert "Sendt 15. september" in page
    assert "Begynd en ny version" in page
    assert "1 af 30" in page
    assert "Hodan" not in page


@pytest.mark.parametrize("name", ["write", "send", "discard"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_of_a_draft_redirect_to_a_sent_report(client_of, manager, draft, name, method):
    send_report(draft, by=manager)
    client = client_of(manager)
    response = getattr(client, method)(page_of(draft, name), written(draft) if name == "write" else {}, follow=True)

    assert response.redirect_chain == [(page_of(draft), 302)]
    assert "Rapporten er sendt og bliver, som den er." in text_of(response)


def test_new_version_redirects_to_writing(client_of, manager, draft):
    send_report(draft, by=manager)
    response = client_of(manager).post(page_of(draft, "new-version"))

    assert response.url == page_of(StatusReport.objects.latest("pk"), "write")


def test_draft_can_be_deleted(client_of, manager, draft):
    client = client_of(manager)
    assert draft.title in text_of(client.get(page_of(draft, "discard")))
    assert client.post(page_of(draft, "discard")).url == LIST
    assert not StatusReport.objects.exists()


@pytest.mark.parametrize("kind", ["docx", "xlsx", "html", pytest.param("pdf", marks=pytest.mark.pango)])
def test_download_is_named_and_logged(client_of, coordinator, draft, kind):
    response = client_of(coordinator).get(page_of(draft, "download"), {"format": kind, "bilag": "1"})

    name = f"statusrapport-tingbjerg-2010-2011-01-01-2011-12-31.{kind}"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    record = AccessRecord.objects.get(kind="export")
    assert (record.user, record.subject_id, record.detail) == (coordinator, draft.pk, f"{kind} med bilag")


def test_unknown_format_is_not_found(client_of, manager, draft):
    assert client_of(manager).get(page_of(draft, "download"), {"format": "exe"}).status_code == 404


def test_missing_pango_is_shown_on_the_page(client_of, manager, draft, monkeypatch):
    def without_pango(*args, **kwargs):
        raise PdfUnavailable("Pango mangler.")

    monkeypatch.setattr(status_reports, "write_document", without_pango)
    response = client_of(manager).get(page_of(draft, "download"), {"format": "pdf"}, follow=True)

    assert "Pango mangler." in text_of(response)
    assert not AccessRecord.objects.filter(kind="export").exists()


def test_coordinators_read_but_do_not_write(client_of, coordinator, draft):
    client = client_of(coordinator)

    assert client.get(LIST).context["may_write"] is False
    assert "Skriv videre" not in text_of(client.get(page_of(draft)))
    assert [client.get(url).status_code for url in (CREATE, page_of(draft, "write"))] == [403, 403]


def test_reports_of_other_branches_are_not_found(client_of, other_branch_administrator, draft):
    client = client_of(other_branch_administrator)

    assert list(client.get(LIST).context["object_list"]) == []
    for name in ("detail", "write", "send", "discard", "download"):
        assert client.get(page_of(draft, name), {"format": "html"}).status_code == 404
    assert client.post(page_of(draft, "new-version")).status_code == 404
    form = client.post(CREATE, {"programme": draft.programme_id, "period": "programme"}).context["form"]
    assert list(form.errors) == ["programme"]
