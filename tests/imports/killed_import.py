"""A process for test_kill (see :mod:`tests.killed_process`): ``apply ID MOMENT`` or ``bank FILE MOMENT``."""

import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402 - models need the set-up above
from django.db import connection  # noqa: E402

from imports.models import ImportBatch  # noqa: E402
from imports.services import apply_import  # noqa: E402
from tests.killed_process import fork_children  # noqa: E402


def run_import(act: str, what: str) -> None:
    if act == "apply":
        apply_import(ImportBatch.objects.get(pk=what), by=None)
    else:
        call_command("import_bank", what, programme="tingbjerg-2010", json=True, stdout=sys.stderr)


if __name__ == "__main__":
    connection.settings_dict["NAME"] = sys.argv[1]
    settings.DEMO = False
    fork_children(run_import)
