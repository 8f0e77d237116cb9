"""From a proposal to a running match, counted from *I dag*: the task of docs/user/tasks.md."""

from playwright.sync_api import expect

from tests.browser.hand import Hand


def test_a_match_starts(visit_as):
    hand = Hand(visit_as("koordinator"))
    row = hand.page.locator("#answers .item").filter(has_text="Begge mangler").first
    hand.click(row.get_by_role("link", name="Første møde"))
    expect(hand.page.get_by_role("heading", level=1)).to_have_text("Første møde")
    hand.visitor.check()
    for answer in hand.page.get_by_role("checkbox", name="siger ja").all():
        hand.click(answer)
    hand.type("Første møde", "i går")
    hand.type("Hvor", "Tingbjerg Bibliotek")
    hand.type("Timer", "1,5")
    hand.visitor.save_screenshot("first-meeting", height=900)
    hand.click(hand.page.get_by_role("checkbox", name="Alle har underskrevet aftalen"))
    hand.click("Start match")
    expect(hand.page.get_by_text("Matchet er startet.")).to_be_visible()
    hand.expect(clicks=5, fields=3)
