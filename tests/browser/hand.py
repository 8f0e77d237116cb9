"""What a user does with hand and keyboard, counted: clicks (C) and typed fields (F).

The ten tasks of docs/user/tasks.md are tested with it, each in ``test_task_<name>.py``::

    def test_a_follow_up_is_registered(visit_as):
        hand = Hand(visit_as("koordinator"))            # opens I dag; Hand(visitor, start="/match/7/") a match's page
        row = hand.page.locator("[data-log-row]").first
        hand.click("Registrer opfølgning med Hodan Warsame")
        hand.click("Godt")                               # a segment
        hand.type("Note", "Har mødtes to gange")
        hand.press("Enter")
        expect(row).to_contain_text("Registreret")       # looking is free: hand.page, hand.visitor
        hand.expect(clicks=2, fields=1)

Everything that changes the page goes through the hand; the visitor and the page are used to look only. An address
can be opened at the start only.

What counts:

- a button, link, fold, segment, checkbox or radio button: 1 C
- a select, opened and an option chosen: 1 C
- a field that is typed into, a date as well: 1 F, with what it takes to get there; a field typed into twice: 2 F
- Enter that sends the field with the focus, Tab, Escape, the arrow keys in a list of suggestions and the shortcuts
  ``/`` and Ctrl-K: nothing
- a key that does what a click does (Enter on a link or button, Space on a checkbox, an arrow in a group of radio
  buttons or a select): 1 C
"""

import re

from playwright.sync_api import Locator

from tests.browser.visitor import DESKTOP, Visitor

START = re.compile(r"/|/match/\d+/")
SHORTCUTS = {"/", "Control+k"}
MOVES = {"Tab", "Shift+Tab", "Escape"}
LIST_KEYS = {"ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End"}
ACT_KEYS = {"Enter", "Space"}
KIND = """() => {
  const at = document.activeElement;
  if (at.matches("[role=combobox]")) return "combobox";
  if (at.matches("select, [type=radio], [type=checkbox], [type=file]")) return "choice";
  return at.matches("input:not([type=submit]):not([type=button]):not([type=reset]), textarea") ? "field" : "other";
}"""


class Hand:
    """The hand of a visitor: does a task, and counts the clicks and typed fields that it takes."""

    def __init__(self, visitor: Visitor, start: str = "/"):
        assert START.fullmatch(start), "a task starts on I dag or on the page of a match"
        assert visitor.page.viewport_size == DESKTOP, "tasks are counted at 1280 pixels"
        self.visitor, self.page = visitor, visitor.page
        self.clicks: list[str] = []
        self.fields: list[str] = []
        visitor.open(start)

    def click(self, target: str | re.Pattern | Locator, within: Locator | None = None) -> None:
        """Click a button, link, fold, segment or checkbox, by its name or as a locator. 1 C."""
        found = target if isinstance(target, Locator) else self._find(target, within or self.page.locator("body"))
        self.clicks.append(f"click {target}")
        found.click()

    def choose(self, field: str | Locator, option: str, within: Locator | None = None) -> None:
        """Open a select and choose an option by its text. 1 C."""
        self.clicks.append(f"choose {option}")
        self._field(field, within).select_option(label=option)

    def type(self, field: str | re.Pattern | Locator, text: str, within: Locator | None = None) -> None:
        """Type into a field, given by the beginning of its label or as a locator, instead of what it held. 1 F."""
        self.fields.append(f"type {text}")
        found = self._field(field, within)
        found.focus()
        found.select_text()
        self.page.keyboard.type(text)

    def write(self, text: str) -> None:
        """Type into the field that has the focus. 1 F."""
        assert self.page.evaluate(KIND) in {"field", "combobox"}, "no field has the focus"
        self.fields.append(f"type {text}")
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        """Press a key: free, unless it does what a click does where the focus is."""
        assert key in SHORTCUTS | MOVES | LIST_KEYS | ACT_KEYS, f"{key} is no key of a task"
        kind = self.page.evaluate(KIND)
        assert not (kind in {"field", "combobox"} and key in {"/", "Space"}), "type it"
        if (key in ACT_KEYS and kind == "other") or (kind == "choice" and key in LIST_KEYS | {"Space"}):
            self.clicks.append(f"press {key}")
        self.page.keyboard.press(key)

    def expect(self, *, clicks: int, fields: int) -> None:
        """Check how many clicks and typed fields the task took, and count from zero again."""
        found, done = (len(self.clicks), len(self.fields)), "; ".join([*self.clicks, *self.fields])
        self.clicks, self.fields = [], []
        advice = "lower the goal here and in docs/user/tasks.md" if sum(found) < clicks + fields else "the task grew"
        assert found == (clicks, fields), f"{found[0]}C + {found[1]}F, not {clicks}C + {fields}F ({advice}): {done}"

    def _field(self, field: str | re.Pattern | Locator, within: Locator | None) -> Locator:
        if isinstance(field, Locator):
            return field
        label = re.compile(rf"^\s*{re.escape(field)}") if isinstance(field, str) else field
        return (within or self.page.locator("main")).get_by_label(label).first

    def _find(self, name: str | re.Pattern, place: Locator) -> Locator:
        """Find what can be clicked and has this name; the text of a segment or fold is what a user clicks."""
        exact = isinstance(name, str)
        found = place.get_by_role("button", name=name, exact=exact).or_(
            place.get_by_role("link", name=name, exact=exact)
        )
        for role in ("tab", "option"):
            found = found.or_(place.get_by_role(role, name=name, exact=exact))
        label = place.locator("label, summary").filter(
            has_text=re.compile(rf"^\s*{re.escape(name)}") if exact else name
        )
        return found.or_(label).locator("visible=true").first
