"""Kinds of tasks, and what else the tests of the queue share.

Importing this module registers the kinds, also in the processes that a test starts.
"""

import threading
import time

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from common.models import NumberSeries
from tasks.registry import TaskRefused, task


def add_one(key: str) -> int:
    """Database work that shows how often it was stored."""
    series, _created = NumberSeries.objects.get_or_create(key=key)
    series.last += 1
    series.save()
    return series.last


def stored(key: str) -> int:
    """Return how often ``add_one`` was stored."""
    return sum(NumberSeries.objects.filter(key=key).values_list("last", flat=True))


def elsewhere(act):
    """Return what a function returns in a thread with a database connection of its own."""
    found = []

    def run():
        try:
            found.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    return found[0]


@task("test_add", title="Add")
def add(job, *, key: str) -> dict:
    return {"last": add_one(key)}


@task("test_add_slowly", title="Add slowly", max_tries=30)
def add_slowly(job, *, key: str, steps: int = 5, pause: float = 0.0) -> None:
    for step in range(steps):
        add_one(f"{key}-{step}")
        job.progress(step, steps, "Adding")
        time.sleep(pause)
    add_one(key)


@task("test_fail", title="Fail")
def fail(job, *, key: str) -> None:
    add_one(key)
    raise LookupError("Karen Dahl, 57 26 96 17")


@task("test_refuse", title="Refuse")
def refuse(job, *, key: str) -> None:
    add_one(key)
    raise TaskRefused(_("The file is too large."))


@task("test_send", title="Send", is_atomic=False)
def send(job, *, key: str, secret: str = "") -> None:
    """Work outside a transaction: what is stored before an error stays stored."""
    add_one(key)
    if secret == "wrong":
        raise ConnectionRefusedError(secret)


@task("test_say_who", title="Say who")
def say_who(job) -> dict:
    return {"by": job.by.name, "words": str(dict(settings.LANGUAGES)["en"])}
