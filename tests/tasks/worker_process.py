"""A worker process for the tests, on their database: ``python -m tests.tasks.worker_process DATABASE [OPTION …]``.

``kill`` as the first option makes it a process that forks workers which kill themselves. Each line on its input starts
a child, ``ACT MOMENT``: the act is ``work`` (run one task) or ``enqueue``. A moment is the number of a statement,
``before`` (the commit) or ``after`` (the commit). The answer is a line with the number of statements the child has
sent, or ``alive`` if the child was not killed.
"""

import os
import signal
import sys
import traceback

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - models need the set-up above
from django.db import connection, transaction  # noqa: E402

from tasks import services, worker  # noqa: E402
from tests.tasks.kinds import add_one  # noqa: E402


class SelfKiller:
    """Counts statements and kills the process at the chosen moment."""

    def __init__(self, moment: str, answer: int):
        self.moment, self.answer, self.count = moment, answer, 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        if self.moment == str(self.count):
            self.kill()
        return execute(sql, params, many, context)

    def kill(self) -> None:
        os.write(self.answer, f"{self.count}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)

    def around_commit(self, commit):
        def committed():
            if self.moment == "before":
                self.kill()
            commit()
            if self.moment == "after":
                self.kill()

        return committed


def work() -> None:
    services.recover_tasks()
    services.run_next()


def enqueue() -> None:
    """Do what a request does: a change and its task in one transaction."""
    with transaction.atomic():
        add_one("web")
        services.enqueue_task("test_add", arguments={"key": "task"})


def run_child(act: str, moment: str, answer: int) -> None:
    killer = SelfKiller(moment, answer)
    connection.connect()
    connection.commit = killer.around_commit(connection.commit)
    with connection.execute_wrapper(killer):
        {"work": work, "enqueue": enqueue}[act]()


def fork_children() -> None:
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                run_child(*line.split(), answer=sys.stdout.fileno())
            except BaseException:  # noqa: BLE001 - the child must end here, not read the next line
                traceback.print_exc()
            os._exit(0)
        if not os.WIFSIGNALED(os.waitpid(child, 0)[1]):
            os.write(sys.stdout.fileno(), b"alive\n")


if __name__ == "__main__":
    connection.settings_dict["NAME"] = sys.argv[1]
    worker.enqueue_daily_tasks = lambda _at: 0  # a test counts its own tasks only
    if sys.argv[2:] == ["kill"]:
        fork_children()
    else:
        call_command("run_tasks", *sys.argv[2:])
