"""The history of a person in a browser: a card that loads it, and a page of its own."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESKTOP, PHONE


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_history_shows_a_correction(visit_as, viewport):
    visitor = visit_as("koordinator", viewport=viewport)
    visitor.open("/personer/")
    address = visitor.main.locator("td.name a, td a.name").first.get_attribute("href")
    page = visitor.page
    visitor.open(f"{address}rediger/")
    town = f"Herlev {viewport['width']}"
    page.get_by_label("By", exact=True).fill(town)
    visitor.press("Gem")
    card = page.locator(".history-card")
    history = card.locator("[hx-get]").get_attribute("hx-get")
    card.get_by_text("Historik").click()
    expect(card).to_contain_text("Oplysninger rettet")
    expect(card).to_contain_text(re.compile(rf"rettet til\s+{town}"))
    visitor.check()
    visitor.open(history, "Historik")
    visitor.expect_text(town, "Mette Sørensen")
    visitor.check()
