"""Propose the best mentor to the mentee who has waited longest: the task of docs/user/tasks.md, counted."""

import re

from playwright.sync_api import expect

from tests.browser.hand import Hand

LONGEST = "Ali Hassan Nur"


def test_a_match_is_proposed(visit_as):
    hand = Hand(visit_as("koordinator"))
    hand.click(f"{LONGEST}: Find mentor")
    expect(hand.page.locator(".pick[aria-current]")).to_contain_text(LONGEST)
    best = hand.page.locator(".rank:not(.group)").first
    mentor = best.get_by_role("heading", level=3).inner_text()
    hand.click("Foreslå match", best)
    expect(best.get_by_text(f"{mentor} som mentor for {LONGEST}")).to_be_visible()
    hand.click("Foreslå match", best.locator("form"))
    expect(hand.page.get_by_role("heading", level=1)).to_have_text(f"{LONGEST} og {mentor}")
    hand.expect(clicks=3, fields=0)


def test_the_chosen_mentee_is_in_view_and_stays_marked(visit_as):
    visitor = visit_as("koordinator")
    visitor.open("/match/?venter=23", "Find mentor")
    last = visitor.page.locator(".pick").last
    name = last.locator("b").inner_text()
    last.click()
    chosen = visitor.page.locator(".pick[aria-current]")
    expect(chosen).to_contain_text(name)
    expect(chosen).to_be_in_viewport()
    assert visitor.page.evaluate("scrollY") == 0
    visitor.check()
    visitor.open("/match/", "Find mentor")
    first = visitor.page.locator(".pick[aria-current] b").inner_text()
    visitor.press(re.compile(r"Vis \d+ flere"))
    expect(visitor.page.locator(".pick").nth(11)).to_be_attached()
    expect(visitor.page.locator(".pick[aria-current] b")).to_have_text(first)


def test_filters_work_without_javascript(visit_as):
    visitor = visit_as("koordinator", java_script_enabled=False)
    visitor.open("/match/", "Find mentor")
    page = visitor.page
    page.locator("#mentors .desk-filter summary").click()
    page.locator("#mentors").get_by_label("Tid").select_option("Aften")
    page.locator("#mentors").get_by_role("button", name="Vis", exact=True).click()
    assert "mentor-tid=Aften" in page.url
    expect(page.locator("#mentors-title")).to_contain_text(" af ")
    page.locator("#mentors .desk-filter").get_by_role("link", name="Nulstil filtre").click()
    assert "mentor-tid" not in page.url
