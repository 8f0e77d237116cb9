"""/healthz, outside the demo: any Host header, and a write every ten seconds that leaves nothing behind."""

import sqlite3
import threading
import time

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, OperationalError, connection

from mentornet import health
from mentornet.health import WRITE_EVERY, HealthMiddleware

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _real(settings):
    settings.DEMO = False
    settings.ALLOWED_HOSTS = ["mentornet.example"]
    settings.SECURE_SSL_REDIRECT = True


@pytest.fixture
def ask(client, monkeypatch):
    """Return a function that asks the middleware, ``later`` seconds after the first time."""
    middleware, begin = HealthMiddleware(client.get), time.monotonic()

    def act(later: float = 0):
        monkeypatch.setattr("mentornet.health.time", type("Clock", (), {"monotonic": lambda: begin + later}))
        return middleware(type("Request", (), {"path": "/healthz"}))

    return act


def answer_of(response) -> tuple[int, bytes]:
    return response.status_code, response.content


@pytest.mark.parametrize("host", ["192.0.2.7", "192.0.2.7:8000", "[2001:db8::7]", "mentornet.example", "not a host"])
def test_it_answers_whatever_the_host(client, host):
    response = client.get("/healthz", headers={"host": host})
    assert answer_of(response) == (200, b"ok")
    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.headers["X-Frame-Options"] == "DENY"


def test_other_addresses_need_an_allowed_host(client):
    refused = client.get("/konto/login/", headers={"host": "192.0.2.7"})
    assert refused.status_code == 400
    assert "Forespørgslen kan ikke læses" in refused.content.decode()


def test_it_writes_once_in_ten_seconds_and_leaves_nothing(ask, monkeypatch):
    writes = []
    monkeypatch.setattr(health, "write_and_roll_back", lambda: writes.append(1))
    for later in (0, 1, WRITE_EVERY - 0.1):
        assert answer_of(ask(later)) == (200, b"ok")
    assert len(writes) == 1
    ask(WRITE_EVERY)
    assert len(writes) == 2


def test_the_write_is_rolled_back(ask, monkeypatch):
    stored = []
    create = Session.objects.create
    monkeypatch.setattr(Session.objects, "create", lambda **fields: stored.append(create(**fields)))
    assert answer_of(ask()) == (200, b"ok")
    assert len(stored) == 1
    assert Session.objects.count() == 0


def test_a_database_that_refuses_writes_is_reported_until_one_works(ask, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(Session.objects, "create", refuse(OperationalError("attempt to write a readonly database")))
        assert answer_of(ask()) == (503, b"database cannot be written")
    assert answer_of(ask(1)) == (503, b"database cannot be written")
    assert answer_of(ask(WRITE_EVERY)) == (200, b"ok")


def test_a_database_that_does_not_answer_is_reported(ask, monkeypatch):
    monkeypatch.setattr(health, "read", refuse(DatabaseError("server closed the connection")))
    assert answer_of(ask()) == (503, b"database cannot be read")


def refuse(error: Exception):
    def act(**fields):
        raise error

    return act


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers")
def test_a_long_write_of_another_process_is_no_fault_and_no_wait():
    writer = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        begin = time.monotonic()
        health.write_and_roll_back()
        assert time.monotonic() - begin < 5  # the usual wait is 20 seconds
    finally:
        writer.execute("ROLLBACK")
        writer.close()
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)


def test_two_threads_write_once(ask, monkeypatch):
    writes = []
    monkeypatch.setattr(health, "read", lambda: None)
    monkeypatch.setattr(health, "write_and_roll_back", lambda: writes.append(1))
    threads = [threading.Thread(target=ask) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(writes) == 1
