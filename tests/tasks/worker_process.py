"""A worker process for the tests, on their database: ``python -m tests.tasks.worker_process DATABASE [OPTION …]``.

With ``kill`` as the option it forks workers that kill themselves (see :mod:`tests.killed_process`): ``work MOMENT``
runs one task, ``enqueue MOMENT`` does what a request does.
"""

import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - models need the set-up above
from django.db import connection, transaction  # noqa: E402

from tasks import services, worker  # noqa: E402
from tests.killed_process import fork_children  # noqa: E402
from tests.tasks.kinds import add_one  # noqa: E402


def work() -> None:
    services.recover_tasks()
    services.run_next()


def enqueue() -> None:
    """Store a change and its task in one transaction."""
    with transaction.atomic():
        add_one("web")
        services.enqueue_task("test_add", arguments={"key": "task"})


if __name__ == "__main__":
    connection.settings_dict["NAME"] = sys.argv[1]
    worker.enqueue_daily_tasks = lambda _at: 0  # a test counts its own tasks only
    if sys.argv[2:] == ["kill"]:
        fork_children(lambda act: {"work": work, "enqueue": enqueue}[act]())
    else:
        call_command("run_tasks", *sys.argv[2:])
