"""The end of a match without results, counted from its page: the task of docs/user/tasks.md."""

import re

from playwright.sync_api import expect

from tests.browser.hand import Hand


def test_a_match_ends(visit_as):
    visitor = visit_as("koordinator")
    visitor.open("/match/liste/")
    address = visitor.page.locator("main tbody tr").first.get_by_role("link").first.get_attribute("href")
    hand = Hand(visitor, start=re.search(r"/match/\d+/", address)[0])
    hand.click("Flere")
    hand.click("Afslut match")
    expect(hand.page.get_by_role("heading", level=1)).to_have_text("Afslut match")
    visitor.check()
    hand.type("Afsluttet", "i går")
    hand.choose("Afslutningsårsag", "Målet blev nået")
    hand.type("Om afslutningen", "De mødes stadig privat")
    for role in ("mentee", "mentor"):
        question = hand.page.get_by_role("group", name=re.compile(rf"\({role}\)"))
        hand.click("Vil gerne have et nyt match", question)
    hand.click(hand.page.get_by_role("button", name="Afslut match"))
    visitor.expect_toast("Matchet er afsluttet.")
    hand.expect(clicks=6, fields=2)
