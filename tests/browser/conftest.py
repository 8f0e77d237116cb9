"""A real server on a demo of its own, and a Chromium that looks at it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from demo.world import staff

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
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def product(tmp_path_factory):
    """The product as ``make run`` starts it, with a small København; yields its address."""
    folder = tmp_path_factory.mktemp("product")
    port = _free_port()
    env = {
        **os.environ,
        "DEMO": "true",
        "SECRET_KEY": "browser-tests-only",
        "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
        "DJANGO_SETTINGS_MODULE": "mentornet.settings",
        "LOG_LEVEL": "WARNING",
    }
    for command in (["migrate", "-v0"], ["make_fonts", "-v0"], ["load_demo", "--size", "0.05"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
    gunicorn = Path(sys.executable).with_name("gunicorn")
    command = [gunicorn, "mentornet.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"]
    server = subprocess.Popen([*command, "--log-level", "warning"], cwd=ROOT, env=env)
    address = f"http://127.0.0.1:{port}"
    _wait_for(f"{address}/healthz", server)
    yield address
    server.terminate()
    server.wait(timeout=10)


def _wait_for(url: str, server: subprocess.Popen) -> None:
    for _ in range(100):
        assert server.poll() is None, "the server stopped"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not answer")


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Walker:
    """A page, the checks made on every page visited, and the pictures taken of it."""

    def __init__(self, page: Page, address: str):
        self.page, self.address = page, address
        self.console: list[str] = []
        page.on("console", lambda message: self.console.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.console.append(str(error)))

    def sign_in(self, word: str, branch: str = "tingbjerg") -> None:
        self.page.goto(f"{self.address}/konto/login/")
        self.check()
        self.page.fill("input[name=login]", staff.email_of(word, branch))
        self.page.fill("input[name=password]", staff.PASSWORD)
        self.page.get_by_role("button", name="Fortsæt").click()
        self.page.wait_for_url(f"{self.address}/")

    def open(self, path: str) -> None:
        response = self.page.goto(f"{self.address}{path}")
        assert response.status == 200, (path, response.status)
        self.check()

    def check(self) -> None:
        """No accessibility violation, nothing wider than the screen, no script or policy error."""
        self.page.wait_for_load_state("networkidle")
        found = Axe().run(self.page).response["violations"]
        told = [(self.page.url, rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]
        assert told == []
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, (self.page.url, wider)
        assert self.console == []

    def picture(self, name: str) -> None:
        """A picture for the README, when SCREENSHOTS names a folder."""
        if folder := os.environ.get("SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture
def walker(product, chromium, request):
    """A walker on a desktop screen, or on the one a test's parameter names."""
    size = getattr(request, "param", DESKTOP)
    context = chromium.new_context(viewport=size, locale="da-DK", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    walker = Walker(context.new_page(), product)
    failed_before = request.session.testsfailed
    yield walker
    if request.session.testsfailed > failed_before:
        walker.page.screenshot(path=str(ROOT / "var" / f"{request.node.name}.png"), full_page=True)
    context.close()
