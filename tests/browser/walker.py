"""One who walks the product in a browser: the checks made on every page, and the pictures taken of it."""

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from demo.builders import staff

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# Words no Danish sentence has: what is left untranslated shows itself.
ENGLISH = re.compile(r"\b(?:the|and|with|of|are|was|this|not|you|your|from)\b", re.IGNORECASE)
DANISH_TEXT = """() => {
  const copy = document.body.cloneNode(true);
  copy.querySelectorAll("[lang=en], script, svg, template, noscript, blockquote").forEach((part) => part.remove());
  return copy.textContent.replace(/\\s+/g, " ");
}"""


def greeting(name: str) -> re.Pattern:
    """The heading of the front page, which wishes good morning, day or evening."""
    return re.compile(rf"^Go\w+(?: \w+)?, {name}$")


class Walker:
    """A page of a signed-in user; ``press`` and ``open`` say where one should stand afterwards."""

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
        """Go to an address of the product, which must answer 200."""
        response = self.page.goto(f"{self.address}{path}")
        assert response.status == 200, (path, response.status)
        self.stands_at(heading)

    def refused(self, path: str, status: int, heading: str) -> None:
        """An address that must not open; the browser notes the status in its console, which is no fault."""
        assert self.page.goto(f"{self.address}{path}").status == status
        self.stands_at(heading)
        self.console = [line for line in self.console if f"status of {status}" not in line]

    def press(
        self, name: str | re.Pattern, heading: str | re.Pattern | None = None, within: Locator | None = None
    ) -> None:
        """A button or link of the page itself, by its words, and the heading of the page it leads to."""
        self.named(name, within).click()
        self.stands_at(heading)

    def named(self, name: str | re.Pattern, within: Locator | None = None) -> Locator:
        place = within or self.main
        exact = isinstance(name, str)
        return (
            place.get_by_role("button", name=name, exact=exact).or_(place.get_by_role("link", name=name, exact=exact))
        ).first

    def stands_at(self, heading: str | re.Pattern | None) -> None:
        if heading is not None:
            expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def reads(self, *texts: str | re.Pattern) -> None:
        """What stands in the page itself."""
        for text in texts:
            expect(self.main).to_contain_text(text)

    def toast(self, text: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=text)).to_be_visible()

    def check(self) -> None:
        """No accessibility violation, nothing wider than the screen, no script or policy error, all in Danish."""
        self.page.wait_for_load_state("networkidle")
        self.look()

    def look(self) -> None:
        """The same of a page that asks the server again and again, and so never comes to rest."""
        found = Axe().run(self.page).response["violations"]
        told = [(self.page.url, rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]
        assert told == [], told
        self.fits()
        text = self.page.evaluate(DANISH_TEXT)
        english = [text[max(0, word.start() - 40) : word.end() + 40] for word in ENGLISH.finditer(text)]
        assert english == [], (self.page.url, english)

    def fits(self) -> None:
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, (self.page.url, wider)
        assert self.console == [], (self.page.url, self.console)

    def picture(self, name: str, height: int = 0) -> None:
        """A picture for the README, when SCREENSHOTS names a folder: the whole page, or its first ``height`` pixels."""
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
