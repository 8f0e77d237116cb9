"""Worker processes on the database of a test."""

import os
import select
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

ANSWER_WITHIN = 120  # seconds


@pytest.fixture
def start_worker():
    """Return a function that starts a worker process (``tests.tasks.worker_process``), which ends with the test."""
    started = []

    def start(*options: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.tasks.worker_process", str(connection.settings_dict["NAME"]), *options]
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(settings.BASE_DIR)}
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env, cwd=settings.BASE_DIR
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def killed(start_worker):
    """Return ``killed(act, moment)``: the number of statements the process had sent when it was killed, or "alive"."""
    process = start_worker("kill")

    def order(act: str, moment: str | int) -> int | str:
        process.stdin.write(f"{act} {moment}\n")
        process.stdin.flush()
        assert select.select([process.stdout], [], [], ANSWER_WITHIN)[0], f"no answer to {act} {moment}"
        answer = process.stdout.readline().strip()
        return int(answer) if answer.isdigit() else answer

    return order
