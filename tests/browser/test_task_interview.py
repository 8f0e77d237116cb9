"""An interview of today is registered from *I dag* and kept while it is typed."""

import re

from playwright.sync_api import expect

from tests.browser.hand import Hand

SAVED = re.compile("Senest gemt i dag")


def test_an_interview_is_registered(visit_as):
    hand = Hand(visit_as("koordinator"))
    hand.click("Registrer interview")
    hand.click(hand.page.locator(".task.interview").get_by_role("link", name="Registrer", exact=True).first)
    hand.type("Opsummering", "Vil i arbejde med planter.")
    hand.click("Klar til match")
    hand.press("Enter")
    expect(hand.page.get_by_role("status").filter(has_text="Status: på venteliste")).to_be_visible()
    hand.expect(clicks=3, fields=1)


def test_an_interview_is_kept_while_it_is_typed(visit_as):
    visitor = visit_as("koordinator")
    page = visitor.page
    visitor.open("/")
    page.locator(".page-head").get_by_role("link", name="Registrer interview").click()
    expect(page.get_by_label("Søg blandt personer")).to_be_focused()
    page.get_by_label("Søg blandt personer").fill("Hodan Warsame")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Registrer", exact=True).first.click()
    page.get_by_label("Opsummering").fill("Et halvt interview")
    expect(page.locator("#draft-saved")).to_have_text(SAVED)
    visitor.check()
    visitor.open("/")
    row = page.locator(".task", has_text="Hodan Warsame").filter(has_text="vurderingen mangler")
    row.get_by_role("link", name=re.compile("^Fortsæt")).click()
    expect(page.get_by_label("Opsummering")).to_have_value("Et halvt interview")
    visitor.check()
