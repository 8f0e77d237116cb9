"""The quick search on a phone, with the mouse, and without JavaScript."""

import re

from playwright.sync_api import expect

from tests.browser.visitor import PHONE, greeting


def test_the_icon_of_a_phone_opens_the_field_across_the_top_bar(visit_as):
    visitor = visit_as("koordinator", viewport=PHONE)
    page = visitor.page
    visitor.open("/", greeting("Mette"))
    field, hits = page.get_by_role("combobox", name="Find person eller sag"), page.locator("#quick-hits")
    expect(field).to_be_hidden()
    page.locator("[data-quick-open]").click()
    expect(field).to_be_focused()
    page.keyboard.type("zainab")
    expect(hits.get_by_role("row").nth(1)).to_contain_text("Zainab al-Jaberi")
    visitor.check()
    page.get_by_role("button", name="Luk søgningen").click()
    expect(field).to_be_hidden()
    expect(page.locator("[data-quick-open]")).to_be_focused()


def test_an_act_of_a_hit_is_clicked(visit_as):
    visitor = visit_as("koordinator")
    page = visitor.page
    visitor.open("/", greeting("Mette"))
    page.get_by_role("combobox", name="Find person eller sag").click()
    page.keyboard.type("z")
    expect(page.locator("#quick-hits")).to_be_hidden()
    page.keyboard.type("ainab al")
    expect(page.locator("#quick-hits")).to_be_visible()
    visitor.check()
    page.get_by_role("row").filter(has_text="Zainab al-Jaberi").get_by_text("Find mentor").click()
    visitor.expect_heading("Find mentor")
    expect(page.get_by_role("heading", level=2, name="Zainab al-Jaberi")).to_be_visible()


def test_the_page_of_results_needs_no_javascript(visit_as):
    visitor = visit_as("koordinator", java_script_enabled=False)
    page = visitor.page
    visitor.open("/", greeting("Mette"))
    page.get_by_role("searchbox", name="Find person eller sag").first.fill("zainab")
    page.keyboard.press("Enter")
    visitor.expect_heading("Søgning på »zainab«")
    for kind in ("Personer", "Match"):
        expect(page.get_by_role("heading", level=2, name=kind)).to_be_visible()
    visitor.press(re.compile("^Find mentor ?: Zainab al-Jaberi"), "Find mentor")
