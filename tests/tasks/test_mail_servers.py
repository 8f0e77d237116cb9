"""The worker sends to real mail servers that hang, refuse or are not there."""

import datetime as dt
import logging
import time

import pytest
from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME
from django.utils import timezone

from tasks import mail, services
from tasks.models import Task
from tests.mail_servers import DRIP, NOTHING, mail_server, no_mail_server
from tests.tasks.kinds import stored

pytestmark = pytest.mark.django_db
SHORT = 0.15  # seconds that the worker waits for a server that never answers


@pytest.fixture(autouse=True)
def _quiet(caplog):
    """Leave the errors of the worker out of the log, and look up the name of this machine, which may take long."""
    caplog.set_level(logging.CRITICAL)
    DNS_NAME.get_fqdn()


def post(to: str = "ny@example.net", **attributes) -> Task:
    message = EmailMessage("Invitation", "Vælg en adgangskode", None, [to])
    vars(message).update(attributes)
    message.send()
    return Task.objects.latest("pk")


def run_all() -> None:
    while services.run_next():
        pass


def run(task: Task) -> Task:
    Task.objects.filter(pk=task.pk).update(not_before=timezone.now())
    services.run_next()
    task.refresh_from_db()
    return task


def pause_of(task: Task) -> int:
    """Return the seconds until the next try, to the nearest five."""
    task.refresh_from_db()
    return 5 * round((task.not_before - timezone.now()).total_seconds() / 5)


def test_message_arrives(settings):
    with mail_server(settings) as server:
        task = run(post())
    assert (task.state, task.private, len(server.taken)) == ("done", {}, 1)
    assert "To: ny@example.net" in server.taken[0]


@pytest.mark.parametrize(
    ("answers", "timeout", "state", "error"),
    [
        ({"CONNECT": NOTHING}, SHORT, "waiting", "MailServerFailed"),
        ({"RCPT": NOTHING}, SHORT, "waiting", "MailServerFailed"),
        ({".": NOTHING}, SHORT, "waiting", "MailServerFailed"),
        ({"CONNECT": DRIP}, SHORT, "waiting", "MailServerFailed"),
        ({"CONNECT": "554 go away"}, 5, "waiting", "MailServerFailed"),
        ({"CONNECT": "421 later"}, 5, "waiting", "MailServerFailed"),
        ({"MAIL": "451 later"}, 5, "waiting", "MailServerFailed"),
        ({"RCPT": "451 later"}, 5, "waiting", "MailRefusedForNow"),
        ({".": "452 later"}, 5, "waiting", "MailRefusedForNow"),
        ({"RCPT": "550 no such user"}, 5, "failed", "Mailserveren afviser mailen"),
        ({".": "554 no"}, 5, "failed", "Mailserveren afviser mailen"),
        ({"QUIT": NOTHING}, 0.5, "done", ""),
    ],
)
def test_each_answer_of_a_server_ends_in_its_state(settings, answers, timeout, state, error):
    with mail_server(settings, answers, timeout=timeout) as server:
        began = time.monotonic()
        task = run(post())
        assert time.monotonic() - began < mail.SILENCES * timeout + 5
    assert (task.state, task.tries, task.error.partition(",")[0], server.connections) == (state, 1, error, 1)
    assert bool(task.private) == (state != "done")


def test_server_that_is_not_there_is_tried_again(settings):
    no_mail_server(settings)
    task = run(post())
    assert (task.state, task.tries, task.error, pause_of(task)) == ("waiting", 1, "MailServerFailed", 15)


def test_tries_come_later_and_later_until_the_last_one(settings):
    minutes, pauses = [0.25, 1, 5, 30, 2 * 60, 6 * 60, 12 * 60], []
    with mail_server(settings, {"CONNECT": NOTHING}, timeout=SHORT) as server:
        task = post()
        for _try in minutes:
            assert run(task).state == "waiting"
            pauses.append(pause_of(task))
        assert (run(task).state, task.tries, server.connections) == ("failed", 8, 8)
    assert pauses == [60 * minute for minute in minutes]
    with mail_server(settings) as server:
        assert run(services.retry_task(task)).state == "done"
        assert len(server.taken) == 1


def test_one_try_shows_that_the_server_hangs_and_other_tasks_go_on(settings):
    with mail_server(settings, {"CONNECT": NOTHING}, timeout=SHORT) as server:
        first, *others = [post(f"{number}@example.net") for number in range(30)]
        services.enqueue_task("test_add", arguments={"key": "a"})
        run_all()
        assert (server.connections, stored("a")) == (1, 1)
        assert {(task.tries, pause_of(task), task.error) for task in others} == {(0, 15, "MailServerFailed")}
        assert (first.tries, pause_of(first)) == (0, 15)
    with mail_server(settings) as server:
        Task.objects.update(not_before=timezone.now())
        run_all()
        assert (len(server.taken), set(Task.objects.values_list("state", "error"))) == (30, {("done", "")})


def test_late_try_of_one_message_keeps_the_others_for_five_minutes_only(settings):
    with mail_server(settings, {"CONNECT": NOTHING}, timeout=SHORT):
        old, new, planned = post(), post(), post()
        later = timezone.now() + dt.timedelta(hours=1)
        Task.objects.filter(pk=planned.pk).update(not_before=later)
        Task.objects.filter(pk=old.pk).update(tries=6)
        run_all()
        assert [pause_of(task) for task in (old, new, planned)] == [12 * 60 * 60, 5 * 60, 60 * 60]
        Task.objects.filter(pk=old.pk).update(not_before=timezone.now())
        run_all()
        old.refresh_from_db()
        assert (old.state, old.tries, pause_of(new)) == ("failed", 8, 5 * 60)


def test_refused_recipient_does_not_keep_the_others_waiting(settings):
    with mail_server(settings, {"RCPT": "451 later"}) as server:
        post(), post()
        run_all()
        assert server.connections == 2


def test_message_with_a_key_waits_once(settings):
    with mail_server(settings) as server:
        assert post(key="error-1") == post(key="error-1") != post(key="error-2")
        run_all()
        assert len(server.taken) == 2


def test_mail_about_the_database_is_sent_beside_the_queue_and_keeps_no_request_waiting(settings, caplog):
    caplog.set_level(logging.WARNING)
    message = EmailMessage("Fejl", "OperationalError", None, ["drift@example.dk"])
    with mail_server(settings, {"CONNECT": NOTHING}, timeout=1) as server:
        for _request in range(20):
            mail.send_without_queue(message)
        assert not mail._sending_directly.acquire(blocking=False)
        wait_until_sent()
        assert (server.connections, Task.objects.count()) == (1, 0)
    assert [record.getMessage() for record in caplog.records] == [
        "A mail about an error of the database was not sent (SMTPServerDisconnected)"
    ]
    with mail_server(settings) as server:
        mail.send_without_queue(message)
        wait_until_sent()
        assert len(server.taken) == 1


def wait_until_sent() -> None:
    assert mail._sending_directly.acquire(timeout=20)
    mail._sending_directly.release()
