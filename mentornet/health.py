"""The address ``/healthz``, at which monitors ask whether the site works."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.sessions.models import Session
from django.db import Error, OperationalError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.crypto import get_random_string

PATH = "/healthz"
WRITE_EVERY = 10  # seconds between two writes of a process
LONGEST_WAIT = 1  # seconds that a write may take
logger = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers ``ok``, or 503 while the database cannot be read or written.

    Comes before everything that looks at the Host header: monitors ask by IP address, which is no allowed host.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.lock = threading.Lock()
        self.tried_at, self.can_write = -float(WRITE_EVERY), True

    def __call__(self, request):
        if request.path != PATH:
            return self.get_response(request)
        try:
            read()
        except Error:
            logger.exception("The database cannot be read.")
            return HttpResponse("database cannot be read", status=503, content_type="text/plain")
        if not self.may_write():
            return HttpResponse("database cannot be written", status=503, content_type="text/plain")
        return HttpResponse("ok", content_type="text/plain")

    def may_write(self) -> bool:
        """Return whether the last write worked. A new one is due every ``WRITE_EVERY`` seconds."""
        with self.lock:
            is_due = time.monotonic() - self.tried_at >= WRITE_EVERY
            self.tried_at = time.monotonic() if is_due else self.tried_at
        if is_due:
            self.can_write = True
            try:
                write_and_roll_back()
            except Error:
                logger.exception("The database cannot be written.")
                self.can_write = False
        return self.can_write


def read() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def write_and_roll_back() -> None:
    """Store a row and roll back. Raises ``django.db.Error`` when the database refuses it.

    SQLite refuses a second writer. That another process writes shows that it can be written.
    """
    try:
        with _short_wait(), transaction.atomic():
            _limit_statement()
            Session.objects.create(session_key=get_random_string(32), session_data="", expire_date=timezone.now())
            transaction.set_rollback(True)
    except OperationalError as error:
        if "database is locked" not in str(error):
            raise


@contextmanager
def _short_wait() -> Iterator[None]:
    """Wait for other writers of an SQLite database no longer than ``LONGEST_WAIT``."""
    if connection.vendor != "sqlite":
        yield
        return
    usual = connection.settings_dict["OPTIONS"]["timeout"]
    try:
        _execute(f"PRAGMA busy_timeout = {LONGEST_WAIT * 1000}")
        yield
    finally:
        _execute(f"PRAGMA busy_timeout = {usual * 1000}")


def _limit_statement() -> None:
    if connection.vendor == "postgresql":
        _execute(f"SET LOCAL statement_timeout = '{LONGEST_WAIT}s'")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
