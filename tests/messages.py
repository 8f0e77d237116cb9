"""Collect the texts of the code into the Danish catalogue and compile it: ``make messages``.

The order of the entries and the compiled file depend on the texts alone, so that a second run changes nothing.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/da/LC_MESSAGES/django.po")
NO_SOURCES = shutil.ignore_patterns(".*", "docs", "static", "staticfiles", "tests", "var", "__pycache__")
OPTIONS = ("--no-obsolete", "--no-location", "--no-wrap")
RUN_DATA = ("POT-Creation-Date", "Report-Msgid-Bugs-To")  # headers that differ from run to run


def sort_key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgid, entry.msgctxt or ""


def collect() -> polib.POFile:
    """Return the catalogue with the texts of the code as they are now; needs gettext's programs.

    Django's makemessages writes temporary files next to the templates, so it runs on a copy of the sources.
    """
    with tempfile.TemporaryDirectory(prefix="mentornet-messages-") as folder:
        copy = Path(folder) / "sources"
        shutil.copytree(ROOT, copy, ignore=NO_SOURCES)
        env = {**os.environ, "SECRET_KEY": "messages-only", "DJANGO_SETTINGS_MODULE": "mentornet.settings"}
        command = [sys.executable, "manage.py", "makemessages", "--locale", "da", *OPTIONS]
        subprocess.run(command, cwd=copy, env=env, stdout=subprocess.DEVNULL, check=True)
        catalogue = polib.pofile(str(copy / CATALOGUE), wrapwidth=0)
    catalogue.sort(key=sort_key)
    for header in RUN_DATA:
        catalogue.metadata.pop(header, None)
    return catalogue


def untranslated(catalogue: polib.POFile) -> list[str]:
    return [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy]


def main() -> int:
    """Write the catalogue and its compiled file; return 1 if a text has no Danish yet."""
    catalogue = collect()
    catalogue.save(str(ROOT / CATALOGUE))
    catalogue.save_as_mofile(str((ROOT / CATALOGUE).with_suffix(".mo")))
    missing = untranslated(catalogue)
    for text in missing:
        print(f"No Danish, or a guess to check: {text}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
