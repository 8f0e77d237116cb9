"""Views: the progress of checking, applying and undoing, and how it ends."""

import datetime as dt

import pytest
from django.utils import timezone

from demo.factories import MembershipFactory, UserFactory
from imports import services
from imports.services import deciding, tasks
from people.models import Person
from tasks.models import Task
from tasks.progress import TaskProgress
from tasks.services import run_next
from tests.imports.samples import at, stage_list, words

pytestmark = pytest.mark.django_db
MENTOR = "Fornavn|Efternavn|Født|Mobil|E-mail|Branche"
ROW = "Åse|Møller||50505050||It"
HTMX = {"HX-Request": "true"}
STAY_OPEN = "Serverens baggrundsprogram kører ikke. Hold siden åben"


@pytest.fixture
def worker(monkeypatch):
    """Return a dict: ``is_running`` says whether a worker seems to be running. All lists are long."""
    state = {"is_running": True}
    monkeypatch.setattr(tasks, "SHORT_ROWS", 0)
    monkeypatch.setattr(tasks, "worker_is_running", lambda: state["is_running"])
    return state


@pytest.fixture
def batch(programme, administrator):
    return stage_list(MENTOR, ROW, programme=programme, by=administrator)


def choose(batch) -> dict:
    names = {"first_name": 0, "last_name": 1, "birth_date": 2, "phone": 3, "email": 4, "industry": 5}
    return {"type": "mentor", "ark": batch.sheet, "vist_ark": batch.sheet, "overskrift": batch.header_row} | {
        f"column_{index}": key for key, index in (batch.mapping["columns"] or names).items()
    }


def test_check_and_import_show_their_progress_and_end_at_the_review(admin, batch, worker):
    progress, review = at("progress", batch), at("review", batch)
    assert admin.post(at("columns", batch), choose(batch)).url == progress
    page = admin.get(progress)
    assert "Rækkerne kontrolleres" in page.text
    assert "Arbejdet begynder, når serveren har tid." in page.text
    assert "Du må gerne lukke siden" in page.text
    part = admin.get(progress, headers=HTMX)
    assert part.text.lstrip().startswith('<div id="progress"')
    assert 'hx-trigger="load delay:300ms"' in part.text
    assert run_next()
    assert admin.get(progress, headers=HTMX).headers["HX-Redirect"] == review
    assert admin.post(at("apply", batch)).url == progress
    assert "Rækkerne importeres" in admin.get(progress).text
    assert run_next()
    assert "1 række er importeret." in admin.get(progress, follow=True).text
    assert admin.post(at("undo", batch)).url == progress
    assert "Importen fortrydes" in admin.get(progress).text
    assert run_next()
    assert "Importen er fortrudt." in admin.get(progress, follow=True).text
    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (("apply_import", "check", 3, 10), "<b>3</b> af 10 rækker er kontrolleret."),
        (("check_import", "store", 9, 9), "Alle rækker er kontrolleret. Resultatet gemmes."),
        (("apply_import", "store", 9, 9), "Alle rækker er kontrolleret igen. Nu gemmes de."),
        (("undo_import", "", 0, 0), "Det importerede fjernes, og ændrede værdier sættes tilbage."),
        (("check_import", "", 0, 0), "Arbejdet er begyndt."),
    ],
)
def test_progress_is_put_into_words(admin, administrator, batch, worker, monkeypatch, progress, said):
    name, step, done, total = progress
    services.start_work(name, batch, by=administrator)
    Task.objects.update(state="running")
    shown = TaskProgress(done, total, step) if step else None
    monkeypatch.setattr("imports.views.progress.progress_of", lambda _pk: shown)
    assert said in words(admin.get(at("progress", batch)))


def test_all_pages_of_an_import_lead_to_its_progress_while_it_is_worked_on(admin, administrator, batch, worker):
    services.start_work(services.APPLY, batch, by=administrator)
    for page, args in (("review", ()), ("columns", ()), ("undo", ()), ("row", (2,)), ("run", (2, 2))):
        assert admin.get(at(page, batch, *args)).url == at("progress", batch)
    for page, args in (("columns", ()), ("apply", ()), ("row", (2,)), ("decide", (2,)), ("ask", (2,))):
        assert admin.post(at(page, batch, *args)).url == at("progress", batch)
    assert admin.get(at("row", batch, 2), headers=HTMX).headers["HX-Redirect"] == at("progress", batch)
    assert "Importeres nu" in admin.get("/personer/import/").text
    assert Task.objects.count() == 1


def test_two_colleagues_who_import_at_once_share_one_task(client_of, programme, administrator, batch, worker):
    colleague = MembershipFactory(branch=programme.branch, role="administrator", user=UserFactory(name="Eva Dam")).user
    for user in (administrator, colleague):
        assert client_of(user).post(at("apply", batch)).url == at("progress", batch)
    assert (run_next(), run_next()) == (True, False)
    late = client_of(colleague).post(at("apply", batch))
    assert (late.url, run_next()) == (at("progress", batch), True)
    assert "Hanne Lund importerede filen" in client_of(colleague).get(late.url, follow=True).text
    assert Person.objects.count() == 1


def test_file_discarded_meanwhile_leads_to_the_list(admin, administrator, batch, worker):
    services.start_work(services.APPLY, batch, by=administrator)
    assert admin.post(at("discard", batch)).url == "/personer/import/"
    assert admin.get(at("progress", batch)).url == "/personer/import/"


def test_running_work_is_not_discarded(admin, administrator, batch, worker):
    services.start_work(services.APPLY, batch, by=administrator)
    Task.objects.update(state="running")
    assert "Filen er under arbejde lige nu." in admin.post(at("discard", batch), follow=True).text


def test_failed_work_is_tried_again_and_then_explained(admin, administrator, batch, worker, monkeypatch):
    def fail(*_args, **_options):
        raise RuntimeError

    services.start_work(services.APPLY, batch, by=administrator)
    with monkeypatch.context() as patch:
        patch.setattr(tasks, "apply_import", fail)
        for _time in range(3):
            assert run_next()
            page = admin.get(at("progress", batch), follow=True)
            Task.objects.filter(state="waiting").update(not_before=timezone.now())
            if Task.objects.get().tries == 1:
                assert "Det gik galt undervejs, og intet blev gemt. Det forsøges igen" in words(page)
    assert Task.objects.get().state == "failed"
    assert page.text.count("Det gik galt undervejs, og intet blev gemt. Prøv igen, eller spørg en administrator.") == 1
    assert "Importer 1 række" in page.text
    admin.post(at("apply", batch))
    assert run_next()
    assert "Det gik galt" not in admin.get(at("progress", batch), follow=True).text
    assert Person.objects.count() == 1


def test_refused_check_is_explained_on_the_page_of_the_columns(admin, administrator, programme, worker):
    batch = stage_list("Kaldenavn|Hvor", "Åse|Ærø", programme=programme, by=administrator)
    services.start_work(services.CHECK, batch, by=administrator)
    assert run_next()
    page = admin.get(at("progress", batch), follow=True)
    assert page.request["PATH_INFO"] == at("columns", batch)
    assert page.text.count("Vælg kolonnerne først.") == 1


def test_news_of_an_ended_task_are_shown_for_a_minute(admin, administrator, batch, worker):
    services.start_work(services.APPLY, batch, by=administrator)
    assert run_next()
    Task.objects.update(ended_at=timezone.now() - dt.timedelta(minutes=2))
    assert "1 række er importeret.</" not in admin.get(at("progress", batch), follow=True).text


def test_without_a_worker_the_request_does_it_and_the_page_says_so_before(admin, batch, worker):
    for page in ("review", "columns"):
        assert STAY_OPEN not in admin.get(at(page, batch)).text
    worker["is_running"] = False
    for page in ("columns", "review"):
        assert STAY_OPEN in admin.get(at(page, batch)).text
    assert admin.post(at("columns", batch), choose(batch)).url == at("review", batch)
    assert admin.post(at("apply", batch)).url == at("review", batch)
    assert STAY_OPEN in admin.get(at("undo", batch)).text
    assert admin.post(at("undo", batch)).url == at("review", batch)


@pytest.mark.parametrize("state", ["waiting", "running"])
def test_work_that_the_worker_left_goes_on_from_the_page(admin, administrator, batch, worker, state):
    services.start_work(services.APPLY, batch, by=administrator)
    Task.objects.update(state=state, tries=1)
    worker["is_running"] = False
    page = admin.get(at("progress", batch))
    assert "Serverens baggrundsprogram kører ikke, så der sker ikke noget nu." in page.text
    assert "Gør det nu" in page.text
    assert admin.post(at("progress", batch)).url == at("review", batch)
    assert (Task.objects.get().state, Person.objects.count()) == ("done", 1)
    assert admin.post(at("progress", batch)).url == at("review", batch)


def test_correction_of_a_long_list_checks_all_rows_as_a_task(admin, batch, worker, monkeypatch):
    monkeypatch.setattr(deciding, "ROWS_AT_ONCE", 0)
    answer = admin.post(at("row", batch, 2), {"cell_0": "Else", "cell_1": "Møller"}, headers=HTMX)
    assert answer.headers["HX-Redirect"] == at("progress", batch)
    assert run_next()
    assert admin.get(at("progress", batch)).url == at("review", batch)
    batch.refresh_from_db()
    assert (batch.status, batch.rows.get().label) == ("staged", "Else Møller")
