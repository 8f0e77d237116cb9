"""Run the bench on a new SQLite database, and on PostgreSQL when its programs are installed."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import run

ROOT = Path(__file__).resolve().parent.parent.parent


def measure(url: str, title: str) -> int:
    print(f"\n== {title}", flush=True)
    env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings", "SECRET_KEY": "bench"}
    return subprocess.run(
        [sys.executable, "-m", "tests.bench.rows", *sys.argv[1:]], cwd=ROOT, env=env, check=False
    ).returncode


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="mentornet-bench-") as folder:
        failed = measure(f"sqlite:///{folder}/bench.sqlite3", "SQLite")
    if not run.POSTGRES_HOMES:
        print(f"Left out: PostgreSQL. {run.MISSING['postgresql']}")
        return failed
    with run.own_postgresql(run.POSTGRES_HOMES[0]) as url:
        return measure(url, "PostgreSQL") or failed


if __name__ == "__main__":
    sys.exit(main())
