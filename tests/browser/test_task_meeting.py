"""A meeting of another day, counted from *I dag*: the task of docs/user/tasks.md."""

from playwright.sync_api import expect

from tests.browser.hand import Hand


def test_a_meeting_of_another_day_is_registered(visit_as):
    hand = Hand(visit_as("koordinator"))
    row = hand.page.locator("[data-log-row]").first
    hand.click(row.locator("a.name"))
    hand.click("Registrer møde")
    hand.type("Dato", "i går")
    hand.type("Timer", "1,5")
    hand.press("Enter")
    expect(hand.page.get_by_text("Mødet 14. september er registreret.")).to_be_visible()
    hand.expect(clicks=2, fields=2)
