"""A forgotten password: one answer and one amount of work for every e-mail, whatever the mail server does."""

import re
import sys
from collections import Counter

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.filters import TaskFilterSet
from demo.factories import UserFactory
from tasks.models import Task
from tests.accounts.conftest import deliver
from tests.mail_servers import NOTHING, mail_server, no_mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real")]
FORGOTTEN, SENT = "/konto/adgangskode/glemt/", "/konto/adgangskode/sendt/"
KNOWN, UNKNOWN, DISABLED = "karen@example.net", "lotte@example.net", "oscar@example.net"
SERVERS = {"hangs": {"CONNECT": NOTHING}, "refuses": {"CONNECT": "554 no"}, "puts off": {"RCPT": "451 later"}}


@pytest.fixture(autouse=True)
def _users(db):
    UserFactory(email=KNOWN)
    UserFactory(email=DISABLED, is_active=False)


def ask(email: str, **options):
    return Client(**options).post(FORGOTTEN, {"email": email})


def answer_to(email: str) -> tuple:
    """Return all that a visitor sees of an answer, except the id of the request."""
    response = ask(email)
    headers = {name: value for name, value in response.headers.items() if name != "X-Request-ID"}
    return response.status_code, response.content, headers, sorted(response.cookies)


def queries_of(email: str) -> list[str]:
    """Return the queries of a request without their values."""
    with CaptureQueriesContext(connection) as queries:
        ask(email)
    return [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries]


def calls_of(email: str) -> int:
    """Return how many Python functions a request calls."""
    calls = Counter()

    def count(frame, event, argument):
        calls[event] += 1

    sys.setprofile(count)
    try:
        ask(email)
    finally:
        sys.setprofile(None)
    return calls["call"]


def test_answer_and_work_are_the_same_with_and_without_an_account():
    for _warm in range(2):
        ask(UNKNOWN)
    cache.clear()
    answers = [answer_to(email) for email in (KNOWN, UNKNOWN, DISABLED)]
    assert answers[0][0] == 302
    assert answers == answers[:1] * 3
    queries = [queries_of(email) for email in (KNOWN, UNKNOWN, DISABLED)]
    assert queries == queries[:1] * 3
    assert not [query for query in queries[0] if "accounts_user" in query]
    # The fewest of three: a collection of garbage or a cache that throws entries out adds calls now and then.
    calls = [min(calls_of(email) for _time in range(3)) for email in (KNOWN, UNKNOWN, DISABLED)]
    assert calls == pytest.approx(calls[:1] * 3, rel=0.01)


@pytest.mark.parametrize("kind", [*SERVERS, "is not there"])
def test_no_request_reaches_the_mail_server(settings, kind, caplog):
    caplog.set_level("CRITICAL")
    if kind == "is not there":
        no_mail_server(settings)
        answers = [answer_to(email) for email in (KNOWN, UNKNOWN)]
        deliver()
    else:
        with mail_server(settings, SERVERS[kind], timeout=0.2 if kind == "hangs" else 5) as server:
            answers = [answer_to(email) for email in (KNOWN, UNKNOWN)]
            assert server.connections == 0
            deliver()
            assert server.connections == 1
    assert answers[0] == answers[1]
    (sent,) = Task.objects.filter(name="send_mail")
    assert (sent.private["to"], sent.state, sent.tries) == ([KNOWN], "waiting", 1)
    assert sent.error == ("MailRefusedForNow" if kind == "puts off" else "MailServerFailed")


def test_the_limit_counts_every_email_and_changes_no_answer():
    for email in (KNOWN, UNKNOWN):
        answers = {ask(email, REMOTE_ADDR=f"192.0.2.{number}").url for number in range(8)}
        assert answers == {SENT}
    emails = Counter(Task.objects.values_list("private__email", flat=True))
    assert emails == {KNOWN: 5, UNKNOWN: 5}
    deliver()
    assert Counter(message.to[0] for message in mail.outbox) == {KNOWN: 5}


def test_link_is_in_the_language_of_the_user_and_leads_to_the_site_that_was_asked():
    UserFactory(email="anna@example.net", language="en")
    ask(KNOWN)
    ask(" Anna@Example.NET ")
    deliver()
    danish, english = mail.outbox
    assert (danish.subject, danish.to) == ("Vælg en ny adgangskode", [KNOWN])
    assert (english.subject, english.to) == ("Choose a new password", ["anna@example.net"])
    link = re.search(r"http://testserver(/konto/adgangskode/ny/\S+)", english.body)[1]
    assert Client().get(link).status_code == 302


def test_request_keeps_no_email_and_is_shown_to_no_administrator():
    ask(KNOWN)
    ask(UNKNOWN)
    deliver()
    requests = Task.objects.filter(name="mail_password_link")
    assert [(task.state, task.private, task.result, task.branch) for task in requests] == [("done", {}, {}, None)] * 2
    kinds = TaskFilterSet.base_filters["type"].field.values.values()
    assert ("send_mail" in kinds, "mail_password_link" in kinds) == (True, False)


def test_erased_and_disabled_requests_send_nothing():
    for email in (KNOWN, DISABLED):
        ask(email)
    Task.objects.filter(private__email=KNOWN).update(private={})
    deliver()
    assert (mail.outbox, set(Task.objects.values_list("state", flat=True))) == ([], {"done"})
