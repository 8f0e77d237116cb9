"""Find a person from *I dag*: the task of docs/user/tasks.md, counted; and what the hand itself counts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hand import Hand


def test_a_person_is_found(visit_as):
    hand = Hand(visit_as("koordinator"))
    hand.press("/")
    hand.write("ali hassan nur")
    hand.press("Enter")
    hand.visitor.expect_heading("Ali Hassan Nur")
    hand.expect(clicks=0, fields=1)


def test_the_hand_counts_what_a_click_does_by_a_key(visit_as):
    hand = Hand(visit_as("koordinator"))
    hand.click("Registrer opfølgning med Ulla Brandt")
    row = hand.page.locator("[data-log-row]").filter(has=hand.page.get_by_role("link", name="Ulla Brandt", exact=True))
    expect(row.get_by_role("radio").first).to_be_focused()
    hand.press("ArrowRight")
    hand.click("Blandet", row)
    hand.type("Note", "Aflyst", row)
    with pytest.raises(AssertionError, match=re.escape("3C + 1F, not 2C + 1F (the task grew)")):
        hand.expect(clicks=2, fields=1)
    hand.press("Escape")
    expect(row.locator("form")).to_have_count(0)
    expect(hand.page.get_by_role("link", name="Registrer opfølgning med Ulla Brandt")).to_be_focused()
    hand.press("Enter")
    expect(row.get_by_role("radio").first).to_be_focused()
    with pytest.raises(AssertionError, match=re.escape("1C + 0F, not 2C + 0F (lower the goal")):
        hand.expect(clicks=2, fields=0)


def test_the_hand_opens_no_address_but_a_start(visit_as):
    with pytest.raises(AssertionError, match="a task starts"):
        Hand(visit_as("koordinator"), start="/personer/")
