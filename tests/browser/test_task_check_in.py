"""Tick who comes to the event of the day: the task of docs/user/tasks.md, counted; and at the door, by phone."""

import re
import sqlite3

import pytest
from playwright.sync_api import expect

from tests.browser.hand import Hand
from tests.browser.visitor import PHONE

TITLE = "Netværksaften: Mød jobcentret"
CHECK_IN = re.compile(r"^Registrer fremmøde")
TICK = re.compile(r"^Er kommet")
# Whether something covers the lower edge of an element that was scrolled to the end of the window.
IS_COVERED = """(element) => {
  element.scrollIntoView({ block: "end" });
  const box = element.getBoundingClientRect();
  const found = document.elementFromPoint(box.left + box.width / 2, box.bottom - 2);
  return !found || !element.contains(found);
}"""


@pytest.fixture
def event_today(folder, server):
    """Move the next event of the demo to today."""
    with sqlite3.connect(folder / "demo.sqlite3", timeout=20) as database:
        moved = database.execute(
            "update events_event set starts_at = '2011-09-15 06:00:00', ends_at = '2011-09-15 21:59:59'"
            " where title collate binary = ?",
            [TITLE],
        )
        assert moved.rowcount == 1


def test_those_who_come_are_ticked(event_today, visit_as):
    hand = Hand(visit_as("koordinator"))
    came = hand.page.locator("#check-in-figures b")
    hand.click(CHECK_IN)
    hand.click(hand.page.get_by_role("button", name=TICK).first)
    expect(came).to_have_text("1")
    hand.expect(clicks=2, fields=0)
    hand.click(hand.page.get_by_role("button", name=TICK).first)
    expect(came).to_have_text("2")
    hand.expect(clicks=1, fields=0)
    hand.visitor.check()


def test_nothing_covers_the_list_on_a_phone(event_today, visit_as):
    visitor = visit_as("koordinator")
    visitor.page.set_viewport_size(PHONE)
    visitor.open("/")
    visitor.press(CHECK_IN, TITLE)
    buttons = visitor.page.get_by_role("button", name=TICK)
    count = buttons.count()
    assert count >= 25
    covered = [number for number in range(count) if buttons.nth(number).evaluate(IS_COVERED)]
    assert covered == []
    expect(visitor.page.locator(".tabbar")).to_have_count(0)
    buttons.last.click()  # its toast leaves the last acts free
    expect(visitor.page.get_by_role("status").filter(has_text="er kommet")).to_be_visible()
    assert not visitor.page.locator("#guest-count .stepper").evaluate(IS_COVERED)
    visitor.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    last = visitor.page.get_by_role("link", name="Tilføj deltager med navn")
    toast = visitor.page.locator(".toast-note").last
    assert last.bounding_box()["y"] + last.bounding_box()["height"] <= toast.bounding_box()["y"]
    visitor.check()
