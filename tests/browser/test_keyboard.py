"""The main road with the keyboard alone, from log to end: the focus is always seen and never lost."""

import re

import pytest
from playwright.sync_api import TimeoutError as NoFocusError
from playwright.sync_api import expect

from tests.browser.visitor import greeting

MOST_TABS = 150  # past a whole page
NAME = """() => {
  const at = document.activeElement;
  const label = at.labels?.[0]?.innerText ?? "";
  return (at.getAttribute("aria-label") || label || at.innerText || at.value || "").replace(/\\s+/g, " ").trim();
}"""
# Something that is drawn on the screen has the focus; a ticked segment is drawn by the label beside its hidden radio
# button. A link to another page begins at its top, as browsers do it: there Tab reaches the link to the content.
HAS_FOCUS = """() => {
  const at = document.activeElement;
  const boxes = [at, ...(at.labels ?? [])].map((part) => part.getBoundingClientRect());
  const isDrawn = (box) => box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight;
  return at === document.body ? !window.keyWasPressed : boxes.some(isDrawn);
}"""


class Keyboard:
    """The keyboard of a visitor. After each key, something on the screen must have the focus."""

    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page

    def press(self, key: str) -> None:
        self.page.evaluate("window.keyWasPressed = true")
        self.page.keyboard.press(key)
        self.check_focus(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.check_focus(text)

    def check_focus(self, after: str) -> None:
        if after in {"Enter", "Escape"}:
            self.page.wait_for_timeout(200)  # htmx settles, and scripts move the focus
        try:
            self.page.wait_for_function(HAS_FOCUS, timeout=5_000 if after == "Enter" else 500)
        except NoFocusError:
            pytest.fail(f"no focus after {after}: {self.page.evaluate('document.activeElement.outerHTML')[:300]}")

    def focused(self) -> str:
        return self.page.evaluate(NAME)

    def go_to(self, name: str, key: str = "Tab") -> None:
        """Press Tab until the control with a name that begins so has the focus."""
        seen = []
        for _step in range(MOST_TABS):
            seen.append(self.focused())
            if seen[-1].startswith(name):
                return
            self.press(key)
        pytest.fail(f"{name} is not reached by {key}: {seen}")

    def open(self, name: str) -> None:
        self.go_to(name)
        self.press("Enter")

    def choose(self, first: str, wanted: str) -> None:
        """Go to a group of radio buttons by its first one, and choose one by the arrow keys."""
        self.go_to(first)
        self.press("Space")
        self.go_to(wanted, key="ArrowRight")
        expect(self.page.locator(":focus")).to_be_checked()

    def fill(self, label: str, text: str) -> None:
        self.go_to(label)
        self.press("Control+a")
        self.type(text)


def test_the_main_road_by_keyboard(visit_as):
    visitor = visit_as("koordinator")
    visitor.open("/", greeting("Mette"))
    keyboard = Keyboard(visitor)
    log_a_follow_up(keyboard)
    find_a_mentee(keyboard)
    propose_a_match(keyboard)
    start_the_match(keyboard)
    log_a_meeting(keyboard)
    end_the_match(keyboard)


def log_a_follow_up(keyboard):
    name = "Registrer opfølgning med Ulla Brandt"
    row = keyboard.page.locator("[data-log-row]").filter(has_text="Ulla Brandt").first
    keyboard.open(name)
    keyboard.press("Escape")
    assert keyboard.focused() == name
    keyboard.press("Enter")
    keyboard.choose("Godt", "Blandet")
    keyboard.fill("Note", "Vil helst mødes om aftenen")
    keyboard.press("Enter")
    expect(row).to_contain_text("Registreret")


def find_a_mentee(keyboard):
    keyboard.press("Control+k")
    keyboard.type("zainab al")
    hit = keyboard.page.locator("#quick-people-0")
    expect(hit).to_contain_text("Zainab al-Jaberi")
    keyboard.press("ArrowDown")
    expect(hit).to_have_class(re.compile("active"))
    keyboard.press("Escape")
    expect(hit).to_be_hidden()
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    keyboard.visitor.expect_heading("Zainab al-Jaberi")


def propose_a_match(keyboard):
    keyboard.press("Control+k")
    keyboard.type("zainab al")
    expect(keyboard.page.locator("#quick-people-0")).to_be_visible()
    keyboard.press("ArrowDown")
    keyboard.press("ArrowRight")
    keyboard.press("Enter")
    keyboard.visitor.expect_heading("Find mentor")
    keyboard.open("Foreslå match")
    expect(keyboard.page.get_by_text("Hvad sker der?")).to_be_visible()
    keyboard.open("Foreslå match")
    keyboard.visitor.expect_heading(re.compile("^Zainab al-Jaberi og "))


def start_the_match(keyboard):
    keyboard.open("Første møde")
    keyboard.visitor.expect_heading("Første møde")
    for answer in keyboard.page.get_by_role("checkbox", name="siger ja").all():
        keyboard.go_to(answer.evaluate("at => at.labels[0].innerText.trim()"))
        keyboard.press("Space")
    keyboard.fill("Første møde", "i dag")
    keyboard.fill("Timer", "1,5")
    keyboard.go_to("Alle har underskrevet")
    keyboard.press("Space")
    keyboard.open("Start match")
    expect(keyboard.page.locator(".page-head .st").first).to_have_text("Aktivt")


def log_a_meeting(keyboard):
    keyboard.open("Registrer møde")
    keyboard.fill("Dato", "i dag")
    keyboard.fill("Timer", "2")
    keyboard.press("Enter")
    expect(keyboard.page.get_by_role("button", name="Det er det samme møde")).to_be_visible()
    keyboard.open("Et møde mere")
    expect(keyboard.page.locator("#meetings")).to_contain_text("2 møder")


def end_the_match(keyboard):
    keyboard.open("Flere")
    keyboard.open("Afslut match")
    keyboard.visitor.expect_heading("Afslut match")
    keyboard.fill("Afsluttet", "i dag")
    keyboard.go_to("Afslutningsårsag")
    keyboard.press("ArrowDown")
    keyboard.fill("Om afslutningen", "Flytter til Jylland")
    for _role in ("mentee", "mentor"):
        keyboard.choose("Vil gerne have et nyt match", "Stopper her")
    keyboard.open("Afslut match")
    expect(keyboard.page.locator(".page-head .st").first).to_have_text("Afsluttet")
