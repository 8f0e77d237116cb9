"""E-mail goes through the queue and is erased once it is sent."""

import logging
import re
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.db import InterfaceError, OperationalError, transaction

from mentornet import settings
from tasks import services
from tasks.mail import enqueue_mail
from tasks.models import Task
from tasks.services import running
from tests.test_names import APPS, ROOT

pytestmark = pytest.mark.django_db
SECRET = "https://mentornet.example/konto/adgangskode/ny/abc-123/"


@pytest.fixture(autouse=True)
def _queue(settings):
    settings.EMAIL_BACKEND = "tasks.mail.QueueBackend"


@pytest.fixture
def server(monkeypatch):
    """Return the errors with which the mail server answers next; while there are none, it takes the message."""
    errors = []
    send = EmailBackend.send_messages

    def answer(self, messages):
        if errors:
            raise errors.pop(0)
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", answer)
    return errors


def post(**options) -> Task:
    """Send a message and return its task."""
    EmailMessage("Invitation", f"Vælg en adgangskode: {SECRET}", None, ["ny@example.net"], **options).send()
    return Task.objects.latest("pk")


def run(task: Task) -> Task:
    Task.objects.filter(pk=task.pk).update(not_before=task.created_at)
    services.run_next()
    task.refresh_from_db()
    return task


def test_message_waits_for_the_worker_and_is_erased_when_it_is_sent():
    task = post()
    assert (mail.outbox, task.state, task.private["to"]) == ([], "waiting", ["ny@example.net"])
    assert run(task).state == "done"
    (letter,) = mail.outbox
    assert (letter.subject, letter.to, letter.from_email) == ("Invitation", ["ny@example.net"], "mentornet@localhost")
    assert SECRET in letter.body
    row = str(Task.objects.filter(pk=task.pk).values().get())
    assert (SECRET in row, "ny@example.net" in row) == (False, False)


def test_message_arrives_with_all_its_parts():
    message = EmailMultiAlternatives(
        "Æbler", "Tekst", "Drift <drift@example.dk>", ["a@example.dk"], ["b@example.dk"], headers={"X-Kind": "test"}
    )
    message.cc, message.reply_to = ["c@example.dk"], ["svar@example.dk"]
    message.attach_alternative("<p>Tekst</p>", "text/html")
    message.send()
    html = EmailMessage("Kun html", "<p>Tekst</p>", None, ["a@example.dk"])
    html.content_subtype = "html"
    html.send()
    while services.run_next():
        pass
    first, second = mail.outbox
    assert (first.subject, first.body, first.from_email) == ("Æbler", "Tekst", "Drift <drift@example.dk>")
    assert (first.to, first.cc, first.bcc, first.reply_to) == (
        ["a@example.dk"],
        ["c@example.dk"],
        ["b@example.dk"],
        ["svar@example.dk"],
    )
    assert [tuple(part) for part in first.alternatives] == [("<p>Tekst</p>", "text/html")]
    assert (first.extra_headers["X-Kind"], second.message().get_content_type()) == ("test", "text/html")


def test_message_of_a_transaction_that_is_rolled_back_is_not_sent():
    with transaction.atomic():
        post()
        transaction.set_rollback(True)
    assert (Task.objects.count(), services.run_next()) == (0, False)


def test_message_is_sent_again_with_the_same_id_when_the_server_fails(server, caplog):
    caplog.set_level(logging.CRITICAL)
    server += [SMTPServerDisconnected("gone"), ConnectionRefusedError()]
    task = post()
    message_id = task.private["headers"]["Message-ID"]
    assert message_id.endswith("@localhost>")
    assert (run(task).state, task.tries, task.error) == ("waiting", 1, "MailServerFailed")
    assert (run(task).state, task.tries) == ("waiting", 2)
    assert task.error_words == "Mailserveren svarer ikke eller afviser mailen."
    assert (run(task).state, task.tries, task.error) == ("done", 3, "")
    assert [letter.message()["Message-ID"] for letter in mail.outbox] == [message_id]


def test_worker_that_dies_between_sending_and_done_sends_the_same_message_again(monkeypatch):
    class Died(BaseException):
        pass

    def die(*arguments):
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr("tasks.services.running._finish", die)
        task = post()
        with pytest.raises(Died):
            services.run_next()
    assert services.recover_tasks() == 1
    assert run(task).state == "done"
    first, second = (letter.message()["Message-ID"] for letter in mail.outbox)
    assert first == second


def test_sent_message_is_not_sent_again_because_the_database_is_busy(monkeypatch):
    finish, answers = running._finish, [OperationalError("database is locked"), InterfaceError("closed")]

    def finish_later(*arguments):
        if answers:
            raise answers.pop()
        finish(*arguments)

    monkeypatch.setattr(running, "_finish", finish_later)
    monkeypatch.setattr(running.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(running.connection, "close", lambda: None)
    assert (run(post()).state, len(mail.outbox), answers) == ("done", 1, [])


def test_end_of_a_task_is_not_stored_by_force_for_ever(monkeypatch, caplog):
    caplog.set_level(logging.CRITICAL)

    def fail(*arguments):
        raise OperationalError

    monkeypatch.setattr(running, "_finish", fail)
    monkeypatch.setattr(running, "FINISH_SECONDS", -1)
    assert (run(post()).state, len(mail.outbox)) == ("waiting", 1)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (SMTPRecipientsRefused({"ny@example.net": (550, b"no")}), "failed"),
        (SMTPRecipientsRefused({"ny@example.net": (451, b"later")}), "waiting"),
        (SMTPDataError(554, b"no"), "failed"),
        (SMTPDataError(452, b"later"), "waiting"),
    ],
)
def test_message_refused_for_good_is_not_tried_again(server, caplog, error, state):
    caplog.set_level(logging.CRITICAL)
    server.append(error)
    task = run(post())
    assert (task.state, task.tries) == (state, 1)
    if state == "failed":
        assert task.error == "Mailserveren afviser mailen, formentlig på grund af modtagerens adresse."
        server.clear()
        assert run(services.retry_task(task)).state == "done"
        assert len(mail.outbox) == 1


def test_erased_message_is_not_sent(server):
    server.append(SMTPRecipientsRefused({"ny@example.net": (550, b"no")}))
    task = run(post())
    Task.objects.filter(pk=task.pk).update(private={})
    task = run(services.retry_task(task))
    assert (task.state, task.error) == ("failed", "Mailens tekst er slettet. Send en ny.")


def test_attachments_are_refused():
    message = EmailMessage("Bilag", "", None, ["a@example.dk"], attachments=[("a.txt", "a", "text/plain")])
    with pytest.raises(ValueError, match="no attachments"):
        message.send()


def test_task_has_the_user_and_the_branch_of_the_message(administrator, tingbjerg):
    task = enqueue_mail(EmailMessage("Hej", "", None, ["a@example.dk"]), by=administrator, branch=tingbjerg)
    assert (task.by, task.branch) == (administrator, tingbjerg)


def test_only_the_queue_reaches_the_mail_server():
    """Any other module sends through ``EMAIL_BACKEND``, whose messages wait for the worker."""
    words = re.compile(r"MAIL_TRANSPORT|get_connection\(|smtplib|backends\.smtp")
    found = [path for app in APPS for path in (ROOT / app).rglob("*.py") if words.search(path.read_text())]
    assert {str(path.relative_to(ROOT)) for path in found} == {"tasks/mail.py", "mentornet/settings.py"}


def test_product_sends_through_the_queue():
    """The tests replace the backend, so read what the settings say."""
    assert settings.EMAIL_BACKEND == "tasks.mail.QueueBackend"
    assert settings.MAIL_TRANSPORT == settings.EMAIL_CONFIG["EMAIL_BACKEND"] != settings.EMAIL_BACKEND
