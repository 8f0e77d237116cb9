"""Fixtures: a server with a filled demo, and visitors in Chromium."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.visitor import DESKTOP, Visitor

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 30_000


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DEMO": "true",
        "SECRET_KEY": "browser-tests-only",
        "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
        "CACHE_URL": f"filecache://{folder}/cache",
        "DJANGO_SETTINGS_MODULE": "mentornet.settings",
        "LOG_LEVEL": "WARNING",
    }


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory, worker_id) -> Path:
    """Return a demo database as ``make run`` fills it, with a small København; made once for all test processes."""
    root = tmp_path_factory.getbasetemp()
    folder = (root if worker_id == "master" else root.parent) / "filled"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            for command in (["migrate", "-v0"], ["collectstatic", "-v0", "--noinput"], ["load_demo", "--size", "0.05"]):
                subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=_environment(folder), check=True)
            (folder / "done").touch()
    return folder / "demo.sqlite3"


@pytest.fixture(scope="module")
def folder(filled_database, tmp_path_factory) -> Path:
    """Return the folder of a server, with a copy of the demo database for each test file."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copy(filled_database, folder / "demo.sqlite3")
    return folder


@pytest.fixture(scope="module")
def server(folder):
    """Start the product as ``make run`` does, without a worker; yield its address."""
    port, env = _free_port(), _environment(folder)
    gunicorn = Path(sys.executable).with_name("gunicorn")
    command = [gunicorn, "mentornet.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"]
    process = subprocess.Popen([*command, "--log-level", "warning"], cwd=ROOT, env=env)
    address = f"http://127.0.0.1:{port}"
    _wait_for(f"{address}/healthz", process)
    yield address
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture
def worker(folder, server):
    """Start a worker for the server; yield its process."""
    process = subprocess.Popen([sys.executable, "manage.py", "run_tasks"], cwd=ROOT, env=_environment(folder))
    lock = folder / "demo.sqlite3-task-0"
    for _ in range(150):
        if lock.exists() and _is_locked(lock):
            break
        time.sleep(0.2)
    yield process
    process.kill()
    process.wait()


def _is_locked(path: Path) -> bool:
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _wait_for(url: str, process: subprocess.Popen) -> None:
    for _ in range(150):
        assert process.poll() is None, "the server stopped"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not answer")


@pytest.fixture(scope="session")
def chromium():
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def signed_in() -> dict:
    """Return the cookies of the users who have signed in, by role and branch."""
    return {}


@pytest.fixture
def visit_as(server, chromium, signed_in, request):
    """Return a function that signs in as a demo role ("koordinator") and returns a visitor with its own window."""
    visitors = []

    def start(word: str | None, branch: str = "tingbjerg", viewport: dict = DESKTOP, **options) -> Visitor:
        known = {"storage_state": signed_in[word, branch]} if (word, branch) in signed_in else {}
        context = chromium.new_context(viewport=viewport, locale="da-DK", reduced_motion="reduce", **known, **options)
        context.set_default_timeout(PATIENCE_MS)
        visitor = Visitor(context.new_page(), server)
        visitors.append(visitor)
        if word and not known:
            visitor.sign_in(word, branch)
            signed_in[word, branch] = context.storage_state()
        return visitor

    failed_before = request.session.testsfailed
    yield start
    for number, visitor in enumerate(visitors):
        if request.session.testsfailed > failed_before:
            visitor.page.screenshot(path=ROOT / "var" / f"{request.node.name}-{number}.png", full_page=True)
        visitor.page.context.close()
