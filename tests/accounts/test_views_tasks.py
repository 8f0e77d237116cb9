"""The page of background tasks: own branches only, filters, buttons, a warning without a worker."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from demo.factories import MembershipFactory
from tasks import services
from tasks.locks import WORKER, lock_of
from tasks.models import Task

pytestmark = pytest.mark.django_db
TASKS = "/administration/opgaver/"


def mail_task(branch, to="ny@example.net", **values) -> Task:
    stored = {"to": [to], "subject": "Emnelinje", "body": "Hemmeligt link"}
    return Task.objects.create(name="send_mail", branch=branch, **({"private": stored} | values))


def nightly(**values) -> Task:
    return Task.objects.create(name="delete_expired", day=dt.date(2026, 11, 30), **values)


def act(task, name) -> str:
    return reverse("accounts:task-act", args=[task.pk, name])


def shown(response) -> list[int]:
    return [row.task.pk for row in response.context["rows"]]


def words(response) -> str:
    """The text of the page without marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def _worker(db):
    """Act as a running worker."""
    lock = lock_of(WORKER)
    assert lock.take()
    yield
    lock.release()


def test_page_shows_the_tasks_of_the_branch_and_the_nightly_ones(client_of, administrator, tingbjerg, koebenhavn):
    own, daily = mail_task(tingbjerg, by=administrator), nightly()
    mail_task(koebenhavn, "fremmed@example.net")
    mail_task(None, "uden.afdeling@example.net")
    page = client_of(administrator).get(TASKS)
    assert shown(page) == [daily.pk, own.pk]
    text = page.content.decode()
    assert "til ny@example.net" in text
    assert "Hanne Lund" in text
    assert "Slet det, der er udløbet" in text
    for hidden in ("Hemmeligt", "Emnelinje", "fremmed", "uden.afdeling"):
        assert hidden not in text


def test_page_is_for_administrators(client_of, coordinator, manager, outsider, tingbjerg):
    task, daily = mail_task(tingbjerg), nightly(state="failed")
    for user in (coordinator, manager):
        assert client_of(user).get(TASKS).status_code == 403
        assert client_of(user).post(act(task, "annuller")).status_code == 403
        assert client_of(user).post(act(daily, "igen")).status_code == 403
    assert client_of(outsider).get(TASKS).status_code == 403


def test_tasks_of_other_branches_and_of_none_are_not_found(client_of, administrator, koebenhavn):
    client = client_of(administrator)
    for task in (mail_task(koebenhavn), mail_task(None)):
        for name in ("annuller", "igen"):
            assert client.post(act(task, name)).status_code == 404
        task.refresh_from_db()
        assert task.state == "waiting"


def test_waiting_task_is_cancelled_and_its_text_erased(client_of, administrator, tingbjerg):
    task, client = mail_task(tingbjerg), client_of(administrator)
    assert act(task, "annuller") in client.get(TASKS).content.decode()
    page = client.post(act(task, "annuller"), follow=True)
    assert "Opgaven er annulleret." in page.content.decode()
    task.refresh_from_db()
    assert (task.state, task.private) == ("cancelled", {})
    again = client.post(act(task, "annuller"), follow=True).content.decode()
    assert "Opgaven har ændret sig imens: den er nu »annulleret«." in again


def test_failed_task_is_tried_again(client_of, administrator, tingbjerg):
    task = mail_task(tingbjerg, state="failed", tries=8, error="SMTPServerDisconnected", ended_at=timezone.now())
    client = client_of(administrator)
    page = client.get(TASKS).content.decode()
    assert "SMTPServerDisconnected" in page
    assert act(task, "annuller") not in page
    assert "Opgaven prøves igen." in client.post(act(task, "igen"), follow=True).content.decode()
    task.refresh_from_db()
    assert (task.state, task.tries, task.error) == ("waiting", 0, "")


def test_nightly_work_is_tried_again_but_not_cancelled(client_of, administrator):
    task, client = nightly(), client_of(administrator)
    assert act(task, "annuller") not in client.get(TASKS).content.decode()
    assert client.post(act(task, "annuller")).status_code == 403
    Task.objects.filter(pk=task.pk).update(state="failed", tries=3)
    assert client.post(act(task, "igen")).status_code == 302
    task.refresh_from_db()
    assert task.state == "waiting"


def test_acts_need_a_post(client_of, administrator, tingbjerg):
    assert client_of(administrator).get(act(mail_task(tingbjerg), "annuller")).status_code == 405


def test_page_warns_without_a_worker(client_of, administrator, tingbjerg):
    client = client_of(administrator)
    assert "Baggrundsprogrammet kører ikke. E-mail og natligt arbejde venter" in words(client.get(TASKS))
    assert "Baggrundsprogrammet" not in words(client.get("/administration/"))
    mail_task(tingbjerg)
    assert "Baggrundsprogrammet kører ikke. 1 opgave venter: E-mail (1)." in words(client.get(TASKS))
    mail_task(tingbjerg)
    nightly()
    for path in (TASKS, "/administration/"):
        text = words(client.get(path))
        assert "3 opgaver venter: E-mail (2), Slet det, der er udløbet (1)." in text
        assert "Start det på serveren: DEMO=true .venv/bin/python manage.py run_tasks" in text


def test_page_outside_the_demo_names_the_service(client_of, administrator, settings, monkeypatch):
    monkeypatch.setattr("accounts.middleware.SecondFactorMiddleware.process_view", lambda *arguments: None)
    settings.DEMO = False
    assert "systemctl start mentornet-worker" in words(client_of(administrator).get(TASKS))


@pytest.mark.usefixtures("_worker")
def test_page_does_not_warn_while_a_worker_is_running(client_of, administrator, tingbjerg):
    mail_task(tingbjerg)
    for path in (TASKS, "/administration/"):
        assert "Baggrundsprogrammet" not in words(client_of(administrator).get(path))


def test_results_errors_and_the_next_try_are_shown_in_words(client_of, administrator, tingbjerg):
    nightly(state="done", result={"sessions": 4, "forms": 2, "tasks": 0})
    mail_task(tingbjerg, state="failed", error="worker_died")
    later = timezone.make_aware(dt.datetime.combine(timezone.localdate(), dt.time(16, 30)))  # shown in the demo's days
    mail_task(tingbjerg, tries=2, error="ConnectionRefusedError", not_before=later)
    Task.objects.create(name="of_a_newer_version", branch=tingbjerg, state="failed", error="unknown")
    text = words(client_of(administrator).get(TASKS))
    assert "Slettet: sessioner 4, nøgler til formularer 2, opgaver 0." in text
    assert "Baggrundsprogrammet stoppede midt i opgaven." in text
    assert "Uventet fejl (ConnectionRefusedError). Næste forsøg: 15. september kl. 16.30." in text
    assert "of_a_newer_version" in text


def test_mail_that_waits_for_the_mail_server_says_so(client_of, administrator, tingbjerg):
    later = timezone.make_aware(dt.datetime.combine(timezone.localdate(), dt.time(16, 30)))  # shown in the demo's days
    mail_task(tingbjerg, error="MailServerFailed", not_before=later)
    mail_task(tingbjerg, tries=1, error="MailRefusedForNow", not_before=later)
    text, next_try = words(client_of(administrator).get(TASKS)), "Næste forsøg: 15. september kl. 16.30."
    assert f"Mailserveren svarer ikke eller afviser mailen. {next_try}" in text
    assert f"Mailserveren tager ikke imod mailen endnu. {next_try}" in text


def test_running_task_shows_its_progress_and_the_page_renews_itself(client_of, administrator, tingbjerg):
    client = client_of(administrator)
    task = mail_task(tingbjerg)
    assert "hx-trigger" not in client.get(TASKS).content.decode().partition('id="tasks"')[2]
    Task.objects.filter(pk=task.pk).update(state="running", tries=1)
    assert client.get(TASKS).context["rows"][0].progress is None
    cache.set(f"task-{task.pk}", (1200, 4000, "Rækker gemmes"))
    page = client.get(TASKS)
    assert "Rækker gemmes 1.200 af 4.000" in words(page)
    assert 'hx-trigger="every 3s"' in page.content.decode()


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ("status=failed", ["failed"]),
        ("status=waiting&type=send_mail", ["waiting"]),
        ("type=delete_expired", ["done"]),
        ("status=ukendt", []),
    ],
)
def test_filters(client_of, administrator, tingbjerg, query, states):
    nightly(state="done")
    for state in ("waiting", "failed"):
        mail_task(tingbjerg, state=state)
    page = client_of(administrator).get(f"{TASKS}?{query}")
    assert [row.task.state for row in page.context["rows"]] == states
    assert "Nulstil" in page.content.decode()


def test_empty_page_and_several_branches(client_of, administrator, koebenhavn):
    client = client_of(administrator)
    assert "Ingen opgaver endnu" in client.get(TASKS).content.decode()
    MembershipFactory(user=administrator, branch=koebenhavn, role="administrator")
    mail_task(koebenhavn)
    page = client_of(administrator).get(TASKS)
    assert "København" in page.content.decode()
    assert page.context["has_several_branches"]


def test_number_of_queries_does_not_grow(client_of, administrator, tingbjerg, django_assert_num_queries):
    client = client_of(administrator)
    mail_task(tingbjerg, by=administrator)
    with django_assert_num_queries(6):
        client.get(TASKS)
    for _ in range(3):
        mail_task(tingbjerg, by=administrator)
    with django_assert_num_queries(6):
        client.get(TASKS)


def test_enqueued_task_is_listed_for_the_branch_only(administrator, other_branch_administrator, tingbjerg):
    task = services.enqueue_task("update_statistics", branch=tingbjerg)
    assert list(Task.objects.visible_to(administrator)) == [task]
    assert list(Task.objects.visible_to(other_branch_administrator)) == []
