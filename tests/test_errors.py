"""What an error leaves in the log and in the mail about it: no text that was typed."""

import io
import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core import mail
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from gunicorn.config import Config

from accounts.models import User
from demo.factories import UserFactory
from mentornet.errors import PlainFormatter, describe
from mentornet.web_log import WebServerLogger
from tasks.mail import _sending_directly
from tasks.models import Task
from tasks.services import run_next
from tests.mail_servers import NOTHING, mail_server

NAME, NOTE, QUERY = "Fatima Hansen", "Har det svært derhjemme", "hemmelig"
TYPED = [NAME, "Fatima", NOTE, "svært", QUERY, "fatima@example.net"]


@login_not_required
def quoting(request):
    name, note = request.POST["name"], request.POST["note"]
    raise ValueError(f"Cannot store {name}: {note}")


@login_not_required
def converting(request):
    try:
        return HttpResponse(int(request.POST["name"]))
    except ValueError as error:
        raise LookupError(request.POST["note"]) from error


@login_not_required
def locked(request):
    raise OperationalError("database is locked")


@login_not_required
def suspicious(request):
    raise SuspiciousOperation(f"No such file: {request.POST['name']}")


@login_not_required
def duplicate(request):
    User.objects.create(name=request.POST["name"], email="fatima@example.net")
    return HttpResponse()


urlpatterns = [
    path("citat/", quoting),
    path("citat/anden/", quoting),
    path("laast/", locked),
    path("tal/", converting),
    path("fil/", suspicious),
    path("dublet/", duplicate),
]
handler400 = "django.views.defaults.bad_request"
handler500 = "mentornet.views.server_error"


@pytest.fixture
def log(monkeypatch):
    """Return the text that the handler of the console writes."""
    handler = next(one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    assert type(handler.formatter) is PlainFormatter
    monkeypatch.setattr(handler, "stream", text := io.StringIO())
    return text


@pytest.fixture
def failing(db, settings):
    """Return a function that posts a name and a note to a page that fails, outside the demo."""
    settings.ROOT_URLCONF = __name__
    settings.DEMO = False
    settings.ADMINS = [("Drift", "drift@example.dk")]
    client = Client(raise_request_exception=False)
    client.cookies["spor"] = QUERY

    def post(address: str, **options):
        return client.post(f"{address}?soeg={QUERY}", {"name": NAME, "note": NOTE}, **options)

    return post


def typed_in(text: str) -> list[str]:
    return [word for word in TYPED if word in text]


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/citat/", 500, "ValueError: POST /citat/"),
        ("/tal/", 500, "LookupError: POST /tal/"),
        ("/fil/", 400, "django.core.exceptions.SuspiciousOperation: POST /fil/"),
    ],
)
def test_error_leaves_its_type_and_place_and_nothing_typed(failing, log, address, status, title):
    response = failing(address)
    [message] = mail.outbox
    request_id = response.headers["X-Request-ID"]
    assert (response.status_code, message.subject, message.to) == (status, f"[Django] {title}", ["drift@example.dk"])
    lines = message.body.splitlines()
    assert lines[:3] == [title, f"request {request_id}", ""]
    assert lines[3] == title.partition(":")[0]
    assert any(line.startswith(f"  {__file__}:") for line in lines)
    assert (f"request {request_id})" in log.getvalue(), __file__ in log.getvalue()) == (True, True)
    assert (typed_in(str(message.message())), typed_in(message.body), typed_in(log.getvalue())) == ([], [], [])


def test_causes_of_an_error_are_listed(failing):
    failing("/tal/")
    types = [line for line in mail.outbox[0].body.splitlines()[3:] if not line.startswith("  ")]
    assert types == ["LookupError", "caused by", "ValueError"]


def test_error_of_the_database_names_the_constraint_without_the_values(failing, log):
    UserFactory(email="fatima@example.net")
    with transaction.atomic():
        response = failing("/dublet/")
        transaction.set_rollback(True)
    code = {
        "sqlite": "[SQLITE_CONSTRAINT_UNIQUE]",
        "postgresql": "[23505, accounts_user_email_key]",
    }[connection.vendor]
    assert response.status_code == 500
    [message] = mail.outbox
    assert code in message.body
    assert message.body.splitlines()[0] == "django.db.utils.IntegrityError: POST /dublet/"
    assert (typed_in(message.body), typed_in(log.getvalue())) == ([], [])


def test_error_mail_has_the_id_of_the_user_only(failing, settings):
    settings.DEMO = True  # no second factor
    user = UserFactory(name=NAME, email="fatima@example.net")
    client = Client(raise_request_exception=False)
    client.force_login(user)
    response = client.post("/citat/", {"name": NAME, "note": NOTE})
    assert mail.outbox[0].subject == "[Django] ValueError: POST /citat/"
    assert mail.outbox[0].body.splitlines()[1] == f"request {response.headers['X-Request-ID']}, user {user.pk}"
    assert typed_in(mail.outbox[0].body) == []


def test_page_about_an_error_shows_the_id_of_the_request(failing):
    response = failing("/citat/")
    assert response.headers["X-Request-ID"] in response.content.decode()


def test_error_mail_goes_through_the_queue(failing, settings):
    settings.EMAIL_BACKEND = "tasks.mail.QueueBackend"
    failing("/citat/")
    assert (Task.objects.get().name, mail.outbox) == ("send_mail", [])


def test_error_mail_is_sent_directly_when_the_queue_cannot_store_it(failing, settings, monkeypatch):
    def refuse(*args, **kwargs):
        raise DatabaseError

    settings.EMAIL_BACKEND = "tasks.mail.QueueBackend"
    monkeypatch.setattr("tasks.mail.enqueue_task", refuse)
    failing("/citat/")
    wait_until_sent()
    assert [message.subject for message in mail.outbox] == ["[Django] ValueError: POST /citat/"]


def test_mail_about_a_locked_database_does_not_wait_for_it(failing, settings):
    settings.EMAIL_BACKEND = "tasks.mail.QueueBackend"
    failing("/laast/")
    wait_until_sent()
    assert [message.subject for message in mail.outbox] == ["[Django] django.db.utils.OperationalError: POST /laast/"]
    assert Task.objects.count() == 0


def test_same_error_at_the_same_place_waits_once(failing, settings):
    settings.EMAIL_BACKEND = "tasks.mail.QueueBackend"
    for address in ("/citat/", "/citat/", "/citat/anden/", "/tal/"):
        failing(address)
    subjects = [task.private["subject"] for task in Task.objects.order_by("pk")]
    assert subjects == ["[Django] ValueError: POST /citat/", "[Django] LookupError: POST /tal/"]
    while run_next():
        pass
    assert (len(mail.outbox), [task.private for task in Task.objects.all()]) == (2, [{}, {}])
    failing("/citat/")
    assert Task.objects.count() == 3


@pytest.mark.parametrize("error", [ValueError, OperationalError])
def test_mail_server_that_hangs_keeps_no_failing_request_waiting(failing, settings, error):
    with mail_server(settings, {"CONNECT": NOTHING}, timeout=1) as server:
        for _request in range(6):
            failing("/citat/" if error is ValueError else "/laast/")
        assert server.connections <= 1
        assert wait_until_sent() == (error is OperationalError)


def wait_until_sent() -> bool:
    """Wait for the mail that is sent beside the queue; return whether there was one."""
    if _sending_directly.acquire(blocking=False):
        _sending_directly.release()
        return False
    assert _sending_directly.acquire(timeout=20)
    _sending_directly.release()
    return True


def test_mail_server_that_fails_changes_no_response(failing, settings, log):
    settings.EMAIL_BACKEND = "no.such.Backend"
    assert failing("/citat/").status_code == 500
    assert "WARNING mentornet.errors The mail about an error was not sent" in log.getvalue()


def test_no_mail_without_recipients(failing, settings):
    settings.ADMINS = []
    failing("/citat/")
    assert mail.outbox == []


def test_record_that_another_formatter_has_formatted_is_plain():
    record = logging.LogRecord(
        "tasks", logging.ERROR, "", 0, "Task %s failed", (7,), (ValueError, ValueError(NAME), None)
    )
    assert NAME in logging.Formatter().format(record)
    assert PlainFormatter().format(record) == "Task 7 failed\nValueError"


def test_error_in_a_loop_of_causes_ends():
    one, two = ValueError(NAME), KeyError(NOTE)
    one.__cause__, two.__cause__ = two, one
    assert describe(one) == "ValueError\ncaused by\nKeyError"


def test_web_server_logs_no_query(monkeypatch):
    server = WebServerLogger(Config())
    text = io.StringIO()
    for handler in server.error_log.handlers:
        monkeypatch.setattr(handler, "stream", text)
    try:
        raise ValueError(NAME)
    except ValueError:
        server.exception("Error handling request %s", f"/personer/?soeg={QUERY}")
    lines = text.getvalue().splitlines()
    assert lines[0].endswith("[ERROR] Error handling request /personer/")
    assert lines[1] == "ValueError"
    assert typed_in(text.getvalue()) == []
