"""A target whose indicator the code does not know: every page opens and says so; nothing is counted."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse

from demo.factories import TargetFactory
from reporting.documents import write_document
from reporting.documents.chapters import summary
from reporting.documents.collecting import collect_report
from reporting.enums import TargetState
from reporting.evaluation import evaluate_target
from reporting.models import Target
from reporting.services.status_reports import create_report
from reporting.views.targets import headline

pytestmark = pytest.mark.django_db
TODAY = dt.date(2011, 9, 15)
YEAR = {"start": dt.date(2011, 1, 1), "end": dt.date(2011, 12, 31)}
WORDS = "Ukendt indikator »happiness«"
LIST = reverse("reporting:target-list")


@pytest.fixture
def target(loaded) -> Target:
    """A target of the programme that is the first on Today."""
    loaded.targets.update(on_today=False)
    return TargetFactory(programme=loaded, indicator="happiness", key="happiness-2011", on_today=True, order=0)


def text_of(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def test_it_counts_nothing_and_is_not_judged(target):
    status = evaluate_target(target, TODAY)
    assert (status.value, status.state, status.state_label) == (0, TargetState.UNCOUNTED, WORDS)
    assert status.rule == "Mentornet kender ikke indikatoren »happiness«, så intet tæller med."
    assert (status.evidence_rows(), status.not_counted()) == ([], [])
    assert headline([status]) == "0 af 1 mål følger planen, 1 kan ikke tælles."


@pytest.mark.parametrize("role", ["coordinator", "administrator", "manager"])
def test_today_shows_it(client_of, target, role, request):
    assert WORDS in text_of(client_of(request.getfixturevalue(role)).get("/"))


@pytest.mark.parametrize("query", ["", "?maal=happiness-2011", "?maal=happiness-2011&vis=ikke-med", "?aar=hele"])
def test_targets_show_it(client_of, manager, target, query):
    Target.objects.filter(pk=target.pk).update(period_start=dt.date(2010, 1, 1) if "hele" in query else YEAR["start"])
    assert WORDS in text_of(client_of(manager).get(LIST + query))


@pytest.mark.parametrize(
    ("name", "by_target"), [("target-list-export", False), ("targets-export", False), ("evidence-export", True)]
)
def test_lists_to_download_open(client_of, manager, target, name, by_target):
    assert (
        client_of(manager).get(reverse(f"reporting:{name}", args=[target.pk] if by_target else [])).status_code == 200
    )


def test_form_asks_for_another_indicator(client_of, administrator, target):
    client, url = client_of(administrator), reverse("reporting:target-edit", args=[target.pk])
    assert f'<option value="">{WORDS}</option>' in text_of(client.get(url))
    answer = client.post(url, {"indicator": ""})
    assert "indicator" in answer.context["form"].errors


def test_report_shows_it_in_every_format(client_of, manager, target):
    report = create_report(target.programme, by=manager, **YEAR)
    assert WORDS in text_of(client_of(manager).get(reverse("reporting:report-detail", args=[report.pk])))
    content = collect_report(target.programme, title="Status", on=TODAY, texts={}, **YEAR)
    assert "1 med ukendt indikator" in summary(content)
    for kind in ("docx", "xlsx", "html"):
        assert write_document(content, kind, annex=True)


def test_command_prints_it(target, capsys):
    call_command("targets", target.programme.slug, year=2011, on="2011-09-15")
    assert WORDS in capsys.readouterr().out
