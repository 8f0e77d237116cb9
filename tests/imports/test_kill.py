"""An import that is killed at any moment stores nothing or everything."""

import os
import select
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from imports import services
from imports.models import ImportBatch, ImportRow
from people.models import Enrolment, Person
from tests.imports.samples import SAMPLES, stage_sample

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "mentees_tingbjerg_2010.csv"
ACCEPTED, ROWS, INTERVIEWS_AND_MORE = 125, 140, ("people_languageskill", "matching_interview")
ANSWER_WITHIN = 120  # seconds


@pytest.fixture
def killed():
    """``killed(act, what, moment)``: the number of statements the import had sent when it was killed."""
    command = [sys.executable, "-m", "tests.imports.killed_import", str(connection.settings_dict["NAME"])]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(settings.BASE_DIR)}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=env,
        cwd=settings.BASE_DIR,
        start_new_session=True,
    ) as process:

        def order(act, what, moment) -> int:
            process.stdin.write(f"{act} {what} {moment}\n")
            process.stdin.flush()
            if not select.select([process.stdout], [], [], ANSWER_WITHIN)[0]:
                os.killpg(process.pid, signal.SIGKILL)
                pytest.fail(f"no answer to {act} {moment} within {ANSWER_WITHIN} seconds")
            return int(process.stdout.readline())

        yield order
        process.stdin.close()


def is_sound() -> bool:
    """Whether the database passes its own checks, and all foreign keys are valid."""
    connection.check_constraints()
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def stored() -> tuple[int, ...]:
    with connection.cursor() as cursor:
        counts = []
        for table in INTERVIEWS_AND_MORE:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts.append(cursor.fetchone()[0])
    return (Person.objects.count(), Enrolment.objects.count(), *counts)


def spread(last: int) -> list[int]:
    """Up to eight statements spread over an import, including the first and the last."""
    return sorted({1, 2, last, *(last * part // 6 for part in range(1, 6))})


def test_an_import_that_is_killed_while_applied_stores_nothing_or_everything(programme, killed):
    batch = stage_sample(NAME, programme)
    last = killed("apply", batch.pk, "before")
    for moment in [*spread(last), "before"]:
        assert killed("apply", batch.pk, moment) == (last if moment == "before" else moment)
        batch.refresh_from_db()
        assert (batch.status, batch.applied_at, stored()) == ("staged", None, (0, 0, 0, 0)), moment
        assert is_sound()
    killed("apply", batch.pk, "after")
    batch.refresh_from_db()
    assert (batch.status, stored()[:2], is_sound()) == ("applied", (ACCEPTED, ACCEPTED), True)
    assert batch.counts["accepted"] == ACCEPTED
    whole = stored()
    services.undo_import(batch, by=None)
    assert stored() == (0, 0, 0, 0)
    services.apply_import(stage_sample(NAME, programme), by=None)
    assert stored() == whole


def test_a_command_that_is_killed_stores_nothing_or_everything(programme, killed):
    file = SAMPLES / NAME
    last = killed("bank", file, "before")
    for moment in spread(last)[2:]:
        assert killed("bank", file, moment) == moment
        assert (ImportBatch.objects.count(), ImportRow.objects.count(), stored()) == (0, 0, (0, 0, 0, 0)), moment
    killed("bank", file, "after")
    assert (ImportBatch.objects.get().status, ImportRow.objects.count(), stored()[0]) == ("applied", ROWS, ACCEPTED)
    assert is_sound()
