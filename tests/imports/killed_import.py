"""A process for test_kill: it forks children that import and kill themselves at a given moment.

Each line on its input starts a child: ``apply ID MOMENT`` or ``bank FILE MOMENT``. A moment is the number of a
statement, ``before`` (the commit) or ``after`` (the commit). The answer is a line with the number of statements the
child has sent, or ``alive`` if the child was not killed.
"""

import os
import signal
import sys
import traceback

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402 - models need the set-up above
from django.db import connection  # noqa: E402

from imports.models import ImportBatch  # noqa: E402
from imports.services import apply_import  # noqa: E402


class Killer:
    """Counts statements and kills the process at the chosen one."""

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


def run_import(act: str, what: str, moment: str, answer: int) -> None:
    killer = Killer(moment, answer)
    connection.connect()
    connection.commit = killer.around_commit(connection.commit)
    with connection.execute_wrapper(killer):
        if act == "apply":
            apply_import(ImportBatch.objects.get(pk=what), by=None)
        else:
            call_command("import_bank", what, programme="tingbjerg-2010", json=True, stdout=sys.stderr)


if __name__ == "__main__":
    connection.settings_dict["NAME"] = sys.argv[1]
    settings.DEMO = False
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                run_import(*line.split(), answer=sys.stdout.fileno())
            except BaseException:  # noqa: BLE001 - the child must end here, not read the next line
                traceback.print_exc()
            os._exit(0)
        if not os.WIFSIGNALED(os.waitpid(child, 0)[1]):
            os.write(sys.stdout.fileno(), b"alive\n")
