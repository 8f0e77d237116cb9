"""Processes that kill themselves at a given moment, for tests of ``kill -9``.

Each line on the input of :func:`fork_children` starts a child; the last word is the moment: the number of a
statement, ``before`` (the commit) or ``after`` (the commit). The answer is a line with the number of statements that
the child has sent, or ``alive`` if the child was not killed. Set up Django before this module is imported.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable

from django.db import connection


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

    def around_commit(self, commit: Callable[[], None]) -> Callable[[], None]:
        def committed():
            if self.moment == "before":
                self.kill()
            commit()
            if self.moment == "after":
                self.kill()

        return committed


def fork_children(act: Callable[..., None]) -> None:
    """Call ``act`` with the words of each line but the last, the moment, in a child of its own."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                _run_child(act, *line.split())
            except BaseException:  # noqa: BLE001 - the child must end here, not read the next line
                traceback.print_exc()
            os._exit(0)
        if not os.WIFSIGNALED(os.waitpid(child, 0)[1]):
            os.write(sys.stdout.fileno(), b"alive\n")


def _run_child(act: Callable[..., None], *words: str) -> None:
    *arguments, moment = words
    killer = SelfKiller(moment, sys.stdout.fileno())
    connection.connect()
    connection.commit = killer.around_commit(connection.commit)
    with connection.execute_wrapper(killer):
        act(*arguments)
