"""A user in a browser, with the checks of every page and the screenshots of the README."""

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from demo.builders import staff

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# Words that no Danish text contains, to find texts without a translation.
ENGLISH = re.compile(r"\b(?:the|and|with|of|are|was|this|not|you|your|from)\b", re.IGNORECASE)
DANISH_TEXT = """() => {
  const copy = document.body.cloneNode(true);
  copy.querySelectorAll("[lang=en], script, svg, template, noscript, blockquote").forEach((part) => part.remove());
  return copy.textContent.replace(/\\s+/g, " ");
}"""

# Pixels of the page's end that the tab bar of the phone covers when the page is scrolled down.
COVERED = """() => {
  const [main, bar] = [document.querySelector("main"), document.querySelector(".tabbar")];
  if (!main || !bar?.offsetHeight) return 0;
  const end = main.getBoundingClientRect().bottom + window.scrollY;
  return end + bar.offsetHeight - document.documentElement.scrollHeight;
}"""


def greeting(name: str) -> re.Pattern:
    """Return a pattern for the heading of the front page, which depends on the time of day."""
    return re.compile(rf"^Go\w+(?: \w+)?, {name}$")


class Visitor:
    """A browser page of a signed-in user; ``open`` and ``press`` check the heading of the page they lead to."""

    def __init__(self, page: Page, address: str):
        self.page, self.address = page, address
        self.console: list[str] = []
        page.on("console", lambda message: self.console.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.console.append(str(error)))

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def sign_in(self, word: str, branch: str) -> None:
        self.page.goto(f"{self.address}/konto/login/")
        self.page.get_by_label("E-mail").fill(staff.email_of(word, branch))
        self.page.get_by_label("Adgangskode").fill(staff.PASSWORD)
        self.page.get_by_role("button", name="Fortsæt").click()
        self.page.wait_for_url(f"{self.address}/")

    def open(self, path: str, heading: str | re.Pattern | None = None) -> None:
        """Open an address and check that the response is 200."""
        response = self.page.goto(f"{self.address}{path}")
        assert response.status == 200, (path, response.status)
        self.expect_heading(heading)

    def open_refused(self, path: str, status: int, heading: str) -> None:
        """Open an address that must be refused. The browser logs the status in its console, which is no error."""
        assert self.page.goto(f"{self.address}{path}").status == status
        self.expect_heading(heading)
        self.console = [line for line in self.console if f"status of {status}" not in line]

    def press(
        self, name: str | re.Pattern, heading: str | re.Pattern | None = None, within: Locator | None = None
    ) -> None:
        """Press a button or link with this text and check the heading of the page it leads to."""
        self.button_or_link(name, within).click()
        self.expect_heading(heading)

    def button_or_link(self, name: str | re.Pattern, within: Locator | None = None) -> Locator:
        place = within or self.main
        exact = isinstance(name, str)
        return (
            place.get_by_role("button", name=name, exact=exact).or_(place.get_by_role("link", name=name, exact=exact))
        ).first

    def expect_heading(self, heading: str | re.Pattern | None) -> None:
        if heading is not None:
            expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def expect_text(self, *texts: str | re.Pattern) -> None:
        """Check that the main part of the page contains the texts."""
        for text in texts:
            expect(self.main).to_contain_text(text)

    def expect_toast(self, text: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=text)).to_be_visible()

    def check(self) -> None:
        """Check the page: accessible, no wider than the screen, without script or policy errors, in Danish."""
        self.page.wait_for_load_state("networkidle")
        self.check_at_once()

    def check_at_once(self) -> None:
        """Check a page that sends requests all the time, without waiting for the network to be idle."""
        found = Axe().run(self.page).response["violations"]
        violations = [(self.page.url, rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]
        assert violations == [], violations
        self.check_layout()
        text = self.page.evaluate(DANISH_TEXT)
        english = [text[max(0, word.start() - 40) : word.end() + 40] for word in ENGLISH.finditer(text)]
        assert english == [], (self.page.url, english)

    def check_layout(self) -> None:
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, (self.page.url, wider)
        covered = self.page.evaluate(COVERED)
        assert covered < 1, (self.page.url, covered)  # pixels; heights of lines are no whole numbers
        assert self.console == [], (self.page.url, self.console)

    def save_screenshot(self, name: str, height: int = 0) -> None:
        """Save the page, or its first ``height`` pixels, for the README if SCREENSHOTS names a folder."""
        folder = os.environ.get("SCREENSHOTS")
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size
        if height:
            self.page.set_viewport_size(size | {"height": height})
        self.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=not height)
        self.page.set_viewport_size(size)
