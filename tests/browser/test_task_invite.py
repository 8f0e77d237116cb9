"""Invite 40 people by a filter: the task of docs/user/tasks.md, counted."""

import re

from playwright.sync_api import expect

from tests.browser.hand import Hand

INVITE = re.compile(r"^Inviter (\d+) personer$")


def test_forty_people_are_invited_by_a_filter(visit_as):
    hand = Hand(visit_as("koordinator"))
    hand.click("Kursus for nye mentorer")
    hand.click("Inviter")
    hand.choose("Rolle", "Mentor")
    expect(hand.page.get_by_role("button", name=INVITE)).to_be_visible()
    hand.choose("Tidligere arrangementer", "Har deltaget før")
    hand.page.wait_for_url(re.compile("deltaget=foer"))
    button = hand.page.get_by_role("button", name=INVITE)
    number = int(INVITE.match(button.inner_text())[1])
    assert number >= 40
    hand.visitor.check()
    hand.click(button)
    expect(hand.page.get_by_text(f"{number} personer er inviteret.")).to_be_visible()
    hand.expect(clicks=5, fields=0)
    expect(hand.page.get_by_role("navigation", name="Lister")).to_contain_text(f"Inviteret, intet svar {number}")
