"""Run the parts of ``make test``; docs/testing.md describes them.

``python tests/run.py [part …]`` runs some parts only. Two parts run at a time, because each part waits now and then.
The output of a part is printed when the part ends. A part that cannot run on this machine is left out, and the summary
says what to install; with REQUIRE_ALL=1 (as .ci/run sets it) it fails.
"""

import atexit
import contextlib
import contextvars
import ctypes.util
import functools
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHROMIUM = Path("/usr/bin/chromium")
PANGO = ctypes.util.find_library("pango-1.0")
POSTGRES_HOMES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
WORKERS = str(max(2, os.cpu_count() or 2))
UNIT = "not browser and not pango"
MEASURED = f"{UNIT} and not one_database"  # the walks execute lines that other tests cover, so measuring them is waste
KEEP_COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}  # otherwise every process compiles the tests again
WARNINGS = "ignore::RuntimeWarning:slipcover.importer"  # it does not measure the test files, and need not
PARTS_AT_A_TIME = 2
COVERAGE_PERCENT = "95"  # of lines and branches together
# Autovacuum counts the rows of a table but sees none of an open transaction. PostgreSQL then plans for an empty table,
# and a test that fills many tables takes two minutes instead of eight seconds.
NO_AUTOVACUUM = "-c autovacuum=off"
OUTPUT = contextvars.ContextVar("output", default=None)  # the file for the output of a part's programs
MIGRATING = threading.Lock()
MISSING = {
    "pdf": "Pango is not installed. On Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "postgresql": "PostgreSQL's programs are not installed. On Debian: apt-get install postgresql",
    "browser": "Chromium is not installed. On Debian: apt-get install chromium",
}


def run(*command: str, **env: str) -> bool:
    """Run a program of the virtual environment in the checkout; return whether it succeeded."""
    program = BIN / command[0]
    merged = {**os.environ, "SECRET_KEY": "tests-only", "PYTHONWARNINGS": WARNINGS, **KEEP_COMPILED, **env}
    done = subprocess.run(
        [program, *command[1:]], cwd=ROOT, env=merged, stdout=OUTPUT.get(), stderr=subprocess.STDOUT, check=False
    )
    return done.returncode == 0


def pytest(url: str, *arguments: str, program: tuple[str, ...] = ("pytest",)) -> bool:
    """Run tests. Each process works on a copy of the migrated database at ``url``."""
    return run(*program, "-q", "--copy-database", *arguments, DATABASE_URL=url)


def migrate(url: str) -> bool:
    """Migrate the database at ``url`` by ``manage.py migrate``."""
    return run("python", "manage.py", "migrate", "-v0", DATABASE_URL=url, DJANGO_SETTINGS_MODULE="tests.settings")


def migrated_sqlite() -> str:
    """Return the URL of a migrated SQLite database, made once a run. If that fails, the tests fail at their start."""
    with MIGRATING:
        return _migrated_sqlite()


@functools.cache
def _migrated_sqlite() -> str:
    folder = tempfile.mkdtemp(prefix="mentornet-tests-")
    atexit.register(shutil.rmtree, folder)
    url = f"sqlite:///{folder}/migrated.sqlite3"
    migrate(url)
    return url


def lint() -> bool:
    """Format, lint, templates, import order."""
    results = [
        run("ruff", "format", "--check", "--quiet", "."),
        run("ruff", "check", "--quiet", "."),
        run("djlint", "templates", "--lint", "--quiet"),
        run("lint-imports"),
    ]
    return all(results)


def migrations() -> bool:
    """Every change of a model has its migration."""
    return run("python", "manage.py", "makemigrations", "--check", "--dry-run", DEMO="true")


def sqlite() -> bool:
    """All tests on SQLite, with branch coverage."""
    with tempfile.TemporaryDirectory(prefix="mentornet-coverage-") as folder:
        report = f"{folder}/coverage.json"
        measured = ("python", "-m", "slipcover", "--json", "--out", report, "-m", "pytest")
        passed = pytest(migrated_sqlite(), "-n", WORKERS, "-m", MEASURED, program=measured)
        # A step of its own: with --fail-under in the step above, slipcover 1.1.0 drops the counts of pytest's workers.
        limit = ("--fail-under", COVERAGE_PERCENT, "--out", f"{folder}/merged.json")
        return run("python", "-m", "slipcover", *limit, "--merge", report) and passed


def walks() -> bool:
    """Every address in every role, impossible keys, broken files: on SQLite, without coverage."""
    return pytest(migrated_sqlite(), "-n", WORKERS, "-m", f"{UNIT} and one_database")


def postgresql() -> bool | None:
    """The tests that depend on the database, on a temporary PostgreSQL server."""
    if not POSTGRES_HOMES:
        return None
    with own_postgresql(POSTGRES_HOMES[0], "mentornet", NO_AUTOVACUUM) as url:
        return migrate(url) and pytest(url, "-n", WORKERS, "-m", UNIT, "--only-database")


def pdf() -> bool | None:
    """Reports as PDF."""
    if not PANGO:
        return None
    return pytest(migrated_sqlite(), "-n", "0", "-m", "pango", "tests/reporting")


def browser() -> bool | None:
    """Playwright on Chromium, with axe on every page."""
    if not CHROMIUM.exists():
        return None
    by_file = ("-n", "2", "--dist", "loadfile")  # the tests of a file share a server
    return run("pytest", "-q", *by_file, "-p", "no:randomly", "-m", "browser", "tests/browser")


@contextlib.contextmanager
def own_postgresql(programs: Path, database: str = "postgres", settings: str = ""):
    """Start a PostgreSQL server in a temporary directory and yield the DATABASE_URL of a database."""
    home = Path(tempfile.mkdtemp(prefix="mentornet-pg-"))
    user = _server_user()
    port = _free_port()
    options = (
        f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=60"
        f" {settings}"
    )
    data = home / "data"
    quiet = {
        "stdout": subprocess.DEVNULL,
        "stderr": OUTPUT.get(),
        "cwd": home,
        **({"user": user, "group": pwd.getpwnam(user).pw_gid} if user else {}),
    }
    try:
        if user:
            shutil.chown(home, user)
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "mentornet", "-A", "trust", "-E", "UTF8"], check=True, **quiet
        )
        subprocess.run(
            [programs / "pg_ctl", "-D", data, "-w", "-o", options, "-l", home / "log", "start"], check=True, **quiet
        )
        if database != "postgres":
            server = ("-h", "127.0.0.1", "-p", str(port), "-U", "mentornet")
            subprocess.run([programs / "createdb", *server, database], check=True, **quiet)
        yield f"postgres://mentornet@127.0.0.1:{port}/{database}"
    finally:
        if (data / "postmaster.pid").exists():  # also if the server did not start in time
            subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=False, **quiet)
        shutil.rmtree(home, ignore_errors=True)


def _server_user() -> str | None:
    """Return the user to run the server as, if we are root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# The parts start in this order: long ones early, so that no long part runs alone at the end.
PARTS = {part.__name__: part for part in (lint, migrations, sqlite, postgresql, browser, walks, pdf)}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"No such part: {', '.join(unknown)}. Parts: {', '.join(PARTS)}.")
        return 2
    wanted = [name for name in PARTS if name in (names or PARTS)]
    results = {}
    with ThreadPoolExecutor(PARTS_AT_A_TIME) as pool:
        for done in as_completed([pool.submit(run_part, name) for name in wanted]):
            name, result, output = done.result()
            results[name] = result
            print(output, flush=True)
    return _summary({name: results[name] for name in wanted})


def run_part(name: str) -> tuple[str, bool | None, str]:
    """Return the name of the part, its result and its output."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        OUTPUT.set(output)
        try:
            result = PARTS[name]()
        except Exception:  # noqa: BLE001 - an error fails this part only; the other parts are still reported
            result = False
            output.seek(0, os.SEEK_END)
            output.write(traceback.format_exc().encode())
        output.seek(0)
        text = output.read().decode(errors="replace")
    title = PARTS[name].__doc__.splitlines()[0]
    return name, result, f"\n== {name}: {title}\n{text}== {name}: {_word(result)} in {time.monotonic() - began:.0f} s"


def _word(result: bool | None) -> str:
    return {True: "passed", False: "FAILED", None: "left out"}[result]


def _summary(results: dict[str, bool | None]) -> int:
    print("\n" + " · ".join(f"{name} {_word(result)}" for name, result in results.items()))
    left_out = [name for name, result in results.items() if result is None]
    for name in left_out:
        print(f"Left out: {name}. {MISSING[name]}")
    failed = [name for name, result in results.items() if result is False]
    if left_out and os.environ.get("REQUIRE_ALL"):
        print("REQUIRE_ALL is set: no part may be left out.")
        failed += left_out
    print(f"{len(results) - len(failed) - len(set(left_out) - set(failed))} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
